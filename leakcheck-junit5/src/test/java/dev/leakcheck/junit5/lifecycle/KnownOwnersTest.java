package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A pool of a library's own, such as a web server's, that another extension keeps and that starts
 * workers in one test after another: who has them is known from the first on, and asked anew.
 */
class KnownOwnersTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
    Servers.current = null;
  }

  @Test
  void workers_that_an_older_pool_starts_in_one_test_after_another_are_nobodys() {
    assertThat(Run.of(UsingTestCase.class, UsingAgainTestCase.class).outcomes())
        .containsExactly(
            "UsingTestCase.a() passed",
            "UsingTestCase.b() passed",
            "UsingTestCase.c() passed",
            "UsingAgainTestCase.a() passed",
            "UsingAgainTestCase.b() passed",
            "UsingAgainTestCase.c() passed");
  }

  @Test
  void a_thread_that_the_test_starts_beside_such_a_worker_is_its_own() {
    assertThat(Run.of(BesideTestCase.class).outcomes())
        .containsExactly("a() passed", "b() left stray-thread", "c() passed");
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_so_is_a_pool_that_it_makes_or_registers_with_the_older_server() {
    assertThat(Run.of(MakingTestCase.class, RegisteringTestCase.class).outcomes())
        .containsExactly(
            "MakingTestCase.a() passed",
            "MakingTestCase.b() left stray-thread",
            "MakingTestCase.c() passed",
            "RegisteringTestCase.a() passed",
            "RegisteringTestCase.b() left stray-thread",
            "RegisteringTestCase.c() passed");
  }

  /** Not an executor, and none of the JDK's: only its fields lead to its threads. */
  static final class Pool {
    final Set<Worker> workers = new LinkedHashSet<>();

    void use() {
      Worker worker = new Worker();
      workers.add(worker);
      worker.thread.start();
    }

    final class Worker implements Runnable {
      final CountDownLatch over = new CountDownLatch(1);
      final Thread thread = new Thread(this, "worker");

      Worker() {
        thread.setDaemon(true);
        Plants.atRelease(over::countDown);
      }

      @Override
      public void run() {
        Plants.await(over);
      }
    }
  }

  static final class Server {
    Pool pool = new Pool();
    final Map<String, Pool> others = new ConcurrentHashMap<>();
  }

  static final class Servers implements BeforeAllCallback {
    static Server current;

    @Override
    public void beforeAll(ExtensionContext context) {
      if (current == null) {
        current = new Server();
        current.pool.use();
      }
    }
  }

  @ExtendWith({LeakCheckExtension.class, Servers.class})
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class UsingTestCase {
    @Test
    void a() {
      Servers.current.pool.use();
    }

    @Test
    void b() {
      Servers.current.pool.use();
      Servers.current.pool.use();
    }

    @Test
    void c() {
      Servers.current.pool.use();
    }
  }

  static class UsingAgainTestCase extends UsingTestCase {}

  static class BesideTestCase extends UsingTestCase {
    @Override
    @Test
    void b() {
      super.b();
      Plants.thread();
    }
  }

  static class MakingTestCase extends UsingTestCase {
    @Override
    @Test
    void b() {
      new Pool().use();
    }
  }

  static class RegisteringTestCase extends UsingTestCase {
    @Override
    @Test
    void b() {
      Pool pool = new Pool();
      Servers.current.others.put("registered", pool);
      pool.use();
    }
  }
}
