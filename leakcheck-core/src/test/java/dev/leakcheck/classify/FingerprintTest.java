package dev.leakcheck.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.ThreadRecord;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The id of a cause is the same in every run, and another for another cause. */
class FingerprintTest {

  private static final String POOL = Scene.POOL + "@1f";

  private static StackTraceElement frame(String type, String method, int line) {
    return new StackTraceElement(type, method, "X.java", line);
  }

  private static String ofThread(String name, StackTraceElement... frames) {
    return of(thread(7, name, frames)).fingerprint();
  }

  private static ThreadRecord thread(long id, String name, StackTraceElement... frames) {
    return Scene.waiting(id, name, false, ThreadRecord.PLAIN_TYPE, List.of(frames));
  }

  private static Finding of(ThreadRecord thread) {
    return new Scene().in("").with(thread).finding();
  }

  private static String ofExecutor(String hash, String worker, StackTraceElement... frames) {
    return pool("", Scene.POOL + "@" + hash, null, thread(7, worker, frames))
        .finding()
        .fingerprint();
  }

  private static Scene pool(
      String scope, String id, @Nullable Origin origin, ThreadRecord... workers) {
    Scene scene = new Scene().in(scope);
    for (ThreadRecord worker : workers) {
      scene.with(worker.inExecutor(id));
    }
    List<Long> ids = Arrays.stream(workers).map(ThreadRecord::id).toList();
    ExecutorRecord executor = new ExecutorRecord(id, Scene.POOL, ids, null, null);
    return origin == null ? scene.with(executor) : scene.with(executor, origin);
  }

  private static String ofQueue(String where, int identity, int size) {
    return new Scene()
        .in("")
        .leftover(Scene.queue(identity, where, size, Integer.MAX_VALUE))
        .finding()
        .fingerprint();
  }

  @Test
  void isTheSameForAnExecutorThatWasCollected() {
    List<String> names = List.of("pool-3-thread-1", "orders-1");
    ExecutorRecord live = new ExecutorRecord(POOL, Scene.POOL, List.of(), null, null);
    ExecutorRecord collected = ExecutorRecord.collected(POOL, Scene.POOL);

    assertThat(of(live.workedOnBy(names)))
        .isEqualTo(of(collected.workedOnBy(names)))
        .isEqualTo(
            pool("", POOL, null, thread(7, "orders-1"), thread(8, "pool-3-thread-1"))
                .finding()
                .fingerprint())
        .isNotEqualTo(of(collected));
  }

  @Test
  void isTheSameForVirtualThreadsThatWereCollectedWithTheirExecutor() {
    String type = "java.util.concurrent.ThreadPerTaskExecutor";
    String id = type + "@1f";
    ExecutorRecord live = new ExecutorRecord(id, type, List.of(7L), null, null);
    ThreadRecord task =
        new ThreadRecord(
            7,
            "",
            true,
            true,
            Thread.State.WAITING,
            "java.lang.VirtualThread",
            "VirtualThreads",
            List.of(frame("com.acme.Poller", "run", 7)),
            null,
            null);

    assertThat(new Scene().in("").with(task.inExecutor(id)).with(live).finding().fingerprint())
        .isEqualTo(of(ExecutorRecord.collected(id, type).workedOnBy(List.of(""))));
  }

  private static String of(ExecutorRecord executor) {
    return new Scene().in("").with(executor).finding().fingerprint();
  }

  @Test
  void isSixteenHexDigits() {
    assertThat(ofThread("poller", frame("com.acme.Poller", "run", 7))).matches("[0-9a-f]{16}");
  }

  @Test
  void isTheSameAfterALineWasInserted() {
    assertThat(ofThread("poller", frame("com.acme.Poller", "run", 7)))
        .isEqualTo(ofThread("poller", frame("com.acme.Poller", "run", 8)));
  }

  @Test
  void isTheSameWhateverTheThreadsNumber() {
    assertThat(ofThread("poller-1", frame("com.acme.Poller", "run", 7)))
        .isEqualTo(ofThread("poller-42", frame("com.acme.Poller", "run", 7)));
  }

  @Test
  void isTheSameWhateverTheLambdasNumber() {
    assertThat(
            ofThread(
                "poller",
                frame("com.acme.Poller", "lambda$start$0", 7),
                frame("com.acme.Poller$$Lambda$14/0x0000000800c03000", "run", -1)))
        .isEqualTo(
            ofThread(
                "poller",
                frame("com.acme.Poller", "lambda$start$3", 7),
                frame("com.acme.Poller$$Lambda/0x000074d1f8001200", "run", -1)));
  }

  @Test
  void isTheSameWhateverTheJdksFrames() {
    assertThat(
            ofThread(
                "poller",
                frame("java.util.concurrent.locks.LockSupport", "park", 1),
                frame("com.acme.Poller", "run", 7)))
        .isEqualTo(
            ofThread(
                "poller",
                frame("jdk.internal.misc.Unsafe", "park", -2),
                frame("java.util.concurrent.locks.LockSupport", "park", 9),
                frame("com.acme.Poller", "run", 7)));
  }

  @Test
  void isTheSameWhateverTheThreadsId() {
    assertThat(of(thread(7, "poller", frame("com.acme.Poller", "run", 7))).fingerprint())
        .isEqualTo(of(thread(8, "poller", frame("com.acme.Poller", "run", 7))).fingerprint());
  }

  @Test
  void isTheSameWhateverTheExecutorsHash() {
    assertThat(ofExecutor("1f", "pool-1-thread-1", frame("com.acme.Task", "run", 7)))
        .isEqualTo(ofExecutor("2e4a", "pool-9-thread-3", frame("com.acme.Task", "run", 9)));
  }

  @Test
  void isTheSameWhateverTheQueueHolds() {
    assertThat(ofQueue("field OrderTest.inbox", 1, 1))
        .isEqualTo(ofQueue("field OrderTest.inbox", 2, 5));
  }

  @Test
  void isTheSameWhateverTheTrackedQueuesHash() {
    assertThat(ofQueue("tracked java.util.concurrent.LinkedBlockingQueue@1f", 1, 1))
        .isEqualTo(ofQueue("tracked java.util.concurrent.LinkedBlockingQueue@2e4a", 2, 1));
  }

  @Test
  void differsByWhereTheThreadStands() {
    assertThat(ofThread("poller", frame("com.acme.Poller", "run", 7)))
        .isNotEqualTo(ofThread("poller", frame("com.acme.Poller", "stop", 7)))
        .isNotEqualTo(ofThread("poller", frame("com.acme.Writer", "run", 7)));
  }

  @Test
  void differsByTheThreadsName() {
    assertThat(ofThread("poller-1", frame("com.acme.Poller", "run", 7)))
        .isNotEqualTo(ofThread("writer-1", frame("com.acme.Poller", "run", 7)));
  }

  @Test
  void differsByTheExecutorsTask() {
    assertThat(ofExecutor("1f", "pool-1-thread-1", frame("com.acme.Task", "run", 7)))
        .isNotEqualTo(ofExecutor("1f", "pool-1-thread-1", frame("com.acme.Other", "run", 7)));
  }

  @Test
  void differsByTheQueuesField() {
    assertThat(ofQueue("field OrderTest.inbox", 1, 1))
        .isNotEqualTo(ofQueue("field OrderTest.outbox", 1, 1));
  }

  @Test
  void differsByTheKind() {
    assertThat(of(Scene.timer("poller")).fingerprint()).isNotEqualTo(ofThread("poller"));
  }

  // What is generated, numbered or random

  @ParameterizedTest
  @CsvSource({
    "com.acme.Poller$1, com.acme.Poller$2",
    "com.acme.Poller$1Local, com.acme.Poller$2Local",
    "com.acme.Poller/0x0000000800c03000, com.acme.Poller/0x000074d1f8001200",
    "com.acme.$Proxy12, com.acme.$Proxy7",
    "com.acme.Poller$$EnhancerBySpringCGLIB$$1f2e3d4c, com.acme.Poller$$EnhancerBySpringCGLIB$$ab12cd34",
    "com.acme.Poller$$EnhancerByCGLIB$$1f2e_2, com.acme.Poller$$EnhancerByCGLIB$$ab12",
    "com.acme.Poller$$FastClassByCGLIB$$1f2e, com.acme.Poller$$FastClassByCGLIB$$ab12",
    "com.acme.Poller$$SpringCGLIB$$0, com.acme.Poller$$SpringCGLIB$$1",
    "com.acme.Poller$ByteBuddy$nHk3xQaZ, com.acme.Poller$ByteBuddy$a1B2c3D4",
    "com.acme.Poller$MockitoMock$1234567890, com.acme.Poller$MockitoMock$987",
    "com.acme.Poller$HibernateProxy$nHk3xQaZ, com.acme.Poller$HibernateProxy$a1B2c3D4",
    "com.acme.Poller_$$_jvst1a2_0, com.acme.Poller_$$_jvst9f3_1",
    "com.acme.Poller$start$1, com.acme.Poller$start$2",
    "com.acme.Poller$$anonfun$start$1, com.acme.Poller$$anonfun$start$4",
    "com.acme.Poller$_start_closure1, com.acme.Poller$_start_closure2",
  })
  void isTheSameWhateverNumberAClassWasGiven(String one, String other) {
    assertThat(ofThread("poller", frame(one, "run", 7)))
        .isEqualTo(ofThread("poller", frame(other, "run", 7)));
  }

  @ParameterizedTest
  @CsvSource({
    "lambda$start$0, lambda$start$3",
    "lambda$0, lambda$4",
    "start$lambda$0, start$lambda$1",
    "start$lambda-0, start$lambda-1",
    "$anonfun$start$1, $anonfun$start$2",
    "access$000, access$100",
    "start$original$nHk3xQaZ, start$original$a1B2c3D4",
  })
  void isTheSameWhateverNumberAMethodWasGiven(String one, String other) {
    assertThat(ofThread("poller", frame("com.acme.Poller", one, 7)))
        .isEqualTo(ofThread("poller", frame("com.acme.Poller", other, 7)));
  }

  @ParameterizedTest
  @CsvSource({
    "pool-3-thread-7, pool-12-thread-1",
    "poller@6b2f, poller@1f2e3d4c",
    "poller-3f2504e0-4f89-41d3-9a0c-0305e82c3301, poller-11111111-2222-3333-4444-555555555555",
    "poller-3F2504E0-4F89-41D3-9A0C-0305E82C3301, poller-ABCDEF12-2222-3333-4444-5555555555AB",
    "http-nio-8080-exec-1, http-nio-49152-exec-12",
    "session 1a2b3c, session 9f8e7d",
    "job-2026-03-01T10:00, job-2027-12-24T09:59",
  })
  void isTheSameWhateverNumberOrIdAThreadsNameHolds(String one, String other) {
    assertThat(ofThread(one, frame("com.acme.Poller", "run", 7)))
        .isEqualTo(ofThread(other, frame("com.acme.Poller", "run", 7)));
  }

  @ParameterizedTest
  @CsvSource({
    "com.acme.Http1Client, com.acme.Http2Client",
    "com.acme.v1.Client, com.acme.v2.Client",
    "com.acme.Base32, com.acme.Base64",
    "com.acme.Poller$First, com.acme.Poller$Second",
    "com.acme.Poller$ByteBuddy$nHk3xQaZ, com.acme.Writer$ByteBuddy$nHk3xQaZ",
  })
  void differsByNumbersThatSomebodyChose(String one, String other) {
    assertThat(ofThread("poller", frame(one, "run", 7)))
        .isNotEqualTo(ofThread("poller", frame(other, "run", 7)));
  }

  @ParameterizedTest
  @CsvSource({"lambda$http1$0, lambda$http2$0", "read1, read2", "start, stop"})
  void differsByTheMethod(String one, String other) {
    assertThat(ofThread("poller", frame("com.acme.Poller", one, 7)))
        .isNotEqualTo(ofThread("poller", frame("com.acme.Poller", other, 7)));
  }

  // What a thread is doing

  @Test
  void isTheSameWhateverAThreadThatMovesIsDoingJustNow() {
    StackTraceElement run = frame("com.acme.Poller", "run", 7);
    assertThat(ofMoving(frame("com.acme.Feed", "read", 1), run))
        .isEqualTo(
            ofMoving(frame("com.acme.Feed", "parse", 2), frame("com.acme.Feed", "x", 3), run))
        .isEqualTo(ofMoving(run))
        .isNotEqualTo(ofMoving(frame("com.acme.Writer", "run", 7)));
  }

  private static String ofMoving(StackTraceElement... frames) {
    return of(new ThreadRecord(
            7,
            "poller",
            false,
            false,
            Thread.State.RUNNABLE,
            ThreadRecord.PLAIN_TYPE,
            "main",
            Arrays.asList(frames),
            null,
            null))
        .fingerprint();
  }

  @Test
  void isTheSameWhicheverWorkerIsLookedAtFirst() {
    ThreadRecord idle = thread(7, "pool-1-thread-1");
    ThreadRecord busy = thread(8, "pool-1-thread-2", frame("com.acme.Task", "run", 7));

    assertThat(ofPool(idle, busy)).isEqualTo(ofPool(busy, idle)).isNotEqualTo(ofPool(idle));
  }

  private static String ofPool(ThreadRecord... workers) {
    return pool("", POOL, null, workers).finding().fingerprint();
  }

  // Who created it

  private static Finding idlePool(String scope, StackTraceElement... created) {
    Origin origin =
        created.length == 0 ? null : new Origin.Known(List.of(created), "main", scope, false);
    return pool(scope, POOL, origin, thread(7, "pool-1-thread-1")).finding();
  }

  @Test
  void leaksOfDifferentCreatorsDiffer() {
    Finding orders = idlePool("OrderTest.places()", frame("com.acme.Orders", "<init>", 7));
    Finding prices = idlePool("OrderTest.places()", frame("com.acme.Prices", "<init>", 7));

    assertThat(orders.fingerprint()).isNotEqualTo(prices.fingerprint());
    assertThat(orders.plainFingerprint()).isEqualTo(prices.plainFingerprint());
  }

  @Test
  void creatorsOfOneClassDifferByTheMethod() {
    assertThat(idlePool("OrderTest.places()", frame("com.acme.Orders", "open", 7)).fingerprint())
        .isNotEqualTo(
            idlePool("OrderTest.places()", frame("com.acme.Orders", "reopen", 7)).fingerprint());
  }

  @Test
  void leakOfOneCreatorIsTheSameWhicheverTestRunsIntoIt() {
    StackTraceElement jdk = frame("java.util.concurrent.Executors", "newFixedThreadPool", 93);
    StackTraceElement creator = frame("com.acme.Orders", "<init>", 7);

    assertThat(
            idlePool("OrderTest.places()", jdk, creator, frame("com.acme.OrderTest", "places", 1))
                .fingerprint())
        .isEqualTo(
            idlePool("ShopTest.sells()", creator, frame("com.acme.Shop", "<init>", 3))
                .fingerprint());
  }

  @Test
  void withoutAnAgentTheTestClassTellsPoolsOfWhichNothingElseIsKnown() {
    assertThat(idlePool("OrderTest.places()").fingerprint())
        .isEqualTo(idlePool("OrderTest.cancels() [2] 7 pieces").fingerprint())
        .isEqualTo(idlePool("OrderTest").fingerprint())
        .isNotEqualTo(idlePool("PriceTest.polls()").fingerprint());
  }

  private static String inRun(ThreadRecord worker, String... tests) {
    return pool("this run", POOL, null, worker).madeWhile(7, tests).finding().fingerprint();
  }

  @Test
  void runTellsAPoolAsItsTestWouldWhereItsFirstThreadTellsTheTest() {
    ThreadRecord first = thread(7, "pool-3-thread-1");

    assertThat(inRun(first, "OrderTest.places()"))
        .isEqualTo(inRun(first, "OrderTest.cancels()", "OrderTest.places() [2] 7 pieces"))
        .isEqualTo(pool("OrderTest.places()", POOL, null, first).finding().fingerprint())
        .isNotEqualTo(inRun(first, "PriceTest.polls()"));
  }

  @Test
  void runTellsAPoolAsItsOwnWhereTheTestIsNotKnown() {
    ThreadRecord first = thread(7, "pool-3-thread-1");
    ThreadRecord second = thread(7, "pool-3-thread-2");
    String unknown = pool("this run", POOL, null, first).finding().fingerprint();

    assertThat(inRun(second, "OrderTest.places()")).isEqualTo(unknown);
    assertThat(inRun(first, "OrderTest.places()", "PriceTest.polls()")).isEqualTo(unknown);
  }

  @Test
  void threadsWithoutNamesAreOneLeakForEachTestClass() {
    List<Finding> findings =
        new Scene()
            .in("this run")
            .with(thread(7, "Thread-1"))
            .madeWhile(7, "OrderTest.places()")
            .with(thread(8, "Thread-2"))
            .madeWhile(8, "OrderTest.cancels()")
            .with(thread(9, "Thread-3"))
            .madeWhile(9, "PriceTest.polls()")
            .findings();

    assertThat(findings)
        .extracting(Finding::fingerprint)
        .containsExactlyInAnyOrder(
            new Scene().in("OrderTest").with(thread(7, "Thread-1")).finding().fingerprint(),
            new Scene().in("PriceTest").with(thread(9, "Thread-3")).finding().fingerprint());
  }

  @Test
  void withoutAnAgentIsWhatTheAgentSaysItWouldBe() {
    assertThat(idlePool("OrderTest.places()").fingerprint())
        .isEqualTo(
            idlePool("OrderTest.places()", frame("com.acme.Orders", "<init>", 7))
                .plainFingerprint());
  }

  @Test
  void testClassDoesNotMatterWhereSomethingElseIsKnown() {
    ThreadRecord named = thread(7, "order-1");

    assertThat(pool("OrderTest.places()", POOL, null, named).finding().fingerprint())
        .isEqualTo(pool("PriceTest.polls()", POOL, null, named).finding().fingerprint());
  }

  /** They are in people's baselines: whoever changes one breaks those. */
  @Test
  void isWhatItWasInEarlierVersions() {
    assertThat(ofThread("poller-1", frame("com.acme.Poller", "lambda$start$0", 7)))
        .isEqualTo("0d5f97e00eb60898");
    assertThat(ofExecutor("1f", "pool-1-thread-1", frame("com.acme.Task", "run", 7)))
        .isEqualTo("97b163ebe1e57f88");
    assertThat(ofQueue("field OrderTest.inbox", 1, 1)).isEqualTo("8b8ea6e2aa7d461b");
    assertThat(idlePool("OrderTest.places()", frame("com.acme.Orders", "<init>", 7)).fingerprint())
        .isEqualTo("777815a8a2e45c21");
    assertThat(idlePool("OrderTest.places()").fingerprint()).isEqualTo("e0ab58f404f123bb");
  }
}
