package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another extension makes, and keeps for later tests, is no test's leak. */
class OtherExtensionsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
    Application.current = null;
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        BeforeAllBeforeTestCase.class,
        BeforeAllAfterTestCase.class,
        PostProcessorBeforeTestCase.class,
        PostProcessorAfterTestCase.class,
        BeforeEachBeforeTestCase.class,
        BeforeEachAfterTestCase.class,
        ParameterBeforeTestCase.class,
        ParameterAfterTestCase.class
      })
  void an_application_that_another_extension_starts_is_not_the_first_tests_leak(Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes())
        .containsExactly(
            "first(Application) passed",
            "second(Application) passed",
            "leaves(Application) left unclosed-executor",
            "last(Application) passed");
    assertThat(Application.current.isRunning()).isTrue();
  }

  @Test
  void an_application_may_be_shared_by_classes() {
    assertThat(Run.of(PostProcessorAfterTestCase.class, ParameterBeforeTestCase.class).outcomes())
        .containsExactly(
            "PostProcessorAfterTestCase.first(Application) passed",
            "PostProcessorAfterTestCase.second(Application) passed",
            "PostProcessorAfterTestCase.leaves(Application) left unclosed-executor",
            "PostProcessorAfterTestCase.last(Application) passed",
            "ParameterBeforeTestCase.first(Application) passed",
            "ParameterBeforeTestCase.second(Application) passed",
            "ParameterBeforeTestCase.leaves(Application) left unclosed-executor",
            "ParameterBeforeTestCase.last(Application) passed");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        LazyBeforeAllTestCase.class,
        LazyPostProcessorTestCase.class,
        LazyBeforeEachTestCase.class,
        LazyParameterTestCase.class
      })
  void a_pool_that_another_extension_makes_without_a_thread_is_not_the_first_tests_leak(
      Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes())
        .containsExactly(
            "first() passed",
            "second() passed",
            "leaves() left unclosed-executor",
            "last() passed");
  }

  /** Made in microseconds: nothing but the constructor of a pool. */
  abstract static class LazyPoolExtension implements ParameterResolver {
    static ExecutorService lazy;

    static void start() {
      if (lazy == null || lazy.isShutdown()) {
        lazy = Plants.kept(Executors.newFixedThreadPool(4));
      }
    }

    static void serve() {
      Plants.anotherWorker(lazy);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == String.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      start();
      return "";
    }
  }

  static class LazyInBeforeAll extends LazyPoolExtension implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      start();
    }
  }

  static class LazyInPostProcessor extends LazyPoolExtension implements TestInstancePostProcessor {
    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
      start();
    }
  }

  static class LazyInBeforeEach extends LazyPoolExtension implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
      start();
    }
  }

  static class LazyInParameter extends LazyPoolExtension {}

  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  abstract static class LazyPoolTestCase {
    @Test
    @Order(1)
    void first() {
      LazyPoolExtension.serve();
    }

    @Test
    @Order(2)
    void second() {
      LazyPoolExtension.serve();
    }

    @Test
    @Order(3)
    void leaves() {
      LazyPoolExtension.serve();
      Plants.pool();
    }

    @Test
    @Order(4)
    void last() {
      LazyPoolExtension.serve();
    }
  }

  @ExtendWith({LeakCheckExtension.class, LazyInBeforeAll.class})
  static class LazyBeforeAllTestCase extends LazyPoolTestCase {}

  @ExtendWith({LeakCheckExtension.class, LazyInPostProcessor.class})
  static class LazyPostProcessorTestCase extends LazyPoolTestCase {}

  @ExtendWith({LeakCheckExtension.class, LazyInBeforeEach.class})
  static class LazyBeforeEachTestCase extends LazyPoolTestCase {}

  @ExtendWith({LeakCheckExtension.class, LazyInParameter.class})
  static class LazyParameterTestCase extends LazyPoolTestCase {
    @BeforeEach
    void setUp(String parameter) {}
  }

  /** Such as Spring's application context: has a pool with a thread, and one that starts lazily. */
  static final class Application {
    static Application current;

    final ExecutorService started = Plants.pool();
    final ExecutorService lazy = Plants.kept(Executors.newFixedThreadPool(4));
    final ExecutorService lazySingle = Plants.kept(Executors.newSingleThreadExecutor());

    boolean isRunning() {
      return !started.isShutdown() && !lazy.isShutdown();
    }

    void serve() {
      Plants.anotherWorker(started);
      if (Jvm.LISTS_EXECUTORS) { // else a pool without a worker or a field in sight is not seen
        Plants.anotherWorker(lazy);
      }
    }
  }

  abstract static class ApplicationExtension implements ParameterResolver {
    static Application start(ExtensionContext context) {
      Application.current =
          context
              .getRoot()
              .getStore(ExtensionContext.Namespace.create(Application.class))
              .getOrComputeIfAbsent("application", key -> new Application(), Application.class);
      return Application.current;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Application.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return start(context);
    }
  }

  static class InBeforeAll extends ApplicationExtension implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      start(context);
    }
  }

  static class InPostProcessor extends ApplicationExtension implements TestInstancePostProcessor {
    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
      start(context);
    }
  }

  static class InBeforeEach extends ApplicationExtension implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
      start(context);
    }
  }

  static class InParameter extends ApplicationExtension {}

  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  abstract static class ApplicationTestCase {
    @Test
    @Order(1)
    void first(Application application) {
      application.serve();
    }

    @Test
    @Order(2)
    void second(Application application) {
      application.serve();
    }

    @Test
    @Order(3)
    void leaves(Application application) {
      application.serve();
      Plants.pool();
    }

    @Test
    @Order(4)
    void last(Application application) {
      application.serve();
    }
  }

  @ExtendWith({InBeforeAll.class, LeakCheckExtension.class})
  static class BeforeAllBeforeTestCase extends ApplicationTestCase {}

  @ExtendWith({LeakCheckExtension.class, InBeforeAll.class})
  static class BeforeAllAfterTestCase extends ApplicationTestCase {}

  @ExtendWith({InPostProcessor.class, LeakCheckExtension.class})
  static class PostProcessorBeforeTestCase extends ApplicationTestCase {}

  @ExtendWith({LeakCheckExtension.class, InPostProcessor.class})
  static class PostProcessorAfterTestCase extends ApplicationTestCase {}

  @ExtendWith({InBeforeEach.class, LeakCheckExtension.class})
  static class BeforeEachBeforeTestCase extends ApplicationTestCase {}

  @ExtendWith({LeakCheckExtension.class, InBeforeEach.class})
  static class BeforeEachAfterTestCase extends ApplicationTestCase {}

  @ExtendWith({InParameter.class, LeakCheckExtension.class})
  static class ParameterBeforeTestCase extends ApplicationTestCase {}

  @ExtendWith({LeakCheckExtension.class, InParameter.class})
  static class ParameterAfterTestCase extends ApplicationTestCase {}

  @Test
  void what_another_extension_injects_and_forgets_is_not_the_tests_leak() {
    assertThat(Run.of(InjectedTestCase.class).outcomes())
        .containsExactlyInAnyOrder("uses() passed", "leaves() left stray-thread");
  }

  static class Injector implements TestInstancePostProcessor {
    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
      ((InjectedTestCase) instance).application = ApplicationExtension.start(context);
    }
  }

  @ExtendWith({LeakCheckExtension.class, Injector.class})
  static class InjectedTestCase {
    Application application;

    @BeforeEach
    void setUp() {
      application.serve();
    }

    @Test
    void uses() {
      application.serve();
    }

    @Test
    void leaves() {
      Plants.thread();
    }
  }

  @Test
  void an_extension_that_starts_and_stops_a_server_for_each_test_disturbs_nothing() {
    assertThat(Run.of(ServerAfterTestCase.class, ServerBeforeTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "ServerAfterTestCase.passes() passed",
            "ServerAfterTestCase.leaves() left stray-thread",
            "ServerBeforeTestCase.passes() passed",
            "ServerBeforeTestCase.leaves() left stray-thread");
  }

  static class Server
      implements BeforeEachCallback, org.junit.jupiter.api.extension.AfterEachCallback {
    private static final ExtensionContext.Namespace OWN =
        ExtensionContext.Namespace.create(Server.class);

    @Override
    public void beforeEach(ExtensionContext context) {
      context.getStore(OWN).put("pool", Plants.pool());
    }

    @Override
    public void afterEach(ExtensionContext context) {
      Plants.close(context.getStore(OWN).get("pool", ExecutorService.class));
    }
  }

  abstract static class ServerTestCase {
    @Test
    void passes() {}

    @Test
    void leaves() {
      Plants.thread();
    }
  }

  @ExtendWith({LeakCheckExtension.class, Server.class})
  static class ServerAfterTestCase extends ServerTestCase {}

  @ExtendWith({Server.class, LeakCheckExtension.class})
  static class ServerBeforeTestCase extends ServerTestCase {}
}
