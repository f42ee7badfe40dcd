package dev.leakcheck.cli.html;

import static dev.leakcheck.cli.html.SampleRun.stack;

import dev.leakcheck.cli.html.SampleRun.Planted;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.util.List;
import java.util.stream.Stream;

/** Runs to make pages of: an ordinary one, a clean one, a hostile one, a large one. */
final class SampleRuns {

  /** What hostile text does if it gets to run. */
  static final String ATTACK =
      "</script><img src=x onerror=\"window.attacked=true\"><script>window.attacked=true</script>"
          + "<!--<script>\u202egnp.exe\u2028\u2029\u0000\ud800'\"&amp;{{data}}";

  private static final List<StackTraceElement> POOL =
      stack("java.util.concurrent.ThreadPoolExecutor$Worker.run:614", "java.lang.Thread.run:1474");
  private static final List<StackTraceElement> IDLE =
      then(
          stack(
              "jdk.internal.misc.Unsafe.park",
              "java.util.concurrent.locks.LockSupport.park:369",
              "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject.await:1746",
              "java.util.concurrent.LinkedBlockingQueue.take:435",
              "java.util.concurrent.ThreadPoolExecutor.getTask:1070",
              "java.util.concurrent.ThreadPoolExecutor.runWorker:1130"),
          POOL);
  private static final List<StackTraceElement> SCHEDULED =
      then(
          stack(
              "jdk.internal.misc.Unsafe.park",
              "java.util.concurrent.locks.LockSupport.parkNanos:271",
              "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject.awaitNanos:1763",
              "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue.take:1182",
              "java.util.concurrent.ThreadPoolExecutor.getTask:1070",
              "java.util.concurrent.ThreadPoolExecutor.runWorker:1130"),
          POOL);
  private static final List<StackTraceElement> FEED =
      then(
          stack("java.lang.Thread.sleep0", "java.lang.Thread.sleep:509"),
          stack(
              "com.acme.pricing.PriceFeed.poll:88",
              "com.acme.pricing.PriceFeed.lambda$start$0:41",
              "java.lang.Thread.run:1474"));
  private static final List<StackTraceElement> MAIL =
      then(
          stack(
              "jdk.internal.misc.Unsafe.park",
              "java.util.concurrent.locks.LockSupport.park:369",
              "java.util.concurrent.ArrayBlockingQueue.take:420"),
          stack(
              "com.acme.mail.Outbox.next:57",
              "com.acme.mail.MailSender.send:33",
              "com.acme.mail.MailSender.run:24",
              "java.lang.Thread.run:1474"));
  private static final List<StackTraceElement> NETTY =
      stack(
          "sun.nio.ch.EPoll.wait",
          "sun.nio.ch.EPollSelectorImpl.doSelect:121",
          "sun.nio.ch.SelectorImpl.select:146",
          "io.netty.channel.nio.NioEventLoop.select:885",
          "io.netty.channel.nio.NioEventLoop.run:526",
          "io.netty.util.concurrent.SingleThreadEventExecutor$4.run:997",
          "io.netty.util.concurrent.FastThreadLocalRunnable.run:30",
          "java.lang.Thread.run:1474");
  private static final List<StackTraceElement> VIRTUAL =
      stack(
          "java.lang.VirtualThread.park:738",
          "java.util.concurrent.locks.LockSupport.park:369",
          "java.util.concurrent.locks.AbstractQueuedSynchronizer.acquire:756",
          "java.util.concurrent.Semaphore.acquire:318",
          "com.acme.http.Limiter.enter:19",
          "com.acme.http.Gateway.call:64",
          "com.acme.http.Gateway.lambda$callAll$1:52",
          "java.lang.VirtualThread.run:466");
  private static final List<StackTraceElement> WATCH =
      stack(
          "sun.nio.fs.LinuxWatchService.poll",
          "sun.nio.fs.AbstractWatchService.take:118",
          "com.acme.config.ConfigWatcher.run:73",
          "java.lang.Thread.run:1474");
  private static final List<StackTraceElement> RUNNER =
      stack(
          "jdk.internal.reflect.DirectMethodHandleAccessor.invoke:104",
          "java.lang.reflect.Method.invoke:565",
          "org.junit.platform.commons.util.ReflectionUtils.invokeMethod:775");

  private SampleRuns() {}

  private static List<StackTraceElement> then(
      List<StackTraceElement> inner, List<StackTraceElement> outer) {
    return Stream.concat(inner.stream(), outer.stream()).toList();
  }

  static Reports clean() {
    SampleRun run = new SampleRun();
    run.jvm(null, "25.0.3", true).test("com.acme.OrderTest", "places", 12, 0).end();
    return run.reports();
  }

  /** Four JVMs of an ordinary build: one was killed, the leaks are of many kinds. */
  static Reports ordinary() {
    Planted orders =
        new Planted(
            "9d2c41f07ab3",
            LeakKind.UNCLOSED_EXECUTOR,
            Verdict.NEW,
            null,
            "ThreadPoolExecutor@6b2f1c04, never shut down",
            "call close() or shutdown() when OrderService stops, or mark the field @AutoClose",
            List.of(
                new Fact(
                    "created at",
                    List.of(
                        "com.acme.order.OrderService.<init>(OrderService.java:31)",
                        "com.acme.order.OrderServiceTest.setUp(OrderServiceTest.java:18)")),
                Fact.of("why", "shutdown() and close() were never called"),
                Fact.of(
                    "workers",
                    "4 idle: order-1, order-2, order-3, order-4 (not daemon: they keep the JVM"
                        + " alive)"),
                Fact.of("queued", "0")),
            "order-#",
            4,
            false,
            IDLE,
            then(
                stack(
                    "java.util.concurrent.ThreadPoolExecutor.<init>:1314",
                    "java.util.concurrent.Executors.newFixedThreadPool:97",
                    "com.acme.order.OrderService.<init>:31",
                    "com.acme.order.OrderServiceTest.setUp:18"),
                RUNNER));
    Planted feed =
        new Planted(
            "17be90d2c5f8",
            LeakKind.STRAY_THREAD,
            Verdict.NEW,
            null,
            "thread \"price-feed\" sleeps in PriceFeed.poll",
            "interrupt the thread when PriceFeed stops, and let poll() end on it",
            List.of(
                new Fact(
                    "started at",
                    List.of(
                        "com.acme.pricing.PriceFeed.start(PriceFeed.java:41)",
                        "com.acme.pricing.QuoteTest.quotes(QuoteTest.java:27)")),
                Fact.of("why", "it was not there when the test began and is alive 3.0 s after it"),
                new Fact(
                    "stack",
                    List.of(
                        "com.acme.pricing.PriceFeed.poll(PriceFeed.java:88)",
                        "com.acme.pricing.PriceFeed.lambda$start$0(PriceFeed.java:41)"))),
            "price-feed",
            1,
            false,
            FEED,
            then(
                stack(
                    "java.lang.Thread.start:1450",
                    "com.acme.pricing.PriceFeed.start:41",
                    "com.acme.pricing.QuoteTest.quotes:27"),
                RUNNER));
    Planted outbox =
        new Planted(
            "c3a8e5520e61",
            LeakKind.STUCK_ON_QUEUE,
            Verdict.NEW,
            null,
            "thread \"mail-sender\" waits in ArrayBlockingQueue.take() for ever",
            "put an end marker into the queue, or interrupt the thread, when Outbox closes",
            List.of(
                Fact.of("why", "nothing alive can put into the queue any more"),
                Fact.of("queue", "ArrayBlockingQueue in field Outbox.pending, 0 of 64"),
                new Fact(
                    "stack",
                    List.of(
                        "com.acme.mail.Outbox.next(Outbox.java:57)",
                        "com.acme.mail.MailSender.run(MailSender.java:24)"))),
            "mail-sender",
            1,
            false,
            MAIL,
            List.of());
    Planted gateway =
        new Planted(
            "5f7710b94cd2",
            LeakKind.STRAY_VIRTUAL_THREAD,
            Verdict.NEW,
            null,
            "24 virtual threads wait in Limiter.enter",
            "release the permit in a finally block",
            List.of(
                Fact.of("why", "nobody can release the semaphore any more"),
                Fact.of("stack", "com.acme.http.Limiter.enter(Limiter.java:19)")),
            "gateway-call-#",
            24,
            true,
            VIRTUAL,
            then(
                stack(
                    "java.lang.ThreadBuilders$VirtualThreadBuilder.start:291",
                    "com.acme.http.Gateway.callAll:52",
                    "com.acme.http.GatewayTest.limitsCalls:70"),
                RUNNER));
    Planted netty =
        new Planted(
            "0ae4d7715b90",
            LeakKind.UNCLOSED_EXECUTOR,
            Verdict.KNOWN,
            "accepted on 2026-09-01, owner: payments, due 2027-01-15",
            "NioEventLoopGroup with 2 event loops, never shut down",
            "call shutdownGracefully() on the group when PaymentClient closes",
            List.of(
                Fact.of("why", "shutdownGracefully() was never called"),
                Fact.of("workers", "2 in select(): nioEventLoopGroup-2-1, nioEventLoopGroup-2-2")),
            "nioEventLoopGroup-2-#",
            2,
            false,
            NETTY,
            List.of());
    Planted clock =
        new Planted(
            "e81b33907fd4",
            LeakKind.UNCLOSED_EXECUTOR,
            Verdict.EXPIRED,
            "accepted until 2026-11-01: the scheduler goes with the old cache",
            "ScheduledThreadPoolExecutor@1f0c77aa, never shut down, 1 periodic task",
            "call shutdown() when ExpiringCache closes",
            List.of(
                Fact.of("why", "shutdown() was never called"),
                Fact.of("tasks", "1 periodic: com.acme.cache.ExpiringCache$Sweeper")),
            "cache-sweeper",
            1,
            false,
            SCHEDULED,
            List.of());
    Planted watcher =
        new Planted(
            "44d09c1e67ab",
            LeakKind.STRAY_THREAD,
            Verdict.ALLOWED,
            "one watcher for the whole run, see ConfigWatcher",
            "thread \"config-watcher\" waits in WatchService.take()",
            "close the WatchService",
            List.of(Fact.of("why", "it was not there when the test began")),
            "config-watcher",
            1,
            false,
            WATCH,
            List.of());
    Planted queue =
        new Planted(
            "b6021f3c98e7",
            LeakKind.LEFTOVER_QUEUE,
            Verdict.KNOWN,
            "accepted on 2026-09-01",
            "LinkedBlockingQueue in field AuditTest.events",
            "take or assert what is in it, or clear it in @AfterEach",
            List.of(
                Fact.of("elements", "3 × AuditEvent (0 when the test began; nobody is taking)")),
            "",
            0,
            false,
            List.of(),
            List.of());
    SampleRun run = new SampleRun();
    SampleRun.Jvm one = run.jvm("1", "25.0.3", true);
    suite(one, "com.acme.order.OrderTest", 9, 40);
    one.leak("com.acme.order.OrderServiceTest", "placesOrder", 210, 3002, orders, -1);
    suite(one, "com.acme.order.OrderServiceTest", 14, 120);
    one.leak("com.acme.order.OrderServiceTest", "cancelsOrder", 95, 310, orders, -1);
    one.leak("com.acme.config.ConfigTest", "reloads", 800, 3001, watcher, -1);
    suite(one, "com.acme.config.ConfigTest", 11, 260);
    one.leak("com.acme.pricing.QuoteTest", "quotes", 640, 3004, feed, 14_000);
    suite(one, "com.acme.pricing.QuoteTest", 22, 330);
    one.leak("com.acme.http.GatewayTest", "limitsCalls", 1400, 412, gateway, -1);
    suite(one, "com.acme.http.GatewayTest", 31, 510);
    suite(one, "com.acme.report.InvoiceRendererTest", 40, 90);
    one.end();
    SampleRun.Jvm two = run.jvm("2", "25.0.3", true);
    suite(two, "com.acme.payment.PaymentClientTest", 12, 350);
    two.leak("com.acme.payment.PaymentClientTest", "retries", 1900, 3002, netty, -1);
    two.leak("com.acme.payment.PaymentClientTest", "timesOut", 2600, 360, netty, -1);
    suite(two, "com.acme.payment.RefundTest", 19, 210);
    two.leak("com.acme.cache.ExpiringCacheTest", "expires", 1300, 3003, clock, -1);
    suite(two, "com.acme.cache.ExpiringCacheTest", 16, 480);
    two.end();
    SampleRun.Jvm three =
        run.jvm(
            "3",
            "17.0.19",
            false,
            "virtual threads and their executors are seen from JDK 21 on",
            "where things were created is not recorded without the agent");
    suite(three, "com.acme.audit.AuditTest", 8, 150);
    three.leak("com.acme.audit.AuditTest", "recordsLogin", 45, 0, queue, 0);
    three.leak("com.acme.mail.OutboxTest", "sendsInOrder", 310, 290, outbox, -1);
    suite(three, "com.acme.mail.OutboxTest", 17, 440);
    three.leak("com.acme.order.OrderImportTest", "importsTwice", 510, 3002, orders, 6_000);
    suite(three, "com.acme.order.OrderImportTest", 21, 700);
    three.end();
    SampleRun.Jvm four = run.jvm("4", "17.0.19", false);
    suite(four, "com.acme.search.IndexTest", 12, 600);
    four.leak("com.acme.search.IndexTest", "rebuilds", 5200, 3006, feed, -1);
    four.killed();
    run.problem(
        "target/leakcheck/leakcheck-20261120-101105-5002.jsonl: the last line is cut off; what"
            + " stands before it was read");
    run.problem(
        "target/leakcheck/leakcheck-20261120-101105-5002.jsonl: JVM 5002 (fork 4) did not get to"
            + " its end, so what it left behind after the last entry is not known");
    return run.reports();
  }

  /** Tests that leave nothing; some wait a little for threads that end. */
  private static void suite(SampleRun.Jvm jvm, String type, int tests, int millis) {
    for (int i = 0; i < tests; i++) {
      int waited = i % 3 == 0 ? (i * 37 + type.length() * 13) % 190 : i % 7 == 1 ? 720 : 0;
      jvm.test(type, "case" + (char) ('A' + i % 26) + i, millis * (i % 4 + 1) / 2, waited);
    }
  }

  /** Everything that a report may hold tries to become markup. */
  static Reports hostile() {
    SampleRun run = new SampleRun();
    String name = ATTACK + "x".repeat(100_000);
    List<StackTraceElement> stack =
        List.of(
            new StackTraceElement("com.acme." + ATTACK, ATTACK, ATTACK, 1),
            new StackTraceElement("java.lang.Thread", "run", "Thread.java", 1474));
    Planted leak =
        new Planted(
            ATTACK,
            LeakKind.STRAY_THREAD,
            Verdict.NEW,
            ATTACK,
            ATTACK,
            ATTACK,
            List.of(Fact.of("why", name)),
            name,
            2,
            false,
            stack,
            stack);
    run.jvm(ATTACK, ATTACK, true, ATTACK)
        .leak("com.acme." + ATTACK, ATTACK, 10, 500, leak, -1)
        .killed();
    return run.problem(ATTACK).reports();
  }

  /** As many causes and checks as a page is asked to stand. */
  static Reports large(int groups, int checks) {
    SampleRun run = new SampleRun();
    int leaks = 0;
    for (int fork = 0; fork < 4; fork++) {
      SampleRun.Jvm jvm = run.jvm(String.valueOf(fork + 1), "25.0.3", true);
      for (int i = 0; i < checks / 4; i++) {
        String type = "com.acme.p" + i % 97 + ".Generated" + i / 50 + "Test";
        if (i % (checks / groups) == 0) {
          jvm.leak(type, "leaks" + i % 50, 5, 100 + i % 50, generated(leaks++), 500);
        } else {
          jvm.test(type, "test" + i % 50, 5, i % 9 == 0 ? i % 700 : 0);
        }
      }
      jvm.end();
    }
    return run.reports();
  }

  static Planted stray(List<StackTraceElement> stack) {
    return new Planted(
        "f00d",
        LeakKind.STRAY_THREAD,
        Verdict.NEW,
        null,
        "thread \"poller\" is alive",
        "stop it",
        List.of(Fact.of("why", "it was not there when the test began")),
        "poller",
        1,
        false,
        stack,
        List.of());
  }

  private static Planted generated(int number) {
    return new Planted(
        Integer.toHexString(0x5000_0000 + number),
        LeakKind.values()[number % LeakKind.values().length],
        Verdict.values()[number % 4],
        null,
        "thread \"worker-" + number + "\" is alive",
        "stop it",
        List.of(Fact.of("why", "it was not there when the test began".repeat(8))),
        "worker-" + number + "-#",
        2,
        false,
        Stream.concat(
                stack(
                    "java.lang.Object.wait0",
                    "com.acme.p" + number % 97 + ".Worker" + number % 389 + ".run:" + number % 50)
                    .stream(),
                POOL.stream())
            .toList(),
        List.of());
  }
}
