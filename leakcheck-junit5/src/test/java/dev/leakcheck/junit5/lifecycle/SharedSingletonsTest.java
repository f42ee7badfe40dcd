package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test may have a field for an executor that some class keeps for everybody. */
class SharedSingletonsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
    RegistryOfAll.POOLS.clear();
  }

  // Whose they are

  @Test
  void a_field_may_hold_a_singleton_of_a_library() {
    assertThat(Run.of(NettyInStaticFieldTestCase.class, NettyInFieldTestCase.class).outcomes())
        .containsExactly(
            "NettyInStaticFieldTestCase.uses() passed", "NettyInFieldTestCase.uses() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class NettyInStaticFieldTestCase {
    static final EventExecutor EXECUTOR = GlobalEventExecutor.INSTANCE;

    @Test
    void uses() {
      Plants.anotherWorker(EXECUTOR);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class NettyInFieldTestCase {
    final EventExecutor immediate = ImmediateEventExecutor.INSTANCE;
    final EventExecutor global = GlobalEventExecutor.INSTANCE;

    @Test
    void uses() {
      Plants.anotherWorker(immediate);
      Plants.anotherWorker(global);
    }
  }

  @Test
  void or_one_that_nobody_can_stop() {
    assertThat(
            Run.of(PoolOfAllTestCase.class, WrapperOfAllTestCase.class, LoopOfAllTestCase.class)
                .outcomes())
        .containsExactly(
            "PoolOfAllTestCase.uses() passed",
            "WrapperOfAllTestCase.uses() passed",
            "LoopOfAllTestCase.uses() passed");
  }

  /** Extends a pool of the JDK's. */
  static final class PoolOfAll extends ThreadPoolExecutor {
    static final ExecutorService INSTANCE = new PoolOfAll();

    private PoolOfAll() {
      super(1, 1, 1, TimeUnit.HOURS, new LinkedBlockingQueue<>());
      Plants.atRelease(super::shutdown);
    }

    @Override
    public void shutdown() {
      throw new UnsupportedOperationException("everybody's");
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class PoolOfAllTestCase {
    final ExecutorService pool = PoolOfAll.INSTANCE;

    @Test
    void uses() {
      Plants.anotherWorker(pool);
    }
  }

  abstract static class Unstoppable extends AbstractExecutorService {
    @Override
    public void shutdown() {
      throw new UnsupportedOperationException("everybody's");
    }

    @Override
    public List<Runnable> shutdownNow() {
      throw new UnsupportedOperationException("everybody's");
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return false;
    }
  }

  /** Gives its tasks to a pool of its own. */
  static final class WrapperOfAll {
    static final ExecutorService INSTANCE =
        new Unstoppable() {
          private final ExecutorService pool = Plants.kept(Executors.newFixedThreadPool(1));

          @Override
          public void execute(Runnable task) {
            pool.execute(task);
          }
        };

    private WrapperOfAll() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  static class WrapperOfAllTestCase {
    final ExecutorService pool = WrapperOfAll.INSTANCE;

    @Test
    void uses() {
      Plants.anotherWorker(pool);
    }
  }

  /** Has a thread of its own, which it starts with the first task. */
  static final class LoopOfAll extends Unstoppable {
    static final LoopOfAll INSTANCE = new LoopOfAll();

    private Thread thread;

    @Override
    public synchronized void execute(Runnable task) {
      if (thread == null) {
        thread = Plants.thread("loop");
      }
      task.run();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LoopOfAllTestCase {
    final ExecutorService loop = LoopOfAll.INSTANCE;

    @Test
    void uses() {
      Plants.anotherWorker(loop);
    }
  }

  // Whose they are not

  static final class RegistryOfAll {
    static final List<ExecutorService> POOLS = new CopyOnWriteArrayList<>();

    private RegistryOfAll() {}
  }

  @Test
  void a_pool_that_a_test_made_is_the_tests_whoever_else_lists_it() {
    assertThat(Run.of(RegistersTestCase.class).outcomes())
        .containsExactly("registers() left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class RegistersTestCase {
    final ExecutorService pool = Plants.pool();

    @Test
    void registers() {
      RegistryOfAll.POOLS.add(pool);
    }
  }

  @Test
  void a_pool_in_a_static_field_of_the_test_is_the_tests() {
    assertThat(Run.of(OwnPoolTestCase.class).outcomes())
        .containsExactly("uses() passed", "OwnPoolTestCase left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OwnPoolTestCase {
    static final OwnPool POOL = Plants.kept(new OwnPool());

    static final class OwnPool extends ThreadPoolExecutor {
      OwnPool() {
        super(1, 1, 1, TimeUnit.HOURS, new LinkedBlockingQueue<>());
      }
    }

    @Test
    void uses() {
      Plants.anotherWorker(POOL);
    }
  }

  @Test
  void so_is_another_pool_of_the_class_that_has_a_singleton() {
    assertThat(Run.of(AnotherPoolTestCase.class).outcomes())
        .containsExactly("makes() left unclosed-executor", "replaces() left unclosed-executor");
  }

  static final class PoolWithDefault extends ThreadPoolExecutor {
    static final PoolWithDefault DEFAULT = new PoolWithDefault();
    static PoolWithDefault current = DEFAULT;

    PoolWithDefault() {
      super(1, 1, 1, TimeUnit.HOURS, new LinkedBlockingQueue<>());
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class AnotherPoolTestCase {
    ExecutorService pool = PoolWithDefault.DEFAULT;

    @Test
    @Order(1)
    void makes() {
      pool = Plants.working(new PoolWithDefault());
    }

    @Test
    @Order(2)
    void replaces() {
      PoolWithDefault.current = Plants.working(new PoolWithDefault());
      pool = PoolWithDefault.current;
    }
  }
}
