package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatedTestsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void only_the_repetition_that_leaked_fails() {
    assertThat(Run.of(RepeatedTestCase.class).outcomes())
        .containsExactly(
            "leavesInTheSecond(RepetitionInfo)[1] passed",
            "leavesInTheSecond(RepetitionInfo)[2] left stray-thread",
            "leavesInTheSecond(RepetitionInfo)[3] passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class RepeatedTestCase {
    @RepeatedTest(3)
    void leavesInTheSecond(RepetitionInfo repetition) {
      if (repetition.getCurrentRepetition() == 2) {
        Plants.thread();
      } else {
        Plants.endedThread();
      }
    }
  }

  @Test
  void the_message_tells_which_repetition_leaked() {
    assertThat(Run.of(RepeatedTestCase.class).failure("leavesInTheSecond"))
        .hasMessageStartingWith(
            "LeakCheck: RepeatedTestsTest.RepeatedTestCase.leavesInTheSecond() repetition 2 of 3 left 1"
                + " thread behind");
  }

  @Test
  void only_the_arguments_that_leaked_fail() {
    assertThat(Run.of(ParameterizedTestCase.class).outcomes())
        .containsExactly(
            "leavesForThree(int)[1] passed",
            "leavesForThree(int)[2] left unclosed-executor",
            "leavesForThree(int)[3] passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ParameterizedTestCase {
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void leavesForThree(int number) {
      ExecutorService pool = Plants.pool();
      if (number != 3) {
        Plants.close(pool);
      }
    }
  }

  @Test
  void only_the_invocation_of_a_template_that_leaked_fails() {
    assertThat(Run.of(TemplateTestCase.class).outcomes())
        .containsExactly(
            "runs(String)[1] left stray-thread",
            "runs(String)[2] passed",
            "runs(String)[3] left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class TemplateTestCase {
    @TestTemplate
    @ExtendWith(Words.class)
    void runs(String word) {
      if (word.equals("leave")) {
        Plants.thread();
      }
    }
  }

  static class Words implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
      return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
        ExtensionContext context) {
      return Stream.of("leave", "keep", "leave").map(Word::new);
    }
  }

  record Word(String word) implements TestTemplateInvocationContext, ParameterResolver {
    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(this);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return true;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return word;
    }
  }

  @Test
  void a_test_factory_fails_once_whichever_of_its_tests_leaked() {
    assertThat(Run.of(FactoryTestCase.class).outcomes())
        .containsExactly(
            "leavesTwice()[1] passed",
            "leavesTwice()[2] passed",
            "leavesTwice()[3] passed",
            "leavesTwice() left stray-thread, stray-thread");
    assertThat(Run.of(CleanFactoryTestCase.class).outcomes())
        .containsExactly("ends()[1] passed", "ends()[2] passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FactoryTestCase {
    @TestFactory
    List<DynamicTest> leavesTwice() {
      return List.of(
          DynamicTest.dynamicTest("one", () -> Plants.thread("first")),
          DynamicTest.dynamicTest("two", Plants::endedThread),
          DynamicTest.dynamicTest("three", () -> Plants.thread("second")));
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class CleanFactoryTestCase {
    @TestFactory
    Stream<DynamicTest> ends() {
      ExecutorService pool = Plants.pool();
      return Stream.of(
          DynamicTest.dynamicTest("one", () -> Plants.anotherWorker(pool)),
          DynamicTest.dynamicTest("two", () -> Plants.close(pool)));
    }
  }

  @Test
  void what_the_factory_method_itself_leaves_fails_the_factory() {
    assertThat(Run.of(FactoryMethodTestCase.class).outcomes())
        .containsExactly("leaves()[1] passed", "leaves() left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FactoryMethodTestCase {
    ExecutorService pool;

    @BeforeEach
    void setUp() {
      pool = Plants.pool();
    }

    @TestFactory
    List<DynamicTest> leaves() {
      return List.of(DynamicTest.dynamicTest("uses", () -> Plants.anotherWorker(pool)));
    }
  }
}
