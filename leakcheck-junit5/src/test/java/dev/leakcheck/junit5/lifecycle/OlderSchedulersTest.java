package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What an object that is older than the test schedules in a pool of its own is that object's, be
 * the pool there or made for it, and whether or not the code refers to the object; what the test
 * gives to such a pool is the test's.
 */
@Tier.ReadsTasks
class OlderSchedulersTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  private static ScheduledExecutorService pool() {
    return Plants.kept(new ScheduledThreadPoolExecutor(1));
  }

  /** Keeps house in a pool of its own. */
  static class Housekeeper {
    private ScheduledExecutorService pool;

    /** Makes its pool as it is first used. */
    Housekeeper() {}

    Housekeeper(ScheduledExecutorService pool) {
      this.pool = pool;
    }

    synchronized ScheduledExecutorService pool() {
      if (pool == null) {
        pool = OlderSchedulersTest.pool();
      }
      return pool;
    }

    void sweep() {
      pool().scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
    }

    void dust() {
      pool().scheduleAtFixedRate(Housekeeper::clean, 1, 1, TimeUnit.HOURS);
    }

    void mop(String room) {
      pool().scheduleWithFixedDelay(() -> System.out.print(room), 1, 1, TimeUnit.HOURS);
    }

    void rinse() {
      pool().scheduleAtFixedRate(new Rinsing(), 1, 1, TimeUnit.HOURS);
    }

    /** The worker is at something, and not at its queue. */
    void work() {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch over = new CountDownLatch(1);
      pool()
          .execute(
              () -> {
                begun.countDown();
                Plants.await(over);
              });
      pool().schedule(this::sweep, 1, TimeUnit.HOURS);
      Plants.await(begun);
      Plants.atRelease(over::countDown);
    }

    void every(Runnable task) {
      pool().scheduleAtFixedRate(task, 1, 1, TimeUnit.HOURS);
    }

    private static void clean() {}
  }

  private static final class Rinsing implements Runnable {
    @Override
    public void run() {}
  }

  private static final class Asking implements Runnable {
    @Override
    public void run() {}
  }

  static final class House {
    final Housekeeper sweeper = new Housekeeper();
    final Housekeeper duster = new Housekeeper();
    final Housekeeper mop = new Housekeeper();
    final Housekeeper rinser = new Housekeeper();
    final Housekeeper worker = new Housekeeper();
    final Housekeeper given = new Housekeeper();
    final Housekeeper asked = new Housekeeper();
  }

  static class Keeping implements BeforeAllCallback {
    static House current;
    House house;

    @Override
    public void beforeAll(ExtensionContext context) {
      house = new House();
      current = house;
    }
  }

  @Test
  void what_an_extensions_object_schedules_in_a_pool_that_it_has_just_made_is_its_own() {
    assertThat(Run.of(LazyTestCase.class).outcomes())
        .containsExactly(
            "sweeps() passed",
            "dusts() passed",
            "mops() passed",
            "rinses() passed",
            "works() passed",
            "usesAgain() passed");
  }

  @ExtendWith({LeakCheckExtension.class, Keeping.class})
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class LazyTestCase {
    @Test
    @Order(1)
    void sweeps() {
      Keeping.current.sweeper.sweep();
    }

    @Test
    @Order(2)
    void dusts() {
      Keeping.current.duster.dust();
    }

    @Test
    @Order(3)
    void mops() {
      Keeping.current.mop.mop("hall");
    }

    @Test
    @Order(4)
    void rinses() {
      Keeping.current.rinser.rinse();
    }

    @Test
    @Order(5)
    void works() {
      Keeping.current.worker.work();
    }

    @Test
    @Order(6)
    void usesAgain() {
      Keeping.current.sweeper.sweep();
      Keeping.current.duster.dust();
      Keeping.current.mop.mop("hall");
      Keeping.current.rinser.rinse();
    }
  }

  @Test
  void what_the_test_gives_to_such_a_pool_is_the_tests() {
    Run run = Run.of(GivingTestCase.class);
    assertThat(run.outcomes())
        .containsExactly("gives() left leftover-task", "givesAgain() left leftover-task");
    assertThat(run.failure("gives"))
        .hasMessageContaining(", made by an older object for itself and not shut down");
    assertThat(run.failure("givesAgain")).hasMessageContaining(", older than this and not shut");
  }

  @ExtendWith({LeakCheckExtension.class, Keeping.class})
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class GivingTestCase {
    @Test
    @Order(1)
    void gives() {
      give();
    }

    @Test
    @Order(2)
    void givesAgain() {
      give();
    }

    private static void give() {
      Keeping.current.given.pool().scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
    }
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_that_is_told_of_what_the_object_only_passes_on() {
    assertThat(Run.of(AskingTestCase.class).outcomes())
        .containsExactly("asks() left leftover-task", "asksAgain() left leftover-task");
  }

  @ExtendWith({LeakCheckExtension.class, Keeping.class})
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class AskingTestCase {
    @Test
    @Order(1)
    void asks() {
      Keeping.current.asked.every(new Asking());
    }

    @Test
    @Order(2)
    void asksAgain() {
      Keeping.current.asked.every(new Asking());
    }
  }

  @Test
  void what_a_fixture_schedules_in_its_pool_is_its_own() {
    assertThat(Run.of(FixtureTestCase.class).outcomes())
        .containsExactly(
            "sweeps() passed", "dusts() passed", "rinses() passed", "gives() left leftover-task");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class FixtureTestCase {
    private static Housekeeper keeper;

    @BeforeAll
    static void setUp() {
      keeper = new Housekeeper(Plants.working(new ScheduledThreadPoolExecutor(1)));
    }

    @AfterAll
    static void tearDown() {
      keeper.pool().shutdownNow();
    }

    @Test
    @Order(1)
    void sweeps() {
      keeper.sweep();
    }

    @Test
    @Order(2)
    void dusts() {
      keeper.dust();
    }

    @Test
    @Order(3)
    void rinses() {
      keeper.rinse();
    }

    @Test
    @Order(4)
    void gives() {
      keeper.pool().scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
    }
  }

  @Test
  void what_an_object_of_the_tests_schedules_in_an_older_pool_is_the_tests() {
    assertThat(Run.of(OwnObjectTestCase.class).outcomes())
        .containsExactly("starts() left leftover-task", "startsByAMethod() left leftover-task");
  }

  /** Has no pool, and is known to nobody. */
  static final class Visitor {
    void visit(ScheduledExecutorService pool) {
      pool.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
    }

    static void look(ScheduledExecutorService pool) {
      pool.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class OwnObjectTestCase {
    private static Housekeeper keeper;

    @BeforeAll
    static void setUp() {
      keeper = new Housekeeper(Plants.working(new ScheduledThreadPoolExecutor(1)));
    }

    @AfterAll
    static void tearDown() {
      keeper.pool().shutdownNow();
    }

    @Test
    @Order(1)
    void starts() {
      new Visitor().visit(keeper.pool());
    }

    @Test
    @Order(2)
    void startsByAMethod() {
      Visitor.look(keeper.pool());
    }
  }
}
