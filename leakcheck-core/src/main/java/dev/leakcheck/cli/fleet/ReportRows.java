package dev.leakcheck.cli.fleet;

import dev.leakcheck.classify.Activity;
import dev.leakcheck.cli.reports.ReportReader;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.Reports.JvmReport;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry.Leak;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a report: the JVM that wrote it is one capture, and each cause that it found a group
 * of it, with all that it left there.
 */
record ReportRows(FleetFile file, Reports reports) implements Rows {

  static ReportRows of(FleetFile file) {
    return new ReportRows(file, ReportReader.read(List.of(file.path())));
  }

  @Override
  public List<String> write(RowWriter out, Set<String> seen) throws IOException {
    List<String> notes = new ArrayList<>(reports.problems());
    int number = 0;
    for (JvmReport jvm : reports.jvms()) {
      number++;
      if (!seen.add(jvm.jvm().id())) {
        notes.add(
            file.name() + " is the report of JVM " + jvm.jvm().pid() + " again: it is left out");
        continue;
      }
      write(jvm, reports.jvms().size() == 1 ? file.name() : file.name() + "#" + number, out);
    }
    return notes;
  }

  private void write(JvmReport jvm, String id, RowWriter out) throws IOException {
    Capture capture =
        new Capture(
            id,
            Capture.Source.REPORT,
            file.origin(),
            jvm.jvm().started(),
            Printable.escape(jvm.jvm().java()));
    List<Group> groups = new ArrayList<>();
    for (Reports.Group cause : reports.groups()) {
      List<Leak> here =
          cause.occurrences().stream()
              .filter(occurrence -> occurrence.jvm().equals(jvm.jvm().id()))
              .map(Occurrence::leak)
              .toList();
      if (!here.isEmpty()) {
        groups.add(group(here, jvm));
      }
    }
    for (boolean virtual : new boolean[] {false, true}) {
      long size = groups.stream().filter(g -> g.virtual() == virtual).mapToLong(Group::size).sum();
      out.look(capture, virtual, size, jvm.end() != null);
    }
    for (Group group : groups) {
      out.group(capture, group);
    }
  }

  /** Of what is accepted in some tests and fails in others, only the latter counts. */
  private static Group group(List<Leak> all, JvmReport jvm) {
    List<Leak> failing = all.stream().filter(Leak::isFailing).toList();
    List<Leak> counted = failing.isEmpty() ? all : failing;
    Leak leak = counted.get(0);
    ThreadRecord thread = leak.threads().isEmpty() ? null : leak.threads().get(0);
    return new Group(
        thread != null && thread.virtual(),
        counted.stream().mapToLong(one -> Math.max(1, one.threadCount())).sum(),
        Printable.escape(leak.fingerprint()),
        leak.kind().id(),
        Printable.escape(leak.title()),
        thread == null ? null : thread.state(),
        thread == null ? null : Printable.escape(Activity.of(thread)),
        thread == null || thread.stack().isEmpty() ? leak.created() : thread.stack(),
        age(leak.fingerprint(), jvm),
        failing.isEmpty() ? "accepted: " + Printable.escape(String.valueOf(leak.reason())) : null);
  }

  private static @Nullable Long age(String fingerprint, JvmReport jvm) {
    long oldest =
        jvm.lifetimes().stream()
            .filter(lifetime -> lifetime.fingerprint().equals(fingerprint))
            .mapToLong(life -> Duration.between(life.since(), life.until()).toMillis())
            .max()
            .orElse(-1);
    return oldest < 0 ? null : oldest;
  }
}
