package dev.leakcheck.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.integration.RunReport;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.junit5.lifecycle.Plants;
import dev.leakcheck.model.Findings;
import dev.leakcheck.report.ReportEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runner.notification.RunListener;

/** The guide's example of a listener for a framework that is not on the JUnit Platform. */
class JUnit4ListenerTest {

  private static final List<Findings> TOLD = new ArrayList<>();

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void it_tells_what_each_test_left() {
    JUnitCore core = new JUnitCore();
    core.addListener(
        new LeakListener(LeakCheckOptions.defaults().settle(Duration.ofMillis(300))) {
          @Override
          void tell(Findings findings) {
            TOLD.add(findings);
          }
        });
    assertThat(core.run(Four.class).wasSuccessful()).isTrue();

    assertThat(TOLD)
        .extracting(findings -> findings.scope() + " " + findings.list().size())
        .containsExactlyInAnyOrder(
            "leaves(dev.leakcheck.junit5.JUnit4ListenerTest$Four) 1",
            "passes(dev.leakcheck.junit5.JUnit4ListenerTest$Four) 0");
  }

  @Test
  void it_is_the_one_that_the_guide_shows() throws Exception {
    GuideCode.assertIsIn(JUnit4ListenerTest.class, "code", "class LeakListener");
  }

  /** Of JUnit 4. */
  public static class Four {
    @org.junit.Test
    public void passes() {}

    @org.junit.Test
    public void leaves() {
      Plants.thread();
    }
  }

  static class LeakListener extends RunListener {
    private final TestOptions options;
    private RunReport.Run end;
    private RunReport.Run run;
    private TestScope scope;

    LeakListener(LeakCheckOptions options) {
      this.options = TestOptions.of(options);
    }

    @Override
    public void testRunStarted(Description all) {
      end = RunReport.expectEnd();
      run = RunReport.begin(options);
    }

    @Override
    public void testStarted(Description test) {
      scope = TestScope.open(options.named(test.getDisplayName()));
    }

    @Override
    public void testFinished(Description test) {
      Findings findings = scope.findings();
      scope.end();
      RunReport.checked(
          scope, findings, ReportEntry.Level.METHOD, test.getClassName(), test.getMethodName());
      tell(findings);
    }

    void tell(Findings findings) {
      RunReport.tell(findings, LeakCheckSettings.Mode.FAIL);
    }

    @Override
    public void testRunFinished(Result result) {
      run.close();
      end.close(); // and what keeps the JVM from ending is told
    }
  }
}
