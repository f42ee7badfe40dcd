package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.junit5.NoLeaks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A message names a test by its method, and an invocation of a template by what is its own. */
class NamesOfTestsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  private static String name(Class<?> testCase, String method) {
    LeakAssertionError failure = (LeakAssertionError) Run.of(testCase).failure(method);
    String outer = NamesOfTestsTest.class.getSimpleName() + ".";
    assertThat(failure).hasMessageContaining(failure.findings().scope() + " left ");
    assertThat(failure.findings().scope()).startsWith(outer);
    return failure.findings().scope().substring(outer.length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "test; test()",
        "named; named()",
        "numbered; numbered() [1] a",
        "numberedAndNamed; numberedAndNamed() [1] a",
        "called; called() [1] a",
        "calledAndNamed; calledAndNamed() with a",
        "calledWithANumber; calledWithANumber() -1",
        "calledAtTheEnd; calledAtTheEnd() 1 of …",
        "nameOfItsOwn; nameOfItsOwn() sums a",
        "likeAnother; likeAnother() sums_up a",
        "repeated; repeated() repetition 1 of 1",
        "repeatedAndCalled; repeatedAndCalled() repetition 1 of 1",
      })
  void invocation_of_a_template_is_named_once(String method, String expected) {
    // From JUnit 6 on texts that are arguments stand in quotes.
    assertThat(name(TemplatesTestCase.class, method).replace("\"", ""))
        .isEqualTo("TemplatesTestCase." + expected);
  }

  @NoLeaks
  static class TemplatesTestCase {
    @Test
    void test() {
      Plants.thread();
    }

    @Test
    @DisplayName("shown as that")
    void named() {
      Plants.thread();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(strings = "a")
    void numbered(String value) {
      Plants.thread();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("shown as that")
    @ValueSource(strings = "a")
    void numberedAndNamed(String value) {
      Plants.thread();
    }

    @ParameterizedTest(name = "{displayName} [{index}] {0}")
    @ValueSource(strings = "a")
    void called(String value) {
      Plants.thread();
    }

    @ParameterizedTest(name = "{displayName} - with {0}")
    @DisplayName("shown as that")
    @ValueSource(strings = "a")
    void calledAndNamed(String value) {
      Plants.thread();
    }

    @ParameterizedTest(name = "{displayName} {0}")
    @ValueSource(ints = -1)
    void calledWithANumber(int value) {
      Plants.thread();
    }

    @ParameterizedTest(name = "{index} of {displayName}")
    @ValueSource(strings = "a")
    void calledAtTheEnd(String value) {
      Plants.thread();
    }

    @ParameterizedTest(name = "sums {0}")
    @ValueSource(strings = "a")
    void nameOfItsOwn(String value) {
      Plants.thread();
    }

    @ParameterizedTest(name = "sums_up {0}")
    @DisplayName("sum")
    @ValueSource(strings = "a")
    void likeAnother(String value) {
      Plants.thread();
    }

    @RepeatedTest(1)
    void repeated() {
      Plants.thread();
    }

    @RepeatedTest(value = 1, name = RepeatedTest.LONG_DISPLAY_NAME)
    void repeatedAndCalled() {
      Plants.thread();
    }
  }

  @Test
  void names_that_a_generator_makes_are_known_as_well() {
    assertThat(name(GeneratedTestCase.class, "adds_two_numbers"))
        .isEqualTo("GeneratedTestCase.adds_two_numbers() 7");
  }

  @NoLeaks
  @DisplayNameGeneration(DisplayNameGenerator.IndicativeSentences.class)
  static class GeneratedTestCase {
    @ParameterizedTest(name = "{displayName}: {0}")
    @ValueSource(ints = 7)
    void adds_two_numbers(int value) {
      Plants.thread();
    }
  }

  /** Their names are not resolved before the test case is run: they came with JUnit 5.13. */
  @Test
  void test_of_a_class_that_is_run_with_parameters_is_told_with_them() {
    boolean present;
    try {
      Class.forName("org.junit.jupiter.params.ParameterizedClass");
      present = true;
    } catch (ClassNotFoundException e) {
      present = false;
    }
    assumeTrue(present, "this JUnit has no @ParameterizedClass");

    assertThat(name(ParametersTestCase.class, "plain"))
        .isEqualTo("ParametersTestCase.plain() with 7");
    assertThat(name(ParametersTestCase.class, "repeated"))
        .isEqualTo("ParametersTestCase.repeated() with 7, repetition 1 of 1");
  }

  @NoLeaks
  @ParameterizedClass(name = "with {0}")
  @ValueSource(ints = 7)
  static class ParametersTestCase {
    @Parameter int value;

    @Test
    void plain() {
      Plants.thread();
    }

    @RepeatedTest(value = 1, name = RepeatedTest.LONG_DISPLAY_NAME)
    void repeated() {
      Plants.thread();
    }
  }
}
