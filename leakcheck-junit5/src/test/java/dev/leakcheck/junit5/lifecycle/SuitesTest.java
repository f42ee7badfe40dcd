package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.leakcheck.junit5.NoLeaks;
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

  @Suite
  @NoLeaks
  @SelectClasses(PlainTestCase.class)
  static class AnnotatedSuite {}

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
          LauncherConfig.builder().addTestExecutionListeners(new Outcomes(outcomes)).build();
      LauncherFactory.create(config).execute(request.build());
    } finally {
      System.setErr(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private record Outcomes(List<String> of) implements TestExecutionListener {
    @Override
    public void executionFinished(TestIdentifier finished, TestExecutionResult result) {
      if (finished.isTest()) {
        of.add(finished.getDisplayName() + " " + result.getStatus());
      }
    }
  }

  @Test
  void an_annotated_suite_that_checks_nothing_says_so_and_what_to_do() {
    assertThat(printedBy(AnnotatedSuite.class))
        .startsWith(
            "LeakCheck: @NoLeaks on the suite "
                + AnnotatedSuite.class.getName()
                + " checked nothing: a suite runs no extensions. Annotate the classes that it"
                + " selects, or add @ConfigurationParameter(key ="
                + " \"junit.jupiter.extensions.autodetection.enabled\", value = \"true\") to it.");
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

    assertThat(printedBy(AnnotatedSuite.class))
        .contains("left 1 thread behind")
        .doesNotContain("checked nothing");
  }
}
