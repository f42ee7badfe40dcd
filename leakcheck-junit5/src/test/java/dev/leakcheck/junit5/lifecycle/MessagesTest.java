package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whole messages, as a user sees them. */
class MessagesTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void a_test_that_leaves_a_pool_and_a_queue() {
    assertThat(message(Run.of(OrderTestCase.class), "placesOrder"))
        .isEqualTo(
            """
            LeakCheck: MessagesTest.OrderTestCase.placesOrder() left 1 executor and 1 queue behind (waited …)

            1) unclosed-executor   ThreadPoolExecutor@…, never shut down
                 held by    field OrderTestCase.workers
                 workers    1 idle: pool-…-thread-1 (not daemon: it keeps the JVM alive)
                 state      core 1, max 1, 0 active, 0 queued, 1 completed
                 why        isShutdown() is false: it keeps its threads, and what they refer to, until shutdown()
                 fix        call shutdown() on field OrderTestCase.workers when its owner stops, or mark the field @AutoClose (@AutoClose("shutdownNow") before Java 19)
                 allow      @AllowLeaks(kind = UNCLOSED_EXECUTOR, thread = "pool-*-thread-*", reason = "…")
                 id         …

            2) leftover-queue   LinkedBlockingQueue in field OrderTestCase.inbox still holds 2 elements
                 elements   2 × MessagesTest$OrderEvent (0 when the scope opened)
                 why        what is still in a queue at the end was sent and never received
                 fix        take or assert what is in it, stop whoever puts into it, or clear it when the test ends
                 allow      @AllowLeaks(kind = LEFTOVER_QUEUE, reason = "…")
                 id         …

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK … · LeakCheck …""");
  }

  record OrderEvent(int number) {}

  @ExtendWith(LeakCheckExtension.class)
  static class OrderTestCase {
    final ExecutorService workers = Plants.working(Executors.newFixedThreadPool(1));
    final LinkedBlockingQueue<OrderEvent> inbox = new LinkedBlockingQueue<>();

    @Test
    void placesOrder() {
      inbox.add(new OrderEvent(1));
      inbox.add(new OrderEvent(2));
    }
  }

  @Test
  void a_class_whose_fixture_leaves_a_pool_and_a_thread() {
    assertThat(message(Run.of(WarehouseTestCase.class), "WarehouseTestCase"))
        .isEqualTo(
            """
            LeakCheck: MessagesTest.WarehouseTestCase left 1 executor and 1 thread behind (waited …)

            1) unclosed-executor   ThreadPoolExecutor@…, never shut down
                 held by    static field WarehouseTestCase.workers
                 workers    1 idle: pool-…-thread-1 (not daemon: it keeps the JVM alive)
                 state      core 1, max 1, 0 active, 0 queued, 1 completed
                 why        isShutdown() is false: it keeps its threads, and what they refer to, until shutdown()
                 fix        call shutdown() on static field WarehouseTestCase.workers when its owner stops, or use it in try-with-resources (Java 19 and later)
                 allow      @AllowLeaks(kind = UNCLOSED_EXECUTOR, thread = "pool-*-thread-*", reason = "…")
                 id         …

            2) stray-thread   thread "stock-taker" still alive, waiting without a time limit on a CountDownLatch$Sync
                 thread     stock-taker (not daemon: it keeps the JVM alive)
                 doing      waiting without a time limit on a CountDownLatch$Sync
                              at dev.leakcheck.junit5.lifecycle.Plants.await(Plants.java:…)
                              at dev.leakcheck.junit5.lifecycle.Plants.lambda$thread$0(Plants.java:…)
                 why        it waits without a time limit: only somebody else can end it
                 fix        where its owner stops, interrupt() the thread and join() it, and let dev.leakcheck.junit5.lifecycle.Plants.await(Plants.java:…) end on an interrupt
                 allow      @AllowLeaks(kind = STRAY_THREAD, thread = "stock-taker", reason = "…")
                 id         …

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK … · LeakCheck …""");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class WarehouseTestCase {
    static ExecutorService workers;

    @BeforeAll
    static void open() {
      workers = Plants.working(Executors.newFixedThreadPool(1));
      Plants.thread("stock-taker");
    }

    @Test
    void counts() {}
  }

  /** The message without what differs from run to run, and without what this JDK cannot see. */
  private static String message(Run run, String name) {
    return run.failure(name)
        .getMessage()
        .replaceAll("\\(waited [^)]*\\)", "(waited …)")
        .replaceAll("@[0-9a-f]+\\b", "@…")
        .replaceAll("pool-\\d+-", "pool-…-")
        .replaceAll("\\.java:\\d+", ".java:…")
        .replaceAll("(?m)^( {5}id {9})[0-9a-f]{16}$", "$1…")
        .replaceAll("(?m)^not seen: JDK (?:1[789]|20) .*\n", "")
        .replaceAll("JDK \\d+ · LeakCheck \\S+", "JDK … · LeakCheck …");
  }
}
