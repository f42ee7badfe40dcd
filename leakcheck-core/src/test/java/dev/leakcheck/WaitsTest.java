package dev.leakcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.WaitCases.Said;
import dev.leakcheck.agent.AgentJvm;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Wait;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a thread, by what it waits for, for both sorts of threads and on both tiers. */
class WaitsTest {

  private static final String OR_INTERRUPT =
      "; or, where its owner stops, interrupt() the thread and join() it";
  private static final String AND_JOIN =
      "; and, where its owner stops, join() the thread: an interrupt does not end this wait";
  private static final String INTERRUPT =
      "where its owner stops, interrupt() the thread and join() it, and let HERE end on an"
          + " interrupt";
  private static final String LIMIT = ", or give %s at HERE a time limit" + OR_INTERRUPT;
  private static final String FOR_EVER = "blocked for ever in ";
  private static final String NO_LIMIT = "still alive, waiting in %s, without a time limit";
  private static final String HOLDER =
      "thread \"holder\", which is sleeping at WaitCases.java:LINE";
  private static final String CLOSE =
      "where its owner stops, close what HERE reads from or waits on (socket, channel, selector,"
          + " stream), then join() the thread: an interrupt does not end every such call";
  private static final String UNLOCK =
      "unlock() in a finally block where it is locked" + LIMIT.formatted("tryLock()");
  private static final String SEE_THAT = "see that the task is run or cancel() it";

  /** What differs from a platform thread without the agent: what it waits for, and the title. */
  private record Other(String waitsFor, String title) {}

  private static final Map<String, Said> PLAIN = new LinkedHashMap<>();
  private static final Map<String, Other> PLAIN_VIRTUAL = new LinkedHashMap<>();
  private static final Map<String, Other> EXACT = new LinkedHashMap<>();

  static {
    said("sleep", "still alive, sleeping", "", INTERRUPT);
    said(
        "run",
        "still alive, running",
        "",
        "where its owner stops, interrupt() the thread and join() it, and let HERE check"
            + " Thread.interrupted() while it works");
    said("accept", "still alive, waiting for input or output in ServerSocket.accept()", "", CLOSE);
    said("select", "still alive, waiting for input or output in SelectorImpl.select()", "", CLOSE);
    String lock = "ReentrantLock.lockInterruptibly()";
    said("lock", NO_LIMIT.formatted(lock), "a ReentrantLock held by " + HOLDER, UNLOCK);
    virtual("lock", "a ReentrantLock", NO_LIMIT.formatted(lock));
    said(
        "lock of the dead",
        FOR_EVER + lock,
        "a ReentrantLock held by thread \"late holder\", which has ended: nobody can unlock it",
        UNLOCK);
    virtual("lock of the dead", "a ReentrantLock", NO_LIMIT.formatted(lock));
    said(
        "try lock",
        "still alive, waiting in ReentrantLock.tryLock(), with a time limit",
        "a ReentrantLock held by " + HOLDER,
        "unlock() in a finally block where it is locked" + OR_INTERRUPT);
    virtual(
        "try lock",
        "a ReentrantLock",
        "still alive, waiting in ReentrantLock.tryLock(), with a time limit");
    String write = NO_LIMIT.formatted("ReentrantReadWriteLock.WriteLock.lockInterruptibly()");
    said("write lock", write, "a ReentrantReadWriteLock that 1 reader holds", UNLOCK);
    virtual("write lock", "a ReentrantReadWriteLock", write);
    said(
        "stamped lock",
        NO_LIMIT.formatted("StampedLock.readLockInterruptibly()"),
        "a StampedLock",
        UNLOCK);
    said(
        "latch",
        FOR_EVER + "CountDownLatch.await()",
        "a latch to reach 0: its count is 2",
        "call countDown() in a finally block" + LIMIT.formatted("await()"));
    virtual("latch", "a latch to be counted down", FOR_EVER + "CountDownLatch.await()");
    said(
        "timed latch",
        "still alive, waiting in CountDownLatch.await(), with a time limit",
        "a latch to reach 0: its count is 2",
        "call countDown() in a finally block" + OR_INTERRUPT);
    virtual(
        "timed latch",
        "a latch to be counted down",
        "still alive, waiting in CountDownLatch.await(), with a time limit");
    said(
        "barrier",
        FOR_EVER + "CyclicBarrier.await()",
        "the other parties of a barrier",
        "have all parties come or call reset() on the barrier when one cannot"
            + LIMIT.formatted("await()"));
    said(
        "phaser",
        FOR_EVER + "Phaser.awaitAdvanceInterruptibly()",
        "the other parties of a phaser",
        "arriveAndDeregister() in a finally block for each party that does not come"
            + OR_INTERRUPT);
    exact(
        "barrier",
        "the other parties of a barrier: 1 of 3 have come",
        FOR_EVER + "CyclicBarrier.await()");
    exact(
        "phaser",
        "the other parties of a phaser: 0 of 3 have come",
        FOR_EVER + "Phaser.awaitAdvanceInterruptibly()");
    said(
        "submit",
        FOR_EVER + "SubmissionPublisher.submit()",
        "room in the buffer of a subscriber",
        "have the subscriber request() more or cancel() its subscription, or give offer() in place"
            + " of submit() at HERE a time limit"
            + AND_JOIN);
    String release =
        "release() in a finally block what was acquired" + LIMIT.formatted("tryAcquire()");
    String acquire = FOR_EVER + "Semaphore.acquire()";
    said("semaphore", acquire, "a permit of a semaphore: 0 are left", release);
    virtual("semaphore", "a permit of a semaphore", acquire);
    said("two permits", acquire, "permits of a semaphore: 1 is left", release);
    virtual("two permits", "a permit of a semaphore", acquire);
    said(
        "exchanger",
        FOR_EVER + "Exchanger.exchange()",
        "another thread to exchange with",
        "start the other side" + LIMIT.formatted("exchange()"));
    said(
        "future task",
        FOR_EVER + "FutureTask.get()",
        "a FutureTask that is not done",
        SEE_THAT + LIMIT.formatted("get()"));
    exact("future task", "a FutureTask that no thread runs", FOR_EVER + "FutureTask.get()");
    said(
        "future",
        FOR_EVER + "CompletableFuture.get()",
        "a CompletableFuture that is not completed",
        "complete the future on every path, completeExceptionally() in catch"
            + LIMIT.formatted("get()"));
    said(
        "fork-join task",
        FOR_EVER + "ForkJoinTask.get()",
        "a ForkJoinTask that is not done",
        SEE_THAT + LIMIT.formatted("get()"));
    said(
        "condition",
        FOR_EVER + "Condition.await()",
        "a signal of a condition",
        "change the state and signalAll() under the lock, and let HERE await in a loop that tests"
            + " the state"
            + OR_INTERRUPT);
    said(
        "notify",
        FOR_EVER + "Object.wait()",
        "a notify() on an Object",
        "change the state and notifyAll() in a synchronized block, and let HERE wait in a loop"
            + " that tests the state"
            + OR_INTERRUPT);
    said(
        "join",
        NO_LIMIT.formatted("Thread.join()"),
        "the end of thread \"sleeper\", which is sleeping at WaitCases.java:LINE",
        "stop thread \"sleeper\" first" + LIMIT.formatted("join()"));
    said(
        "process",
        NO_LIMIT.formatted("ProcessImpl.waitFor()"),
        "a process to end",
        "destroy() the process" + LIMIT.formatted("waitFor()"));
    String mutex = "a dev.leakcheck.WaitCases$Mutex";
    said("mutex", "still alive, waiting without a time limit on " + mutex, mutex, INTERRUPT);
    said("park", "blocked for ever, parked", "an unpark()", INTERRUPT);
    String namesake = "parked for a dev.leakcheck.WaitCases$CountDownLatch$Sync";
    said("park for", "blocked for ever, " + namesake, "an unpark(), " + namesake, INTERRUPT);
    said(
        "monitor",
        "still alive, waiting to enter a synchronized block",
        "the monitor of an Object held by " + HOLDER,
        "let go of the monitor: no waiting inside of its synchronized blocks" + AND_JOIN);
  }

  private static final Map<String, Said> WITHOUT_MONITOR =
      Map.of(
          "notify",
          new Said(PLAIN.get("notify").title(), "a notify()", PLAIN.get("notify").fix()),
          "join",
          new Said(
              PLAIN.get("join").title(),
              "the end of another thread",
              "stop the other thread first" + LIMIT.formatted("join()")));

  private static void said(String cause, String title, String waitsFor, String fix) {
    PLAIN.put(cause, new Said(title, waitsFor, fix));
  }

  /** Where only a dump tells of the thread, its lock cannot be asked. */
  private static void virtual(String cause, String waitsFor, String title) {
    PLAIN_VIRTUAL.put(cause, new Other(waitsFor, title));
  }

  private static void exact(String cause, String waitsFor, String title) {
    EXACT.put(cause, new Other(waitsFor, title));
  }

  private static Said expected(String cause, Map<String, Other> others) {
    Said plain = PLAIN.get(cause);
    Other other = others.get(cause);
    return other == null ? plain : new Said(other.title(), other.waitsFor(), plain.fix());
  }

  @TestFactory
  List<DynamicTest> platformThreads() {
    return tests(false, Map.of());
  }

  @TestFactory
  List<DynamicTest> virtualThreads() {
    // Before 25 a dump neither tells of monitors nor what a thread is parked for.
    return Runtime.version().feature() < 25 ? List.of() : tests(true, PLAIN_VIRTUAL);
  }

  private List<DynamicTest> tests(boolean virtual, Map<String, Other> others) {
    List<DynamicTest> tests = new ArrayList<>();
    for (String cause : PLAIN.keySet()) {
      if (virtual && cause.equals("monitor")) {
        continue;
      }
      tests.add(
          DynamicTest.dynamicTest(
              cause,
              () -> {
                try (WaitCases cases = new WaitCases()) {
                  Said said = cases.said(cases.named(cause), virtual);
                  // The JDK loses sight of the monitor once Object.wait was compiled.
                  if (!virtual || !said.equals(WITHOUT_MONITOR.get(cause))) {
                    assertThat(said).isEqualTo(expected(cause, others));
                  }
                  assertThat(cases.ranUserCode()).isFalse();
                }
              }));
    }
    return tests;
  }

  @TempDir private Path directory;

  @Test
  void withTheAgentNumbersOfPhasersAndFuturesAreKnownAsWell() throws Exception {
    assertThat(child("platform")).containsExactlyElementsOf(lines(EXACT));
  }

  @Test
  void withTheAgentVirtualThreadsAreToldLikeOthers() throws Exception {
    Jdk21.assume();
    assertThat(child("virtual")).containsExactlyElementsOf(lines(EXACT));
  }

  private List<String> child(String kind) throws Exception {
    String agent = AgentJvm.option(directory);
    return new AgentJvm(directory, WaitCases.class).run(List.of(agent), kind);
  }

  private static List<String> lines(Map<String, Other> others) {
    List<String> lines = new ArrayList<>();
    for (String cause : PLAIN.keySet()) {
      Said said = expected(cause, others);
      if (cause.equals("monitor") && Jdk21.AVAILABLE) {
        lines.add(
            "join of virtual | still alive, waiting in Thread.join(), without a time limit | the"
                + " end of virtual thread \"virtual sleeper\", which is sleeping at"
                + " WaitCases.java:LINE | stop virtual thread \"virtual sleeper\" first, or give"
                + " join() at HERE a time limit"
                + OR_INTERRUPT);
      }
      lines.add(cause + " | " + said.title() + " | " + said.waitsFor() + " | " + said.fix());
    }
    lines.add("no user code ran");
    return lines;
  }

  @Test
  void everyCauseIsInTheTable() throws Exception {
    try (WaitCases cases = new WaitCases()) {
      assertThat(cases.all()).extracting(WaitCases.Case::name).doesNotHaveDuplicates();
      List<String> names = new ArrayList<>();
      cases.all().forEach(cause -> names.add(cause.name()));
      names.add(cases.monitor().name());
      assertThat(names).containsExactlyElementsOf(PLAIN.keySet());
    }
  }

  @Test
  void idleWorkerWaitsForItsNextTask() throws Exception {
    try (Planted planted = new Planted()) {
      var pool = planted.executor(new java.util.concurrent.ForkJoinPool(1));
      Thread worker = pool.submit(Thread::currentThread).get();
      Planted.awaitWaitingIn(worker, java.util.concurrent.ForkJoinPool.class);

      assertThat(Wait.of(LiveThreads.describe(List.of(worker)).get(0)).kind())
          .isEqualTo(Wait.Kind.IDLE_WORKER);
    }
  }

  private static final class Desk {
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch locked = new CountDownLatch(1);

    void keep() throws InterruptedException {
      lock.lock();
      try {
        locked.countDown();
        closed.await();
      } finally {
        lock.unlock();
      }
    }

    void write() throws InterruptedException {
      lock.lockInterruptibly();
    }
  }

  @Test
  void lockThatIsHeldByOneWhoWaitsForEverIsNeverFree() throws Exception {
    try (Planted planted = new Planted()) {
      Desk desk = new Desk();
      LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("DeskTest.writes()"));
      Thread keeper = planted.thread("keeper", desk::keep);
      Planted.await(desk.locked);
      Planted.awaitWaitingIn(keeper, CountDownLatch.class);
      Planted.awaitWaitingIn(planted.thread("writer", desk::write), ReentrantLock.class);

      assertThat(Golden.message(scope))
          .isEqualTo(
              """
              LeakCheck: DeskTest.writes() left 2 threads behind (waited T)

              1) stray-thread   thread "keeper" blocked for ever in CountDownLatch.await()
                   thread     keeper (not daemon: it keeps the JVM alive)
                   doing      waiting in CountDownLatch.await(), without a time limit
                                at dev.leakcheck.WaitsTest$Desk.keep(WaitsTest.java:LINE)
                                at dev.leakcheck.Planted.lambda$signalling$N(Planted.java:LINE)
                   waits for  a latch to reach 0: its count is 1
                   why        it waits without a time limit, and nobody alive is known to end that
                   fix        call countDown() in a finally block, or give await() at dev.leakcheck.WaitsTest$Desk.keep(WaitsTest.java:LINE) a time limit; or, where its owner stops, interrupt() the thread and join() it
                   allow      @AllowLeaks(kind = LeakKind.STRAY_THREAD, thread = "keeper", reason = "…")
                   id         FINGERPRINT

              2) stray-thread   thread "writer" blocked for ever in ReentrantLock.lockInterruptibly()
                   thread     writer (not daemon: it keeps the JVM alive)
                   doing      waiting in ReentrantLock.lockInterruptibly(), without a time limit
                                at dev.leakcheck.WaitsTest$Desk.write(WaitsTest.java:LINE)
                                at dev.leakcheck.Planted.lambda$signalling$N(Planted.java:LINE)
                   waits for  a ReentrantLock held by thread "keeper", which is waiting in CountDownLatch.await() at WaitsTest.java:LINE
                   why        it waits without a time limit, and nobody alive is known to end that
                   fix        unlock() in a finally block where it is locked, or give tryLock() at dev.leakcheck.WaitsTest$Desk.write(WaitsTest.java:LINE) a time limit; or, where its owner stops, interrupt() the thread and join() it
                   allow      @AllowLeaks(kind = LeakKind.STRAY_THREAD, thread = "writer", reason = "…")
                   id         FINGERPRINT

              plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION"""
                  .replace("WaitsTest.java:LINE\n", "WaitsTest.java:LINE\n"));
    }
  }

  @Test
  void nobodyIsBlockedForEverWhileAnotherLeakedThreadMayWakeIt() throws Exception {
    try (Planted planted = new Planted()) {
      LeakScope scope = Scopes.atOnce();
      Planted.awaitWaitingIn(planted.thread("waiter"), CountDownLatch.class);
      Planted.awaitTimedWaiting(planted.thread("sleeper", () -> TimeUnit.HOURS.sleep(1)));

      assertThat(scope.findings().list())
          .extracting(Finding::title)
          .containsExactlyInAnyOrder(
              "thread \"sleeper\" still alive, sleeping",
              "thread \"waiter\" still alive, waiting in CountDownLatch.await(), without a time"
                  + " limit");
    }
  }

  @Test
  void threadsThatWaitForDifferentCountsAreStillOneFinding() throws Exception {
    try (Planted planted = new Planted()) {
      LeakScope scope = Scopes.atOnce();
      Planted.Body[] bodies = new Planted.Body[2];
      for (int count = 1; count <= 2; count++) {
        CountDownLatch latch = new CountDownLatch(count);
        bodies[count - 1] = latch::await;
      }
      Planted.awaitWaitingIn(planted.thread("waiter-1", bodies[0]), CountDownLatch.class);
      Planted.awaitWaitingIn(planted.thread("waiter-2", bodies[1]), CountDownLatch.class);

      Finding finding = Scopes.only(scope.findings());

      assertThat(finding.title()).isEqualTo("2 threads blocked for ever in CountDownLatch.await()");
      assertThat(finding.fact("waits for").orElseThrow())
          .contains("its count is 1")
          .contains("its count is 2");
    }
  }
}
