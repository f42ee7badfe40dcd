package dev.leakcheck.corpus;

import dev.leakcheck.AllowLines;
import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.corpus.Case.Shape;
import dev.leakcheck.integration.RunReport;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.monitor.LeakMonitor;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.TextReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs every program of the corpus in a scope of its own and prints, for each, a line {@code
 * verdict|<name>|<kinds that are right>|<kinds that were found>|<all that is wrong with it>|<how
 * many findings the line does not accept that is to be pasted for that>}. Says the whole message
 * where the argument {@code messages} is given or the verdict is wrong. With {@code watched} each
 * check is recorded as a test's is, somebody stands in for the run until it begins, and a monitor
 * looks at the JVM all the time. The order is random, by the seed that is printed or given as
 * {@code corpus.seed}.
 */
public final class CorpusChild {

  private static final boolean STRUCTURED =
      Jdk21.AVAILABLE
          && java.lang.management.ManagementFactory.getRuntimeMXBean()
              .getInputArguments()
              .contains("--enable-preview");

  private final long seed = Long.getLong("corpus.seed", System.nanoTime());
  private final ScheduledThreadPoolExecutor fixture = new ScheduledThreadPoolExecutor(1);
  private final boolean agent;
  private final boolean messages;

  private CorpusChild(boolean agent, boolean messages) {
    this.agent = agent;
    this.messages = messages;
  }

  /**
   * Runs them.
   *
   * @param args {@code agent} or {@code plain}, and perhaps {@code messages} or {@code watched},
   *     and a part of the names of those to run
   */
  public static void main(String[] args) throws Exception {
    String how = args.length > 1 ? args[1] : "";
    CorpusChild child = new CorpusChild(args[0].equals("agent"), how.equals("messages"));
    String part = args.length > 2 ? args[2] : "";
    if (how.equals("watched")) {
      child.runWatched(part);
    } else {
      child.run(part);
    }
    System.exit(0); // what waits for ever in a monitor cannot be ended
  }

  public static List<Case> cases() {
    return Stream.of(
            QueueCases.all(),
            ExecutorCases.all(),
            ThreadCases.all(),
            FailureCases.all(),
            OtherCases.all(),
            LockCases.all())
        .flatMap(List::stream)
        .toList();
  }

  /** As in a run of tests for which a report's directory is named, beside a monitor. */
  private void runWatched(String part) throws Exception {
    TestOptions options = TestOptions.of(LeakCheckOptions.defaults());
    TestScope watch = TestScope.open(options.named("this run"));
    try (LeakMonitor monitor = LeakMonitor.builder().interval(Duration.ofMillis(10)).start();
        RunReport.Run report = RunReport.begin(options);
        RunReport.Run standIn = RunReport.standIn(watch::end)) {
      RunReport.takeOver();
      run(part);
      if (monitor.last().isEmpty()) {
        throw new AssertionError("the monitor has not looked");
      }
    }
  }

  private void run(String part) throws Exception {
    System.out.println("corpus.seed=" + seed);
    fixture.setRemoveOnCancelPolicy(true);
    fixture.submit(() -> {}).get();
    List<Case> programs = new ArrayList<>(cases());
    Collections.shuffle(programs, new Random(seed));
    for (Case program : programs) {
      if (!program.name().contains(part)) {
        continue;
      }
      if (program.shape() == Shape.PLATFORM
          || program.shape() == Shape.BOTH
          || (program.shape() == Shape.STRUCTURED && STRUCTURED)) {
        judge(program, false);
      }
      if (Jdk21.AVAILABLE && (program.shape() == Shape.BOTH || program.shape() == Shape.VIRTUAL)) {
        judge(program, true);
      }
    }
  }

  /**
   * What is clean gets as long as it takes, and hardly ever needs it; what is not need not wait.
   */
  private static LeakCheckOptions options(Case program) {
    return LeakCheckOptions.defaults()
        .settle(program.leaks().isEmpty() ? Duration.ofSeconds(25) : Duration.ofMillis(500));
  }

  private void judge(Case program, boolean virtual) throws Exception {
    String name = program.name() + (virtual ? " (virtual)" : "");
    Stage stage = new Stage(virtual, fixture);
    List<Finding> found = new ArrayList<>();
    String text = "";
    TestScope scope = TestScope.open(TestOptions.of(options(program).named(name)).byEntry());
    scope.watch(stage);
    try {
      TestScope.Entry entry = scope.enter();
      try {
        program.program().run(stage);
      } catch (LeakAssertionError e) {
        found.addAll(e.findings().list());
        text = e.getMessage() + "\n";
      } finally {
        entry.close();
      }
      Findings findings = scope.findings();
      RunReport.checked(scope, findings, ReportEntry.Level.METHOD, "Corpus", name);
      if (found.isEmpty()) {
        found.addAll(findings.list());
        text += TextReport.render(findings);
      }
    } finally {
      scope.end();
      stage.end();
      fixture.submit(() -> {}).get(); // or its worker would wait on for a task that was cancelled
    }
    Set<LeakKind> kinds = EnumSet.noneOf(LeakKind.class);
    found.forEach(finding -> kinds.add((LeakKind) finding.kind()));
    Set<LeakKind> expected = program.expected(agent, virtual);
    List<String> refused = AllowLines.refused(text, found);
    // In one piece, on a line of its own whatever the JVM says of a thread that died just then.
    System.out.print(
        String.join(
                "|",
                "\nverdict",
                name,
                ids(expected),
                ids(kinds),
                ids(program.leaks()),
                String.valueOf(refused.size()))
            + "\n");
    if (messages ? !found.isEmpty() : !kinds.equals(expected) || !refused.isEmpty()) {
      System.out.println(text + "\n");
    }
  }

  private static String ids(Set<LeakKind> kinds) {
    return kinds.stream().map(LeakKind::id).collect(Collectors.joining(","));
  }
}
