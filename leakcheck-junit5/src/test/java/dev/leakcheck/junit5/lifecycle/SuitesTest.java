package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.NoLeaks;
import dev.leakcheck.model.LeakKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** Classes of the JUnit Platform's suite engine, which runs other engines. */
class SuitesTest {

  private static final String AUTODETECTION = "junit.jupiter.extensions.autodetection.enabled";

  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final List<String> outcomes = new ArrayList<>();
  private final List<String> failedClasses = new ArrayList<>();

  SuitesTest() {
    parameters.put("leakcheck.settle", "300ms");
  }

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  static class PlainTestCase {
    @Test
    void leaves() {
      Plants.thread("left");
    }
  }

  @NoLeaks
  static class CheckedTestCase {
    @Test
    void leaves() {
      Plants.thread("left");
    }
  }

  static class CleanTestCase {
    @Test
    void leavesNothing() {}
  }

  public static class VintageTestCase {
    @org.junit.Test
    public void leaves() {
      Plants.thread("left");
    }
  }

  @Suite
  @NoLeaks
  @SelectClasses(PlainTestCase.class)
  static class AnnotatedSuite {}

  @Suite
  @NoLeaks
  @SelectClasses(CleanTestCase.class)
  static class CleanSuite {}

  @Suite
  @NoLeaks
  @SelectClasses(VintageTestCase.class)
  static class VintageSuite {}

  @Suite
  @NoLeaks
  @SelectClasses(PlainTestCase.class)
  @ConfigurationParameter(key = AUTODETECTION, value = "false")
  static class ForbiddingSuite {}

  @Suite
  @NoLeaks(level = LeakCheckSettings.Level.CLASS)
  @SelectClasses(PlainTestCase.class)
  static class ClassLevelSuite {}

  @Suite
  @NoLeaks
  @AllowLeaks(kind = LeakKind.STRAY_THREAD, thread = "left", reason = "the suite knows of it")
  @SelectClasses(PlainTestCase.class)
  static class AllowingSuite {}

  @Suite
  @NoLeaks
  @SelectClasses(AnnotatedSuite.class)
  static class OuterSuite {}

  @Suite
  @SelectClasses(PlainTestCase.class)
  static class PlainSuite {}

  @Suite
  @NoLeaks
  @SelectClasses(CheckedTestCase.class)
  static class CheckedSuite {}

  @Suite
  @NoLeaks
  @SelectClasses(PlainTestCase.class)
  @ConfigurationParameter(key = AUTODETECTION, value = "true")
  static class DetectingSuite {}

  private String printedBy(Class<?> suite) {
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      LauncherDiscoveryRequestBuilder request =
          LauncherDiscoveryRequestBuilder.request().selectors(selectClass(suite));
      parameters.forEach(request::configurationParameter);
      LauncherConfig config =
          LauncherConfig.builder()
              .addTestExecutionListeners(new Outcomes(outcomes, failedClasses))
              .build();
      LauncherFactory.create(config).execute(request.build());
    } finally {
      System.setErr(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private record Outcomes(List<String> of, List<String> failedClasses)
      implements TestExecutionListener {
    @Override
    public void executionFinished(TestIdentifier finished, TestExecutionResult result) {
      if (finished.isTest()) {
        of.add(finished.getDisplayName() + " " + result.getStatus());
      } else if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        failedClasses.add(finished.getDisplayName());
      }
    }
  }

  @Test
  void an_annotated_suite_has_all_tests_checked_that_it_selects() {
    assertThat(printedBy(AnnotatedSuite.class)).doesNotContain("checked nothing");
    assertThat(outcomes).containsExactly("leaves() FAILED");
  }

  @Test
  void an_annotated_suite_in_another_has_its_tests_checked() {
    assertThat(printedBy(OuterSuite.class)).doesNotContain("checked nothing");
    assertThat(outcomes).containsExactly("leaves() FAILED");
  }

  @Test
  void a_suite_that_leaves_nothing_passes() {
    assertThat(printedBy(CleanSuite.class)).doesNotContain("LeakCheck");
    assertThat(outcomes).containsExactly("leavesNothing() SUCCESSFUL");
  }

  @Test
  void autodetection_is_as_it_was_once_the_suite_has_begun() {
    printedBy(AnnotatedSuite.class);

    assertThat(System.getProperty(AUTODETECTION)).isNull();
    assertThat(System.getProperty("junit.jupiter.extensions.autodetection.include")).isNull();
  }

  @Test
  void autodetection_is_as_it_was_where_the_suite_runs_no_Jupiter() {
    printedBy(VintageSuite.class);

    assertThat(System.getProperty(AUTODETECTION)).isNull();
  }

  @Test
  void what_an_annotated_suite_says_holds_for_its_classes() {
    printedBy(ClassLevelSuite.class);

    assertThat(outcomes).containsExactly("leaves() SUCCESSFUL");
    assertThat(failedClasses).containsExactly("SuitesTest$PlainTestCase");
  }

  @Test
  void what_a_suite_allows_is_allowed_in_its_classes() {
    printedBy(AllowingSuite.class);

    assertThat(outcomes).containsExactly("leaves() SUCCESSFUL");
    assertThat(failedClasses).isEmpty();
  }

  @Test
  void an_annotated_suite_without_Jupiter_says_that_it_checks_nothing() {
    assertThat(printedBy(VintageSuite.class))
        .startsWith(
            "LeakCheck: @NoLeaks on the suite "
                + VintageSuite.class.getName()
                + " checked nothing: none of what it ran was of JUnit Jupiter, or"
                + " junit.jupiter.extensions.autodetection.enabled is false for it.");
    assertThat(outcomes).containsExactly("leaves SUCCESSFUL");
  }

  @Test
  void an_annotated_suite_that_forbids_detection_says_that_it_checks_nothing() {
    assertThat(printedBy(ForbiddingSuite.class)).contains("checked nothing");
    assertThat(outcomes).containsExactly("leaves() SUCCESSFUL");
  }

  @Test
  void a_suite_that_is_not_annotated_says_nothing() {
    assertThat(printedBy(PlainSuite.class)).doesNotContain("@NoLeaks");
  }

  @Test
  void an_annotated_suite_says_nothing_where_LeakCheck_is_off() {
    parameters.put("leakcheck.mode", "off");

    assertThat(printedBy(AnnotatedSuite.class)).isEmpty();
    assertThat(outcomes).containsExactly("leaves() SUCCESSFUL");
  }

  @Test
  void classes_of_a_suite_that_are_annotated_themselves_are_checked() {
    assertThat(printedBy(CheckedSuite.class)).doesNotContain("checked nothing");
    assertThat(outcomes).containsExactly("leaves() FAILED");
  }

  @Test
  void a_suite_may_switch_autodetection_on_for_all_that_it_selects() {
    assertThat(printedBy(DetectingSuite.class)).doesNotContain("checked nothing");
    assertThat(outcomes).containsExactly("leaves() FAILED");
  }

  @Test
  void a_suite_that_is_checked_as_a_whole_is_checked() {
    parameters.put("leakcheck.level", "run");

    assertThat(printedBy(VintageSuite.class))
        .contains("left 1 thread behind")
        .doesNotContain("checked nothing");
  }
}
