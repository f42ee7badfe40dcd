package dev.leakcheck.junit5;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.LeakCheckSettings.Level;
import dev.leakcheck.LeakCheckSettings.Mode;
import dev.leakcheck.integration.RunReport;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Findings;
import dev.leakcheck.report.ReportEntry;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.slf4j.LoggerFactory;

/**
 * The run level for tests of any engine on the JUnit Platform: Spock, Kotest, JUnit 4, or Jupiter
 * without {@link LeakCheckExtension}. What the tests of an engine left together is recorded in this
 * JVM's report and logged. A listener can fail nothing: that is for {@code leakcheck gate} to do.
 * The engines that a suite runs are engines as well; a suite that has {@link NoLeaks} is one for
 * {@link AnnotatedSuites}.
 *
 * <p>It is on if somebody asked for it, by {@code leakcheck.level=run} or by naming a {@code
 * leakcheck.report.dir}. Where it is off, or LeakCheck is, all that this class does is to know
 * whether the tests have come to their end, so that no report has one that a test cut short by
 * {@code System.exit}. Where the extension turns out to be at work, that answers for the engine's
 * run: the listener steps back, as nothing is to be said twice, and as naming a directory must not
 * change a verdict.
 *
 * <p>A launcher registers it by itself. Thread-safe.
 */
public final class RunListener implements TestExecutionListener {

  private final Checks checks = new Checks();

  /** For the launcher. */
  public RunListener() {}

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    Guard.quietly(() -> checks.begin(plan));
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    Guard.quietly(() -> checks.end(plan));
  }

  @Override
  public void executionStarted(TestIdentifier started) {
    Guard.quietly(() -> checks.begin(started));
  }

  @Override
  public void executionFinished(TestIdentifier finished, TestExecutionResult result) {
    Guard.quietly(() -> checks.end(finished));
  }

  /** An engine that is running its tests. */
  private static final class EngineRun {
    private final TestScope scope;
    private final Mode mode;
    private final RunReport.Run report;
    private final RunReport.Run standIn;
    private final AtomicLong begun = new AtomicLong();
    private volatile boolean steppedBack;

    EngineRun(TestOptions options, Mode mode) {
      this.mode = mode;
      this.scope = TestScope.open(options);
      this.report = RunReport.begin(options);
      this.standIn = RunReport.standIn(this::stepBack);
      begun.set(RunReport.begun());
    }

    private void stepBack() {
      steppedBack = true;
      scope.end();
    }

    /** Another engine's run has begun inside, which does not answer for this one. */
    void begunInside() {
      begun.incrementAndGet();
    }

    void end() {
      try {
        if (begun.get() == RunReport.begun()) {
          Findings findings = scope.findings();
          RunReport.checked(scope, findings, ReportEntry.Level.RUN, null, null);
          RunReport.tell(findings, mode);
        }
      } finally {
        standIn.close();
        scope.end();
        report.close();
      }
    }
  }

  /**
   * What the listener does. A class of its own, so that the launcher gets a listener whatever is
   * missing.
   */
  private static final class Checks {

    private final Map<String, EngineRun> running = new ConcurrentHashMap<>();
    private final Map<TestPlan, RunReport.Run> plans = new ConcurrentHashMap<>();
    private final AnnotatedSuites suites = new AnnotatedSuites();
    private volatile @Nullable LeakCheckSettings settings; // null where nothing is to be done
    private volatile boolean off;
    private volatile boolean detects;

    void begin(TestPlan plan) {
      settings = null;
      plans.put(plan, RunReport.expectEnd());
      Function<String, Optional<String>> parameters = parameters(plan);
      off = is(parameters.apply(LeakCheckSettings.MODE), Mode.OFF);
      detects =
          parameters.apply(AnnotatedSuites.DETECTION).filter(Boolean::parseBoolean).isPresent();
      try {
        settings = settings(parameters);
      } catch (IllegalArgumentException e) {
        LoggerFactory.getLogger(RunListener.class)
            .error("LeakCheck does not check this run: {}", e.getMessage());
      }
    }

    void end(TestPlan plan) {
      RunReport.Run ending = plans.remove(plan);
      if (ending != null) {
        ending.close();
      }
    }

    /**
     * A launcher before 1.8, such as Surefire 2.22 brings, does not tell an engine's parameters.
     */
    private static Function<String, Optional<String>> parameters(TestPlan plan) {
      try {
        return plan.getConfigurationParameters()::get;
      } catch (NoSuchMethodError oldLauncher) {
        return key -> Optional.ofNullable(System.getProperty(key));
      }
    }

    private static boolean is(Optional<String> value, Enum<?> constant) {
      return value.filter(text -> text.strip().equalsIgnoreCase(constant.name())).isPresent();
    }

    private static @Nullable LeakCheckSettings settings(
        Function<String, Optional<String>> parameters) {
      Optional<String> directory = parameters.apply(LeakCheckSettings.REPORT_DIR);
      boolean runLevel = is(parameters.apply(LeakCheckSettings.LEVEL), Level.RUN);
      boolean named = directory.filter(path -> !path.strip().equalsIgnoreCase("off")).isPresent();
      if (!runLevel && !named) {
        return null;
      }
      LeakCheckSettings settings = LeakCheckSettings.from(parameters);
      return settings.mode() == Mode.OFF ? null : settings;
    }

    void begin(TestIdentifier started) {
      if (!off) {
        suites.begin(started, detects);
      }
      LeakCheckSettings asked = settings;
      if (asked == null || !isEngine(started)) {
        return;
      }
      try {
        TestOptions options =
            TestOptions.of(LeakCheckOptions.of(asked))
                .named("this run of " + started.getDisplayName());
        List<EngineRun> around = around(started.getUniqueId());
        if (!around.isEmpty()) {
          options = options.within(around.get(0).scope);
        }
        running.put(started.getUniqueId(), new EngineRun(options, asked.mode()));
        around.forEach(EngineRun::begunInside);
      } catch (IllegalArgumentException e) {
        settings = null;
        LoggerFactory.getLogger(RunListener.class)
            .error("LeakCheck does not check this run: {}", e.getMessage());
      }
    }

    /** That of a launcher, or one inside the engine of a suite. */
    private static boolean isEngine(TestIdentifier started) {
      return started.getParentId().isEmpty()
          || (started.isContainer() && AnnotatedSuites.isA("engine", started));
    }

    /**
     * The suites' engines that run an engine and that still answer for what is left, inmost first.
     */
    private List<EngineRun> around(String engine) {
      return running.entrySet().stream()
          .filter(entry -> engine.startsWith(entry.getKey() + "/"))
          .filter(entry -> !entry.getValue().steppedBack)
          .sorted(Comparator.comparingInt(entry -> -entry.getKey().length()))
          .map(Map.Entry::getValue)
          .toList();
    }

    void end(TestIdentifier finished) {
      suites.end(finished);
      EngineRun run = running.isEmpty() ? null : running.remove(finished.getUniqueId());
      if (run != null) {
        run.end();
      }
    }
  }
}
