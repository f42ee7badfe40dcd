package dev.leakcheck.engine;

import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.Planted;
import dev.leakcheck.Scopes;
import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.scope.Key;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.inspect.AllInspectors;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.TextReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SettlingTest {

  @AutoClose private final Planted planted = new Planted();

  /** An engine of its own: what other tests found must not shorten a wait. */
  private final Engine engine = new Engine(new ThreadDumper(), AllInspectors.list());

  @AfterEach
  void takeBackAnInterrupt() {
    Thread.interrupted();
  }

  private Scope open(LeakCheckOptions options) {
    return engine.open(Key.OPTIONS.open(options));
  }

  private void endsAfter(long millis) {
    planted.thread("soon", () -> TimeUnit.MILLISECONDS.sleep(millis));
  }

  private static void assertEarly(Findings findings) {
    assertThat(findings.settledEarly())
        .as(() -> "early, after " + findings.waited() + " beside " + Thread.getAllStackTraces())
        .isTrue();
  }

  @Test
  void threadThatEndsWhileTheCheckWaitsPasses() {
    Scope scope = open(Scopes.PATIENT);
    endsAfter(50);

    Findings findings = engine.check(scope);

    assertThat(findings).hasNoLeaks();
    assertThat(findings.waited()).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void whoseAThreadIsIsNotLookedUpIfItEndsSoonerThanThatTakes() {
    long tooLong = Duration.ofMinutes(1).toNanos();
    engine.shared().walkedFor(tooLong);
    Scope scope = open(Scopes.PATIENT);
    endsAfter(50);

    assertThat(engine.check(scope)).hasNoLeaks();
    assertThat(engine.shared().lastWalkNanos()).isEqualTo(tooLong);
  }

  @Test
  void whoseAThreadIsIsLookedUpIfItGoesOn() {
    long tooLong = Duration.ofMinutes(1).toNanos();
    engine.shared().walkedFor(tooLong);
    Scope scope = open(LeakCheckOptions.defaults().settle(Duration.ofMillis(100)));
    planted.thread("for ever");

    assertThat(engine.check(scope)).hasKinds(LeakKind.STRAY_THREAD);
    assertThat(engine.shared().lastWalkNanos()).isLessThan(tooLong);
  }

  @Test
  void nothingIsWaitedForWhereNothingIsNew() {
    Scope scope = open(Scopes.PATIENT.brief());

    assertThat(engine.check(scope).waited()).isZero();
  }

  @Test
  void verdictIsEarlyWhenNothingAliveCanChangeIt() {
    Scope scope = open(Scopes.PATIENT);
    Thread thread = planted.thread("for ever", new LinkedBlockingQueue<>()::take);
    Planted.awaitWaitingIn(thread, LinkedBlockingQueue.class);

    Findings findings = engine.check(scope);

    assertThat(findings).hasKinds(LeakKind.STUCK_ON_QUEUE);
    assertEarly(findings);
    assertThat(findings.waited()).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void verdictOnAnIdlePoolIsEarly() {
    Scope scope = open(Scopes.PATIENT);
    ExecutorService pool = planted.executor(Executors.newFixedThreadPool(2));
    CountDownLatch done = new CountDownLatch(1);
    pool.execute(done::countDown);
    Planted.await(done);

    Findings findings = engine.check(scope);

    assertThat(findings).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
    assertEarly(findings);
  }

  @Test
  void verdictOnAVirtualThreadIsEarly() {
    Jdk21.assume();
    Scope scope = open(Scopes.PATIENT);
    planted.virtual("for ever");

    Findings findings = engine.check(scope);

    assertThat(findings).hasKinds(LeakKind.STRAY_VIRTUAL_THREAD);
    assertEarly(findings);
  }

  @Test
  void idleWorkerOfAnOlderPoolWithAKeepAliveTimeDoesNotHoldUpTheVerdict() {
    ExecutorService cached = planted.executor(Executors.newCachedThreadPool());
    CountDownLatch done = new CountDownLatch(1);
    cached.execute(done::countDown);
    Planted.await(done);
    Scope scope = open(Scopes.PATIENT);
    Thread thread = planted.thread("for ever", new LinkedBlockingQueue<>()::take);
    Planted.awaitWaitingIn(thread, LinkedBlockingQueue.class);

    assertEarly(engine.check(scope));
  }

  @Test
  void workerThatWillEndByItselfIsWaitedFor() {
    Scope scope = open(Scopes.PATIENT.brief());
    ThreadPoolExecutor pool =
        planted.executor(
            new ThreadPoolExecutor(
                0, 1, 600, TimeUnit.MILLISECONDS, new java.util.concurrent.SynchronousQueue<>()));
    CountDownLatch done = new CountDownLatch(1);
    pool.execute(done::countDown);
    Planted.await(done);

    assertThat(engine.check(scope)).hasNoLeaks();
  }

  @Test
  void sameCauseAgainNeedsNoWaitInFull() {
    Duration first = waitedForTheSameLeak();
    Duration second = waitedForTheSameLeak();

    assertThat(first).isGreaterThanOrEqualTo(Unmoved.FULL);
    assertThat(second).isLessThan(first);
  }

  private Duration waitedForTheSameLeak() {
    Scope scope = open(Scopes.PATIENT);
    Thread thread = planted.thread("for ever", new LinkedBlockingQueue<>()::take);
    Planted.awaitWaitingIn(thread, LinkedBlockingQueue.class);
    Findings findings = engine.check(scope);
    assertThat(findings).hasKinds(LeakKind.STUCK_ON_QUEUE);
    return findings.waited();
  }

  @Test
  void sameCauseBesideAnOldLeakThatTickedBesideItBeforeNeedsNoWaitInFull() {
    leakTicker(() -> {});
    assertThat(toldBesideTicker(BRIEFLY).settledEarly()).isFalse();

    Findings again = toldBesideTicker(Scopes.PATIENT);
    assertEarly(again);
    assertThat(TextReport.render(again)) // something does move
        .contains(": nothing is seen that would change this)");
  }

  @Test
  void sameCauseBesideAProcessThatWasToldNeedsNoWaitInFull() throws Exception {
    Path sleep = Path.of("/bin/sleep");
    assumeTrue(Files.isExecutable(sleep), "a program that goes on");
    Scope scope = open(BRIEFLY);
    Process process = new ProcessBuilder(sleep.toString(), "1000").start();
    try {
      assertThat(engine.check(scope)).hasKinds(LeakKind.CHILD_PROCESS);
      assertThat(toldBesideTicker(BRIEFLY).settledEarly()).isFalse();

      assertEarly(toldBesideTicker(Scopes.PATIENT));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void idleWorkerThatOutlivedTheWaitBeforeNeedsNoWaitInFull() {
    assertThat(toldIdle(Executors::newCachedThreadPool, BRIEFLY).settledEarly()).isFalse();

    assertEarly(toldIdle(Executors::newCachedThreadPool, Scopes.PATIENT));
  }

  @Test
  void norDoesOneForWhichSomethingIsScheduledBesideOthersLikeIt() {
    for (int i = 0; i < 2; i++) { // the second has the first beside it
      assertThat(toldIdle(SettlingTest::scheduled, BRIEFLY).settledEarly()).isFalse();
    }

    assertEarly(toldIdle(SettlingTest::scheduled, Scopes.PATIENT));
  }

  private static ExecutorService scheduled() {
    ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
    pool.schedule(() -> {}, 1, TimeUnit.HOURS);
    return pool;
  }

  private Findings toldIdle(Supplier<ExecutorService> maker, LeakCheckOptions options) {
    Scope scope = open(options);
    ExecutorService pool = planted.executor(maker.get());
    Planted.await(ran(pool));
    Findings findings = engine.check(scope);
    assertThat(findings).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
    return findings;
  }

  private static CountDownLatch ran(ExecutorService pool) {
    CountDownLatch ran = new CountDownLatch(1);
    pool.execute(ran::countDown);
    return ran;
  }

  @Test
  void newCauseThatAnOldLeakEndsIsWaitedFor() {
    CountDownLatch go = new CountDownLatch(1);
    leakTicker(endsDuringAWait(go));

    assertThat(engine.check(waitingFor(go))).hasNoLeaks();
  }

  @Test
  void sameCauseThatAnOldLeakEndsWhichDidNotTickBesideItBeforeIsWaitedFor() {
    assertThat(toldBesideTicker(BRIEFLY).isEmpty()).isFalse();
    CountDownLatch go = new CountDownLatch(1);
    leakTicker(endsDuringAWait(go));

    assertThat(engine.check(waitingFor(go))).hasNoLeaks();
  }

  /** For what never ends beside something that moves. */
  private static final LeakCheckOptions BRIEFLY =
      LeakCheckOptions.defaults().settle(Duration.ofMillis(500));

  /** An executor that was told as a leak and whose tick goes on. */
  private void leakTicker(Runnable tick) {
    Scope scope = open(BRIEFLY);
    planted
        .executor(Executors.newScheduledThreadPool(1))
        .scheduleAtFixedRate(tick, 0, 5, TimeUnit.MILLISECONDS);
    assertThat(engine.check(scope)).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  private Findings toldBesideTicker(LeakCheckOptions options) {
    Scope scope = open(options);
    waits(new CountDownLatch(1));
    Findings findings = engine.check(scope);
    assertThat(findings).hasKinds(LeakKind.STRAY_THREAD);
    return findings;
  }

  private Scope waitingFor(CountDownLatch go) {
    Scope scope = open(Scopes.PATIENT);
    waits(go);
    suspected.set(true);
    return scope;
  }

  private void waits(CountDownLatch go) {
    Planted.awaitWaitingIn(planted.thread("waits", go::await), CountDownLatch.class);
  }

  /** Whether what a ticker is to end is there. */
  private final AtomicBoolean suspected = new AtomicBoolean();

  /** Ends it when it has been waited for longer than where nothing moves. */
  private Runnable endsDuringAWait(CountDownLatch go) {
    AtomicInteger ticks = new AtomicInteger();
    Thread checker = Thread.currentThread();
    return () -> {
      boolean waiting = Planted.hasFrame(checker, Settling.class, "pauseUntil");
      if (suspected.get() && waiting && ticks.incrementAndGet() == 100) {
        go.countDown();
      }
    };
  }

  @Test
  void gatheringTheEvidenceDoesNotCountAsWaiting() {
    Engine slow = new Engine(new ThreadDumper(), List.of(new Slow()));
    Scope scope = slow.open(Key.OPTIONS.open(BRIEFLY));
    planted.thread("sleeps", () -> TimeUnit.HOURS.sleep(1));

    assertThat(slow.check(scope).waited()).isLessThan(Duration.ofSeconds(4));
  }

  /** Looks when the wait is over. */
  private static final class Slow implements Inspector {

    @Override
    public boolean isLasting() {
      return true;
    }

    @Override
    public boolean suspects(Check check, @Nullable Object opened) {
      return true;
    }

    @Override
    public List<Symptom> inspect(Check check, @Nullable Object opened) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4));
      return List.of();
    }
  }

  /** The settle time must be waited for in full: less of it would have been a false accusation. */
  @Test
  void sleepingThreadThatWillShutThePoolDownIsWaitedFor() {
    ExecutorService pool = planted.executor(Executors.newFixedThreadPool(2));
    planted.occupy(pool, 1);
    Scope scope = open(Scopes.PATIENT);
    ExecutorService leaked = planted.executor(Executors.newFixedThreadPool(1));
    planted.occupy(leaked, 1);
    CountDownLatch started = new CountDownLatch(1);
    pool.execute(
        () -> {
          started.countDown();
          try {
            TimeUnit.MILLISECONDS.sleep(600);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          leaked.shutdownNow();
        });
    Planted.await(started);

    assertThat(engine.check(scope)).hasNoLeaks();
  }

  @Test
  void runningThreadThatWillReleaseTheOtherIsWaitedFor() {
    CountDownLatch go = new CountDownLatch(1);
    Scope scope = open(Scopes.PATIENT);
    Planted.awaitWaitingIn(planted.thread("waits", go::await), CountDownLatch.class);
    AtomicBoolean stop = new AtomicBoolean();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(600);
    planted.thread(
        "computes",
        () -> {
          while (System.nanoTime() < end && !stop.get()) {
            Thread.onSpinWait();
          }
          go.countDown();
        });

    assertThat(engine.check(scope)).hasNoLeaks();
  }

  @Test
  void sleepingVirtualThreadThatWillReleaseTheOtherIsWaitedFor() {
    Jdk21.assume();
    CountDownLatch go = new CountDownLatch(1);
    planted.virtual(
        "older",
        () -> {
          TimeUnit.MILLISECONDS.sleep(600);
          go.countDown();
        });
    Scope scope = open(Scopes.PATIENT);
    Planted.awaitWaitingIn(planted.thread("waits", go::await), CountDownLatch.class);

    assertThat(engine.check(scope)).hasNoLeaks();
  }

  @Test
  void scheduledTaskThatWillReleaseTheOtherIsWaitedFor() {
    CountDownLatch go = new CountDownLatch(1);
    java.util.concurrent.ScheduledExecutorService scheduler =
        planted.executor(Executors.newScheduledThreadPool(1));
    scheduler.schedule(go::countDown, 600, TimeUnit.MILLISECONDS);
    Scope scope = open(Scopes.PATIENT);
    Planted.awaitWaitingIn(planted.thread("waits", go::await), CountDownLatch.class);

    assertThat(engine.check(scope)).hasNoLeaks();
  }

  @Test
  void timedWaitOfACompletableFutureIsWaitedFor() {
    CountDownLatch go = new CountDownLatch(1);
    Scope scope = open(Scopes.PATIENT);
    Planted.awaitWaitingIn(planted.thread("waits", go::await), CountDownLatch.class);
    java.util.concurrent.CompletableFuture.runAsync(
        go::countDown,
        java.util.concurrent.CompletableFuture.delayedExecutor(600, TimeUnit.MILLISECONDS));

    assertThat(engine.check(scope)).hasNoLeaks();
  }

  /** The answer comes from outside the JVM, in which nothing moves until then. */
  @Test
  void virtualThreadThatWaitsForInputAndWillReleaseTheOtherIsWaitedFor() throws Exception {
    Jdk21.assume();
    Path bash = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(bash), "bash plays the peer");
    CountDownLatch go = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String peer =
          "exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + "; sleep 1; echo done >&3";
      // In the background, so that no thread of this JVM waits for its end.
      new ProcessBuilder(bash.toString(), "-c", "(" + peer + ") >/dev/null 2>&1 &")
          .start()
          .waitFor();
      Socket socket = server.accept();
      planted.virtual(
          "reads",
          () -> {
            try (InputStream in = socket.getInputStream()) {
              if (in.read() >= 0) {
                go.countDown();
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      Scope scope = open(Scopes.PATIENT);
      Planted.awaitWaitingIn(planted.thread("waits", go::await), CountDownLatch.class);

      assertThat(engine.check(scope)).hasNoLeaks();
    }
  }

  /** The first of a JVM starts the JDK's own virtual threads, which stay. */
  @Test
  void virtualThreadThatReadFromASocketLeavesNothingBehind() throws Exception {
    Jdk21.assume();
    Scope scope = open(Scopes.PATIENT);
    Scope brief = open(Scopes.PATIENT.brief());
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket socket = server.accept()) {
      Thread reader =
          planted.virtual(
              "reads",
              () -> {
                try {
                  assertThat(socket.getInputStream().read()).isEqualTo(1);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      Planted.awaitWaitingIn(reader, "sun.nio.ch.Poller");
      client.getOutputStream().write(1);
      Planted.awaitEnd(reader);
    }

    assertThat(engine.check(brief)).hasNoLeaks();
    assertThat(engine.check(scope)).hasNoLeaks();
  }

  /** Somebody else's: what the scope made itself had ended before. */
  @Test
  void threadThatComesUpWhileTheEvidenceIsGatheredIsWaitedFor() {
    Meanwhile late = new Meanwhile(() -> endsDuringTheWaitOf(Thread.currentThread()));
    Engine own = new Engine(new ThreadDumper(), List.of(late));
    Scope scope = own.open(Key.OPTIONS.open(Scopes.PATIENT));

    assertThat(own.check(scope)).hasNoLeaks();
    assertThat(late.isDone).isTrue();
  }

  /** Does something once, when live threads have been looked at. */
  private static final class Meanwhile implements Inspector {

    private final Runnable deed;
    private boolean isDone;

    Meanwhile(Runnable deed) {
      this.deed = deed;
    }

    @Override
    public boolean suspects(Check check, @Nullable Object opened) {
      return true;
    }

    @Override
    public List<Symptom> inspect(Check check, @Nullable Object opened) {
      if (!isDone) {
        isDone = true;
        deed.run();
      }
      return List.of();
    }
  }

  @Test
  void threadThatEndsWhileTheEvidenceIsGatheredIsNotTold() {
    CountDownLatch go = new CountDownLatch(1);
    Late late = new Late(go);
    Engine own = new Engine(new ThreadDumper(), List.of(late));
    Scope scope = own.open(Key.OPTIONS.open(Scopes.PATIENT.brief()));
    late.thread = planted.thread("waits", go::await);
    Planted.awaitWaitingIn(late.thread, CountDownLatch.class);

    assertThat(own.check(scope)).hasNoLeaks();
    assertThat(go.getCount()).isZero();
  }

  /** Ends a thread when evidence is gathered for the second time, by which it would be told. */
  private static final class Late implements Inspector {

    private final CountDownLatch go;
    private int gathered;
    private @Nullable Thread thread;

    Late(CountDownLatch go) {
      this.go = go;
    }

    @Override
    public boolean isLasting() {
      return true;
    }

    @Override
    public boolean suspects(Check check, @Nullable Object opened) {
      return true;
    }

    @Override
    public List<Symptom> inspect(Check check, @Nullable Object opened) {
      if (++gathered == 2 && thread != null) {
        go.countDown();
        Planted.awaitEnd(thread);
      }
      return List.of();
    }
  }

  private Thread endsDuringTheWaitOf(Thread checker) {
    return planted.thread(
        "late",
        () -> {
          while (!Planted.hasFrame(checker, Settling.class, "pauseUntil")) {
            if (Thread.interrupted()) {
              throw new InterruptedException("nobody waited");
            }
          }
        });
  }

  @Test
  void withoutSettleTimeTheVerdictIsImmediate() {
    Scope scope = open(Scopes.AT_ONCE);
    planted.thread("stray");

    Findings findings = engine.check(scope);

    assertThat(findings).hasKinds(LeakKind.STRAY_THREAD);
    assertThat(findings.settledEarly()).isFalse();
  }

  @Test
  void pendingInterruptIsKeptAndDoesNotEndTheWait() {
    Scope scope = open(Scopes.PATIENT);
    endsAfter(100);
    Thread.currentThread().interrupt();

    Findings findings = engine.check(scope);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(findings).hasKinds(LeakKind.STRAY_INTERRUPT);
  }

  @Test
  void interruptWhileTheCheckWaitsIsKeptAndDoesNotEndTheWait() {
    Thread checker = Thread.currentThread();
    Scope scope = open(Scopes.PATIENT);
    planted.thread(
        "interrupts",
        () -> {
          TimeUnit.MILLISECONDS.sleep(50);
          checker.interrupt();
          TimeUnit.MILLISECONDS.sleep(50);
        });

    Findings findings = engine.check(scope);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(findings).hasNoLeaks();
  }

  @Test
  void threadThatHoldsItsOwnMonitorDoesNotHangTheCheck() {
    Scope scope = open(Scopes.PATIENT);
    CountDownLatch started = new CountDownLatch(1);
    planted.start(
        new Thread("holds itself") {
          @Override
          public void run() {
            synchronized (this) {
              started.countDown();
              try {
                planted.awaitRelease();
              } catch (InterruptedException e) {
                interrupt();
              }
            }
          }
        },
        started);

    assertThat(engine.check(scope)).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void checkByAThreadOfThePoolDoesNotAccuseTheChecker() throws Exception {
    Scope scope = open(Scopes.AT_ONCE);
    Findings[] findings = new Findings[1];
    Thread checker = planted.thread("checker", () -> findings[0] = engine.check(scope));
    Planted.awaitEnd(checker);

    assertThat(findings[0]).hasNoLeaks();
  }

  /** Such as a task that its worker has taken and does not run yet: one look sees nothing of it. */
  @Test
  void whatMayPassIsWaitedForAlsoIfOneLookMissesIt() {
    Flickering seen = new Flickering();
    Engine own = new Engine(new ThreadDumper(), List.of(seen));
    Scope scope = own.open(Key.OPTIONS.open(Scopes.PATIENT.brief()));

    assertThat(own.check(scope)).hasNoLeaks();
    assertThat(seen.looks).hasValueGreaterThan(2);
  }

  /** Sees nothing at first, then something, and in the end nothing again. */
  private static final class Flickering implements Inspector {

    final AtomicInteger looks = new AtomicInteger();

    @Override
    public boolean suspects(Check check, @Nullable Object opened) {
      return true;
    }

    @Override
    public List<Symptom> inspect(Check check, @Nullable Object opened) {
      return looks.incrementAndGet() == 2 ? List.of(new Passing()) : List.of();
    }
  }

  private record Passing() implements Symptom {

    @Override
    public String identity() {
      return "passing";
    }

    @Override
    public boolean mayPass() {
      return true;
    }

    @Override
    public Finding explain(Evidence evidence) {
      throw new AssertionError("it passes");
    }
  }
}
