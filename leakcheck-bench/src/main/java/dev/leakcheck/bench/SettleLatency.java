package dev.leakcheck.bench;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * How soon a check knows. Three questions:
 *
 * <ul>
 *   <li>A thread ends 5 ms after the test: how long after its end does the check return? Compared
 *       with {@code Thread.join}, which returns at once, in JMH.
 *   <li>A pool was left idle, or a consumer in {@code take()}: how long until the check says so,
 *       for the first time and once more? In a JVM of its own, as anything that moves has to be
 *       waited for; compared with the settle time.
 *   <li>1,000 tests in one run leak the same: how long does that take, and is each found, on its
 *       own test, and nothing else? Compared with a few tests of randomizedtesting-jupiter, which
 *       interrupts what leaked, waits for seconds if that does not help, as with a pool, and then
 *       accuses the class once more.
 * </ul>
 *
 * <p>Run: {@code java -jar benchmarks.jar SettleLatency}. Expect: less than a millisecond, about
 * 200 ms the first time and some 20 ms the next, and less than a minute.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
public class SettleLatency {

  private static final int ENDS_AFTER_MILLIS = 5;
  private static final int SETTLE_MILLIS = 3_000;

  /** Theirs takes seconds for each. */
  private static final int FEW_TESTS = 10;

  /** Which thread ends late. */
  @Param({"platform", "virtual"})
  String kind = "platform";

  /** Starts the thread and joins it. */
  @Benchmark
  public Thread join() throws InterruptedException {
    Thread thread = startLate();
    thread.join();
    return thread;
  }

  /** Starts the thread in a scope and checks that. */
  @Benchmark
  public Findings check() {
    LeakScope scope = LeakCheck.open(LeakCheckOptions.defaults().brief());
    startLate();
    Findings findings = scope.findings();
    if (!findings.isEmpty()) {
      throw new IllegalStateException("accused: " + findings);
    }
    return findings;
  }

  private Thread startLate() {
    Runnable task =
        () -> {
          try {
            Thread.sleep(ENDS_AFTER_MILLIS);
          } catch (InterruptedException e) {
            return;
          }
        };
    if (kind.equals("virtual")) {
      return Virtual.start(task);
    }
    Thread thread = new Thread(task);
    thread.start();
    return thread;
  }

  static void measure(Run run) throws Exception {
    measureEnd(run);
    measureVerdict(run);
    measureManyLeaks(run);
  }

  private static void measureEnd(Run run) throws Exception {
    List<String> kinds =
        Virtual.isSupported() ? List.of("platform", "virtual") : List.of("platform");
    Scores scores = run.jmh(SettleLatency.class, ".*", Map.of("kind", kinds));
    Table table =
        new Table(
            "a thread that ends 5 ms after the test",
            "join, µs",
            "check, µs",
            "check returns later, µs",
            "99th percentiles, µs",
            "aim");
    for (String kind : kinds) {
      Map<String, String> params = Map.of("kind", kind);
      double join = scores.of("join", params);
      double check = scores.of("check", params);
      table.row(
          kind,
          Table.figure(join),
          Table.figure(check),
          Table.figure(check - join),
          Table.figure(scores.percentile("join", params, 99))
              + " and "
              + Table.figure(scores.percentile("check", params, 99)),
          kind.equals("platform") ? Table.aim("1,000", check - join <= 1_000) : "–");
    }
    run.print(table);
  }

  private static void measureVerdict(Run run) throws Exception {
    Table table =
        new Table(
            "time to the verdict, nothing else moves",
            "first, ms",
            "again, ms",
            "settle, ms",
            "first/settle",
            "aim");
    for (Work leak : leaks()) {
      List<Properties> runs = new ArrayList<>();
      for (int i = 0; i < (run.quick() ? 3 : 9); i++) {
        runs.add(run.inOwnJvm(TimeToVerdict.class, leak.name()));
      }
      double first = median(runs, p -> p.getProperty("first"));
      table.row(
          leak.title(),
          Table.figure(first),
          Table.figure(median(runs, p -> p.getProperty("again"))),
          Integer.toString(SETTLE_MILLIS),
          Table.ratio(first, SETTLE_MILLIS),
          Table.aim("300", first <= 300));
    }
    run.print(table);
  }

  private static void measureManyLeaks(Run run) throws Exception {
    int tests = run.quick() ? 200 : 1_000;
    Table table =
        new Table(
            tests + " tests that leak the same",
            "LeakCheck, s",
            "found on its own test",
            "others accused",
            "a test, ms",
            "randomizedtesting, a test, ms",
            "ours/theirs",
            "aim");
    for (Work leak : leaks()) {
      String count = Integer.toString(tests);
      Properties ours = run.inOwnJvm(ManyLeaks.class, "LeakCheck", leak.name(), count);
      Properties theirs =
          run.inOwnJvm(
              ManyLeaks.class, "randomizedtesting", leak.name(), Integer.toString(FEW_TESTS));
      double seconds = Double.parseDouble(ours.getProperty("seconds"));
      double our = seconds * 1e3 / tests;
      double their = Double.parseDouble(theirs.getProperty("seconds")) * 1e3 / FEW_TESTS;
      boolean exact =
          ours.getProperty("found").equals(count) && ours.getProperty("wrong").equals("0");
      table.row(
          leak.title(),
          Table.figure(seconds),
          ours.getProperty("found"),
          ours.getProperty("wrong"),
          Table.figure(our),
          Table.figure(their),
          Table.ratio(our, their),
          Table.aim("60 s for 1,000, all and none other", exact && seconds <= 0.06 * tests));
    }
    run.print(table);
  }

  private static List<Work> leaks() {
    return List.of(Work.LEAK_IDLE_POOL, Work.LEAK_CONSUMER);
  }

  private static double median(List<Properties> runs, Function<Properties, String> figure) {
    double[] sorted = runs.stream().map(figure).mapToDouble(Double::parseDouble).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
