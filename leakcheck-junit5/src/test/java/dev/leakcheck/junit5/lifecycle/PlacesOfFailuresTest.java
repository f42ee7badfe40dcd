package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.NoLeaks;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Surefire, Gradle and IDEs show the line of the frames that are of the test's class. */
class PlacesOfFailuresTest {

  /** The line that is to be shown. */
  private static final AtomicInteger LINE = new AtomicInteger();

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  private static void leakHere() {
    StackTraceElement[] stack = new Throwable().getStackTrace();
    LINE.set(stack[1].getLineNumber());
    Plants.thread();
  }

  private static StackTraceElement[] stack(Class<?> testCase, String name) {
    return Run.of(testCase).failure(name).getStackTrace();
  }

  private static void assertPlace(StackTraceElement frame, Class<?> type, String method) {
    assertThat(frame.getClassName()).isEqualTo(type.getName());
    assertThat(frame.getMethodName()).isEqualTo(method);
    assertThat(frame.getFileName()).isEqualTo("PlacesOfFailuresTest.java");
    assertThat(frame.getLineNumber()).isEqualTo(LINE.get());
  }

  @Test
  void test_fails_in_its_first_line_or_where_an_agent_saw_it_make_something() {
    assertThat(stack(FirstLine.class, "leaves"))
        .singleElement()
        .satisfies(frame -> assertPlace(frame, FirstLine.class, "leaves"));
  }

  @NoLeaks
  static class FirstLine {
    @Test
    void leaves() {
      leakHere();
    }
  }

  @Test
  @Tier.WithAgent
  void lines_of_the_tests_class_are_those_that_made_the_thing() {
    StackTraceElement[] stack = stack(Created.class, "leaves");

    assertThat(stack)
        .extracting(StackTraceElement::getMethodName)
        .containsExactly("open", "leaves");
    assertPlace(stack[0], Created.class, "open");
  }

  @Test
  @Tier.WithoutAgent
  void first_line_is_told_where_it_is_not_known_what_made_the_thing() {
    StackTraceElement[] stack = stack(Created.class, "leaves");

    LINE.set(Created.FIRST_LINE.get());
    assertThat(stack)
        .singleElement()
        .satisfies(frame -> assertPlace(frame, Created.class, "leaves"));
  }

  @NoLeaks
  static class Created {
    static final AtomicInteger FIRST_LINE = new AtomicInteger();

    @Test
    void leaves() {
      FIRST_LINE.set(new Throwable().getStackTrace()[0].getLineNumber());
      open();
    }

    void open() {
      leakHere();
    }
  }

  @Test
  @Tier.WithAgent
  void fixture_of_a_superclass_is_of_the_tests_class_as_well() {
    assertThat(stack(Inheriting.class, "passes"))
        .singleElement()
        .satisfies(frame -> assertPlace(frame, Fixture.class, "setUp"));
  }

  @Test
  @Tier.WithoutAgent
  void test_that_is_inherited_fails_where_it_is_declared() {
    StackTraceElement[] stack = stack(Inheriting.class, "passes");

    LINE.set(Fixture.FIRST_LINE.get());
    assertThat(stack)
        .singleElement()
        .satisfies(frame -> assertPlace(frame, Fixture.class, "passes"));
  }

  abstract static class Fixture {
    static final AtomicInteger FIRST_LINE = new AtomicInteger();

    @BeforeEach
    void setUp(TestInfo info) {
      leakHere();
    }

    @Test
    void passes() {
      FIRST_LINE.set(new Throwable().getStackTrace()[0].getLineNumber());
    }
  }

  @NoLeaks
  static class Inheriting extends Fixture {}

  @Test
  void class_fails_in_its_first_line_or_where_an_agent_saw_it_make_something() {
    assertThat(stack(OfAClass.class, "OfAClass"))
        .singleElement()
        .satisfies(
            frame -> {
              if (!Tier.hasAgent()) {
                LINE.set(OfAClass.FIRST_LINE);
              }
              assertPlace(frame, OfAClass.class, Tier.hasAgent() ? "up" : "<class>");
            });
  }

  @NoLeaks
  static class OfAClass {
    static final int FIRST_LINE = new Throwable().getStackTrace()[0].getLineNumber();

    OfAClass() {}

    @BeforeAll
    static void up() {
      leakHere();
    }

    @Test
    void passes() {}
  }
}
