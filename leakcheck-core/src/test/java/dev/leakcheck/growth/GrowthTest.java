package dev.leakcheck.growth;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.leakcheck.Golden;
import dev.leakcheck.GrowthOptions;
import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.Scopes;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.engine.Settling;
import dev.leakcheck.integration.TestScopes;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class GrowthTest {

  private static final int WARM_UP = 2;

  @AutoClose private final Planted planted = new Planted();

  private static Findings growth(GrowthOptions options, LeakCheck.Body body) {
    try {
      return LeakCheck.growth(options, body);
    } catch (Throwable failure) {
      throw new AssertionError(failure);
    }
  }

  /** What grows right now. */
  private static Findings atOnce(int repetitions, LeakCheck.Body body) {
    return growth(GrowthOptions.of(repetitions).with(Scopes.AT_ONCE), body);
  }

  /** What grows after as long as it takes. */
  private static Findings patiently(int repetitions, LeakCheck.Body body) {
    return growth(GrowthOptions.of(repetitions).with(Scopes.PATIENT), body);
  }

  private static GrowthOptions named(int repetitions) {
    return GrowthOptions.of(repetitions)
        .with(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
  }

  private static String message(GrowthOptions options, LeakCheck.Body body) {
    Throwable failure = catchThrowable(() -> LeakCheck.assertNoGrowth(options, body));
    assertThat(failure).isInstanceOf(LeakAssertionError.class);
    return Golden.normalise(failure.getMessage());
  }

  /** Has an executor run a task to its end. */
  private static void runTask(ExecutorService executor) throws Exception {
    executor.submit(() -> {}).get(30, TimeUnit.SECONDS);
  }

  // What grows

  @Test
  void threadWithEachRepetitionIsGrowth() {
    AtomicInteger number = new AtomicInteger();

    Finding finding = only(atOnce(12, () -> planted.thread("session-" + number.incrementAndGet())));

    assertThat(finding.kind()).isEqualTo(LeakKind.GROWTH);
    assertThat(finding.title()).isEqualTo("+1.0 thread per repetition, 12 after 12 repetitions");
    assertThat(finding.threads()).hasSize(12);
    assertThat(number).hasValue(12 + WARM_UP);
  }

  @Test
  void fewestRepetitionsAreEnoughForWhatEachOfThemLeaves() {
    assertThat(only(atOnce(5, () -> planted.thread("session"))).title())
        .isEqualTo("+1.0 thread per repetition, 5 after 5 repetitions");
  }

  @Test
  void threadWithEveryThirdRepetitionIsGrowth() {
    AtomicInteger number = new AtomicInteger();

    Finding finding =
        only(
            atOnce(
                12,
                () -> {
                  if (number.incrementAndGet() % 3 == 0) {
                    planted.thread("session");
                  }
                }));

    assertThat(finding.title()).isEqualTo("+0.3 threads per repetition, 4 after 12 repetitions");
  }

  @Test
  void virtualThreadWithEachRepetitionIsGrowth() {
    Jdk21.assume();

    Finding finding = only(atOnce(6, () -> planted.virtual("session")));

    assertThat(finding.title())
        .isEqualTo("+1.0 virtual thread per repetition, 6 after 6 repetitions");
  }

  @Test
  void threadsThatRunDifferentCodeAreTwoFindings() {
    assertThat(
            atOnce(
                6,
                () -> {
                  planted.thread("session");
                  planted.timer("price-poller");
                }))
        .hasKinds(LeakKind.GROWTH, LeakKind.GROWTH);
  }

  @Test
  void executorWithEachRepetitionIsGrowthTogetherWithItsWorkers() {
    Finding finding =
        only(
            atOnce(
                6,
                () -> {
                  ExecutorService pool = planted.executor(Executors.newFixedThreadPool(2));
                  runTask(pool);
                  runTask(pool);
                }));

    assertThat(finding.title()).isEqualTo("+1.0 executor per repetition, 6 after 6 repetitions");
    assertThat(finding.executors()).hasSize(6);
    assertThat(finding.threads()).hasSize(12);
  }

  @Test
  void taskThatStaysInAnOlderPoolIsGrowth() throws Exception {
    ExecutorService shared = planted.executor(Executors.newCachedThreadPool());
    runTask(shared);

    Finding finding = only(atOnce(6, () -> planted.occupy(shared, 1)));

    assertThat(finding.title()).isEqualTo("+1.0 thread per repetition, 6 after 6 repetitions");
  }

  @Test
  void taskThatStaysInAPoolOfTheWarmUpIsGrowth() {
    List<ExecutorService> shared = new ArrayList<>();

    Finding finding =
        only(
            atOnce(
                6,
                () -> {
                  if (shared.isEmpty()) {
                    shared.add(planted.executor(Executors.newCachedThreadPool()));
                  }
                  planted.occupy(shared.get(0), 1);
                }));

    assertThat(finding.title()).isEqualTo("+1.0 thread per repetition, 6 after 6 repetitions");
  }

  @Test
  void taskThatStaysInAnOlderExecutorOfVirtualThreadsIsGrowth() {
    Jdk21.assume();
    ExecutorService shared = planted.executor(Jdk21.virtualThreadPerTask());

    Finding finding = only(atOnce(6, () -> planted.occupy(shared, 1)));

    assertThat(finding.title())
        .isEqualTo("+1.0 virtual thread per repetition, 6 after 6 repetitions");
  }

  private static final class Mailbox {
    final BlockingQueue<Object> inbox = new LinkedBlockingQueue<>();
  }

  @Test
  void elementsOfAQueueInAWatchedFieldAreGrowth() {
    Mailbox mailbox = new Mailbox();
    mailbox.inbox.add("older");

    Finding finding =
        only(
            growth(
                GrowthOptions.of(6).with(Scopes.AT_ONCE).watch(mailbox),
                () -> {
                  mailbox.inbox.add("secret");
                  mailbox.inbox.add(1);
                  mailbox.inbox.take();
                  mailbox.inbox.add(2);
                }));

    assertThat(finding.title())
        .isEqualTo("+2.0 queued elements per repetition, 12 after 6 repetitions");
    assertThat(finding.facts().toString()).doesNotContain("secret");
  }

  @Test
  void elementsOfAQueueThatWasTrackedBeforeAreGrowth() {
    BlockingQueue<Object> queue = LeakCheck.track(new LinkedBlockingQueue<>());

    Finding finding = only(atOnce(6, () -> queue.add("order")));

    assertThat(finding.title())
        .isEqualTo("+1.0 queued element per repetition, 6 after 6 repetitions");
  }

  @Test
  void heapThatGrowsBeyondItsBoundIsGrowth() {
    List<byte[]> kept = new ArrayList<>();

    Finding finding =
        only(
            growth(
                GrowthOptions.of(12).with(Scopes.AT_ONCE).heap(200_000),
                () -> kept.add(new byte[1_000_000])));

    assertThat(finding.title()).matches("\\+[0-9,]+ bytes of live heap per repetition, .*");
    assertThat(kept).hasSize(12 + WARM_UP);
  }

  // What comes close

  @Test
  void nothingAtAllPasses() {
    assertThat(patiently(5, () -> {})).hasNoLeaks();
  }

  @Test
  void poolThatFillsUpAndStaysPasses() throws Exception {
    ExecutorService older = planted.executor(Executors.newFixedThreadPool(4));

    assertThat(patiently(12, inPools(older, 4))).hasNoLeaks();
  }

  /** Runs a task in an older pool, and one in a pool that the first repetition makes. */
  private LeakCheck.Body inPools(ExecutorService older, int threads) {
    List<ExecutorService> made = new ArrayList<>();
    return () -> {
      if (made.isEmpty()) {
        made.add(planted.executor(Executors.newFixedThreadPool(threads)));
      }
      runTask(older);
      runTask(made.get(0));
    };
  }

  @Test
  void poolsThatAreDroppedWithoutAThreadPass() {
    assertThat(patiently(6, () -> assertThat(Executors.newFixedThreadPool(2)).isNotNull()))
        .hasNoLeaks();
  }

  @Test
  void idleWorkersOfAWidePoolPassThoughThereIsOneMoreWithEachRepetition() throws Exception {
    ExecutorService older = planted.executor(Executors.newFixedThreadPool(100));
    runTask(older);

    assertThat(patiently(6, inPools(older, 100))).hasNoLeaks();
  }

  @Test
  void leakThatHappensOncePasses() {
    AtomicInteger number = new AtomicInteger();

    assertThat(
            patiently(
                12,
                () -> {
                  if (number.incrementAndGet() == 7) {
                    planted.thread("first of several");
                    planted.thread("second of several");
                  }
                }))
        .hasNoLeaks();
  }

  @Test
  void whatTheWarmUpLeavesPasses() {
    AtomicInteger number = new AtomicInteger();

    assertThat(
            growth(
                GrowthOptions.of(5).with(Scopes.PATIENT).warmUp(6),
                () -> {
                  if (number.incrementAndGet() <= 6) {
                    planted.thread("early");
                  }
                }))
        .hasNoLeaks();
    assertThat(number).hasValue(11);
  }

  @Test
  void threadsThatEndLatePass() {
    Thread checker = Thread.currentThread();

    assertThat(
            patiently(
                6,
                () ->
                    planted.thread(
                        "straggler",
                        () -> {
                          while (!Planted.hasFrame(checker, Settling.class, "pauseUntil")) {
                            Thread.sleep(1);
                          }
                        })))
        .hasNoLeaks();
  }

  @Test
  void tasksThatEndLateInAnOlderPoolPass() throws Exception {
    Thread checker = Thread.currentThread();
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService shared = planted.executor(Executors.newCachedThreadPool());
    runTask(shared);

    Findings findings =
        patiently(
            6,
            () ->
                shared.execute(
                    () -> {
                      while (!over.get()) {
                        if (Planted.hasFrame(checker, GrowthCheck.class, "lookUntilSettled")) {
                          over.set(true);
                        }
                        Thread.onSpinWait();
                      }
                    }));
    over.set(true);

    assertThat(findings).hasNoLeaks();
  }

  @Test
  void windowOfTheLastFewThreadsPasses() {
    Deque<CountDownLatch> ends = new ArrayDeque<>();
    Deque<Thread> threads = new ArrayDeque<>();

    assertThat(
            patiently(
                12,
                () -> {
                  CountDownLatch end = new CountDownLatch(1);
                  ends.add(end);
                  threads.add(planted.thread("connection", end::await));
                  if (ends.size() > 4) {
                    ends.remove().countDown();
                    Planted.awaitEnd(threads.remove());
                  }
                }))
        .hasNoLeaks();
  }

  @Test
  void queueThatFillsUpAndStaysPasses() {
    BlockingQueue<Object> recent = LeakCheck.track(new ArrayBlockingQueue<>(3));

    assertThat(
            patiently(
                12,
                () -> {
                  if (!recent.offer("order")) {
                    recent.take();
                    recent.add("order");
                  }
                }))
        .hasNoLeaks();
  }

  @Test
  void queueThatIsEmptiedNowAndThenPasses() {
    BlockingQueue<Object> batch = LeakCheck.track(new LinkedBlockingQueue<>());

    assertThat(
            patiently(
                12,
                () -> {
                  batch.add("order");
                  if (batch.size() == 5) {
                    batch.clear();
                  }
                }))
        .hasNoLeaks();
  }

  @Test
  void queueThatIsEmptiedLatePasses() {
    Thread checker = Thread.currentThread();
    BlockingQueue<Object> queue = LeakCheck.track(new LinkedBlockingQueue<>());
    planted.thread(
        "consumer",
        () -> {
          while (!Planted.hasFrame(checker, Settling.class, "pauseUntil")) {
            Thread.sleep(1);
          }
          queue.clear();
        });

    assertThat(patiently(6, () -> queue.add("order"))).hasNoLeaks();
  }

  @Test
  void heapOfACacheThatFillsUpPasses() {
    List<byte[]> cache = new ArrayList<>();

    assertThat(
            growth(
                GrowthOptions.of(18).with(Scopes.PATIENT).heap(200_000),
                () -> {
                  if (cache.size() < 5) {
                    cache.add(new byte[1_000_000]);
                  }
                }))
        .hasNoLeaks();
  }

  @Test
  void garbageIsNotGrowth() {
    assertThat(
            growth(
                GrowthOptions.of(9).with(Scopes.PATIENT).heap(200_000),
                () -> assertThat(new byte[2_000_000].length).isPositive()))
        .hasNoLeaks();
  }

  @Test
  void heapIsNotMeasuredUnlessABoundIsGiven() {
    List<byte[]> kept = new ArrayList<>();

    assertThat(patiently(9, () -> kept.add(new byte[1_000_000]))).hasNoLeaks();
  }

  // Around it

  @Test
  void whatTheBodyThrowsIsThrownAsItIs() {
    IOException failure = new IOException("no route");
    AtomicInteger number = new AtomicInteger();

    Throwable thrown =
        catchThrowable(
            () ->
                LeakCheck.assertNoGrowth(
                    5,
                    () -> {
                      if (number.incrementAndGet() == 4) {
                        throw failure;
                      }
                    }));

    assertThat(thrown).isSameAs(failure);
    assertThat(thrown.getSuppressed()).isEmpty();
    assertThat(number).hasValue(4);
  }

  @Test
  void whatGrowsIsNotReportedAgainByTheScopeAroundIt() {
    BlockingQueue<Object> first = new LinkedBlockingQueue<>();
    BlockingQueue<Object> second = new LinkedBlockingQueue<>();
    LeakScope around = Scopes.atOnce();
    LeakCheck.track(first);
    LeakCheck.track(second);

    assertThat(
            atOnce(
                6,
                () -> {
                  planted.thread("session");
                  runTask(planted.executor(Executors.newFixedThreadPool(1)));
                  first.add("order");
                  second.add("order");
                }))
        .hasKinds(LeakKind.GROWTH, LeakKind.GROWTH, LeakKind.GROWTH, LeakKind.GROWTH);
    List<Kind> left = around.findings().list().stream().map(Finding::kind).toList();

    // What the two repetitions that warm up left is no growth, and still left.
    assertThat(left)
        .containsOnly(LeakKind.UNCLOSED_EXECUTOR, LeakKind.STRAY_THREAD)
        .hasSize(WARM_UP + 1);
  }

  @Test
  void leakThatIsNoGrowthIsReportedByTheScopeAroundIt() {
    AtomicInteger number = new AtomicInteger();
    LeakScope around = Scopes.atOnce();

    assertThat(
            atOnce(
                5,
                () -> {
                  if (number.incrementAndGet() == 4) {
                    planted.thread("once");
                  }
                }))
        .hasNoLeaks();
    assertThat(around).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void growthThatIsAllowedPasses() {
    LeakCheckOptions allowing =
        Scopes.AT_ONCE.allow(
            Allowance.of(Set.of(LeakKind.GROWTH), "session-*", "", "dropped after an hour"));
    AtomicInteger number = new AtomicInteger();

    Findings findings =
        growth(
            GrowthOptions.of(5).with(allowing),
            () -> planted.thread("session-" + number.incrementAndGet()));

    assertThat(findings).hasNoLeaks();
    assertThat(findings.allowed()).hasSize(1);
  }

  @Test
  void verdictIsGivenUpWhereOthersRunAtTheSameTime() throws Throwable {
    Findings findings =
        TestScopes.atOnce()
            .growth(GrowthOptions.of(5), () -> true, () -> planted.thread("session"));

    assertThat(findings).hasNoLeaks();
    assertThat(findings.coverage().notes().toString()).contains("growth was not judged");
  }

  @Test
  void errorSaysWhatRepetitionsTake() {
    assertThatThrownBy(() -> LeakCheck.assertNoGrowth(4, () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("repetitions must be between 5 and 100000, but is 4");
    assertThatThrownBy(() -> GrowthOptions.of(5).warmUp(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("warmUp must be between 0 and 100000, but is -1");
    assertThatThrownBy(() -> GrowthOptions.of(9).heap(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("heap must be 0 or more bytes per repetition, but is -1");
    assertThatThrownBy(() -> GrowthOptions.of(8).heap(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("heap takes at least 9 repetitions, but there are 8");
  }

  @Test
  void stackTraceOfTheErrorBeginsWhereTheCallerCalled() {
    Throwable failure =
        catchThrowable(() -> LeakCheck.assertNoGrowth(named(5), () -> planted.thread("session")));

    assertThat(failure.getStackTrace()[0].getClassName()).isEqualTo(GrowthTest.class.getName());
  }

  @Test
  void whatIsCleanThrowsNothing() {
    assertThatCode(() -> LeakCheck.assertNoGrowth(5, () -> {})).doesNotThrowAnyException();
  }

  // Messages

  @Test
  void messageTellsTheThreads() {
    AtomicInteger number = new AtomicInteger();

    assertThat(
            message(
                named(12),
                () ->
                    Planted.awaitWaitingIn(
                        planted.thread("session-" + number.incrementAndGet()),
                        CountDownLatch.class)))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() leaves more behind with its repetitions (waited T)

            1) growth   +1.0 thread per repetition, 12 after 12 repetitions
                 left       1 2 3 4 5 6 7 8 9 10 11 12 after each repetition
                 threads    session-3, session-4, session-5, session-6, session-7 and 7 more (not daemon: they keep the JVM alive)
                 doing      12 × waiting in CountDownLatch.await(), without a time limit
                              at dev.leakcheck.Planted.lambda$signalling$N(Planted.java:LINE)
                 why        each repetition starts threads that do not end: repeated often enough, nothing else can start any
                 fix        let the code that starts the threads also end them: interrupt() and join() them, or run them in an executor that it closes
                 allow      @AllowLeaks(kind = LeakKind.GROWTH, thread = "session-*", reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }

  @Test
  void messageTellsTheExecutors() {
    assertThat(
            message(
                named(25),
                () -> {
                  ExecutorService pool =
                      planted.executor(
                          Executors.newFixedThreadPool(1, task -> new Thread(task, "price")));
                  runTask(pool);
                }))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() leaves more behind with its repetitions (waited T)

            1) growth   +1.0 executor per repetition, 25 after 25 repetitions
                 left       5 after 5, 10 after 10, 15 after 15, 20 after 20, 25 after 25
                 executors  25 × ThreadPoolExecutor
                 workers    25 × price (not daemon: they keep the JVM alive)
                 why        each repetition makes an executor that nobody shuts down: its threads add up
                 fix        shut the executor down where the code that makes it stops, or make one executor and share it
                 allow      @AllowLeaks(kind = LeakKind.GROWTH, thread = "price", reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }

  @Test
  void messageTellsTheQueue() {
    Mailbox mailbox = new Mailbox();

    assertThat(message(named(6).watch(mailbox), () -> mailbox.inbox.add("order")))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() leaves more behind with its repetitions (waited T)

            1) growth   +1.0 queued element per repetition, 6 after 6 repetitions
                 queued     2 before, 3 4 5 6 7 8 after each repetition
                 queue      LinkedBlockingQueue in field Mailbox.inbox: 8 elements (String)
                 why        each repetition puts more into the queue than is taken from it
                 fix        take as much as is put, give the queue a bound, or drop what nobody takes
                 allow      @AllowLeaks(kind = LeakKind.GROWTH, reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }

  @Test
  void howMuchTheHeapGrowsByIsToldWhateverWasCollectedInTheFirstRepetition() {
    List<Long> sizes = new ArrayList<>(List.of(31_000_000L));
    for (long after = 1; after <= 9; after++) {
      sizes.add(1_000_000 * after);
    }
    Growth growth =
        new Growth(Growth.Resource.HEAP, sizes, 200_000, List.of(), List.of(), List.of());

    assertThat(growth.explain(Evidence.NONE).title())
        .isEqualTo("+1,000,000 bytes of live heap per repetition, over 9 repetitions");
  }

  @Test
  void messageTellsTheHeap() {
    List<byte[]> kept = new ArrayList<>();

    assertThat(
            message(named(9).heap(200_000), () -> kept.add(new byte[1_000_000]))
                .replaceAll("[+][0-9,]+ bytes", "+SIZE bytes")
                .replaceAll("[0-9]+ before,( [0-9]+){9} after", "SIZE before, SIZES after"))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() leaves more behind with its repetitions (waited T)

            1) growth   +SIZE bytes of live heap per repetition, over 9 repetitions
                 live kB    SIZE before, SIZES after each repetition
                 bound      200,000 bytes per repetition
                 why        more of the heap was alive after a collection with each third of the repetitions: that of the whole JVM, whoever used it
                 fix        look with a heap dump for what there is one more of with each repetition: entries of static collections, caches without a bound, listeners that are never removed
                 allow      @AllowLeaks(kind = LeakKind.GROWTH, reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }
}
