package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An object of the program's that everybody uses and that makes its pool as it is first used. The
 * test that uses it first is told, whichever test has had the object made.
 */
class LazySingletonTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  private static void use(ExecutorService pool) {
    Plants.working(pool);
  }

  /** Touched before it is used. */
  static final class TouchedFirst {
    static final TouchedFirst INSTANCE = new TouchedFirst();
    private ExecutorService pool;

    synchronized ExecutorService pool() {
      if (pool == null) {
        pool = Executors.newFixedThreadPool(1);
      }
      return pool;
    }
  }

  @Test
  void who_uses_it_first_is_told_where_another_test_touched_it() {
    assertThat(Run.of(TouchedFirstTestCase.class).outcomes())
        .containsExactly(
            "a_touches() passed", "b_uses() left unclosed-executor", "c_uses_it_as_well() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class TouchedFirstTestCase {
    @Test
    void a_touches() {
      assertThat(TouchedFirst.INSTANCE).isNotNull();
    }

    @Test
    void b_uses() {
      use(TouchedFirst.INSTANCE.pool());
    }

    @Test
    void c_uses_it_as_well() {
      use(TouchedFirst.INSTANCE.pool());
    }
  }

  /** Used at once. */
  static final class UsedAtOnce {
    static final UsedAtOnce INSTANCE = new UsedAtOnce();
    private ExecutorService pool;

    synchronized ExecutorService pool() {
      if (pool == null) {
        pool = Executors.newFixedThreadPool(1);
      }
      return pool;
    }
  }

  @Test
  void so_is_who_touches_and_uses_it() {
    assertThat(Run.of(UsedAtOnceTestCase.class).outcomes())
        .containsExactly(
            "a_touches_and_uses() left unclosed-executor", "b_uses_it_as_well() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class UsedAtOnceTestCase {
    @Test
    void a_touches_and_uses() {
      use(UsedAtOnce.INSTANCE.pool());
    }

    @Test
    void b_uses_it_as_well() {
      use(UsedAtOnce.INSTANCE.pool());
    }
  }

  /** Keeps what it is given. */
  static final class Registry {
    static final Registry INSTANCE = new Registry();
    private ExecutorService pool;

    void register(ExecutorService given) {
      pool = given;
    }

    boolean isEmpty() {
      return pool == null;
    }
  }

  @Test
  void what_a_test_makes_and_registers_is_its_own_whoever_touched_the_registry() {
    assertThat(Run.of(RegisteringTestCase.class).outcomes())
        .containsExactly("a_touches() passed", "b_registers() left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class RegisteringTestCase {
    @Test
    void a_touches() {
      assertThat(Registry.INSTANCE.isEmpty()).isTrue();
    }

    @Test
    void b_registers() {
      ExecutorService pool = Executors.newFixedThreadPool(1);
      use(pool);
      Registry.INSTANCE.register(pool);
    }
  }
}
