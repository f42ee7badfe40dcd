package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.lang.ref.SoftReference;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fixture may be held by an object of the JDK's that is there to hold one other. */
class FixtureHoldersTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        StageTestCase.class,
        TaskTestCase.class,
        ReferenceTestCase.class,
        ProxyTestCase.class,
      })
  void a_pool_of_the_fixture_may_be_made_in_a_test(Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes())
        .containsExactly("first() passed", "leavesOne() left unclosed-executor", "last() passed");
  }

  @ParameterizedTest
  @ValueSource(classes = {UnstoppedStageTestCase.class, UnstoppedProxyTestCase.class})
  void the_class_is_told_of_what_its_fixture_leaves(Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes())
        .containsExactly("first() passed", testCase.getSimpleName() + " left unclosed-executor");
  }

  interface Orders {
    void order();

    void stop();
  }

  /** Makes its pool with the first order. */
  static final class Service implements Orders {
    private ExecutorService pool;

    @Override
    public void order() {
      if (pool == null) {
        pool = Plants.pool();
      }
    }

    @Override
    public void stop() {
      Plants.close(pool);
    }
  }

  static Orders proxy() {
    Service service = new Service();
    return (Orders)
        Proxy.newProxyInstance(
            FixtureHoldersTest.class.getClassLoader(),
            new Class<?>[] {Orders.class},
            (proxy, method, arguments) -> method.invoke(service, arguments));
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  abstract static class HolderTestCase {
    abstract Orders fixture() throws Exception;

    @Test
    @Order(1)
    void first() throws Exception {
      fixture().order();
    }

    @Test
    @Order(2)
    void leavesOne() throws Exception {
      fixture().order();
      Plants.pool();
    }

    @Test
    @Order(3)
    void last() throws Exception {
      fixture().order();
    }
  }

  static class StageTestCase extends HolderTestCase {
    static CompletableFuture<Orders> held;

    @BeforeAll
    static void setUp() {
      held = CompletableFuture.completedFuture(new Service());
    }

    @Override
    Orders fixture() throws Exception {
      return held.get();
    }

    @AfterAll
    static void tearDown() {
      held.join().stop();
    }
  }

  static class TaskTestCase extends HolderTestCase {
    static FutureTask<Orders> held;

    @BeforeAll
    static void setUp() {
      held = new FutureTask<>(Service::new);
      held.run();
    }

    @Override
    Orders fixture() throws Exception {
      return held.get();
    }

    @AfterAll
    static void tearDown() throws Exception {
      held.get().stop();
    }
  }

  static class ReferenceTestCase extends HolderTestCase {
    static SoftReference<Orders> held;

    @BeforeAll
    static void setUp() {
      held = new SoftReference<>(new Service());
    }

    @Override
    Orders fixture() {
      return held.get();
    }

    @AfterAll
    static void tearDown() {
      held.get().stop();
    }
  }

  static class ProxyTestCase extends HolderTestCase {
    static Orders held;

    @BeforeAll
    static void setUp() {
      held = proxy();
    }

    @Override
    Orders fixture() {
      return held;
    }

    @AfterAll
    static void tearDown() {
      held.stop();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class UnstoppedStageTestCase {
    static final CompletableFuture<Orders> HELD = CompletableFuture.completedFuture(new Service());

    @Test
    void first() {
      HELD.join().order();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class UnstoppedProxyTestCase {
    static final Orders HELD = proxy();

    @Test
    void first() {
      HELD.order();
    }
  }
}
