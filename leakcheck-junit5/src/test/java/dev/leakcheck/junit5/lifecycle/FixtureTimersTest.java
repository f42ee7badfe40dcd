package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.Timer;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A timer that a fixture makes as a test first needs it is the fixture's; one of the test's is not.
 */
class FixtureTimersTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        StaticFieldTestCase.class,
        ServiceTestCase.class,
        PerClassTestCase.class,
        RegisteredTestCase.class,
        InheritedTestCase.class,
      })
  void a_timer_of_the_fixture_may_be_made_in_a_test(Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes())
        .containsExactly(
            "first() passed", "leaksOne() left uncancelled-timer", "cancelsItsOwn() passed");
  }

  @Test
  void a_timer_in_a_store_may_be_made_in_a_test() {
    assertThat(Run.of(StoreTestCase.class).outcomes())
        .containsExactly(
            "first(Service) passed",
            "leaksOne(Service) left uncancelled-timer",
            "cancelsItsOwn(Service) passed");
  }

  @Test
  void one_of_the_tests_own_is_told_beside_one_of_the_fixture_that_is_older() {
    assertThat(Run.of(OlderTestCase.class).outcomes())
        .containsExactly("leaksOne() left uncancelled-timer");
  }

  @Test
  void one_of_two_that_a_test_made_is_told_if_the_fixture_holds_the_other() {
    Run run = Run.of(BothAtOnceTestCase.class);

    assertThat(run.outcomes()).containsExactly("leaksOne() left uncancelled-timer");
    assertThat(run.leaks("leaksOne")).hasSize(1);
  }

  @Test
  void the_class_is_told_if_it_does_not_cancel_its_own() {
    assertThat(Run.of(UncancelledTestCase.class).outcomes())
        .containsExactly("first() passed", "UncancelledTestCase left uncancelled-timer");
  }

  @Test
  void a_timer_and_a_pool_of_one_fixture_are_one_finding() {
    Run run = Run.of(ShopTestCase.class);

    assertThat(run.outcomes())
        .containsExactly("usesIt() passed", "ShopTestCase left unclosed-executor");
    assertThat(run.leaks("ShopTestCase"))
        .singleElement()
        .satisfies(leak -> assertThat(leak.threads()).hasSize(2));
  }

  @Test
  void a_timer_beside_a_fixture_that_was_closed_is_told_for_itself() {
    assertThat(Run.of(ClosedShopTestCase.class).outcomes())
        .containsExactly("usesIt() passed", "ClosedShopTestCase left uncancelled-timer");
  }

  /** Has more than a timer. */
  static class Shop implements AutoCloseable {
    final Timer timer = timer();
    final ExecutorService pool = Plants.pool();

    @Override
    public void close() {
      timer.cancel();
      pool.shutdown();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ShopTestCase {
    static Shop shop;

    @BeforeAll
    static void open() {
      shop = new Shop();
    }

    @Test
    void usesIt() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ClosedShopTestCase {
    static Shop shop;

    @BeforeAll
    static void open() {
      shop = new Shop();
      timer();
    }

    @Test
    void usesIt() {}

    @AfterAll
    static void close() {
      shop.close();
    }
  }

  @Test
  void a_test_is_told_of_its_own_if_no_fixture_holds_any() {
    assertThat(Run.of(OwnTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leaksLocal() left uncancelled-timer", "leaksField() left uncancelled-timer");
  }

  static Timer timer() {
    Timer timer = new Timer("planted", true);
    Plants.atRelease(timer::cancel);
    return timer;
  }

  /** Makes its timer as it is first used. */
  static class Service implements AutoCloseable {
    Timer timer;

    void use() {
      if (timer == null) {
        timer = timer();
      }
    }

    @Override
    public void close() {
      timer.cancel();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  abstract static class TimerTestCase {
    abstract void use();

    @Test
    @Order(1)
    void first() {
      use();
    }

    @Test
    @Order(2)
    void leaksOne() {
      use();
      timer();
    }

    @Test
    @Order(3)
    void cancelsItsOwn() {
      use();
      timer().cancel();
    }
  }

  static class StaticFieldTestCase extends TimerTestCase {
    static Timer timer;

    @Override
    void use() {
      if (timer == null) {
        timer = timer();
      }
    }

    @AfterAll
    static void tearDown() {
      timer.cancel();
    }
  }

  static class ServiceTestCase extends TimerTestCase {
    static Service service;

    @BeforeAll
    static void setUp() {
      service = new Service();
    }

    @Override
    void use() {
      service.use();
    }

    @AfterAll
    static void tearDown() {
      service.close();
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassTestCase extends TimerTestCase {
    final Service service = new Service();

    @Override
    void use() {
      service.use();
    }

    @AfterAll
    void tearDown() {
      service.close();
    }
  }

  static class RegisteredTestCase extends TimerTestCase {
    @RegisterExtension static final Registered SERVICE = new Registered();

    @Override
    void use() {
      SERVICE.service.use();
    }

    @AfterAll
    static void tearDown() {
      SERVICE.service.close();
    }
  }

  static final class Registered implements BeforeAllCallback {
    Service service;

    @Override
    public void beforeAll(ExtensionContext context) {
      service = new Service();
    }
  }

  abstract static class BaseTestCase extends TimerTestCase {
    static Service service;

    @BeforeAll
    static void setUp() {
      service = new Service();
    }

    @AfterAll
    static void tearDown() {
      service.close();
    }
  }

  static class InheritedTestCase extends BaseTestCase {
    @Override
    void use() {
      service.use();
    }
  }

  static final class InStore implements BeforeAllCallback, ParameterResolver {
    private static final Namespace OWN = Namespace.create(InStore.class);

    @Override
    public void beforeAll(ExtensionContext context) {
      context.getStore(OWN).put("service", new Service());
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Service.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context.getStore(OWN).get("service");
    }
  }

  @ExtendWith({LeakCheckExtension.class, InStore.class})
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class StoreTestCase {
    @Test
    @Order(1)
    void first(Service service) {
      service.use();
    }

    @Test
    @Order(2)
    void leaksOne(Service service) {
      service.use();
      timer();
    }

    @Test
    @Order(3)
    void cancelsItsOwn(Service service) {
      service.use();
      timer().cancel();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OlderTestCase {
    static Timer timer;

    @BeforeAll
    static void setUp() {
      timer = timer();
    }

    @Test
    void leaksOne() {
      timer();
    }

    @AfterAll
    static void tearDown() {
      timer.cancel();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class BothAtOnceTestCase {
    static Timer timer;

    @Test
    void leaksOne() {
      timer = timer();
      timer();
    }

    @AfterAll
    static void tearDown() {
      timer.cancel();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class UncancelledTestCase {
    static Timer timer;

    @Test
    void first() {
      timer = timer();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OwnTestCase {
    Timer timer;

    @Test
    void leaksLocal() {
      timer();
    }

    @Test
    void leaksField() {
      timer = timer();
    }
  }
}
