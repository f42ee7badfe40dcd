package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.LeakCheckExtension;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is known only where an agent saw things being made. */
@Tier.WithAgent
class AgentTierTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  // Statics

  @Test
  void what_a_class_initializer_makes_is_not_the_tests_that_touched_the_class_first() {
    Run run = Run.of(FirstTouchTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "touchesPool() passed",
            "touchesThread() passed",
            "touchesQueue() passed",
            "touchesAndLeaves() left stray-thread");
    assertThat(run.failure("touchesAndLeaves"))
        .hasMessageContaining("left alone: ThreadPoolExecutor made by")
        .hasMessageContaining("AgentTierTest$StaticPoolBesideLeak.<clinit>(AgentTierTest.java:");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FirstTouchTestCase {
    @Test
    void touchesPool() {
      Plants.anotherWorker(StaticPool.POOL);
    }

    @Test
    void touchesThread() {
      assertThat(StaticThread.THREAD.isAlive()).isTrue();
    }

    @Test
    void touchesQueue() {
      StaticQueue.INBOX.add("left");
    }

    @Test
    void touchesAndLeaves() {
      Plants.anotherWorker(StaticPoolBesideLeak.POOL);
      Plants.thread();
    }
  }

  private static final class StaticPool {
    static final ExecutorService POOL = Plants.kept(Executors.newFixedThreadPool(1));
  }

  private static final class StaticThread {
    static final Thread THREAD = Plants.thread("static");
  }

  private static final class StaticQueue {
    static final LinkedBlockingQueue<String> INBOX = new LinkedBlockingQueue<>();
  }

  private static final class StaticPoolBesideLeak {
    static final ExecutorService POOL = Plants.kept(Executors.newFixedThreadPool(1));
  }

  @Test
  void a_static_of_the_test_class_itself_is_the_classs() {
    assertThat(Run.of(OwnStaticTestCase.class).outcomes())
        .containsExactly("passes() passed", "OwnStaticTestCase left unclosed-executor");
    assertThat(Run.of(ClosedOwnStaticTestCase.class).outcomes()).containsExactly("passes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OwnStaticTestCase {
    static final ExecutorService POOL = Plants.kept(Executors.newFixedThreadPool(1));

    @Test
    void passes() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ClosedOwnStaticTestCase {
    static final ExecutorService POOL = Plants.kept(Executors.newFixedThreadPool(1));

    @Test
    void passes() {}

    @AfterAll
    static void close() {
      Plants.close(POOL);
    }
  }

  // Executors

  @Test
  void a_pool_that_never_had_a_thread_is_found_in_a_local_variable() {
    assertThat(Run.of(LocalPoolTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "forgets() left unclosed-executor",
            "forgetsWrapper() left unclosed-executor",
            "forgetsSubclass() left unclosed-executor",
            "closes() passed",
            "closesSubclass() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LocalPoolTestCase {
    @Test
    void forgets() {
      Plants.kept(Executors.newFixedThreadPool(1));
    }

    @Test
    void forgetsWrapper() {
      Plants.kept(Executors.newSingleThreadExecutor());
    }

    @Test
    void forgetsSubclass() {
      Plants.kept(new NamedPool());
    }

    @Test
    void closes() {
      Executors.newFixedThreadPool(1).shutdown();
    }

    @Test
    void closesSubclass() {
      new NamedPool().shutdown();
    }
  }

  private static final class NamedPool extends ThreadPoolExecutor {
    NamedPool() {
      super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    }
  }

  @Test
  void a_pool_that_was_collected_before_anybody_stopped_it_is_found() {
    Run run = Run.of(CollectedPoolTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "abandons() left unclosed-executor",
            "abandonsWrapper() left unclosed-executor",
            "stops() passed",
            "stopsWrapper() passed");
    assertThat(run.failure("abandons"))
        .hasMessageContaining("created at")
        .hasMessageContaining("AgentTierTest$CollectedPoolTestCase.abandons(AgentTierTest.java:");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class CollectedPoolTestCase {
    @Test
    void abandons() {
      Executors.newFixedThreadPool(1);
      collect();
    }

    @Test
    void abandonsWrapper() {
      Executors.newSingleThreadExecutor();
      collect();
    }

    @Test
    void stops() {
      Executors.newFixedThreadPool(1).shutdown();
      collect();
    }

    @Test
    void stopsWrapper() {
      Executors.newSingleThreadExecutor().shutdown();
      collect();
    }
  }

  private static void collect() {
    System.gc();
    System.gc();
  }

  @Test
  void a_pool_whose_constructor_throws_was_never_made() {
    assertThat(Run.of(FailingConstructorTestCase.class).outcomes())
        .containsExactlyInAnyOrder("passes() passed", "passesAfterCollection() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FailingConstructorTestCase {
    @Test
    void passes() {
      makeNone();
    }

    @Test
    void passesAfterCollection() {
      makeNone();
      collect();
    }

    private static void makeNone() {
      assertThrows(
          IllegalArgumentException.class,
          () -> new ThreadPoolExecutor(-1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()));
    }
  }

  @Test
  void another_librarys_executor_matters_as_far_as_it_has_a_thread() {
    Run run = Run.of(ThirdPartyTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "forgets() left unclosed-executor", "stops() passed", "forgetsDirect() passed");
    assertThat(run.leaks("forgets").get(0).title()).contains("OneThread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ThirdPartyTestCase {
    @Test
    void forgets() {
      Plants.kept(new OneThread());
    }

    @Test
    void stops() {
      Plants.close(new OneThread());
    }

    @Test
    void forgetsDirect() {
      Plants.anotherWorker(new Direct());
    }
  }

  /** Has a thread of its own. */
  private static final class OneThread extends AbstractExecutorService {
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::work, "one");
    private volatile boolean shutdown;

    OneThread() {
      thread.start();
    }

    private void work() {
      try {
        while (!shutdown) {
          tasks.take().run();
        }
      } catch (InterruptedException stopped) {
        shutdown = true;
      }
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public void shutdown() {
      shutdown = true;
      thread.interrupt();
    }

    @Override
    public List<Runnable> shutdownNow() {
      shutdown();
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return shutdown;
    }

    @Override
    public boolean isTerminated() {
      return shutdown && !thread.isAlive();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      thread.join(unit.toMillis(timeout));
      return isTerminated();
    }
  }

  /** Runs tasks on the thread that brings them. */
  private static final class Direct extends AbstractExecutorService {
    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
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

  @Test
  void what_is_made_on_the_thread_of_a_timeout_is_the_tests() {
    assertThat(Run.of(TimeoutTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "forgets() left unclosed-executor", "leaves() left stray-thread", "closes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  static class TimeoutTestCase {
    @Test
    void forgets() {
      Plants.kept(Executors.newFixedThreadPool(1));
    }

    @Test
    void leaves() {
      Plants.thread();
    }

    @Test
    void closes() {
      Plants.close(Executors.newFixedThreadPool(1));
      Plants.endedThread();
    }
  }

  // Queues

  @Test
  void a_queue_that_something_outside_the_test_still_reaches_is_found() {
    try {
      Run run = Run.of(QueuesTestCase.class);
      assertThat(run.outcomes())
          .containsExactlyInAnyOrder(
              "leavesInStaticOfAnotherClass() left leftover-queue",
              "takesFromStaticOfAnotherClass() passed",
              "dropsItself() passed",
              "dropsWithItsFields() passed");
      assertThat(run.failure("leavesInStaticOfAnotherClass"))
          .hasMessageContaining(
              "AgentTierTest$QueuesTestCase.leavesInStaticOfAnotherClass(AgentTierTest.java:");
    } finally {
      Outbox.queue = null;
      Outbox.taken = null;
    }
  }

  private static final class Outbox {
    static LinkedBlockingQueue<String> queue;
    static LinkedBlockingQueue<String> taken;
  }

  private record Mailbox(LinkedBlockingQueue<String> messages) {}

  @ExtendWith(LeakCheckExtension.class)
  static class QueuesTestCase {
    private Mailbox mailbox;

    @Test
    void leavesInStaticOfAnotherClass() {
      Outbox.queue = new LinkedBlockingQueue<>();
      Outbox.queue.add("left");
    }

    @Test
    void takesFromStaticOfAnotherClass() throws InterruptedException {
      Outbox.taken = new LinkedBlockingQueue<>();
      Outbox.taken.add("taken");
      Outbox.taken.take();
    }

    @Test
    void dropsItself() {
      new LinkedBlockingQueue<>().add("dropped");
    }

    @Test
    void dropsWithItsFields() {
      mailbox = new Mailbox(new LinkedBlockingQueue<>());
      mailbox.messages().add("dropped");
    }
  }

  @Test
  void a_queue_that_a_leaked_thread_waits_on_is_told_with_the_thread() {
    try {
      assertThat(Run.of(ProducerTestCase.class).outcomes())
          .containsExactlyInAnyOrder(
              "leavesProducer() left stuck-on-queue",
              "leavesProducerAndAnotherQueue() left stuck-on-queue, leftover-queue");
    } finally {
      Outbox.queue = null;
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ProducerTestCase {
    @Test
    void leavesProducer() {
      startProducer();
    }

    @Test
    void leavesProducerAndAnotherQueue() {
      startProducer();
      Outbox.queue = new LinkedBlockingQueue<>();
      Outbox.queue.add("left");
    }

    private static void startProducer() {
      ArrayBlockingQueue<String> outbox = new ArrayBlockingQueue<>(1);
      outbox.add("fills it");
      Thread producer = new Thread(() -> put(outbox), "producer");
      producer.start();
      Plants.atRelease(
          () -> {
            producer.interrupt();
            Plants.join(producer);
          });
    }

    private static void put(ArrayBlockingQueue<String> outbox) {
      try {
        outbox.put("has no room");
      } catch (InterruptedException released) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // Threads

  @Test
  void what_a_reported_leak_starts_later_is_nobodys() {
    assertThat(Run.of(StartedByLeakTestCase.class).outcomes())
        .containsExactly(
            "leaves() left stray-thread", "sees() passed", "leavesToo() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class StartedByLeakTestCase {
    private static final CountDownLatch ASKED = new CountDownLatch(1);
    private static final CountDownLatch STARTED = new CountDownLatch(1);

    @Test
    @Order(1)
    void leaves() {
      new Thread(
              () -> {
                Plants.await(ASKED);
                Plants.thread("started by a leak");
                STARTED.countDown();
              },
              "leak")
          .start();
    }

    @Test
    @Order(2)
    void sees() {
      ASKED.countDown();
      Plants.await(STARTED);
    }

    @Test
    @Order(3)
    void leavesToo() {
      Plants.thread();
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void a_virtual_thread_is_the_tests_that_starts_it() {
    assertThat(Run.of(OlderVirtualThreadTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "starts() left stray-virtual-thread",
            "startsAndEnds() passed",
            "doesNotStart() passed");
  }

  /** Not the test class's own, which would answer for it. */
  private static final class Older {
    static Thread stays;
    static Thread ends;
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OlderVirtualThreadTestCase {
    @BeforeAll
    static void make() {
      CountDownLatch released = new CountDownLatch(1);
      Older.stays = unstarted(() -> Plants.await(released));
      Older.ends = unstarted(() -> {});
      Plants.atRelease(released::countDown);
    }

    @Test
    void starts() {
      Older.stays.start();
    }

    @Test
    void startsAndEnds() {
      Older.ends.start();
      Plants.join(Older.ends);
    }

    @Test
    void doesNotStart() {
      unstarted(() -> {});
    }

    private static Thread unstarted(Runnable task) {
      try {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Method unstarted =
            Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
        return (Thread) unstarted.invoke(builder, task);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError("no virtual threads before JDK 21", e);
      }
    }
  }

  // Allowances

  @Test
  void what_a_class_creates_can_be_allowed() {
    assertThat(Run.of(CreatedByTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leavesPoolOfPoller() passed",
            "leavesThreadOfPoller() passed",
            "leavesPoolOfItsOwn() left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  @AllowLeaks(
      createdBy = "dev.leakcheck.junit5.lifecycle.AgentTierTest$Poller",
      reason = "it has no close()")
  static class CreatedByTestCase {
    @Test
    void leavesPoolOfPoller() {
      Poller.pool();
    }

    @Test
    void leavesThreadOfPoller() {
      Poller.thread();
    }

    @Test
    void leavesPoolOfItsOwn() {
      Plants.kept(Executors.newFixedThreadPool(1));
    }
  }

  private static final class Poller {
    static void pool() {
      Plants.kept(Executors.newFixedThreadPool(1));
    }

    static void thread() {
      Plants.thread("poller");
    }
  }
}
