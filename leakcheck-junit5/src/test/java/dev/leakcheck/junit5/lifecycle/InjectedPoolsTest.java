package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pools of beans that another extension keeps for later classes, gives to fields of the tests, and
 * has no way to any more when the class is checked: so does Spring with its contexts.
 */
class InjectedPoolsTest {

  private static final Map<String, Object> CACHE = new ConcurrentHashMap<>();

  @AfterEach
  void releasePlants() {
    Plants.release();
    CACHE.clear();
  }

  @ParameterizedTest
  @ValueSource(classes = {PoolTestCase.class, ServiceTestCase.class, LazyServiceTestCase.class})
  void pools_of_a_cached_context_are_nobodys(Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes())
        .containsExactlyInAnyOrder("uses() passed", "usesAgain() passed");
  }

  @Test
  void pools_that_a_bean_makes_and_keeps_in_a_map_are_nobodys() {
    assertThat(Run.of(TenantsTestCase.class).outcomes())
        .containsExactly(
            "fills() passed", "leavesBesideOlder() left unclosed-executor", "uses() passed");
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_a_pool_that_the_test_registers_with_a_bean_is_its_own() {
    assertThat(Run.of(RegisteringTestCase.class).outcomes())
        .containsExactly("registers() left unclosed-executor");
  }

  @Test
  void a_pool_that_the_test_puts_into_such_a_field_is_its_own() {
    assertThat(Run.of(ReplacingTestCase.class).outcomes())
        .containsExactly("replaces() left unclosed-executor");
  }

  @Test
  void a_pool_that_an_object_made_by_an_extension_makes_for_the_test_is_the_tests() {
    assertThat(Run.of(InjectedMocksTestCase.class).outcomes())
        .containsExactly("uses() left unclosed-executor");
  }

  @Test
  void a_fixture_that_was_registered_with_an_extension_for_a_while_is_the_classes() {
    assertThat(Run.of(RegisteredTestCase.class).outcomes())
        .containsExactly("uses() passed", "RegisteredTestCase left unclosed-executor");
  }

  /** Has its pool from the beginning, and its threads later. */
  static final class Service {
    final ExecutorService pool = Plants.kept(Executors.newFixedThreadPool(2));

    void use() {
      Plants.anotherWorker(pool);
    }
  }

  static final class LazyService {
    ExecutorService pool;

    void use() {
      if (pool == null) {
        pool = Plants.pool();
      }
    }
  }

  /** Makes a pool for each tenant as it is used. */
  static final class Tenants {
    final Map<String, ExecutorService> pools = new ConcurrentHashMap<>();

    void use(String tenant) {
      Plants.anotherWorker(
          pools.computeIfAbsent(tenant, key -> Plants.kept(Executors.newFixedThreadPool(1))));
    }
  }

  /** What an extension works with, and what leads from it to the beans. */
  static final class Context {
    final Map<String, Object> beans = Collections.synchronizedMap(CACHE); // as Spring's
    Object registered;
  }

  static class Injector implements BeforeAllCallback, AfterAllCallback, TestInstancePostProcessor {
    static final Namespace OWN = Namespace.create(Injector.class);

    @Override
    public void beforeAll(ExtensionContext context) {
      context.getRoot().getStore(OWN).put("context", new Context());
    }

    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
      if (instance instanceof PoolTestCase test) {
        test.pool =
            (ExecutorService)
                CACHE.computeIfAbsent("pool", key -> Plants.kept(Executors.newFixedThreadPool(2)));
      } else if (instance instanceof ServiceTestCase test) {
        test.service = (Service) CACHE.computeIfAbsent("service", key -> new Service());
      } else if (instance instanceof LazyServiceTestCase test) {
        test.service = (LazyService) CACHE.computeIfAbsent("lazy", key -> new LazyService());
      } else if (instance instanceof WithTenants test) {
        test.tenants = (Tenants) CACHE.computeIfAbsent("tenants", key -> new Tenants());
      } else if (instance instanceof InjectedMocksTestCase test) {
        test.service = new LazyService();
      }
    }

    @Override
    public void afterAll(ExtensionContext context) {
      context.getRoot().getStore(OWN).remove("context");
    }
  }

  @ExtendWith({LeakCheckExtension.class, Injector.class})
  static class PoolTestCase {
    ExecutorService pool;

    @Test
    void uses() {
      Plants.anotherWorker(pool);
    }

    @Test
    void usesAgain() {
      Plants.anotherWorker(pool);
    }
  }

  @ExtendWith({LeakCheckExtension.class, Injector.class})
  static class ServiceTestCase {
    Service service;

    @Test
    void uses() {
      service.use();
    }

    @Test
    void usesAgain() {
      service.use();
    }
  }

  @ExtendWith({LeakCheckExtension.class, Injector.class})
  static class LazyServiceTestCase {
    LazyService service;

    @Test
    void uses() {
      service.use();
    }

    @Test
    void usesAgain() {
      service.use();
    }
  }

  @ExtendWith({LeakCheckExtension.class, Injector.class})
  @TestMethodOrder(MethodOrderer.MethodName.class)
  abstract static class WithTenants {
    Tenants tenants;
  }

  static class TenantsTestCase extends WithTenants {
    @Test
    void fills() {
      tenants.use("acme");
    }

    @Test
    void leavesBesideOlder() {
      tenants.use("acme");
      Plants.pool();
    }

    @Test
    void uses() {
      tenants.use("acme");
      tenants.use("beta");
    }
  }

  static class RegisteringTestCase extends WithTenants {
    @Test
    void registers() {
      tenants.pools.put("registered", Plants.pool());
    }
  }

  static class ReplacingTestCase extends PoolTestCase {
    @Override
    void uses() {}

    @Override
    void usesAgain() {}

    @Test
    void replaces() {
      pool = Plants.pool();
    }
  }

  @ExtendWith({LeakCheckExtension.class, Injector.class})
  static class InjectedMocksTestCase {
    LazyService service;

    @Test
    void uses() {
      service.use();
    }
  }

  @ExtendWith({LeakCheckExtension.class, Registry.class})
  static class RegisteredTestCase {
    static LazyService service;

    @BeforeAll
    static void setUp() {
      service = new LazyService();
      Registry.context.registered = service;
    }

    @Test
    void uses() {
      service.use();
    }

    @AfterAll
    static void tearDown() {
      Registry.context.registered = null;
      service = null;
    }
  }

  static final class Registry extends Injector {
    static Context context;

    @Override
    public void beforeAll(ExtensionContext junit) {
      super.beforeAll(junit);
      context = junit.getRoot().getStore(OWN).get("context", Context.class);
    }

    @Override
    public void afterAll(ExtensionContext junit) {
      super.afterAll(junit);
      context = null;
    }
  }
}
