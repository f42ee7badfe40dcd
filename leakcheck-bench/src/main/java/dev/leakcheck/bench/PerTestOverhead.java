package dev.leakcheck.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a test that leaks nothing pays: one class of tests through JUnit's launcher, bare, with
 * LeakCheck at METHOD level and with randomizedtesting-jupiter's {@code @DetectThreadLeaks(scope =
 * TEST)}, which compares the stacks of all threads before and after each test.
 *
 * <p>A class with one test and the same class with some hundred more are run; what the hundreds
 * cost more, divided by their number, is the cost of a test, and the rest is that of a launcher run
 * with one class. Both are told above what they are bare. The time of the test itself and of JUnit
 * is not in them.
 *
 * <p>Run: {@code java -jar benchmarks.jar PerTestOverhead}. Expect: microseconds a test for a test
 * that starts no thread, whatever else is alive; somewhat more for a platform thread, since the ids
 * of all live threads are read; and for a virtual thread, or a pool, milliseconds, since only a
 * thread dump tells whether it has ended.
 *
 * <p>{@code java -jar benchmarks.jar PerTestOverheadWithAgent} measures LeakCheck with its agent.
 * Expect: microseconds, whatever is alive and whatever the test starts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
public class PerTestOverhead {

  /** What a test that starts nothing may pay with the agent, whatever is alive, in µs. */
  private static final double MOST_WITH_AGENT = 10;

  /** Virtual threads of a fixture. */
  private static final int FIXTURE = 100_000;

  @Param({"NOTHING", "PLATFORM_THREAD", "VIRTUAL_THREAD", "POOL"})
  Work work = Work.NOTHING;

  /** Live platform threads. */
  @Param({"20", "1000"})
  int live;

  @Param({"1", "201"})
  int tests;

  private @Nullable Crowd crowd;

  /** Starts the threads that are merely alive. */
  @Setup
  public void start() throws InterruptedException {
    crowd = Crowd.upTo(live);
  }

  /** Ends them. */
  @TearDown
  public void end() throws InterruptedException {
    if (crowd != null) {
      crowd.end();
    }
  }

  /** JUnit alone. */
  @Benchmark
  public int bare() {
    return run(BareSuite.class);
  }

  /** Ours. */
  @Benchmark
  public int leakCheck() {
    return run(LeakCheckSuite.class);
  }

  /** Theirs. */
  @Benchmark
  public int randomizedTesting() {
    return run(RandomizedTestingSuite.class);
  }

  private int run(Class<?> suite) {
    Passes passes = new Passes();
    Suite.run(suite, tests, work, passes);
    return passes.require(tests);
  }

  static void measure(Run run) throws Exception {
    Table perTest =
        new Table(
            "a test that …",
            "live threads",
            "bare, µs",
            "LeakCheck adds, µs",
            "randomizedtesting adds, µs",
            "ours/theirs",
            "aim");
    Table perRun =
        new Table(
            "launcher run with one class",
            "live threads",
            "bare, ms",
            "LeakCheck adds, ms",
            "randomizedtesting adds, ms");
    for (String live : List.of("20", "1000")) {
      // Theirs is slow where there are many threads, ours is fast: as many tests as tell enough.
      int ours = 1_000;
      int theirs = live.equals("20") ? ours : run.quick() ? 20 : 50;
      for (Work work : work()) {
        Map<String, String> params = Map.of("work", work.name(), "live", live);
        Slope bare = Slope.measure(run, "bare", params, ours);
        Slope leakCheck = Slope.measure(run, "leakCheck", params, ours).above(bare);
        Slope other = Slope.measure(run, "randomizedTesting", params, theirs).above(bare);
        perTest.row(
            work.deed(),
            live,
            Table.figure(bare.perTest),
            Table.figure(leakCheck.perTest),
            Table.figure(other.perTest),
            Table.ratio(leakCheck.perTest, other.perTest),
            work == Work.NOTHING ? aim(live, leakCheck.perTest / other.perTest) : "–");
        if (work == Work.NOTHING) {
          perRun.row(
              "that does nothing",
              live,
              Table.figure(bare.perRun / 1e3),
              Table.figure(leakCheck.perRun / 1e3),
              Table.figure(other.perRun / 1e3));
        }
      }
    }
    run.print(perTest);
    run.print(perRun);
  }

  /**
   * What a test pays in a JVM that is warm, with LeakCheck's agent in those that measure LeakCheck;
   * also with virtual threads that the fixture of the class has started.
   */
  static void measureWithAgent(Run run) throws Exception {
    Table perTest =
        new Table(
            "a test that …",
            "live threads",
            "virtual ones of the fixture",
            "bare, µs",
            "LeakCheck adds, µs",
            "randomizedtesting adds, µs",
            "ours/theirs",
            "aim");
    for (Work work : work()) {
      addRow(run, perTest, work, 20, 0);
    }
    addRow(run, perTest, Work.NOTHING, 1_000, 0);
    if (Virtual.isSupported()) {
      addRow(run, perTest, Work.NOTHING, 20, FIXTURE);
      addRow(run, perTest, Work.VIRTUAL_THREAD, 20, FIXTURE);
    }
    run.print(perTest);
  }

  private static void addRow(Run run, Table table, Work work, int platform, int virtual)
      throws Exception {
    double bare = warm(run, List.of(), FixtureOverhead.Bare.class, work, platform, virtual);
    double ours =
        warm(
                run,
                List.of(Run.agent()),
                FixtureOverhead.WithLeakCheck.class,
                work,
                platform,
                virtual)
            - bare;
    double theirs =
        warm(run, List.of(), FixtureOverhead.WithRandomizedTesting.class, work, platform, virtual)
            - bare;
    table.row(
        work.deed(),
        "%,d".formatted(platform),
        "%,d".formatted(virtual),
        Table.figure(bare),
        Table.figure(ours),
        Table.figure(theirs),
        Table.ratio(ours, theirs),
        work == Work.NOTHING ? Table.aim("≤ 10 µs", ours <= MOST_WITH_AGENT) : "–");
  }

  private static double warm(
      Run run, List<String> flags, Class<?> suite, Work work, int platform, int virtual)
      throws Exception {
    List<String> all = new ArrayList<>(Run.FIXED_HEAP);
    all.addAll(flags);
    return Double.parseDouble(
        run.inOwnJvm(
                all,
                FixtureOverhead.class,
                suite.getSimpleName(),
                work.name(),
                Integer.toString(platform),
                Integer.toString(virtual),
                run.quick() ? "1" : "10")
            .getProperty("micros"));
  }

  private static List<Work> work() {
    List<Work> work = new ArrayList<>(List.of(Work.NOTHING, Work.PLATFORM_THREAD, Work.POOL));
    if (Virtual.isSupported()) {
      work.add(2, Work.VIRTUAL_THREAD);
    }
    return work;
  }

  private static String aim(String live, double ratio) {
    return live.equals("20")
        ? Table.aim("1/20", ratio <= 1.0 / 20)
        : Table.aim("1/200", ratio <= 1.0 / 200);
  }

  /** What a run costs before its tests, and what each test adds, in µs. */
  private record Slope(double perRun, double perTest) {

    static Slope measure(Run run, String method, Map<String, String> params, int more)
        throws Exception {
      String many = Integer.toString(1 + more);
      Scores scores =
          run.jmh(
              PerTestOverhead.class,
              method,
              Map.of(
                  "work", List.of(params.getOrDefault("work", "")),
                  "live", List.of(params.getOrDefault("live", "")),
                  "tests", List.of("1", many)));
      double one = scores.of(method, Map.of("tests", "1"));
      double perTest = (scores.of(method, Map.of("tests", many)) - one) / more;
      return new Slope(one - perTest, perTest);
    }

    Slope above(Slope bare) {
      return new Slope(perRun - bare.perRun, perTest - bare.perTest);
    }
  }
}
