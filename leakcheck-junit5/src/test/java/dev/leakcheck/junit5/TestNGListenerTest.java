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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testng.IExecutionListener;
import org.testng.IInvokedMethod;
import org.testng.IInvokedMethodListener;
import org.testng.ITestNGMethod;
import org.testng.ITestResult;
import org.testng.TestNG;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;

/** The guide's example of a listener for TestNG. */
class TestNGListenerTest {

  private static final List<Findings> TOLD = new ArrayList<>();

  @TempDir private Path directory;

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void it_tells_what_each_test_left_once_its_fixture_was_taken_down() {
    TestNG testng = new TestNG(false);
    testng.setVerbose(0);
    testng.setOutputDirectory(directory.toString());
    testng.setTestClasses(new Class<?>[] {Fixtures.class});
    testng.addListener(
        new LeakListener(LeakCheckOptions.defaults().settle(Duration.ofMillis(300))) {
          @Override
          void tell(Findings findings) {
            TOLD.add(findings);
          }
        });
    testng.run();

    assertThat(testng.hasFailure()).isFalse();
    assertThat(TOLD)
        .extracting(findings -> findings.scope() + " " + findings.list().size())
        .containsExactly("Fixtures.closes() 0", "Fixtures.leaves() 1", "Fixtures.passes() 0");
  }

  @Test
  void it_is_the_one_that_the_guide_shows() throws Exception {
    GuideCode.assertIsIn(
        TestNGListenerTest.class, "code", "class LeakListener implements IExecutionListener");
  }

  /** Of TestNG, which runs them by their names. */
  public static class Fixtures {
    private ExecutorService ofClass;
    private ExecutorService pool;

    @BeforeClass
    public void open() throws Exception {
      ofClass = Executors.newFixedThreadPool(1);
      ofClass.submit(() -> {}).get();
    }

    @AfterClass
    public void close() throws InterruptedException {
      end(ofClass);
    }

    @BeforeMethod
    public void setUp() {
      pool = Executors.newFixedThreadPool(1);
    }

    @AfterMethod
    public void tearDown() throws InterruptedException {
      end(pool);
    }

    private static void end(ExecutorService pool) throws InterruptedException {
      pool.shutdown();
      assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @org.testng.annotations.Test
    public void closes() throws Exception {
      pool.submit(() -> {}).get();
    }

    @org.testng.annotations.Test
    public void leaves() {
      Plants.thread();
    }

    @org.testng.annotations.Test
    public void passes() {}
  }

  static class LeakListener implements IExecutionListener, IInvokedMethodListener {
    private final TestOptions options;
    private RunReport.Run end;
    private RunReport.Run run;
    private TestScope scope;
    private ITestResult test;

    LeakListener(LeakCheckOptions options) {
      this.options = TestOptions.of(options);
    }

    @Override
    public void onExecutionStart() {
      end = RunReport.expectEnd();
      run = RunReport.begin(options);
    }

    @Override
    public void beforeInvocation(IInvokedMethod invoked, ITestResult result) {
      ITestNGMethod method = invoked.getTestMethod();
      if (test != null && !method.isAfterMethodConfiguration()) {
        check(); // whatever @AfterMethod takes down is down
      }
      if (scope == null && (method.isTest() || method.isBeforeMethodConfiguration())) {
        scope = TestScope.open(options).watch(result.getInstance());
      }
      if (method.isTest()) {
        test = result;
      }
    }

    private void check() {
      String type = test.getTestClass().getRealClass().getSimpleName();
      TestScope named = scope.with(options.named(type + "." + test.getName() + "()"));
      Findings findings = named.findings();
      scope.end();
      RunReport.checked(
          named, findings, ReportEntry.Level.METHOD, test.getTestClass().getName(), test.getName());
      tell(findings);
      scope = null;
      test = null;
    }

    void tell(Findings findings) {
      RunReport.tell(findings, LeakCheckSettings.Mode.FAIL);
    }

    @Override
    public void onExecutionFinish() {
      if (test != null) {
        check();
      }
      run.close();
      end.close(); // and what keeps the JVM from ending is told
    }
  }
}
