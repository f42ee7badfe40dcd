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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.ConfigurationParameters;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.slf4j.LoggerFactory;

/**
 * The run level for tests of any engine on the JUnit Platform: Spock, Kotest, JUnit 4, or Jupiter
 * without {@link LeakCheckExtension}. What the tests of an engine left together is recorded in this
 * JVM's report and logged. A listener can fail nothing: that is for {@code leakcheck gate} to do.
 *
 * <p>It is on if somebody asked for it, by {@code leakcheck.level=run} or by naming a {@code
 * leakcheck.report.dir}. Where it is off, or LeakCheck is, all that this class does is to know
 * whether the tests have come to their end, so that no report has one that a test cut short by
 * {@code System.exit}. Where the extension turns out to be at work, that answers for the engine's
 * run, and nothing is said twice.
 *
 * <p>A launcher registers it by itself. Thread-safe.
 */
public final class RunListener implements TestExecutionListener {

  private final Map<String, EngineRun> running = new ConcurrentHashMap<>();
  private final Map<TestPlan, RunReport.Run> plans = new ConcurrentHashMap<>();
  private volatile @Nullable LeakCheckSettings settings; // null where nothing is to be done

  /** An engine that is running its tests. */
  private record EngineRun(TestScope scope, Mode mode, RunReport.Run report, long begun) {}

  /** For the launcher. */
  public RunListener() {}

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    settings = null;
    plans.put(plan, RunReport.expectEnd());
    try {
      settings = settings(plan.getConfigurationParameters());
    } catch (IllegalArgumentException e) {
      LoggerFactory.getLogger(RunListener.class)
          .error("LeakCheck does not check this run: {}", e.getMessage());
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    RunReport.Run ending = plans.remove(plan);
    if (ending != null) {
      ending.close();
    }
  }

  private static @Nullable LeakCheckSettings settings(ConfigurationParameters parameters) {
    Optional<String> directory = parameters.get(LeakCheckSettings.REPORT_DIR);
    boolean runLevel =
        parameters
            .get(LeakCheckSettings.LEVEL)
            .filter(level -> level.strip().equalsIgnoreCase(Level.RUN.name()))
            .isPresent();
    boolean named = directory.filter(path -> !path.strip().equalsIgnoreCase("off")).isPresent();
    if (!runLevel && !named) {
      return null;
    }
    LeakCheckSettings settings = LeakCheckSettings.from(parameters::get);
    return settings.mode() == Mode.OFF ? null : settings;
  }

  @Override
  public void executionStarted(TestIdentifier started) {
    LeakCheckSettings asked = settings;
    if (asked == null || started.getParentId().isPresent()) {
      return;
    }
    try {
      TestOptions options =
          TestOptions.of(LeakCheckOptions.of(asked))
              .named("this run of " + started.getDisplayName());
      TestScope scope = TestScope.open(options);
      RunReport.Run report = RunReport.begin(options);
      running.put(
          started.getUniqueId(), new EngineRun(scope, asked.mode(), report, RunReport.begun()));
    } catch (IllegalArgumentException e) {
      settings = null;
      LoggerFactory.getLogger(RunListener.class)
          .error("LeakCheck does not check this run: {}", e.getMessage());
    }
  }

  @Override
  public void executionFinished(TestIdentifier finished, TestExecutionResult result) {
    EngineRun run = running.isEmpty() ? null : running.remove(finished.getUniqueId());
    if (run == null) {
      return;
    }
    try {
      if (run.begun == RunReport.begun()) {
        Findings findings = run.scope.findings();
        RunReport.checked(run.scope, findings, ReportEntry.Level.RUN, null, null);
        RunReport.tell(findings, run.mode);
      }
    } finally {
      run.scope.end();
      run.report.close();
    }
  }
}
