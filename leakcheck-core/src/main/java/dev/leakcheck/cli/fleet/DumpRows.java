package dev.leakcheck.cli.fleet;

import dev.leakcheck.cli.dump.Dump;
import dev.leakcheck.cli.dump.DumpFile;
import dev.leakcheck.cli.dump.DumpFormat;
import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.Population;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of a thread dump: one for each group of threads that are alike. */
final class DumpRows implements Rows {

  private final FleetFile file;
  private final Dump dump;
  private final ZoneId zone;

  private DumpRows(FleetFile file, Dump dump, ZoneId zone) {
    this.file = file;
    this.dump = dump;
    this.zone = zone;
  }

  /**
   * Reads a dump.
   *
   * @param partial whether one that is cut short is taken as far as it goes
   * @param zone where a time counts that is written without a zone
   */
  static DumpRows of(FleetFile file, boolean partial, ZoneId zone) {
    return new DumpRows(file, DumpFile.read(file.path(), partial, null), zone);
  }

  @Override
  public List<String> write(RowWriter out, Set<String> seen) throws IOException {
    Population threads = dump.population();
    Instant time = time(dump.time(), zone);
    Capture capture =
        new Capture(
            file.name(),
            Capture.Source.DUMP,
            file.origin(),
            time == null ? threads.at() : time, // of the file
            dump.jvm() == null ? null : Printable.escape(dump.jvm()));
    boolean complete = dump.extent().whole() && threads.others() == 0;
    out.look(capture, false, threads.platform(), complete);
    out.look(capture, true, threads.virtual(), complete && dump.format() != DumpFormat.PRINT);
    for (Cohort cohort : threads.cohorts()) {
      out.group(capture, group(cohort));
    }
    return notes(time);
  }

  private List<String> notes(@Nullable Instant time) {
    List<String> notes = new ArrayList<>();
    if (time == null) {
      notes.add(file.name() + " tells no time: that of the file is taken");
    }
    if (dump.extent().dumps() > 1) {
      notes.add(
          file.name()
              + " holds "
              + dump.extent().dumps()
              + " dumps: the last whole one is taken, so give each a file of its own");
    }
    if (!dump.extent().whole()) {
      notes.add(file.name() + " is cut short: what is there is taken");
    }
    if (dump.population().others() > 0) {
      notes.add(
          file.name()
              + " has more groups than are kept: "
              + dump.population().others()
              + " threads of small ones are in none");
    }
    return notes;
  }

  private Group group(Cohort cohort) {
    OptionalLong age = dump.age(cohort);
    return new Group(
        cohort.virtual(),
        cohort.count(),
        cohort.fingerprint(),
        null,
        cohort.label(),
        cohort.state(),
        Printable.escape(cohort.activity()),
        cohort.stack(),
        age.isPresent() ? age.getAsLong() : null,
        cohort.benign() == null ? null : Printable.escape(cohort.benign()));
  }

  /** A time as dumps write it, with a zone or without. */
  static @Nullable Instant time(@Nullable String written, ZoneId zone) {
    if (written == null) {
      return null;
    }
    String text = written.strip().replace(' ', 'T');
    try {
      return text.endsWith("Z")
          ? Instant.parse(text)
          : LocalDateTime.parse(text).atZone(zone).toInstant();
    } catch (DateTimeException notATime) {
      return null;
    }
  }
}
