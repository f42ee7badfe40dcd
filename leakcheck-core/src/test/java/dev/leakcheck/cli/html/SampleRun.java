package dev.leakcheck.cli.html;

import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.JvmReport;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Level;
import dev.leakcheck.report.ReportEntry.Lifetime;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Puts together what a run might have reported. Not thread-safe. */
final class SampleRun {

  static final Instant START = Instant.parse("2026-11-20T10:11:03.120Z");

  private final List<JvmReport> jvms = new ArrayList<>();
  private final Map<String, List<Occurrence>> occurrences = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  Reports reports() {
    List<Group> groups = new ArrayList<>();
    occurrences.forEach(
        (fingerprint, list) -> groups.add(new Group(fingerprint, list.get(0).leak().kind(), list)));
    groups.sort(
        Comparator.<Group, Boolean>comparing(group -> !group.isFailing())
            .thenComparing(Group::kind, Kind.ORDER)
            .thenComparing(Group::fingerprint));
    return new Reports(jvms, groups, problems);
  }

  SampleRun problem(String problem) {
    problems.add(problem);
    return this;
  }

  Jvm jvm(@Nullable String fork, String java, boolean agent, String... coverage) {
    return new Jvm(fork, java, agent, List.of(coverage));
  }

  /** One JVM, in which tests run one after the other. */
  final class Jvm {
    private final String id = "jvm-" + jvms.size();
    private final ReportEntry.Jvm jvm;
    private final List<Check> checks = new ArrayList<>();
    private final List<Lifetime> lifetimes = new ArrayList<>();
    private Instant now = START.plusMillis(730L * jvms.size());
    private long nextThread = 30;

    private Jvm(@Nullable String fork, String java, boolean agent, List<String> coverage) {
      jvm =
          new ReportEntry.Jvm(
              id,
              ReportEntry.SCHEMA,
              now,
              4711 + 97L * jvms.size(),
              fork,
              "0.1.0",
              java,
              "Linux 6.1 amd64",
              agent,
              coverage);
    }

    /** A test that leaves nothing. */
    Jvm test(String type, String method, int millis, int waited) {
      Instant opened = now;
      now = now.plusMillis(millis + waited);
      check(type, method, opened, waited, 0, 0);
      now = now.plusMillis(3);
      return this;
    }

    private void check(
        String type, String method, Instant opened, int waited, int failing, int accepted) {
      checks.add(
          new Check(
              simple(type) + "." + method + "()",
              Level.METHOD,
              type,
              method,
              opened,
              now,
              Duration.ofMillis(waited),
              waited > 200 && waited < 600,
              failing,
              accepted,
              List.of(),
              List.of()));
    }

    /** A test that leaves something. */
    Jvm leak(String type, String method, int millis, int waited, Planted leak, int aliveMillis) {
      Instant opened = now;
      now = now.plusMillis(millis + waited);
      boolean failing = leak.verdict() == Verdict.NEW || leak.verdict() == Verdict.EXPIRED;
      check(type, method, opened, waited, failing ? 1 : 0, failing ? 0 : 1);
      List<ThreadRecord> threads = leak.threads(nextThread);
      nextThread += threads.size() + 1;
      occurrences
          .computeIfAbsent(leak.fingerprint(), added -> new ArrayList<>())
          .add(new Occurrence(id, leak.found(now, type, method, threads)));
      for (ThreadRecord thread : threads) {
        lifetimes.add(
            new Lifetime(
                thread.id(),
                thread.name(),
                thread.virtual(),
                leak.fingerprint(),
                opened,
                aliveMillis < 0 ? Instant.MAX : now.plusMillis(aliveMillis),
                aliveMillis < 0));
      }
      now = now.plusMillis(3);
      return this;
    }

    SampleRun end() {
      return close(new ReportEntry.End(now, checks.size()));
    }

    SampleRun killed() {
      return close(null);
    }

    private SampleRun close(ReportEntry.@Nullable End end) {
      List<Lifetime> seen =
          lifetimes.stream()
              .map(
                  life ->
                      life.until().isAfter(now)
                          ? new Lifetime(
                              life.thread(),
                              life.name(),
                              life.virtual(),
                              life.fingerprint(),
                              life.since(),
                              now,
                              true)
                          : life)
              .toList();
      Path file = Path.of("target/leakcheck/leakcheck-20261120-101103-" + jvm.pid() + ".jsonl");
      jvms.add(new JvmReport(file, jvm, end, checks, seen));
      return SampleRun.this;
    }
  }

  private static String simple(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  /** A leak that tests are made to leave. */
  record Planted(
      String fingerprint,
      LeakKind kind,
      Verdict verdict,
      @Nullable String reason,
      String title,
      String fix,
      List<Fact> facts,
      String threadName,
      int threads,
      boolean virtual,
      List<StackTraceElement> stack,
      List<StackTraceElement> created) {

    List<ThreadRecord> threads(long firstId) {
      return IntStream.range(0, threads)
          .mapToObj(
              i ->
                  new ThreadRecord(
                      firstId + i,
                      threadName.replace("#", String.valueOf(i + 1)),
                      virtual,
                      virtual,
                      Thread.State.WAITING,
                      virtual ? "java.lang.VirtualThread" : ThreadRecord.PLAIN_TYPE,
                      "main",
                      stack,
                      null,
                      null))
          .toList();
    }

    Leak found(Instant at, String type, String method, List<ThreadRecord> left) {
      return new Leak(
          at,
          simple(type) + "." + method + "()",
          Level.METHOD,
          type,
          method,
          fingerprint,
          kind,
          title,
          verdict,
          reason,
          facts,
          fix,
          message(),
          created,
          null,
          left,
          left.size(),
          null,
          null);
    }

    /** As a failure shows it. */
    private String message() {
      StringBuilder text = new StringBuilder(kind.id() + "   " + title);
      List<Fact> all = new ArrayList<>(facts);
      all.add(Fact.of("fix", fix));
      all.add(Fact.of("allow", "@AllowLeaks(kind = LeakKind." + kind.name() + ", reason = \"…\")"));
      all.add(Fact.of("id", fingerprint));
      for (Fact fact : all) {
        String head = "     " + String.format("%-10s ", fact.key());
        for (String line : fact.lines()) {
          text.append('\n').append(head).append(line);
          head = " ".repeat(head.length());
        }
      }
      return text.toString();
    }
  }

  /** Frames, innermost first, from {@code com.acme.Poller.run:31} and so on. */
  static List<StackTraceElement> stack(String... frames) {
    List<StackTraceElement> stack = new ArrayList<>();
    for (String frame : frames) {
      int colon = frame.indexOf(':');
      String call = colon < 0 ? frame : frame.substring(0, colon);
      String type = call.substring(0, call.lastIndexOf('.'));
      String outer = simple(type).replaceAll("\\$.*", "");
      stack.add(
          new StackTraceElement(
              type,
              call.substring(call.lastIndexOf('.') + 1),
              outer + ".java",
              colon < 0 ? 100 : Integer.parseInt(frame.substring(colon + 1))));
    }
    return stack;
  }
}
