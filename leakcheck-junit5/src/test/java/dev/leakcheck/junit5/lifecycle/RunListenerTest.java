package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.integration.RunReport;
import dev.leakcheck.junit5.NoLeaks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Engines in a launcher, which finds the listener by itself. */
class RunListenerTest {

  @TempDir Path directory;
  private final Map<String, String> parameters = new LinkedHashMap<>();

  RunListenerTest() {
    parameters.put("leakcheck.settle", "300ms");
  }

  @AfterEach
  void release() {
    Plants.release();
  }

  /** An engine that is neither Jupiter nor knows it: one run of some code. */
  private record OtherEngine(Runnable code) implements TestEngine {
    @Override
    public String getId() {
      return "other";
    }

    @Override
    public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId id) {
      return new EngineDescriptor(id, "Other") {
        @Override
        public boolean mayRegisterTests() {
          return true;
        }
      };
    }

    @Override
    public void execute(ExecutionRequest request) {
      TestDescriptor root = request.getRootTestDescriptor();
      request.getEngineExecutionListener().executionStarted(root);
      code.run();
      request
          .getEngineExecutionListener()
          .executionFinished(root, TestExecutionResult.successful());
    }
  }

  private void reportHere() {
    parameters.put("leakcheck.report.dir", directory.toString());
  }

  private void run(Runnable code) {
    execute(
        LauncherConfig.builder()
            .enableTestEngineAutoRegistration(false)
            .addTestEngines(new OtherEngine(code))
            .build());
  }

  private void execute(LauncherConfig config, Class<?>... classes) {
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    for (Class<?> type : classes) {
      request.selectors(selectClass(type));
    }
    parameters.forEach(request::configurationParameter);
    LauncherDiscoveryRequest built = request.build();
    LauncherFactory.create(config).execute(built);
  }

  private String printed(Runnable code) {
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      run(code);
    } finally {
      System.setErr(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void what_an_engine_left_is_told_in_the_report() {
    reportHere();
    run(() -> Plants.thread("left"));

    assertThat(Written.in(directory)).containsExactly("check run 1 0", "leak run stray-thread new");
    assertThat(Written.member("scope", Written.lines(directory).get(1)))
        .isEqualTo("this run of Other");
  }

  @Test
  void engine_that_left_nothing_is_a_check() {
    reportHere();
    run(() -> {});

    assertThat(Written.in(directory)).containsExactly("check run 0 0");
  }

  @Test
  void what_was_left_is_logged_since_a_listener_can_fail_nothing() {
    parameters.put("leakcheck.level", "run");

    assertThat(printed(() -> Plants.thread("left")))
        .startsWith("LeakCheck: this run of Other left 1 thread behind (waited ")
        .contains("thread     left (not daemon: it keeps the JVM alive)")
        .containsPattern(
            "\\nNo test fails for this, since no test was checked by itself: let the build fail by"
                + " `leakcheck gate`\\.\n"
                + "LeakCheck: this JVM does not end before a thread does, unless somebody calls"
                + " System\\.exit, or ends it after the tests: \"left\""
                + (Tier.hasAgent() ? " \\(made in this run of Other\\)" : "")
                + "\n\\z");
  }

  @Test
  void nothing_is_done_where_nobody_asked_for_it() {
    long before = RunReport.begun();

    assertThat(printed(() -> Plants.thread("left"))).isEmpty();

    assertThat(RunReport.begun()).isEqualTo(before);
  }

  @Test
  void nothing_is_done_where_LeakCheck_is_off() {
    reportHere();
    parameters.put("leakcheck.level", "run");
    parameters.put("leakcheck.mode", "off");
    long before = RunReport.begun();

    assertThat(printed(() -> Plants.thread("left"))).isEmpty();

    assertThat(RunReport.begun()).isEqualTo(before);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void report_that_is_off_is_not_asked_for() {
    parameters.put("leakcheck.report.dir", "off");
    long before = RunReport.begun();

    run(() -> Plants.thread("left"));

    assertThat(RunReport.begun()).isEqualTo(before);
  }

  @Test
  void bad_setting_stops_no_run() {
    reportHere();
    parameters.put("leakcheck.settle", "soon");

    run(() -> {});

    assertThat(directory).isEmptyDirectory();
  }

  static class PlainTestCase {
    @Test
    void leaks() {
      Plants.thread("left");
    }
  }

  @NoLeaks
  static class CheckedTestCase {
    @Test
    void leaks() {
      Plants.thread("left");
    }
  }

  private static LauncherConfig all() {
    return LauncherConfig.builder().build();
  }

  @Test
  void Jupiter_without_the_extension_is_an_engine_like_others() {
    reportHere();
    execute(all(), PlainTestCase.class);

    assertThat(Written.in(directory)).contains("check run 1 0", "leak run stray-thread new");
  }

  @Test
  void run_that_the_extension_answers_for_is_checked_once() {
    reportHere();
    parameters.put("leakcheck.level", "run");
    execute(all(), CheckedTestCase.class);

    assertThat(Written.in(directory))
        .filteredOn(entry -> !entry.equals("check run 0 0")) // of engines without a test
        .containsExactly("check run 1 0", "leak run stray-thread new");
  }

  @Test
  void tests_that_the_extension_checks_by_themselves_are_not_checked_again() {
    reportHere();
    execute(all(), CheckedTestCase.class);

    assertThat(Written.in(directory))
        .filteredOn(entry -> !entry.equals("check run 0 0"))
        .containsExactly(
            "check method CheckedTestCase leaks 1 0",
            "leak method CheckedTestCase leaks stray-thread new",
            "check class CheckedTestCase 0 0");
  }

  /** The listener is there for both: only one of the runs asks for it. */
  @Test
  void naming_a_directory_changes_no_verdict() {
    ForkJoinPool pool = ForkJoinPool.commonPool();
    assumeTrue(pool.getParallelism() > 0, "the common pool has no threads");
    List<List<String>> verdicts = new ArrayList<>();
    for (boolean report : new boolean[] {false, true}) {
      if (report) {
        reportHere();
      }
      Verdicts listener = new Verdicts();
      for (Class<?> leaky : List.of(LeakyTestCase.class, LeakyFixtureTestCase.class)) {
        assertThat(pool.awaitQuiescence(30, TimeUnit.SECONDS)).isTrue();
        execute(LauncherConfig.builder().addTestExecutionListeners(listener).build(), leaky);
        Plants.release();
      }
      verdicts.add(listener.verdicts);
    }

    assertThat(verdicts.get(1)).containsExactlyElementsOf(verdicts.get(0));
    assertThat(verdicts.get(0))
        .containsExactlyInAnyOrder(
            "occupies() busy-common-pool",
            "pool() unclosed-executor",
            "thread() stray-thread",
            "passes()",
            "test()",
            "LeakyFixtureTestCase busy-common-pool");
    assertThat(Written.in(directory)).anyMatch(entry -> entry.contains("busy-common-pool"));
  }

  /** What became of each test, and of each class that did not pass. */
  private static final class Verdicts implements TestExecutionListener {
    final List<String> verdicts = new ArrayList<>();

    @Override
    public void executionFinished(TestIdentifier finished, TestExecutionResult result) {
      String kinds =
          result
              .getThrowable()
              .map(
                  failure ->
                      ((LeakAssertionError) failure)
                          .findings().list().stream()
                              .map(finding -> " " + finding.kind().id())
                              .collect(Collectors.joining()))
              .orElse("");
      if (finished.isTest() || !kinds.isEmpty()) {
        verdicts.add(finished.getLegacyReportingName().replaceAll(".*[.$]", "") + kinds);
      }
    }
  }

  private static void occupyCommonPool() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    ForkJoinPool.commonPool()
        .execute(
            () -> {
              started.countDown();
              Plants.await(released);
            });
    Plants.await(started);
    Plants.atRelease(released::countDown);
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class LeakyTestCase {
    @Test
    void occupies() {
      occupyCommonPool();
    }

    @Test
    void passes() {}

    @Test
    void pool() {
      Plants.pool();
    }

    @Test
    void thread() {
      Plants.thread("left");
    }
  }

  @NoLeaks
  static class LeakyFixtureTestCase {
    @BeforeAll
    static void setUp() {
      occupyCommonPool();
    }

    @Test
    void test() {}
  }

  @Test
  void JUnit_4_is_covered() {
    Class<?> test = junit4();
    reportHere();
    execute(all(), test);

    assertThat(Written.in(directory)).contains("check run 1 0", "leak run stray-thread new");
    assertThat(Written.lines(directory).toString()).contains("this run of JUnit Vintage");
  }

  /** An engine that runs others, each inside a suite. */
  private record SuiteEngine(Runnable before, Map<String, Runnable> engines, Runnable after)
      implements TestEngine {
    @Override
    public String getId() {
      return "suites";
    }

    @Override
    public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId id) {
      TestDescriptor root = new Registering(id, "Suites");
      for (String engine : engines.keySet()) {
        UniqueId suite = id.append("suite", "of " + engine);
        TestDescriptor all = new Registering(suite, "suite of " + engine);
        all.addChild(new Registering(suite.append("engine", engine), engine));
        root.addChild(all);
      }
      return root;
    }

    private static final class Registering extends EngineDescriptor {
      Registering(UniqueId id, String name) {
        super(id, name);
      }

      @Override
      public boolean mayRegisterTests() {
        return true;
      }
    }

    @Override
    public void execute(ExecutionRequest request) {
      EngineExecutionListener listener = request.getEngineExecutionListener();
      TestDescriptor root = request.getRootTestDescriptor();
      execute(
          root,
          listener,
          () -> {
            before.run();
            for (TestDescriptor suite : root.getChildren()) {
              TestDescriptor engine = suite.getChildren().iterator().next();
              Runnable code = engines.get(engine.getDisplayName());
              execute(suite, listener, () -> execute(engine, listener, code));
            }
            after.run();
          });
    }

    private static void execute(
        TestDescriptor descriptor, EngineExecutionListener listener, Runnable code) {
      listener.executionStarted(descriptor);
      code.run();
      listener.executionFinished(descriptor, TestExecutionResult.successful());
    }
  }

  private void runSuite(Runnable before, Map<String, Runnable> engines, Runnable after) {
    execute(
        LauncherConfig.builder()
            .enableTestEngineAutoRegistration(false)
            .addTestEngines(new SuiteEngine(before, engines, after))
            .build());
  }

  private List<String> checked() {
    return Written.lines(directory).stream()
        .filter(line -> line.startsWith("{\"entry\":\"leak\""))
        .map(line -> Written.member("kind", line) + " by " + Written.member("scope", line))
        .toList();
  }

  @Test
  void engine_in_a_suite_is_checked_though_the_extension_is_at_work_in_another() {
    reportHere();
    Map<String, Runnable> engines = new LinkedHashMap<>();
    engines.put(
        "Checked",
        () ->
            Run.configured()
                .with("leakcheck.report.dir", directory.toString())
                .over(CheckedTestCase.class));
    engines.put("Other", () -> Plants.thread("left"));
    runSuite(() -> {}, engines, () -> {});

    assertThat(checked())
        .containsExactly(
            "stray-thread by RunListenerTest.CheckedTestCase.leaks()",
            "stray-thread by this run of Other");
  }

  @Test
  void what_a_suite_leaves_around_its_engines_is_the_suites() {
    reportHere();
    Map<String, Runnable> engines = new LinkedHashMap<>();
    engines.put("Clean", () -> {});
    engines.put("Other", () -> Plants.thread("left"));
    runSuite(() -> Plants.thread("before"), engines, () -> Plants.thread("after"));

    assertThat(checked())
        .containsExactly(
            "stray-thread by this run of Other",
            "stray-thread by this run of Suites",
            "stray-thread by this run of Suites");
  }

  /** Some runs of the tests have no JUnit 4. */
  private static Class<?> junit4() {
    try {
      Class.forName("org.junit.Test");
      Class.forName("org.junit.vintage.engine.VintageTestEngine");
      return Class.forName(RunListenerTest.class.getPackageName() + ".JUnit4TestCase");
    } catch (ClassNotFoundException | LinkageError missing) {
      assumeTrue(false, "needs JUnit 4");
      throw new AssertionError(missing);
    }
  }
}
