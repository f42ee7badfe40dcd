package dev.leakcheck.cli.reports;

import static dev.leakcheck.cli.reports.Member.named;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.base.Unzipped;
import dev.leakcheck.cli.reports.Member.Values;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a watch of a JVM wrote, one sample at a time. Thread-safe. */
public final class SampleReader {

  private static final int SCHEMA_READ = 1;

  private static final Member<String> ENTRY = new Member<>("entry", Json::text);
  private static final Member<Integer> SCHEMA = new Member<>("schema", Json::small);
  private static final Map<String, Member<?>> FORM = named(ENTRY, SCHEMA);

  private static final Member<String> FINGERPRINT = new Member<>("fingerprint", Json::text);
  private static final Member<String> NAMES = new Member<>("names", Json::text);
  private static final Member<Boolean> IS_VIRTUAL = new Member<>("virtual", Json::bool);
  private static final Member<Integer> THREADS = new Member<>("threads", Json::small);
  private static final Member<Instant> SINCE = new Member<>("since", Json::time);
  private static final Member<String> ACTIVITY = new Member<>("activity", Json::text);
  private static final Member<List<String>> STACK = new Member<>("stack", Json.list(Json::text));
  private static final Map<String, Member<?>> GROUP =
      named(FINGERPRINT, NAMES, IS_VIRTUAL, THREADS, SINCE, ACTIVITY, STACK);

  private static final Member<Instant> AT = new Member<>("at", Json::time);
  private static final Member<Integer> PLATFORM = new Member<>("platform", Json::small);
  private static final Member<Integer> VIRTUAL = new Member<>("virtual", Json::small);
  private static final Member<List<Group>> GROUPS =
      new Member<>(
          "groups",
          Json.list(
              json -> {
                Values values = Values.read(json, GROUP);
                return new Group(
                    values.need(FINGERPRINT),
                    values.need(NAMES),
                    values.need(IS_VIRTUAL),
                    values.need(THREADS),
                    values.need(SINCE),
                    values.need(ACTIVITY),
                    values.list(STACK));
              }));
  private static final Map<String, Member<?>> SAMPLE = named(AT, PLATFORM, VIRTUAL, GROUPS);

  /**
   * What there was at one instant.
   *
   * @param at when
   * @param platform how many platform threads there were
   * @param virtual how many virtual threads were seen
   * @param groups the groups that grew or sat unchanged; not those that did neither, nor the JVM's
   */
  public record Sample(Instant at, int platform, int virtual, List<Group> groups) {
    /** Copies the list. */
    public Sample {
      groups = List.copyOf(groups);
    }
  }

  /**
   * Threads that are alike.
   *
   * @param fingerprint their fingerprint
   * @param names what their names have in common
   * @param virtual whether they are virtual
   * @param threads how many there were
   * @param since since when they had grown or sat unchanged
   * @param activity what they did
   * @param stack their innermost frames, innermost first
   */
  public record Group(
      String fingerprint,
      String names,
      boolean virtual,
      int threads,
      Instant since,
      String activity,
      List<String> stack) {
    /** Copies the list. */
    public Group {
      stack = List.copyOf(stack);
    }
  }

  /** Takes samples. */
  @FunctionalInterface
  public interface Samples {
    /**
     * Takes the next one.
     *
     * @param sample the sample
     * @throws IOException if what is made of it can't be written
     */
    void take(Sample sample) throws IOException;
  }

  private SampleReader() {}

  /**
   * Reads a file. A last line that was cut off is what a crash leaves, or a watch that still runs:
   * it is mentioned, and the rest is used.
   *
   * @param file the file
   * @param to takes the samples, in their order
   * @return what is to be mentioned, in a sentence that names the file; null if nothing is
   * @throws BadInput if it can't be read or is damaged otherwise; what came before was handed on
   * @throws IOException what {@code to} throws
   */
  public static @Nullable String read(Path file, Samples to) throws IOException {
    try (InputStream in = open(file)) {
      Lines lines = new Lines(ReportReader.name(file), in);
      while (next(file, lines)) {
        Sample sample;
        try {
          sample = sample(lines);
        } catch (MalformedEntryException e) {
          if (lines.isCutOff()) {
            return lines.place() + "cut off; what came before it is used";
          }
          throw new BadInput(lines.place() + e.getMessage(), e);
        }
        if (sample != null) {
          to.take(sample);
        }
      }
      return null;
    }
  }

  private static InputStream open(Path file) {
    try {
      return Unzipped.of(Files.newInputStream(file));
    } catch (IOException e) {
      throw ReportReader.unreadable(file, e);
    }
  }

  private static boolean next(Path file, Lines lines) {
    try {
      return lines.next();
    } catch (IOException e) {
      throw ReportReader.unreadable(file, e);
    }
  }

  /** The sample in a line; null for the line at the end. */
  private static @Nullable Sample sample(Lines lines) throws MalformedEntryException {
    Values form = EntryReader.values(lines.bytes(), lines.length(), FORM);
    String entry = form.need(ENTRY);
    if (entry.equals("end")) {
      return null;
    }
    if (!entry.equals("sample")) {
      throw new MalformedEntryException("entry " + Json.shown(entry) + " is none of a watch");
    }
    EntryReader.refuseNewer(form.need(SCHEMA), SCHEMA_READ);
    Values values = EntryReader.values(lines.bytes(), lines.length(), SAMPLE);
    return new Sample(
        values.need(AT), values.need(PLATFORM), values.need(VIRTUAL), values.list(GROUPS));
  }
}
