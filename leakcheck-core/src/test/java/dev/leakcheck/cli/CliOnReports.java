package dev.leakcheck.cli;

import static dev.leakcheck.cli.reports.SampleReports.check;
import static dev.leakcheck.cli.reports.SampleReports.end;
import static dev.leakcheck.cli.reports.SampleReports.fileName;
import static dev.leakcheck.cli.reports.SampleReports.jvm;

import dev.leakcheck.baseline.BaselineFile;
import dev.leakcheck.baseline.KnownLeak;
import dev.leakcheck.baseline.KnownLeaks;
import dev.leakcheck.cli.reports.LeakCopy;
import dev.leakcheck.cli.reports.SampleReports;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The command line over reports in a directory, on a day. */
final class CliOnReports {

  static final LocalDate TODAY = LocalDate.of(2026, 3, 1);

  private static final ZoneId ZONE = ZoneId.of("Pacific/Auckland"); // where it is tomorrow early

  private final Path directory;
  private LocalDate today = TODAY;

  /** What a command came to. */
  record Result(int code, String out, String err) {}

  CliOnReports(Path directory) {
    this.directory = directory;
  }

  CliOnReports on(LocalDate day) {
    today = day;
    return this;
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  /** Runs a command; the directory is called DIR in what it prints. */
  Result run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      texts[i] = args[i].toString();
    }
    Clock clock = Clock.fixed(today.atTime(23, 59).atZone(ZONE).toInstant(), ZONE);
    int code = Main.run(clock, new PrintWriter(out), new PrintWriter(err), texts);
    return new Result(code, text(out), text(err));
  }

  /** Runs a command with options behind it. */
  Result runWith(List<?> command, Object... options) {
    return run(Stream.concat(command.stream(), Arrays.stream(options)).toArray());
  }

  private String text(StringWriter text) {
    return text.toString()
        .replace(directory.toString(), "DIR")
        .replace(System.lineSeparator(), "\n");
  }

  /** Writes the report of a JVM that got to its end. */
  Path report(int number, Leak... leaks) {
    return write(number, true, leaks);
  }

  /** Writes the report of a JVM that did not. */
  Path crashed(int number, Leak... leaks) {
    return write(number, false, leaks);
  }

  private Path write(int number, boolean ended, Leak... leaks) {
    List<ReportEntry> entries = new ArrayList<>();
    entries.add(jvm(number));
    entries.addAll(List.of(leaks));
    entries.add(check("com.acme.OrderTest", "places", 1, leaks.length, 0));
    if (ended) {
      entries.add(end(1));
    }
    return write(number, entries);
  }

  Path write(int number, List<ReportEntry> entries) {
    Path reports = path("reports");
    SampleReports.write(reports, Map.of("shard-" + number + "/" + fileName(number), entries));
    return reports;
  }

  /** A pool that nobody shut down; made in {@code com.acme.OrderService.<init>}. */
  static Leak pool(Verdict verdict) {
    return leak(LeakKind.UNCLOSED_EXECUTOR, verdict);
  }

  /** A thread that was started by {@code com.acme.OrderService.<init>}. */
  static Leak thread(Verdict verdict) {
    return leak(LeakKind.STRAY_THREAD, verdict);
  }

  private static Leak leak(LeakKind kind, Verdict verdict) {
    String reason =
        switch (verdict) {
          case NEW -> null;
          case ALLOWED -> "lives as long as the feed";
          case KNOWN, EXPIRED -> "known to the run";
        };
    return SampleReports.leak(kind, "com.acme.OrderTest", "places", 1, verdict, reason);
  }

  /** The same leak as it is told without an agent. */
  static Leak plain(Leak leak, String fingerprint) {
    return named(leak, fingerprint, null, List.of());
  }

  /** The same leak with other fingerprints. */
  static Leak named(Leak leak, String exact, @Nullable String plain, List<StackTraceElement> made) {
    return new LeakCopy(leak).fingerprint(exact).plainFingerprint(plain).created(made).leak();
  }

  /** Writes a baseline. */
  Path baseline(KnownLeak... leaks) throws IOException {
    Path file = path("baseline.json");
    BaselineFile.write(file, new KnownLeaks(List.of(leaks)));
    return file;
  }

  static KnownLeak known(Leak leak, @Nullable LocalDate expires) {
    String plain = leak.plainFingerprint();
    return new KnownLeak(
        leak.kind(),
        "com.acme.OrderService.<init>",
        leak.fingerprint(),
        List.of(plain == null ? leak.fingerprint() : plain),
        "legacy",
        "team-orders",
        expires);
  }

  /** A known leak that is in no report. */
  static KnownLeak gone(String plain) {
    return new KnownLeak(
        LeakKind.UNCANCELLED_TIMER,
        "com.acme.Reminder.start",
        "00000000000000aa",
        List.of(plain),
        "being replaced",
        null,
        null);
  }
}
