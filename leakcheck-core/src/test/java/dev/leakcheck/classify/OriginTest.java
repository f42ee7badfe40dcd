package dev.leakcheck.classify;

import static dev.leakcheck.classify.Scene.POOL;
import static dev.leakcheck.classify.Scene.frame;
import static dev.leakcheck.classify.Scene.madeAt;
import static dev.leakcheck.classify.Scene.madeByOrderService;
import static dev.leakcheck.classify.Scene.queue;
import static dev.leakcheck.classify.Scene.stack;
import static dev.leakcheck.classify.Scene.taker;
import static dev.leakcheck.classify.Scene.thread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What findings say about where things were made, and what it must not change. */
class OriginTest {

  private static final String POLLING = "com.acme.Poller.run:7";

  private static ExecutorRecord pool(String hash) {
    return new ExecutorRecord(
        POOL + "@" + hash,
        POOL,
        List.of(),
        new ExecutorRecord.State(false, false, 2, 4, -1, 0, 3, 17, 60_000),
        null);
  }

  private static Origin.Known startedBy(String type, int line) {
    return madeAt("java.lang.Thread.start:1", type + ".start:" + line);
  }

  @Test
  void executor_tells_who_made_it_and_who_should_shut_it_down() {
    Scene scene = new Scene();
    ThreadRecord worker =
        thread(
                7,
                "pool-3-thread-1",
                "java.util.concurrent.LinkedBlockingQueue.take:1",
                POOL + ".getTask:2",
                POOL + ".runWorker:3")
            .inExecutor(POOL + "@6b2f");
    scene.with(worker, startedBy("com.acme.Somebody", 1));
    scene.with(pool("6b2f"), madeByOrderService());

    assertThat(scene.message())
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 executor behind (waited 3.0 s)

            1) unclosed-executor   ThreadPoolExecutor@6b2f, never shut down
                 created at com.acme.OrderService.<init>(OrderService.java:31)
                            com.acme.OrderServiceTest.setUp(OrderServiceTest.java:18)
                 workers    1 idle: pool-3-thread-1 (daemon)
                 state      core 2, max 4, 0 active, 3 queued, 17 completed, keep-alive 60 s
                 why        isShutdown() is false: it keeps its threads, and what they refer to, until shutdown()
                 fix        call shutdown() in OrderService when it stops (it made the executor at OrderService.java:31), or use it in try-with-resources (Java 19 and later)
                 allow      @AllowLeaks(kind = LeakKind.UNCLOSED_EXECUTOR, createdBy = "com.acme.OrderService", reason = "…")
                 id         %s

            agent tier"""
                .formatted(scene.finding().fingerprint()));
  }

  private static Scene startedForATest(String scope) {
    Origin origin =
        new Origin.Known(
            stack("java.lang.Thread.start:1", "com.acme.Handler.handle:5"),
            "http-worker",
            scope,
            false);
    return new Scene()
        .in("OrderServiceTest")
        .with(thread(7, "audit", POLLING), origin)
        .madeWhile(7, "OrderServiceTest.placesOrder()");
  }

  @Test
  void thread_that_a_servers_thread_started_names_the_test_that_ran() {
    assertThat(startedForATest("OrderServiceTest").finding().fact("test"))
        .contains("it was made while OrderServiceTest.placesOrder() ran");
    assertThat(startedForATest("OrderServiceTest.placesOrder()").finding().fact("test")).isEmpty();
    Scene byTheTest =
        new Scene()
            .in(Scene.SCOPE)
            .with(thread(7, "audit", POLLING), madeByOrderService())
            .madeWhile(7, Scene.SCOPE);
    assertThat(byTheTest.finding().fact("test")).isEmpty();
  }

  @Test
  void thread_tells_who_started_it() {
    Scene scene =
        new Scene()
            .with(
                thread(7, "price-poller-3", POLLING),
                new Origin.Known(
                    stack("java.lang.Thread.start:1", "com.acme.PriceFeed.open:12"),
                    "loader\u001b[31m-1",
                    "OrderServiceTest",
                    false));

    assertThat(scene.message())
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 thread behind (waited 3.0 s)

            1) stray-thread   thread "price-poller-3" still alive, waiting without a time limit
                 started at com.acme.PriceFeed.open(PriceFeed.java:12)
                 started by thread "loader\\u001b[31m-1"
                 started in OrderServiceTest
                 thread     price-poller-3 (daemon)
                 doing      waiting without a time limit
                              at com.acme.Poller.run(Poller.java:7)
                 why        it waits without a time limit: only somebody else can end it
                 fix        when PriceFeed stops (it started the thread at PriceFeed.java:12), interrupt() the thread and join() it, and let com.acme.Poller.run(Poller.java:7) end on an interrupt
                 allow      @AllowLeaks(kind = LeakKind.STRAY_THREAD, createdBy = "com.acme.PriceFeed", reason = "…")
                 id         %s

            agent tier"""
                .formatted(scene.finding().fingerprint()));
  }

  @Test
  void thread_in_a_queue_tells_which_queue_and_who_made_it() {
    QueueRecord inbox = queue(0x1a, "made at Mailbox.java:12", 0, 10);
    Scene scene =
        new Scene()
            .with(taker(7, "mail-1"), startedBy("com.acme.Mailbox", 20))
            .waitingOn(7, inbox)
            .made(
                inbox,
                madeAt(
                    Scene.QUEUE + ".<init>:1",
                    "com.acme.Mailbox.<init>:12",
                    "com.acme.MailboxTest.setUp:9"));

    assertThat(scene.message())
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 thread behind (waited 3.0 s)

            1) stuck-on-queue   thread "mail-1" waits in LinkedBlockingQueue.take()
                 started at com.acme.Mailbox.start(Mailbox.java:20)
                 thread     mail-1 (daemon)
                 waits in   LinkedBlockingQueue.take()
                              at com.acme.Mailbox.deliver(Mailbox.java:40)
                 side       consumer: it waits for an element that nobody puts
                 queue      LinkedBlockingQueue, 0 elements of 10
                              made at com.acme.Mailbox.<init>(Mailbox.java:12)
                                      com.acme.MailboxTest.setUp(MailboxTest.java:9)
                 reach      no field of the test or of what is around it leads to it (fields were followed for 32 steps, also through collections, and not through other objects of the JDK, JUnit or Surefire)
                 why        nothing but an element, a taker or an interrupt ends this wait
                 fix        interrupt the consumer when Mailbox stops (it started the thread at Mailbox.java:20): keep the Thread, or run it in an executor and call shutdownNow(); or send it an end marker
                 allow      @AllowLeaks(kind = LeakKind.STUCK_ON_QUEUE, createdBy = "com.acme.Mailbox", reason = "…")
                 id         %s

            agent tier"""
                .formatted(scene.finding().fingerprint()));
  }

  @Test
  void leftover_queue_tells_who_made_it() {
    QueueRecord inbox = queue(0x1a, "made at OrderService.java:12", 3, Integer.MAX_VALUE);
    Scene scene =
        new Scene()
            .leftover(inbox)
            .made(inbox, madeAt(Scene.QUEUE + ".<init>:1", "com.acme.OrderService.<init>:12"));

    assertThat(scene.message())
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 queue behind (waited 3.0 s)

            1) leftover-queue   LinkedBlockingQueue made at OrderService.java:12 still holds 3 elements
                 created at com.acme.OrderService.<init>(OrderService.java:12)
                 elements   3 × OrderEvent (0 when the scope opened)
                 why        what is still in a queue at the end was put in and never taken out
                 fix        drain it into a list and assert that, or clear it when the test ends, once nobody puts into it any more
                 allow      @AllowLeaks(kind = LeakKind.LEFTOVER_QUEUE, createdBy = "com.acme.OrderService", reason = "…")
                 id         %s

            agent tier"""
                .formatted(scene.finding().fingerprint()));
  }

  @Test
  void executor_that_was_collected_tells_who_forgot_it() {
    Scene scene =
        new Scene().with(ExecutorRecord.collected(POOL + "@1a2b", POOL), madeByOrderService());

    assertThat(scene.message())
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 executor behind (waited 3.0 s)

            1) unclosed-executor   ThreadPoolExecutor@1a2b, garbage-collected without being shut down
                 created at com.acme.OrderService.<init>(OrderService.java:31)
                            com.acme.OrderServiceTest.setUp(OrderServiceTest.java:18)
                 why        nobody called shutdown() as long as it could be reached: what ended it was a garbage collection, and when one comes is left to chance
                 fix        keep it in a field, and call shutdown() in OrderService when it stops (it made the executor at OrderService.java:31), or use it in try-with-resources (Java 19 and later)
                 allow      @AllowLeaks(kind = LeakKind.UNCLOSED_EXECUTOR, createdBy = "com.acme.OrderService", reason = "…")
                 id         %s

            agent tier"""
                .formatted(scene.finding().fingerprint()));
  }

  @Test
  void thread_that_works_for_several_tests_is_named_and_no_test_is() {
    Scene scene =
        new Scene()
            .with(
                thread(7, "poller", POLLING),
                new Origin.Known(stack("com.acme.PriceFeed.open:12"), "shared-1", "ATest", true));

    assertThat(scene.message())
        .contains(
            "     started by thread \"shared-1\", which works for several tests at once: which of"
                + " them asked for it cannot be told\n")
        .doesNotContain("ATest");
  }

  @Test
  void what_a_static_initializer_made_is_not_put_down_to_the_test_that_came_first() {
    String test = "OrderServiceTest.other()";
    Origin made =
        new Origin.Known(
            stack("com.acme.Feed.<clinit>:4", "com.acme.Orders.open:5"), "main", test, false);
    Origin opened =
        new Origin.Known(
            stack("com.acme.Feed.open:9", "com.acme.Orders.open:5"), "main", test, false);

    assertThat(new Scene().with(thread(7, "poller", POLLING), made).message())
        .contains(
            "     started in OrderServiceTest.other(), the first to use Feed, whose static"
                + " initializer made it\n");
    assertThat(new Scene().with(thread(7, "poller", POLLING), opened).message())
        .contains("     started in OrderServiceTest.other()\n");
  }

  @Test
  void maker_that_goes_without_saying_is_not_named() {
    Origin byMain = new Origin.Known(stack(POLLING), "main", Scene.SCOPE, false);
    Origin byGradle = new Origin.Known(stack(POLLING), "Test worker", Scene.SCOPE, false);
    Origin byRunner =
        new Origin.Known(
            stack(POLLING, "org.junit.platform.engine.support.hierarchical.NodeTestTask.run:1"),
            "ForkJoinPool-1-worker-3",
            Scene.SCOPE,
            false);
    for (Origin usual : List.of(byMain, byGradle, byRunner)) {
      assertThat(new Scene().with(thread(7, "poller", POLLING), usual).message())
          .doesNotContain("started by", "started in");
    }
    Origin byAnother = new Origin.Known(stack(POLLING), "main-2", Scene.SCOPE, false);
    assertThat(new Scene().with(thread(7, "poller", POLLING), byAnother).message())
        .contains("started by thread \"main-2\"\n")
        .doesNotContain("started in");
  }

  @Test
  void stack_is_cut_to_the_users_frames_and_to_a_few_of_them() {
    String[] deep =
        IntStream.range(0, 9)
            .mapToObj(i -> "com.acme.Deep.call" + i + ":" + i)
            .toArray(String[]::new);
    String message = new Scene().with(thread(7, "poller", POLLING), madeAt(deep)).message();

    assertThat(message)
        .contains("Deep.call0(", "Deep.call4(", "… 3 frames\n", "Deep.call8(")
        .doesNotContain("Deep.call5(", "Deep.call7(");
  }

  @Test
  void stack_without_a_frame_of_the_users_keeps_its_innermost_frames() {
    Scene scene =
        new Scene()
            .with(
                pool("6b2f"),
                madeAt(
                    POOL + ".<init>:1",
                    "java.util.concurrent.Executors.newCachedThreadPool:2",
                    "org.junit.jupiter.api.AssertTimeoutPreemptively.run:3",
                    "org.junit.jupiter.engine.Engine.run:4"));

    assertThat(scene.message())
        .containsSubsequence(
            "created at java.util.concurrent.ThreadPoolExecutor.<init>(ThreadPoolExecutor.java:1)\n",
            " java.util.concurrent.Executors.newCachedThreadPool(Executors.java:2)\n",
            " org.junit.jupiter.api.AssertTimeoutPreemptively.run(AssertTimeoutPreemptively.java:3)\n",
            "workers ")
        .doesNotContain("Engine.run")
        .contains("call shutdown() on it when its owner stops, or use it");
  }

  @Test
  void frames_of_leakcheck_that_call_the_users_code_are_not_the_users() {
    Origin origin =
        madeAt(
            "java.lang.Thread.start:1",
            "dev.leakcheck.LeakCheck.assertNoLeaks:2",
            "dev.leakcheck.growth.Repetitions.run:2",
            "dev.leakcheck.integration.TestScope.growth:2",
            "dev.leakcheck.junit5.LeakCheckExtension.interceptTestMethod:3",
            "com.acme.OrderServiceTest.placesOrder:18");

    assertThat(new Scene().with(thread(7, "poller", POLLING), origin).message())
        .contains("started at com.acme.OrderServiceTest.placesOrder(OrderServiceTest.java:18)\n");
  }

  @Test
  void what_was_not_seen_is_said_with_its_reason_where_an_agent_records() {
    Scene scene =
        new Scene()
            .with(
                thread(7, "poller", POLLING),
                new Origin.Unknown("it was started before the agent"));

    assertThat(scene.message())
        .contains("     started at not known: it was started before the agent\n")
        .contains("fix        where its owner stops, interrupt()");
    assertThat(scene.messageOnThePlainTier()).doesNotContain("started at");
    assertThat(new Scene().with(thread(7, "poller", POLLING)).message())
        .doesNotContain("started at");
  }

  @Test
  void equal_threads_that_were_started_at_different_places_are_two_findings() {
    Scene scene =
        new Scene()
            .with(thread(7, "poller-1", POLLING), startedBy("com.acme.PriceFeed", 12))
            .with(thread(8, "poller-2", POLLING), startedBy("com.acme.PriceFeed", 40));

    assertThat(scene.findings())
        .extracting(finding -> place(finding))
        .containsExactlyInAnyOrder("PriceFeed.java:12", "PriceFeed.java:40");
    assertThat(scene.onThePlainTier().findings()).hasSize(1);
  }

  @Test
  void equal_threads_that_were_started_at_one_place_are_one_finding() {
    Scene scene =
        new Scene()
            .with(
                thread(7, "poller-1", POLLING),
                madeAt(
                    "com.acme.PriceFeed.start:12",
                    "jdk.internal.reflect.NativeMethodAccessorImpl.invoke0:1"))
            .with(
                thread(8, "poller-2", POLLING),
                madeAt("com.acme.PriceFeed.start:12", "jdk.internal.reflect.Generated.invoke:1"));

    assertThat(scene.finding().threads()).hasSize(2);
    assertThat(scene.finding().fix()).contains("it started the threads at PriceFeed.java:12");
    assertThat(scene.finding().fact("and at")).isEmpty();
  }

  @Test
  void finding_of_things_that_were_made_at_several_places_names_the_others() {
    Scene scene = new Scene();
    for (int i = 1; i <= 6; i++) {
      scene.with(
          thread(i, "HikariPool-1 housekeeper", "com.zaxxer.hikari.Pool.run:1"),
          startedBy("com.acme.Db" + (i == 6 ? 1 : i), 3));
    }

    assertThat(place(scene.finding())).isEqualTo("Db1.java:3");
    assertThat(scene.finding().fact("and at").orElseThrow().lines())
        .containsExactly(
            "com.acme.Db2.start(Db2.java:3)",
            "com.acme.Db3.start(Db3.java:3)",
            "com.acme.Db4.start(Db4.java:3)",
            "and 1 other place");
  }

  @Test
  void origin_of_the_first_thing_that_was_seen_stands_for_all() {
    Scene scene =
        new Scene()
            .with(thread(7, "HikariPool-1 housekeeper", "com.zaxxer.hikari.Pool.run:1"))
            .with(
                thread(8, "HikariPool-1 connection adder", "com.zaxxer.hikari.Pool.run:1"),
                startedBy("com.acme.Db", 3));

    assertThat(place(scene.finding())).isEqualTo("Db.java:3");
  }

  @Test
  void workers_origin_is_not_taken_for_the_executors() {
    Scene scene =
        new Scene()
            .with(
                thread(7, "w-1", POLLING).inExecutor(POOL + "@6b2f"),
                startedBy("com.acme.Caller", 3))
            .with(pool("6b2f"));

    assertThat(scene.finding().origin()).isEqualTo(Origin.Unknown.NOT_RECORDED);
  }

  @Test
  void fix_keeps_what_it_knows_of_the_holder() {
    Scene inField =
        new Scene()
            .with(pool("6b2f"), madeByOrderService())
            .heldBy(new Holder("field OrderServiceTest.pool", null, null));
    Scene inCloseable =
        new Scene()
            .with(pool("6b2f"), madeByOrderService())
            .heldBy(
                new Holder(
                    "field OrderServiceTest.service.pool",
                    new Holder.Owner("field OrderServiceTest.service", "com.acme.OrderService"),
                    "com.acme.OrderService"));

    assertThat(inField.finding().fix())
        .isEqualTo(
            "call shutdown() on field OrderServiceTest.pool (OrderService made it at"
                + " OrderService.java:31) when its owner stops, or mark the field @AutoClose");
    assertThat(inCloseable.finding().fix())
        .isEqualTo(
            "close field OrderServiceTest.service (OrderService is AutoCloseable), and let its"
                + " close() shut the executor down (OrderService made it at OrderService.java:31)");
  }

  @Test
  void timers_fix_names_who_made_it() {
    assertThat(
            new Scene()
                .with(
                    Scene.timer("Timer-0"),
                    madeAt(
                        "java.lang.Thread.start:1",
                        "java.util.Timer.<init>:2",
                        "com.acme.PriceFeed.<init>:12"))
                .finding()
                .fix())
        .isEqualTo(
            "call Timer.cancel() when PriceFeed stops (it made the timer at PriceFeed.java:12);"
                + " cancelling its tasks does not end the thread");
  }

  @Test
  void place_without_a_source_file_is_told_by_class_and_method() {
    Origin origin =
        new Origin.Known(
            List.of(new StackTraceElement("com.acme.Feed", "open", null, -1)), "main", "", false);

    assertThat(new Scene().with(thread(7, "poller", POLLING), origin).finding().fix())
        .startsWith(
            "when Feed stops (it started the thread at com.acme.Feed.open(Unknown Source))");
  }

  @Test
  void queue_that_was_seen_beats_guessing() {
    QueueRecord seen = queue(0x1a, "field Mailbox.inbox", 0, 10);
    QueueRecord lookalike = queue(0x2b, "field MailboxTest.inbox", 0, 10).knownTo(Set.of(7L));
    Scene scene = new Scene().with(taker(7, "mail-1")).inSight(lookalike).waitingOn(7, seen);

    assertThat(scene.finding().fact("queue"))
        .contains(
            "field Mailbox.inbox, 0 elements of 10: whoever reaches it there can still use it");
    assertThat(scene.finding().fact("reach")).isEmpty();
    assertThat(scene.onThePlainTier().finding().fact("queue"))
        .contains(
            "perhaps field MailboxTest.inbox, 0 elements of 10: no other that a field leads to fits");
  }

  @Test
  void queue_of_objects_whose_code_the_thread_does_not_run_is_not_taken_for_its_own() {
    QueueRecord lookalike = queue(0x2b, "field MailboxTest.inbox", 0, 10);
    Scene scene = new Scene().with(taker(7, "mail-1")).inSight(lookalike);

    assertThat(scene.finding().fact("queue"))
        .contains(
            "not known: field MailboxTest.inbox would fit, but the thread runs no code of what holds"
                + " it");
    assertThat(scene.inSight(lookalike.knownTo(Set.of(8L))).finding().fact("queue"))
        .hasValueSatisfying(text -> assertThat(text).startsWith("not known: "));
    assertThat(scene.inSight(lookalike.knownTo(Set.of(7L))).finding().fact("queue"))
        .hasValueSatisfying(text -> assertThat(text).startsWith("perhaps one of field "));
  }

  @Test
  void queue_that_another_thread_waits_on_is_not_taken_for_this_ones() {
    Scene scene =
        new Scene()
            .with(taker(7, "mail-1"))
            .waitingOn(8, queue(0x1a, "field Mailbox.inbox", 0, 10));

    assertThat(scene.finding().fact("queue").orElseThrow())
        .startsWith(
            "not one that a field of the test or of what is around it leads to (fields were followed for");
  }

  @Test
  void queue_that_was_seen_is_told_once_with_where_it_is_and_where_it_was_made() {
    QueueRecord held = queue(0x1a, "field Mailbox.inbox", 0, 10);
    QueueRecord ofTheJdk = queue(0x1a, "made by the JDK", 0, 10);
    Origin made = madeAt(Scene.QUEUE + ".<init>:1", "com.acme.Mailbox.<init>:12");

    assertThat(queueFacts(held, made))
        .containsExactly(
            "field Mailbox.inbox, 0 elements of 10: whoever reaches it there can still use it",
            "  made at com.acme.Mailbox.<init>(Mailbox.java:12)");
    assertThat(queueFacts(ofTheJdk, madeAt("java.util.concurrent.Exchanger.<init>:1")))
        .startsWith(
            "LinkedBlockingQueue, 0 elements of 10",
            "  made at java.util.concurrent.Exchanger.<init>(Exchanger.java:1)")
        .element(2)
        .asString()
        .startsWith(
            "no field of the test or of what is around it leads to it (fields were followed for");
    assertThat(queueFacts(ofTheJdk, Origin.Unknown.NOT_RECORDED))
        .startsWith("LinkedBlockingQueue made by the JDK, 0 elements of 10")
        .hasSize(2);
  }

  private static List<String> queueFacts(QueueRecord queue, Origin made) {
    return new Scene()
        .with(taker(7, "mail-1")).waitingOn(7, queue).made(queue, made).finding().facts().stream()
            .filter(fact -> Set.of("queue", "reach", "queue made at").contains(fact.key()))
            .flatMap(fact -> fact.lines().stream())
            .toList();
  }

  @Test
  void titles_of_queues_read_well_wherever_they_were_found() {
    assertThat(titleOf("field OrderTest.inbox"))
        .isEqualTo("LinkedBlockingQueue in field OrderTest.inbox still holds 2 elements");
    assertThat(titleOf("tracked java.util.concurrent.LinkedBlockingQueue@1a"))
        .isEqualTo("tracked LinkedBlockingQueue@1a still holds 2 elements");
    assertThat(titleOf("made at OrderService.java:12"))
        .isEqualTo("LinkedBlockingQueue made at OrderService.java:12 still holds 2 elements");
  }

  private static String titleOf(String where) {
    return new Scene().leftover(queue(0x1a, where, 2, 8)).finding().title();
  }

  @Test
  void plain_fingerprint_is_the_same_on_either_tier() {
    Scene scene =
        new Scene()
            .with(thread(7, "poller-1", POLLING), startedBy("com.acme.PriceFeed", 12))
            .with(taker(8, "mail-1"), startedBy("com.acme.Mailbox", 20))
            .waitingOn(8, queue(0x1a, "made at Mailbox.java:12", 0, 10))
            .with(pool("6b2f"), madeByOrderService())
            .leftover(queue(0x2b, "field OrderTest.inbox", 2, 8))
            .made(queue(0x2b, "", 2, 8), madeAt("com.acme.OrderService.<init>:12"));
    List<Finding> withAgent = scene.findings();
    List<Finding> without = scene.onThePlainTier().findings();

    assertThat(withAgent)
        .hasSize(4)
        .extracting(Finding::plainFingerprint)
        .containsExactlyElementsOf(without.stream().map(Finding::fingerprint).toList());
    assertThat(withAgent)
        .allSatisfy(
            finding -> assertThat(finding.fingerprint()).isNotEqualTo(finding.plainFingerprint()));
    assertThat(without)
        .allSatisfy(
            finding -> assertThat(finding.fingerprint()).isEqualTo(finding.plainFingerprint()));
  }

  @Test
  void fingerprint_of_a_queue_is_the_same_after_a_line_was_inserted() {
    assertThat(fingerprintOf("made at OrderService.java:12"))
        .isEqualTo(fingerprintOf("made at OrderService.java:13"))
        .isNotEqualTo(fingerprintOf("made at Orders.java:12"));
  }

  private static String fingerprintOf(String where) {
    return new Scene().leftover(queue(0x1a, where, 2, 8)).finding().fingerprint();
  }

  @Test
  void collected_executor_without_origin_names_nobody() {
    Finding finding = new Scene().with(ExecutorRecord.collected(POOL + "@1a2b", POOL)).finding();

    assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_EXECUTOR);
    assertThat(finding.fix())
        .isEqualTo(
            "keep it in a field, and call shutdown() on it when its owner stops, or use it in"
                + " try-with-resources (Java 19 and later)");
  }

  @Test
  void allowance_that_is_proposed_names_the_outermost_class_and_accepts_the_finding() {
    for (String type : List.of("com.acme.Feed", "com.acme.Feed$Task", "com.acme.Feed$$Proxy$1")) {
      Scene scene = new Scene().with(thread(7, "poller-1", POLLING), startedBy(type, 12));

      assertThat(scene.message())
          .contains(
              "@AllowLeaks(kind = LeakKind.STRAY_THREAD, createdBy = \"com.acme.Feed\", reason");
      assertThat(Allowance.of(Set.of(), "", "com.acme.Feed", "known").matches(scene.finding()))
          .isTrue();
    }
    assertThat(new Scene().with(thread(7, "poller-1", POLLING), startedBy("$Odd", 1)).message())
        .contains("createdBy = \"$Odd\"");
  }

  /** That class makes the like for everybody who uses the library. */
  @Test
  void allowance_that_is_proposed_goes_by_the_threads_where_only_a_librarys_class_is_known() {
    StackTraceElement made = frame("org.example.Loops.<init>:9");
    Maker maker = new Maker(made, null, null, "org.example.Loops", "close", true, Maker.Deed.MAKES);
    Scene scene =
        new Scene()
            .with(
                thread(7, "poller-1", POLLING),
                new Origin.Known(List.of(made), "starter-1", Scene.SCOPE, false, maker));

    assertThat(scene.message())
        .contains("@AllowLeaks(kind = LeakKind.STRAY_THREAD, thread = \"poller-*\", reason");
  }

  @Test
  void allowance_that_is_proposed_goes_by_the_threads_where_no_class_is_known() {
    Scene scene =
        new Scene().with(thread(7, "poller-1", POLLING), madeAt("java.lang.Thread.start:1"));

    assertThat(scene.message())
        .contains("@AllowLeaks(kind = LeakKind.STRAY_THREAD, thread = \"poller-*\", reason");
  }

  @Test
  void footer_tells_the_tier_and_what_was_left_to_classes() {
    Scene scene = new Scene().with(thread(7, "poller", POLLING));

    assertThat(scene.messageOnThePlainTier())
        .endsWith(
            "\n\nplain tier: where things were created is not recorded, add"
                + " -javaagent:leakcheck-core.jar");
    assertThat(scene.message()).endsWith("\n\nagent tier");
    assertThat(
            scene
                .statics(
                    List.of("ThreadPoolExecutor made by PriceCache.<clinit> (PriceCache.java:12)"))
                .message())
        .endsWith(
            """

            left alone: ThreadPoolExecutor made by PriceCache.<clinit> (PriceCache.java:12)
            agent tier""");
    assertThat(
            scene
                .statics(IntStream.rangeClosed(1, 7).mapToObj(i -> "thing " + i).toList())
                .message())
        .endsWith("left alone: thing 5\nleft alone: and 2 more\nagent tier");
  }

  private static String place(Finding finding) {
    return CauseWriter.maker(finding.origin()).map(dev.leakcheck.model.Stacks::place).orElse("");
  }

  @Test
  void frames_are_read_as_the_tests_write_them() {
    assertThat(frame("com.acme.A$B.<init>:3"))
        .isEqualTo(new StackTraceElement("com.acme.A$B", "<init>", "A.java", 3));
  }

  private static Finding leftByLibraryFor(String type, boolean usersOwner) {
    StackTraceElement frame = frame(usersOwner ? type + ".<init>:9" : "io.netty.Group.start:3");
    StackTraceElement caller = frame(usersOwner ? "com.acme.OrderTest.run:5" : type + ".<init>:9");
    Maker maker =
        new Maker(
            frame,
            caller,
            caller,
            frame.getClassName(),
            usersOwner ? "close" : null,
            !usersOwner,
            Maker.Deed.MAKES);
    Finding finding =
        new Scene()
            .with(
                thread(
                    7,
                    "nioEventLoopGroup-2-1",
                    "io.netty.channel.nio.NioEventLoop.select:879",
                    "io.netty.channel.nio.NioEventLoop.run:526"),
                new Origin.Known(
                    List.of(frame("io.netty.Group.start:3"), frame(type + ".<init>:9"), caller),
                    "main",
                    Scene.SCOPE,
                    false,
                    maker))
            .finding();
    assertThat(finding.executors()).isEmpty();
    assertThat(finding.title()).contains(usersOwner ? "not ended" : "Netty");
    return finding;
  }

  @Test
  void library_thread_is_told_apart_by_the_users_object_that_has_to_end_it() {
    assertThat(leftByLibraryFor("com.acme.Orders", true).fingerprint())
        .isEqualTo(leftByLibraryFor("com.acme.Orders", true).fingerprint())
        .isNotEqualTo(leftByLibraryFor("com.acme.Prices", true).fingerprint());
  }

  @Test
  void library_thread_that_nobody_is_known_to_end_is_the_same_whoever_came_first() {
    assertThat(leftByLibraryFor("com.acme.Orders", false).fingerprint())
        .isEqualTo(leftByLibraryFor("com.acme.Prices", false).fingerprint());
  }
}
