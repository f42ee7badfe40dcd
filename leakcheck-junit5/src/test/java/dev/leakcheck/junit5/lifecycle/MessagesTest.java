package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whole messages, as a user sees them. */
class MessagesTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  @Tier.WithoutAnyAgent
  void a_test_that_leaves_a_pool_and_a_queue() {
    assertThat(message(Run.of(OrderTestCase.class), "placesOrder"))
        .isEqualTo(
            advised(
                """
            LeakCheck: MessagesTest.OrderTestCase.placesOrder() left 1 executor and 1 queue behind (waited …)

            1) unclosed-executor   ThreadPoolExecutor@…, never shut down
                 held by    field OrderTestCase.workers
                 workers    1 idle: pool-…-thread-1 (not daemon: it keeps the JVM alive)
                 state      core 1, max 1, 0 active, 0 queued, 1 completed
                 why        isShutdown() is false: it keeps its threads, and what they refer to, until shutdown()
                 fix        call shutdown() on field OrderTestCase.workers when its owner stops{or mark the field}
                 allow      @AllowLeaks(kind = LeakKind.UNCLOSED_EXECUTOR, thread = "pool-*-thread-*", reason = "…")
                 id         …

            2) leftover-queue   LinkedBlockingQueue in field OrderTestCase.inbox still holds 2 elements
                 elements   2 × MessagesTest$OrderEvent (0 when the scope opened)
                 why        what is still in a queue at the end was put in and never taken out
                 fix        drain it into a list and assert that, or clear it when the test ends, once nobody puts into it any more
                 allow      @AllowLeaks(kind = LeakKind.LEFTOVER_QUEUE, reason = "…")
                 id         …

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK … · LeakCheck …"""));
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
  @Tier.WithoutAnyAgent
  void a_class_whose_fixture_leaves_a_pool_and_a_thread() {
    assertThat(message(Run.of(WarehouseTestCase.class), "WarehouseTestCase"))
        .isEqualTo(
            advised(
                """
            LeakCheck: MessagesTest.WarehouseTestCase left 1 executor and 1 thread behind (waited …)

            1) unclosed-executor   ThreadPoolExecutor@…, never shut down
                 test       its first thread was made while MessagesTest.WarehouseTestCase ran, outside its tests
                 held by    static field WarehouseTestCase.workers
                 workers    1 idle: pool-…-thread-1 (not daemon: it keeps the JVM alive)
                 state      core 1, max 1, 0 active, 0 queued, 1 completed
                 why        isShutdown() is false: it keeps its threads, and what they refer to, until shutdown()
                 fix        call shutdown() on static field WarehouseTestCase.workers when its owner stops{or try}
                 allow      @AllowLeaks(kind = LeakKind.UNCLOSED_EXECUTOR, thread = "pool-*-thread-*", reason = "…")
                 id         …

            2) stray-thread   thread "stock-taker" blocked for ever in CountDownLatch.await()
                 test       it was made while MessagesTest.WarehouseTestCase ran, outside its tests
                 thread     stock-taker (not daemon: it keeps the JVM alive)
                 doing      waiting in CountDownLatch.await(), without a time limit
                              at dev.leakcheck.junit5.lifecycle.Plants.await(Plants.java:…)
                              at dev.leakcheck.junit5.lifecycle.Plants.lambda$thread$0(Plants.java:…)
                 waits for  a latch to reach 0: its count is 1
                 why        it waits without a time limit, and nobody alive is known to end that
                 fix        call countDown() in a finally block, or give await() at dev.leakcheck.junit5.lifecycle.Plants.await(Plants.java:…) a time limit; or, where its owner stops, interrupt() the thread and join() it
                 allow      @AllowLeaks(kind = LeakKind.STRAY_THREAD, thread = "stock-taker", reason = "…")
                 id         …

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK … · LeakCheck …"""));
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

  @Test
  @Tier.WithAgent
  void with_an_agent_where_a_pool_and_a_queue_were_made() {
    assertThat(message(Run.of(OrderTestCase.class), "placesOrder"))
        .isEqualTo(
            advised(
                """
            LeakCheck: MessagesTest.OrderTestCase.placesOrder() left 1 executor and 1 queue behind (waited …)

            1) unclosed-executor   ThreadPoolExecutor@…, never shut down
                 created at dev.leakcheck.junit5.lifecycle.MessagesTest$OrderTestCase.<init>(MessagesTest.java:…)
                 held by    field OrderTestCase.workers
                 workers    1 idle: pool-…-thread-1 (not daemon: it keeps the JVM alive)
                 state      core 1, max 1, 0 active, 0 queued, 1 completed
                 why        isShutdown() is false: it keeps its threads, and what they refer to, until shutdown()
                 fix        call shutdown() on field OrderTestCase.workers (MessagesTest$OrderTestCase made it at MessagesTest.java:…) when its owner stops{or mark the field}
                 allow      @AllowLeaks(kind = LeakKind.UNCLOSED_EXECUTOR, createdBy = "dev.leakcheck.junit5.lifecycle.MessagesTest", reason = "…")
                 id         …

            2) leftover-queue   LinkedBlockingQueue in field OrderTestCase.inbox still holds 2 elements
                 created at dev.leakcheck.junit5.lifecycle.MessagesTest$OrderTestCase.<init>(MessagesTest.java:…)
                 elements   2 × MessagesTest$OrderEvent (0 when the scope opened)
                 why        what is still in a queue at the end was put in and never taken out
                 fix        drain it into a list and assert that, or clear it when the test ends, once nobody puts into it any more
                 allow      @AllowLeaks(kind = LeakKind.LEFTOVER_QUEUE, createdBy = "dev.leakcheck.junit5.lifecycle.MessagesTest", reason = "…")
                 id         …

            agent tier · JDK … · LeakCheck …"""));
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_where_a_thread_was_started() {
    assertThat(message(Run.of(StockTakerTestCase.class), "countsStock"))
        .isEqualTo(
            """
            LeakCheck: MessagesTest.StockTakerTestCase.countsStock() left 1 thread behind (waited …)

            1) stray-thread   thread "stock-taker" blocked for ever in CountDownLatch.await()
                 started at dev.leakcheck.junit5.lifecycle.MessagesTest$StockTakerTestCase.countsStock(MessagesTest.java:…)
                 thread     stock-taker (not daemon: it keeps the JVM alive)
                 doing      waiting in CountDownLatch.await(), without a time limit
                              at dev.leakcheck.junit5.lifecycle.Plants.await(Plants.java:…)
                              at dev.leakcheck.junit5.lifecycle.MessagesTest$StockTakerTestCase.lambda$countsStock$0(MessagesTest.java:…)
                 waits for  a latch to reach 0: its count is 1
                 why        it waits without a time limit, and nobody alive is known to end that
                 fix        call countDown() in a finally block, or give await() at dev.leakcheck.junit5.lifecycle.Plants.await(Plants.java:…) a time limit; or, when the test ends (it started the thread at MessagesTest.java:…), interrupt() the thread and join() it
                 allow      @AllowLeaks(kind = LeakKind.STRAY_THREAD, createdBy = "dev.leakcheck.junit5.lifecycle.MessagesTest", reason = "…")
                 id         …

            agent tier · JDK … · LeakCheck …""");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class StockTakerTestCase {
    @Test
    void countsStock() {
      CountDownLatch closed = new CountDownLatch(1);
      new Thread(() -> Plants.await(closed), "stock-taker").start();
      Plants.atRelease(closed::countDown);
    }
  }

  @Test
  @Tier.WithAgent
  @EnabledForJreRange(min = JRE.JAVA_21)
  void with_an_agent_where_a_virtual_thread_was_started() {
    assertThat(message(Run.of(SessionTestCase.class), "opensSession"))
        .isEqualTo(
            """
            LeakCheck: MessagesTest.SessionTestCase.opensSession() left 1 virtual thread behind (waited …)

            1) stray-virtual-thread   virtual thread "(unnamed)" blocked for ever in CountDownLatch.await()
                 started at dev.leakcheck.junit5.lifecycle.Plants.startVirtual(Plants.java:…)
                            dev.leakcheck.junit5.lifecycle.Plants.virtualThread(Plants.java:…)
                            dev.leakcheck.junit5.lifecycle.MessagesTest$SessionTestCase.opensSession(MessagesTest.java:…)
                 thread     (unnamed) #… (virtual)
                 doing      waiting in CountDownLatch.await(), without a time limit
                              at dev.leakcheck.junit5.lifecycle.Plants.await(Plants.java:…)
                              at dev.leakcheck.junit5.lifecycle.Plants.lambda$virtualThread$0(Plants.java:…)
                 waits for  a latch to reach 0: its count is 1
                 why        it waits without a time limit, and nobody alive is known to end that
                 fix        call countDown() in a finally block, or give await() at dev.leakcheck.junit5.lifecycle.Plants.await(Plants.java:…) a time limit; or, when the test ends (Plants.virtualThread() started the thread at Plants.java:… and is called at MessagesTest.java:…), interrupt() the thread and join() it
                 allow      @AllowLeaks(kind = LeakKind.STRAY_VIRTUAL_THREAD, createdBy = "dev.leakcheck.junit5.lifecycle.Plants", reason = "…")
                 id         …

            agent tier · JDK … · LeakCheck …""");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class SessionTestCase {
    @Test
    void opensSession() {
      Plants.virtualThread();
    }
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_whose_queue_a_thread_waits_for() {
    assertThat(message(Run.of(MailboxTestCase.class), "startsConsumer"))
        .isEqualTo(
            """
            LeakCheck: MessagesTest.MailboxTestCase.startsConsumer() left 1 thread behind (waited …)

            1) stuck-on-queue   thread "mailbox" waits in LinkedBlockingQueue.take()
                 started at dev.leakcheck.junit5.lifecycle.MessagesTest$Mailbox.<init>(MessagesTest.java:…)
                            dev.leakcheck.junit5.lifecycle.MessagesTest$MailboxTestCase.startsConsumer(MessagesTest.java:…)
                 thread     mailbox (not daemon: it keeps the JVM alive)
                 waits in   LinkedBlockingQueue.take()
                              at dev.leakcheck.junit5.lifecycle.MessagesTest$Mailbox.consume(MessagesTest.java:…)
                 side       consumer: it waits for an element that nobody puts
                 queue      LinkedBlockingQueue, 0 elements
                              made at dev.leakcheck.junit5.lifecycle.MessagesTest$Mailbox.<init>(MessagesTest.java:…)
                                      dev.leakcheck.junit5.lifecycle.MessagesTest$MailboxTestCase.startsConsumer(MessagesTest.java:…)
                 reach      no field of the test or of what is around it leads to it (fields were followed for 32 steps, also through collections, and not through other objects of the JDK, JUnit or Surefire)
                 why        nothing but an element, a taker or an interrupt ends this wait
                 fix        interrupt the consumer when MessagesTest$Mailbox stops, in its close() (it started the thread at MessagesTest.java:…; the MessagesTest$Mailbox is made at MessagesTest.java:…): keep the Thread, or run it in an executor and call shutdownNow(); or send it an end marker
                 allow      @AllowLeaks(kind = LeakKind.STUCK_ON_QUEUE, createdBy = "dev.leakcheck.junit5.lifecycle.MessagesTest", reason = "…")
                 id         …

            agent tier · JDK … · LeakCheck …""");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class MailboxTestCase {
    @Test
    void startsConsumer() {
      Mailbox mailbox = new Mailbox();
      Plants.atRelease(mailbox::close);
    }
  }

  private static final class Mailbox {
    private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final Thread consumer = new Thread(this::consume, "mailbox");

    Mailbox() {
      consumer.start();
    }

    private void consume() {
      try {
        while (true) {
          messages.take();
        }
      } catch (InterruptedException closed) {
        Thread.currentThread().interrupt();
      }
    }

    void close() {
      consumer.interrupt();
      Plants.join(consumer);
    }
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_where_a_queue_was_made_that_a_static_holds() {
    try {
      assertThat(message(Run.of(OutboxTestCase.class), "sends"))
          .isEqualTo(
              """
            LeakCheck: MessagesTest.OutboxTestCase.sends() left 1 queue behind (waited …)

            1) leftover-queue   LinkedBlockingQueue made at dev.leakcheck.junit5.lifecycle.MessagesTest$Outbox.open(MessagesTest.java:…) still holds 1 element
                 created at dev.leakcheck.junit5.lifecycle.MessagesTest$Outbox.open(MessagesTest.java:…)
                            dev.leakcheck.junit5.lifecycle.MessagesTest$OutboxTestCase.sends(MessagesTest.java:…)
                 elements   1 × MessagesTest$OrderEvent (0 when the scope opened)
                 why        what is still in a queue at the end was put in and never taken out
                 fix        drain it into a list and assert that, or clear it when the test ends, once nobody puts into it any more
                 allow      @AllowLeaks(kind = LeakKind.LEFTOVER_QUEUE, createdBy = "dev.leakcheck.junit5.lifecycle.MessagesTest", reason = "…")
                 id         …

            agent tier · JDK … · LeakCheck …""");
    } finally {
      Outbox.messages = null;
    }
  }

  private static final class Outbox {
    static LinkedBlockingQueue<OrderEvent> messages;

    static void open() {
      messages = new LinkedBlockingQueue<>();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OutboxTestCase {
    @Test
    void sends() {
      Outbox.open();
      Outbox.messages.add(new OrderEvent(1));
    }
  }

  /** With what this JDK and this JUnit can close. */
  private static String advised(String message) {
    boolean closesExecutors = Runtime.version().feature() >= 19;
    String mark = ", or mark the field @AutoClose" + (closesExecutors ? "" : "(\"shutdownNow\")");
    String resources = ", or use it in try-with-resources (Java 19 and later)";
    return message
        .replace("{or mark the field}", AutoClosedFieldsTest.hasAutoClose() ? mark : "")
        .replace("{or try}", closesExecutors ? resources : "");
  }

  /** The message without what differs from run to run, and without what this JDK cannot see. */
  private static String message(Run run, String name) {
    return run.failure(name)
        .getMessage()
        .replaceAll("\\(waited [^)]*\\)", "(waited …)")
        .replaceAll("@[0-9a-f]+\\b", "@…")
        .replaceAll("pool-\\d+-", "pool-…-")
        .replaceAll(" #\\d+ ", " #… ")
        .replaceAll("\\.java:\\d+", ".java:…")
        .replaceAll("(?m)^( {5}id {9})[0-9a-f]{16}$", "$1…")
        .replaceAll("(?m)^not seen: JDK (?:1[789]|20) .*\n", "")
        .replaceAll("JDK \\d+ · LeakCheck \\S+", "JDK … · LeakCheck …");
  }
}
