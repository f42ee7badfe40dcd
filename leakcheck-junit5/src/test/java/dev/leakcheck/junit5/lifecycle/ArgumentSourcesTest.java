package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What code makes that gives tests their arguments is the class's, as what a fixture makes. */
class ArgumentSourcesTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        StartedTestCase.class,
        OneInstanceTestCase.class,
        IdleTestCase.class,
        WrapperTestCase.class,
        LazyTestCase.class,
        OfAnotherClassTestCase.class,
        OfProviderTestCase.class,
        AssertingTestCase.class
      })
  @Tier.WithAgent
  void the_class_is_told_of_an_executor(Class<?> testCase) {
    Run run = Run.of(testCase);
    assertThat(run.outcomes())
        .contains(testCase.getSimpleName() + " left unclosed-executor")
        .hasSizeGreaterThan(1)
        .allMatch(outcome -> !outcome.contains("] ") || outcome.endsWith(" passed"));
  }

  /** Runs something in an executor. */
  static void use(ExecutorService executor) {
    Plants.anotherWorker(executor);
  }

  @ExtendWith(LeakCheckExtension.class)
  static class StartedTestCase {
    static Stream<ExecutorService> pools() {
      return Stream.of(Plants.pool());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("pools")
    void uses(ExecutorService pool) {
      use(pool);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class OneInstanceTestCase {
    List<Integer> computed() {
      Plants.pool();
      return List.of(1, 2);
    }

    @ParameterizedTest
    @MethodSource("computed")
    void uses(int number) {
      assertThat(number).isPositive();
    }
  }

  /** What JUnit does not close. */
  static final class Service {
    final ExecutorService pool = Plants.kept(Executors.newFixedThreadPool(1));
  }

  @ExtendWith(LeakCheckExtension.class)
  static class IdleTestCase {
    static Stream<Service> services() {
      return Stream.of(new Service());
    }

    @ParameterizedTest
    @MethodSource("services")
    void uses(Service service) {
      use(service.pool);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class WrapperTestCase {
    static Stream<Arguments> pools() {
      return Stream.of(Arguments.of(1, List.of(Plants.working(Executors.newCachedThreadPool()))));
    }

    @ParameterizedTest
    @MethodSource("pools")
    void uses(int number, List<ExecutorService> pools) {
      assertThat(pools).hasSize(number);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LazyTestCase {
    static Stream<Service> services() {
      return Stream.of(1).map(number -> new Service());
    }

    @ParameterizedTest
    @MethodSource("services")
    void uses(Service service) {
      use(service.pool);
    }
  }

  static final class Sources {
    static Stream<Service> services() {
      return Stream.of(new Service());
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OfAnotherClassTestCase {
    @ParameterizedTest
    @MethodSource("dev.leakcheck.junit5.lifecycle.ArgumentSourcesTest$Sources#services")
    void uses(Service service) {
      use(service.pool);
    }
  }

  static final class Provider implements ArgumentsProvider {
    @Override
    @SuppressWarnings("deprecation") // as JUnit before 5.13 has it
    public Stream<? extends Arguments> provideArguments(ExtensionContext context) {
      Service service = new Service();
      return Stream.of(1, 2).map(number -> Arguments.of(service));
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OfProviderTestCase {
    @ParameterizedTest
    @ArgumentsSource(Provider.class)
    void uses(Service service) {
      use(service.pool);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class AssertingTestCase {
    static Stream<Service> services() {
      return Stream.of(Assertions.assertDoesNotThrow(() -> new Service()));
    }

    @ParameterizedTest
    @MethodSource("services")
    void uses(Service service) {
      use(service.pool);
    }
  }

  @Test
  @Tier.WithAgent
  void the_class_is_told_of_a_thread_and_where_it_was_made() {
    Run run = Run.of(ThreadTestCase.class);
    assertThat(run.outcomes())
        .containsExactly(
            "takes(int)[1] passed", "takes(int)[2] passed", "ThreadTestCase left stray-thread");
    assertThat(run.messages()).contains("ArgumentSourcesTest$ThreadTestCase.numbers(");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ThreadTestCase {
    static List<Integer> numbers() {
      Plants.thread();
      return List.of(1, 2);
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void takes(int number) {
      assertThat(number).isPositive();
    }
  }

  // Near misses

  @ParameterizedTest
  @ValueSource(
      classes = {
        ClosedAtLastTestCase.class,
        ClosedByTestTestCase.class,
        ClosedByJUnitTestCase.class,
        ClosedByStreamTestCase.class,
        FilledQueueTestCase.class,
        OfExtensionsTestCase.class,
        OfLazyExtensionTestCase.class
      })
  void what_is_closed_and_what_is_an_extensions_passes(Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes())
        .isNotEmpty()
        .allMatch(outcome -> outcome.endsWith(" passed"));
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ClosedAtLastTestCase {
    static ExecutorService pool;

    static Stream<Integer> numbers() {
      pool = Plants.pool();
      return Stream.of(1, 2);
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void uses(int number) {
      assertThat(number).isPositive();
      use(pool);
    }

    @AfterAll
    static void close() {
      Plants.close(pool);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ClosedByTestTestCase {
    static Stream<Service> services() {
      return Stream.of(new Service(), new Service());
    }

    @ParameterizedTest
    @MethodSource("services")
    void uses(Service service) {
      use(service.pool);
      Plants.close(service.pool);
    }
  }

  static final class Server implements AutoCloseable {
    final ExecutorService pool = Plants.pool();

    @Override
    public void close() {
      Plants.close(pool);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ClosedByJUnitTestCase {
    static Stream<Server> servers() {
      return Stream.of(new Server(), new Server());
    }

    @ParameterizedTest
    @MethodSource("servers")
    void uses(Server server) {
      use(server.pool);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ClosedByStreamTestCase {
    static Stream<Integer> numbers() {
      ExecutorService pool = Plants.pool();
      return Stream.of(1, 2)
          .onClose(() -> Plants.close(pool))
          .peek(number -> Plants.anotherWorker(pool));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void uses(int number) {
      assertThat(number).isPositive();
    }
  }

  /** An argument that holds something is test data, and gone with the tests. */
  @ExtendWith(LeakCheckExtension.class)
  static class FilledQueueTestCase {
    static Stream<BlockingQueue<Integer>> queues() {
      return Stream.of(new LinkedBlockingQueue<>(List.of(1)), new LinkedBlockingQueue<>());
    }

    @ParameterizedTest
    @MethodSource("queues")
    void uses(BlockingQueue<Integer> queue) {
      assertThat(queue).hasSizeLessThan(2);
    }
  }

  /** Makes what it keeps for itself, while JUnit gets a source's arguments and after that. */
  static final class Resource implements ParameterResolver, BeforeEachCallback {
    private static ExecutorService pool;
    private static ExecutorService another;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Resource.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      pool = Plants.pool();
      return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      another = Plants.pool();
    }
  }

  @ExtendWith({LeakCheckExtension.class, Resource.class})
  static class OfExtensionsTestCase {
    static Stream<Integer> numbers(Resource resource) {
      assertThat(resource).isNotNull();
      return Stream.of(1, 2);
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void uses(int number) {
      assertThat(number).isPositive();
      assertThat(Resource.pool.isShutdown()).isFalse();
      assertThat(Resource.another.isShutdown()).isFalse();
    }
  }

  static final class Template implements TestTemplateInvocationContextProvider {
    private static ExecutorService pool;

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
      return context.getRequiredTestMethod().getName().equals("repeats");
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
        ExtensionContext context) {
      return Stream.of(1, 2).map(number -> invocation());
    }

    private static TestTemplateInvocationContext invocation() {
      pool = Plants.pool();
      return new TestTemplateInvocationContext() {};
    }
  }

  @ExtendWith({LeakCheckExtension.class, Template.class})
  static class OfLazyExtensionTestCase {
    @TestTemplate
    void repeats() {
      assertThat(Template.pool.isShutdown()).isFalse();
    }
  }
}
