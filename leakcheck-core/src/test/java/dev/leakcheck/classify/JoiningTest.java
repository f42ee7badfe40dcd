package dev.leakcheck.classify;

import static dev.leakcheck.classify.Scene.POOL;
import static dev.leakcheck.classify.Scene.frame;
import static dev.leakcheck.classify.Scene.thread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one call to an owner would end is one cause, as far as the user does not accept a part. */
class JoiningTest {

  private static final StackTraceElement MADE = frame("com.acme.Feed.<init>:9");
  private static final StackTraceElement CALLER = frame("com.acme.FeedTest.reads:20");

  private static Origin.Known made(boolean librarys) {
    return new Origin.Known(
        List.of(MADE, CALLER),
        "main",
        Scene.SCOPE,
        false,
        new Maker(MADE, CALLER, CALLER, "com.acme.Feed", "close", librarys, Maker.Deed.MAKES));
  }

  /** Below a library's method, which the user calls: the last of the frames. */
  private static Origin.Known madeByLibrary(@Nullable String stop, StackTraceElement... frames) {
    List<StackTraceElement> stack = new ArrayList<>(List.of(frames));
    StackTraceElement called = stack.get(stack.size() - 1);
    stack.add(CALLER);
    return new Origin.Known(
        stack,
        "main",
        Scene.SCOPE,
        false,
        new Maker(called, CALLER, CALLER, called.getClassName(), stop, true, Maker.Deed.MAKES));
  }

  /** A symptom of an owner. */
  private record Hook(Origin origin) implements Symptom {
    @Override
    public String identity() {
      return "shutdown-hook 1";
    }

    @Override
    public Part part() {
      return new Part("shutdown hook", "\"feed\", still registered", origin);
    }

    @Override
    public Finding explain(Evidence evidence) {
      return Symptom.finding(
          LeakKind.SHUTDOWN_HOOK,
          "shutdown hook",
          List.of(),
          "remove it",
          List.of(),
          origin,
          new Fingerprint(LeakKind.SHUTDOWN_HOOK).createdBy(origin));
    }
  }

  private static Scene feed() {
    return new Scene()
        .with(new ExecutorRecord(POOL + "@1", POOL, List.of(), null, null), made(false))
        .with(thread(7, "feed-reader", "com.acme.Feed.read:30"), made(false))
        .with(new Hook(made(false)));
  }

  private static Scene accepting(Scene scene, LeakKind kind, String thread) {
    Allowance allowance =
        Allowance.of(kind == null ? Set.of() : Set.of(kind), thread, "", "a test's");
    return scene.accepting(allowance::matches);
  }

  @Test
  void allIsOneCauseIfNothingIsAccepted() {
    assertThat(feed().finding().title())
        .isEqualTo("Feed, not ended: 1 executor, 1 thread and 1 shutdown hook");
    assertThat(feed().finding().fact("hook")).contains("\"feed\", still registered");
  }

  /** Which of them is a part of the other nobody sees. */
  @Test
  void eachOfSeveralObjectsOfALibraryIsNamed() {
    Finding finding =
        new Scene()
            .with(
                new ExecutorRecord(POOL + "@1", POOL, List.of(), null, null),
                madeByLibrary("close", frame("org.example.Server.<init>:9")))
            .with(
                new ExecutorRecord(POOL + "@2", POOL, List.of(), null, null),
                madeByLibrary("stop", frame("org.example.Client.<init>:7")))
            .finding();

    assertThat(finding.fix())
        .startsWith(
            "call Server.close() (the Server is made at FeedTest.java:20), and Client.stop()"
                + " (the Client is made at FeedTest.java:20) unless the first does that; ");
  }

  @Test
  void oneObjectOfALibraryIsNamedOnce() {
    Origin.Known made = madeByLibrary("close", frame("org.example.Server.<init>:9"));
    Finding finding =
        new Scene()
            .with(new ExecutorRecord(POOL + "@1", POOL, List.of(), null, null), made)
            .with(new ExecutorRecord(POOL + "@2", POOL, List.of(), null, null), made)
            .finding();

    assertThat(finding.fix())
        .startsWith("call Server.close() (the Server is made at FeedTest.java:20); ");
  }

  /** The parts of an object are made at several lines of it. */
  private static Origin.Known madeAt(int line) {
    StackTraceElement made = frame("com.acme.Feed.<init>:" + line);
    return new Origin.Known(
        List.of(made, CALLER),
        "main",
        Scene.SCOPE,
        false,
        new Maker(made, CALLER, CALLER, "com.acme.Feed", "close", false, Maker.Deed.MAKES));
  }

  @Test
  void lineThatIsNamedIsThatOfWhatIsSpokenOf() {
    Scene scene =
        new Scene()
            .with(thread(7, "feed-reader", "com.acme.Feed.read:30"), madeAt(4))
            .with(new ExecutorRecord(POOL + "@1", POOL, List.of(), null, null), madeAt(5))
            .with(new Hook(madeAt(6)));

    assertThat(scene.finding().fix())
        .startsWith("see that Feed.close() ends it (it made the executor at Feed.java:5), and");
  }

  @Test
  void noLineIsNamedOfSeveralThatWereMadeAtSeveral() {
    Scene scene =
        new Scene()
            .with(new ExecutorRecord(POOL + "@1", POOL, List.of(), null, null), madeAt(5))
            .with(new ExecutorRecord(POOL + "@2", POOL, List.of(), null, null), madeAt(6));

    assertThat(scene.finding().fix())
        .startsWith("see that Feed.close() ends it, and that it is called: the Feed is made at");
  }

  @Test
  void lineIsNamedOfSeveralThatWereMadeAtOne() {
    Scene scene =
        new Scene()
            .with(new ExecutorRecord(POOL + "@1", POOL, List.of(), null, null), madeAt(5))
            .with(new ExecutorRecord(POOL + "@2", POOL, List.of(), null, null), madeAt(5));

    assertThat(scene.finding().fix()).contains("(it made the executor at Feed.java:5)");
  }

  @Test
  void partThatIsAcceptedIsToldForItselfAndTheRestAsOne() {
    assertThat(accepting(feed(), LeakKind.STRAY_THREAD, "").findings())
        .extracting(Finding::title)
        .containsExactlyInAnyOrder(
            "thread \"feed-reader\" still alive, waiting without a time limit",
            "Feed, not ended: 1 executor and 1 shutdown hook");
    Scene withAnother = feed().with(thread(8, "other", "com.acme.Feed.write:31"), made(false));
    assertThat(accepting(withAnother, null, "feed-*").findings())
        .extracting(Finding::kind)
        .containsExactlyInAnyOrder(LeakKind.STRAY_THREAD, LeakKind.UNCLOSED_EXECUTOR);
    assertThat(accepting(feed(), LeakKind.SHUTDOWN_HOOK, "").findings())
        .extracting(Finding::kind)
        .containsExactlyInAnyOrder(LeakKind.SHUTDOWN_HOOK, LeakKind.UNCLOSED_EXECUTOR);
  }

  /** As the message proposes it: what accepts the whole does not take it apart. */
  @Test
  void whatAcceptsTheWholeLeavesItWhole() {
    assertThat(accepting(feed(), LeakKind.UNCLOSED_EXECUTOR, "").findings()).hasSize(1);
    assertThat(accepting(feed(), null, "feed-*").findings()).hasSize(1);
  }

  /**
   * What comes after it is not known to be the library's, and the name of one part is not all's.
   */
  @Test
  void libraryIsNamedWhateverElseItsCauseHas() {
    Origin.Known made =
        madeByLibrary("close", frame("org.springframework.context.Context.<init>:1"));
    String spring = "org.springframework.scheduling.Worker.run:1";
    Scene scene =
        new Scene()
            .with(thread(7, "exec-1", spring), made)
            .with(thread(8, "sched-1", spring), made)
            .with(new ExecutorRecord(POOL + "@1", POOL, List.of(), null, null), made);

    assertThat(scene.finding().title()).isEqualTo("Spring, not ended: 1 executor and 2 threads");
  }

  /** The user has never heard of what a library does its work with. */
  @Test
  void libraryThatTheUserCalledIsNamedAndNotOneWithinIt() {
    Origin.Known made =
        madeByLibrary(
            "close",
            frame("org.example.shaded.io.netty.channel.Loop.<init>:1"),
            frame("org.example.Client.open:1"));
    Scene scene =
        new Scene()
            .with(
                thread(
                    7,
                    "io-1-1",
                    "org.example.shaded.io.netty.util.concurrent.SingleThreadEventExecutor$4.run:1"),
                made);

    assertThat(scene.finding().title()).isEqualTo("Client, not ended: 1 thread");
    assertThat(scene.finding().fix())
        .isEqualTo(
            "call Client.close() (Client.open() is called at FeedTest.java:20); if that was done, this"
                + " is the library's own leak");
    assertThat(scene.onThePlainTier().finding().title()).startsWith("Netty (io-1)");
  }

  /** Below a client's method, in code of other libraries that say which instance it is. */
  private static Origin.Known madeByClient(
      String within, String method, StackTraceElement caller, Maker.Deed deed) {
    StackTraceElement called = frame("org.example." + method + ":1");
    return new Origin.Known(
        List.of(frame(within + ".<init>:1"), called, caller),
        "main",
        Scene.SCOPE,
        false,
        new Maker(called, caller, caller, "org.example.Client", "close", true, deed));
  }

  private static Scene client(StackTraceElement second, Maker.Deed deed) {
    String netty = "org.example.shaded.io.netty.util.concurrent.SingleThreadEventExecutor";
    String reactor = "reactor.core.scheduler.Loop";
    return new Scene()
        .with(
            thread(7, "io-1-1", netty + ".run:1"),
            madeByClient(netty, "Client.open", CALLER, Maker.Deed.MAKES))
        .with(
            thread(8, "trace-1", reactor + ".run:1"),
            madeByClient(reactor, "Client.open", CALLER, Maker.Deed.MAKES))
        .with(
            thread(9, "timer-1", reactor + ".tick:1"),
            madeByClient(reactor, "Part.get", second, deed));
  }

  private static final StackTraceElement ELSEWHERE = frame("com.acme.FeedTest.writes:30");

  @Test
  void whatALibraryHasOfOthersIsOneWithIt() {
    Finding finding = client(CALLER, Maker.Deed.USES_PART).finding();

    assertThat(finding.title()).isEqualTo("Client, not ended: 3 threads");
    assertThat(finding.fix())
        .startsWith("call Client.close() (Client.open() is called at FeedTest.java:20); if");
  }

  @Test
  void whatWasMadeWhenAnObjectWasUsedIsOfTheOnlyOneThatWasMade() {
    assertThat(client(ELSEWHERE, Maker.Deed.USES_PART).finding().threads()).hasSize(3);
    assertThat(client(ELSEWHERE, Maker.Deed.USES).finding().threads()).hasSize(3);
  }

  @Test
  void objectsThatWereMadeAtTwoPlacesAreTwo() {
    assertThat(client(ELSEWHERE, Maker.Deed.MAKES).findings())
        .extracting(Finding::title)
        .containsExactlyInAnyOrder("Client, not ended: 2 threads", "Client, not ended: 1 thread");
  }

  @Test
  void idOfALibrarysObjectIsTheSameHoweverManyOfItsThreadsThereAre() {
    String netty = "org.example.shaded.io.netty.util.concurrent.SingleThreadEventExecutor";
    Scene more =
        client(ELSEWHERE, Maker.Deed.USES_PART)
            .with(
                thread(6, "boss-1-1", netty + ".boss:1"),
                madeByClient(netty, "Client.open", CALLER, Maker.Deed.MAKES));

    assertThat(more.finding().fingerprint())
        .isEqualTo(client(ELSEWHERE, Maker.Deed.USES_PART).finding().fingerprint());
  }

  @Test
  void ownersCallThatAThreadIsInIsNotAdvised() {
    Scene scene =
        feed()
            .code(
                new Evidence.Code(
                    Set.of(),
                    Map.of("com.acme.Feed.close", thread(8, "closer", "com.acme.Feed.close:40")),
                    Map.of()));

    assertThat(scene.finding().title()).startsWith("Feed, closed and not ended: ");
    assertThat(scene.finding().fix()).startsWith("Feed.close() was called and has not returned: ");
    assertThat(scene.finding().fact("called"))
        .hasValueSatisfying(
            called -> assertThat(called).startsWith("Feed.close(), and thread \"closer\" is"));
  }

  /** An object of the user's has a library start a thread. */
  private static Scene executorMadeIn(String method) {
    StackTraceElement made = frame("com.acme.Feed." + method + ":5");
    Maker maker = new Maker(made, CALLER, CALLER, "com.acme.Feed", "stop", false, Maker.Deed.MAKES);
    return new Scene()
        .with(
            new ExecutorRecord(POOL + "@1", POOL, List.of(), null, null),
            new Origin.Known(List.of(made, CALLER), "main", Scene.SCOPE, false, maker));
  }

  @Test
  void whatNoFieldLeadsToMayHaveBeenReplacedBeforeItsOwnerStopped() {
    String replaced =
        "; if that was done, a later open() may have put another in its place: have that end what is"
            + " there first";

    assertThat(executorMadeIn("open").finding().fix())
        .isEqualTo(
            "see that Feed.stop() ends it (it made the executor at Feed.java:5), and that it is"
                + " called: Feed.open() is called at FeedTest.java:20"
                + replaced);
    assertThat(executorMadeIn("<init>").finding().fix()).doesNotContain("if that was done");
    assertThat(
            executorMadeIn("open")
                .heldBy(new Holder("field FeedTest.feed.pool", null, "com.acme.Feed"))
                .finding()
                .fix())
        .startsWith("see that Feed.stop() ends it")
        .doesNotContain("if that was done");
  }

  private static String fixOfThread(String started, String runs) {
    StackTraceElement owner = frame("com.acme.Feed.<init>:4");
    Maker maker =
        new Maker(owner, CALLER, CALLER, "com.acme.Feed", "close", false, Maker.Deed.MAKES);
    List<StackTraceElement> made = List.of(frame(started), owner, CALLER);
    return new Scene()
        .with(thread(7, "runner", runs), new Origin.Known(made, "main", Scene.SCOPE, false, maker))
        .code(new Evidence.Code(Set.of("org.example.lib.Runner"), Map.of(), Map.of()))
        .finding()
        .fix();
  }

  @Test
  void threadOfALibrarysThatTheUsersObjectHasIsNotTheUsersToInterrupt() {
    assertThat(fixOfThread("org.example.lib.Runner.start:9", "org.example.lib.Runner.loop:12"))
        .startsWith("see that Feed.close() ends it (it started the thread at Feed.java:4), and");
  }

  @Test
  void threadThatRunsTheUsersCodeOrThatTheUserStartedIsToBeInterrupted() {
    assertThat(fixOfThread("org.example.lib.Runner.start:9", "com.acme.Feed.poll:12"))
        .startsWith("when Feed stops, in its close() ");
    assertThat(fixOfThread("com.acme.Feed.start:9", "org.example.lib.Runner.loop:12"))
        .startsWith("when Feed stops, in its close() ");
  }

  @Test
  void whatALibraryRegisteredIsEndedByItsOwnCall() {
    assertThat(OwnerWords.ofLibrarys(made(true)))
        .startsWith("call Feed.close() (")
        .endsWith("; if that was done, or new Feed() threw, this is the library's own leak");
    assertThat(OwnerWords.ofLibrarys(made(false))).isNull();
    assertThat(OwnerWords.ofLibrarys(Origin.Unknown.NOT_RECORDED)).isNull();
  }

  @Test
  void threadThatATestLeftToItsClassIsNotSaidToBeStopped() {
    assertThat(feed().leftBy(7, "FeedTest.reads()").finding().title())
        .startsWith("Feed, not ended: ");
  }

  @Test
  void workerThatATestLeftToItsClassWasStopped() {
    Scene scene =
        new Scene()
            .with(
                thread(7, "feed-reader", "com.acme.Feed.read:30").inExecutor(POOL + "@1"),
                made(false))
            .with(new ExecutorRecord(POOL + "@1", POOL, List.of(7L), null, null))
            .with(thread(8, "feed-writer", "com.acme.Feed.write:30"), made(false))
            .with(new Hook(made(false)))
            .leftBy(7, "FeedTest.reads()");

    assertThat(scene.finding().title()).startsWith("Feed, closed and not ended: ");
  }

  /** Its pool is a library's, of which nothing tells whether it was shut down. */
  @Test
  void workerThatNobodyKnowsWasStoppedIsNotSaidToBe() {
    String pool = "org.example.Ordered";
    Scene scene =
        new Scene()
            .with(thread(7, "worker", pool + "$Worker.run:30").inExecutor(pool + "@1"))
            .with(new ExecutorRecord(pool + "@1", pool, List.of(7L), null, null))
            .leftOnItsOwnBy(7, "FeedTest.reads()");

    assertThat(scene.finding().title()).isEqualTo("Ordered@1, not terminated");
    assertThat(scene.finding().fact("executor")).isEmpty();
    assertThat(scene.finding().fix()).doesNotContain("told to stop already");
  }

  @Test
  void executorWithoutAThreadIsNotSaidToKeepSome() {
    ExecutorRecord.State open = ExecutorRecord.State.of(false, false);
    ExecutorRecord idle = new ExecutorRecord(POOL + "@1", POOL, List.of(), open, null);
    Scene busy =
        new Scene()
            .with(thread(7, "worker").inExecutor(POOL + "@1"))
            .with(new ExecutorRecord(POOL + "@1", POOL, List.of(7L), open, null));

    assertThat(new Scene().with(idle).finding().fact("why"))
        .hasValue("isShutdown() is false: it has no thread now, and the next task may start one");
    assertThat(busy.finding().fact("why"))
        .hasValue(
            "isShutdown() is false: it keeps its threads, and what they refer to, until shutdown()");
  }

  @Test
  void libraryWhoseExecutorWasShutDownIsNotAdvisedToBeStopped() {
    ExecutorRecord.State shutDown = ExecutorRecord.State.of(true, false);
    Scene scene =
        new Scene()
            .with(
                thread(7, "HikariPool-1 connection adder", "com.zaxxer.hikari.pool.PoolBase.open:1")
                    .inExecutor(POOL + "@1"))
            .with(new ExecutorRecord(POOL + "@1", POOL, List.of(7L), shutDown, null));

    assertThat(scene.finding().title())
        .isEqualTo("HikariCP (HikariPool-1), stopped and not ended: 1 thread");
    assertThat(scene.finding().fact("executor"))
        .hasValueSatisfying(text -> assertThat(text).contains("was shut down, but this task goes"));
    assertThat(scene.finding().fix())
        .isEqualTo(
            "it was told to stop already: have thread \"HikariPool-1 connection adder\" end, which"
                + " its executor's end waits for");
  }

  @Test
  void stoppedExecutorThatWaitsForWhatWasScheduledIsToDropThat() {
    String pool = "java.util.concurrent.ScheduledThreadPoolExecutor";
    ExecutorRecord.State shutDown = ExecutorRecord.State.of(true, false);
    Scene scene =
        new Scene()
            .with(
                thread(
                        7,
                        "pool-1-thread-1",
                        pool + "$DelayedWorkQueue.take:1",
                        POOL + ".getTask:1",
                        POOL + ".runWorker:1",
                        POOL + "$Worker.run:1")
                    .inExecutor(pool + "@1"),
                madeByLibrary(null, frame("org.example.Futures.withTimeout:1")))
            .with(new ExecutorRecord(pool + "@1", pool, List.of(7L), shutDown, null));

    assertThat(scene.finding().fix())
        .isEqualTo(
            "it was told to stop already: call shutdownNow(), or cancel what was scheduled with a"
                + " delay before shutdown()");
  }

  /** A consumer of a library's, such as a logging appender's: its code is not the user's. */
  @Test
  void consumerThatALibraryStartedIsToBeStoppedByTheLibrary() {
    Origin.Known made =
        madeByLibrary(
            null,
            frame("org.example.Appender.start:1"),
            frame("org.example.Configurator.configure:1"));
    String take = "java.util.concurrent.ArrayBlockingQueue.take:1";
    Scene scene = new Scene().with(thread(7, "worker", take, "org.example.Worker.run:1"), made);

    assertThat(scene.finding().kind()).isEqualTo(LeakKind.STUCK_ON_QUEUE);
    assertThat(scene.finding().fix())
        .isEqualTo(
            "stop what Configurator.configure() made at FeedTest.java:20; if that was done or"
                + " cannot be, this is the library's own leak");
  }

  @Test
  void threadThatRunsALibrarysCodeAloneIsNotAdvisedToBeKept() {
    String worker = "org.example.Worker.run:1";
    Evidence.Code known = new Evidence.Code(Set.of("org.example.Worker"), Map.of(), Map.of());
    for (String wait :
        List.of(
            "java.util.concurrent.ArrayBlockingQueue.take:1",
            "java.util.concurrent.ArrayBlockingQueue.put:1",
            "java.util.concurrent.CountDownLatch.await:1")) {
      ThreadRecord waits = thread(7, "worker", wait, worker);

      assertThat(new Scene().with(waits).code(known).finding().fix())
          .isEqualTo("close or stop what it works for: its code is a library's (Worker)");
      assertThat(new Scene().with(waits).finding().fix()).doesNotContain("library");
    }
  }

  /** What is named of another library, and so much that it says nothing, is not worth a word. */
  @Test
  void callsThatTheTestCouldMakeAreNamedWhereNobodySawWhoStartedIt() {
    ThreadRecord waits =
        thread(
            7, "worker", "java.util.concurrent.CountDownLatch.await:1", "org.example.Worker.run:1");

    assertThat(fixOf(waits, Map.of("org.example.Server", "stop", "org.other.Client", "close")))
        .isEqualTo(
            "close or stop what it works for: its code is a library's (Worker); what the test's code"
                + " names of that library ends by Server.stop()");
    assertThat(fixOf(waits, Map.of("org.example.A", "close", "org.example.B", "stop")))
        .endsWith(" ends by A.close() or B.stop()");
    assertThat(fixOf(waits, Map.of("org.other.Client", "close"))).endsWith("(Worker)");
    assertThat(
            fixOf(
                waits,
                Map.of(
                    "org.example.A", "close",
                    "org.example.B", "close",
                    "org.example.C", "close",
                    "org.example.D", "close")))
        .endsWith("(Worker)");
  }

  private static String fixOf(ThreadRecord thread, Map<String, String> stops) {
    Evidence.Code known = new Evidence.Code(Set.of("org.example.Worker"), Map.of(), stops);
    return new Scene().with(thread).code(known).finding().fix();
  }

  @Test
  void futureOfATaskThatALibraryGaveIsNotAdvisedToBeAsked() {
    Origin.Known given = madeByLibrary(null, frame("org.example.Client.send:1"));

    assertThat(OwnerWords.ofFailed(given, "get() it"))
        .isEqualTo(
            "see that it can succeed (Client.send() is called at FeedTest.java:20), or catch it in"
                + " the task if that is your own code: the library which gave the task has its"
                + " Future");
    assertThat(OwnerWords.ofFailed(made(false), "get() it")).isEqualTo("get() it");
  }

  @Test
  void lineOfALibraryIsNotAdvisedToBeChanged() {
    String get = "java.util.concurrent.FutureTask.get:1";
    String library = "org.example.Response.get:2";
    String user = "com.acme.Poller.run:3";
    Evidence.Code known = new Evidence.Code(Set.of("org.example.Response"), Map.of(), Map.of());
    Scene direct = new Scene().with(thread(7, "poller", get, user)).code(known);
    Scene within = new Scene().with(thread(7, "poller", get, library, user)).code(known);

    assertThat(direct.finding().fix())
        .contains("or give get() at com.acme.Poller.run(Poller.java:3) a time limit");
    assertThat(within.finding().fix())
        .doesNotContain("Response", "a time limit")
        .startsWith("see that the task is run or cancel() it; or, where its owner stops, ");
  }

  private static Scene jetty(String field) {
    String jetty = "org.eclipse.jetty.util.thread.";
    return new Scene()
        .onThePlainTier()
        .with(new ExecutorRecord(POOL + "@1", POOL, List.of(), null, null))
        .heldBy(new Holder(field + "._scheduler.scheduler", null, jetty + "Scheduler"))
        .with(thread(7, "qtp12-32", jetty + "QueuedThreadPool$Runner.run:1158"))
        .threadHeldBy(new Holder("field JettyTest.server._threads[4]", null, jetty + "Pool"));
  }

  @Test
  void withoutAnAgentWhatOneFieldLeadsToIsOfOneInstance() {
    Finding finding = jetty("field JettyTest.server").finding();

    assertThat(finding.title()).isEqualTo("Jetty (qtp12), not ended: 1 executor and 1 thread");
    assertThat(finding.fix()).startsWith("call Server.stop()");
  }

  @Test
  void withoutAnAgentWhatAnotherFieldLeadsToIsAnother() {
    assertThat(jetty("field JettyTest.client").findings())
        .extracting(Finding::title)
        .containsExactlyInAnyOrder(
            "Jetty, not ended: 1 executor", "Jetty (qtp12), not ended: 1 thread");
  }

  private static final Holder.Owner SERVICE =
      new Holder.Owner("field OrderTest.service", "com.acme.Service", "stop", false);

  private static Scene heldByService(Holder.Owner ofThread) {
    return new Scene()
        .onThePlainTier()
        .with(new ExecutorRecord(POOL + "@1", POOL, List.of(), null, null))
        .heldBy(new Holder(SERVICE.path() + ".pool", SERVICE, SERVICE.type()))
        .with(new ExecutorRecord(POOL + "@2", POOL, List.of(), null, null))
        .heldBy(new Holder(SERVICE.path() + ".client.pool", SERVICE, "com.acme.Client"))
        .with(thread(7, "poller", "com.acme.Service.poll:5"))
        .threadHeldBy(new Holder(ofThread.path() + ".poller", ofThread, ofThread.type()));
  }

  @Test
  void whatOneOwnerLeadsToIsOne() {
    Finding finding = heldByService(SERVICE).finding();

    assertThat(finding.title())
        .isEqualTo("Service in field OrderTest.service, not ended: 2 executors and 1 thread");
    assertThat(finding.fix())
        .startsWith("call stop() on field OrderTest.service (Service)")
        .endsWith(", and let its stop() end all of that");
  }

  @Test
  void whatTwoOwnersLeadToIsTwo() {
    Holder.Owner other =
        new Holder.Owner("field OrderTest.other", "com.acme.Service", "stop", false);

    assertThat(heldByService(other).findings())
        .extracting(Finding::title)
        .containsExactlyInAnyOrder(
            "Service in field OrderTest.service, not ended: 2 executors",
            "Service in field OrderTest.other, not ended: 1 thread");
  }

  @Test
  void whatIsAcceptedOfAnOwnersIsToldApart() {
    assertThat(
            heldByService(SERVICE)
                .accepting(
                    finding -> finding.executors().isEmpty() && finding.threads().size() == 1)
                .findings())
        .extracting(Finding::title)
        .containsExactlyInAnyOrder(
            "Service in field OrderTest.service, not ended: 2 executors",
            "Service in field OrderTest.service, not ended: 1 thread");
  }

  private static Scene httpServer(Origin.Known made) {
    return new Scene()
        .with(thread(7, "HTTP-Dispatcher"), made)
        .with(Scene.timer("server-timer"), made);
  }

  @Test
  void serviceOfTheJdkIsEndedByTheLibrarysObjectThatMadeIt() {
    Finding finding =
        httpServer(madeByLibrary("close", frame("org.example.Exporter.<init>:5"))).finding();

    assertThat(finding.title()).isEqualTo("Exporter, not ended: 2 threads");
    assertThat(finding.fix())
        .isEqualTo(
            "call Exporter.close() (the Exporter is made at FeedTest.java:20); if that was done, or"
                + " new Exporter() threw, this is the library's own leak");
  }

  @Test
  void serviceOfTheJdkIsEndedByItsOwnCallWhereNothingElseWouldDoThat() {
    Finding byLibrary =
        httpServer(madeByLibrary(null, frame("org.example.Exporters.start:5"))).finding();
    Finding plain =
        httpServer(madeByLibrary("close", frame("org.example.Exporter.<init>:5")))
            .onThePlainTier()
            .finding();

    assertThat(byLibrary.fix()).startsWith("stop what Exporters.start() made at FeedTest.java:20");
    assertThat(plain.fix()).startsWith("call HttpServer.stop(0)");
  }

  @Test
  void timerOfALibraryIsEndedByTheObjectThatMadeIt() {
    StackTraceElement made = frame("org.example.Exporter.<init>:5");

    assertThat(new Scene().with(Scene.timer("ticks"), madeByLibrary("close", made)).finding().fix())
        .startsWith("call Exporter.close() (the Exporter is made at FeedTest.java:20)");
    assertThat(new Scene().with(Scene.timer("ticks"), made(false)).finding().fix())
        .startsWith("call Timer.cancel() when Feed stops, in its close()");
  }

  @Test
  void constructorThatThrewIsToldOfAlsoWhereTheLibraryIsKnown() {
    StackTraceElement pool = frame("com.zaxxer.hikari.pool.HikariPool.<init>:61");
    ThreadRecord keeper = thread(7, "HikariPool-1 housekeeper", "com.zaxxer.hikari.Keeper.run:1");
    Origin.Known made =
        madeByLibrary("close", pool, frame("com.zaxxer.hikari.HikariDataSource.<init>:78"));
    Origin.Known used =
        madeByLibrary("close", pool, frame("com.zaxxer.hikari.HikariDataSource.getConnection:98"));

    assertThat(new Scene().with(keeper, made).finding().fix())
        .endsWith(
            "; if that was done, or new HikariDataSource() threw, this is the library's own leak");
    assertThat(new Scene().with(keeper, used).finding().fix())
        .endsWith("; if that was done, this is the library's own leak");
  }

  /** To stop the library once more would not end it. */
  @Test
  void codeOfTheUsersThatStillRunsInALibrarysThreadIsNamed() {
    Origin.Known made =
        madeByLibrary(
            "close",
            frame("com.zaxxer.hikari.pool.HikariPool.<init>:61"),
            frame("com.zaxxer.hikari.HikariDataSource.getConnection:98"));
    ThreadRecord keeper =
        thread(
            7,
            "HikariPool-1 housekeeper",
            "com.acme.orders.Check.run:7",
            "com.zaxxer.hikari.Keeper.run:1");

    assertThat(new Scene().with(keeper, made).finding().fix())
        .endsWith(
            "; if that was done, have Check.run() end, which still runs there (Check.java:7)");
  }
}
