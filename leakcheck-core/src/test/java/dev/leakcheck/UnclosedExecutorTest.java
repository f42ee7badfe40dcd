package dev.leakcheck;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

public class UnclosedExecutorTest {

  @AutoClose private final Planted planted = new Planted();

  /** The executors that the JDK has. */
  public enum Sort {
    FIXED("ThreadPoolExecutor", () -> Executors.newFixedThreadPool(2)),
    CACHED("ThreadPoolExecutor", Executors::newCachedThreadPool),
    SINGLE("ThreadPoolExecutor", Executors::newSingleThreadExecutor),
    SCHEDULED("ScheduledThreadPoolExecutor", () -> Executors.newScheduledThreadPool(2)),
    SINGLE_SCHEDULED("ScheduledThreadPoolExecutor", Executors::newSingleThreadScheduledExecutor),
    WORK_STEALING("ForkJoinPool", Executors::newWorkStealingPool),
    FORK_JOIN("ForkJoinPool", () -> new ForkJoinPool(2)),
    UNCONFIGURABLE(
        "ThreadPoolExecutor",
        () -> Executors.unconfigurableExecutorService(Executors.newFixedThreadPool(2))),
    SUBCLASS("NamedPool", NamedPool::new),
    VIRTUAL_PER_TASK("ThreadPerTaskExecutor", Jdk21::virtualThreadPerTask),
    PLATFORM_PER_TASK(
        "ThreadPerTaskExecutor", () -> Jdk21.threadPerTask(Executors.defaultThreadFactory()));

    final String type;
    final Supplier<ExecutorService> factory;

    Sort(String type, Supplier<ExecutorService> factory) {
      this.type = type;
      this.factory = factory;
    }

    public ExecutorService create() {
      if (isPerTask()) {
        Jdk21.assume();
      }
      return factory.get();
    }

    boolean isPerTask() {
      return this == VIRTUAL_PER_TASK || this == PLATFORM_PER_TASK;
    }
  }

  /** A user's own pool. */
  static final class NamedPool extends ThreadPoolExecutor {
    NamedPool() {
      super(2, 2, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
    }
  }

  private static final class Owner {
    ExecutorService pool;

    Owner(ExecutorService pool) {
      this.pool = pool;
    }
  }

  private static void runOneTask(ExecutorService executor) {
    CountDownLatch done = new CountDownLatch(1);
    executor.execute(done::countDown);
    Planted.await(done);
  }

  private static void assertNames(Finding finding, Sort sort) {
    assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_EXECUTOR);
    if (Jdk21.AVAILABLE) {
      assertThat(finding.title()).contains(sort.type);
    }
  }

  @ParameterizedTest
  @EnumSource
  void executorWithABusyThreadIsFound(Sort sort) {
    LeakScope scope = Scopes.atOnce();
    planted.occupy(planted.executor(sort.create()), 1);

    Finding finding = only(scope.findings());

    assertNames(finding, sort);
    assertThat(finding.threads()).hasSize(1);
    assertThat(finding.fact("workers").orElseThrow()).startsWith("1 busy: ");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"VIRTUAL_PER_TASK", "PLATFORM_PER_TASK"})
  void executorWithAnIdleThreadIsFound(Sort sort) {
    LeakScope scope = Scopes.atOnce();
    runOneTask(planted.executor(sort.create()));

    Finding finding = only(scope.findings());

    assertNames(finding, sort);
    assertThat(finding.threads()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {"VIRTUAL_PER_TASK", "PLATFORM_PER_TASK"})
  void perTaskExecutorInAFieldThatHasRunATaskIsFound(Sort sort) {
    Owner owner = new Owner(null);
    LeakScope scope = Scopes.patient().watch(owner);
    owner.pool = planted.executor(sort.create());
    runOneTask(owner.pool);

    Finding finding = only(scope.findings());

    assertNames(finding, sort);
    assertThat(finding.fact("held by")).contains("field Owner.pool");
  }

  /** It is gone with the next collection, so that a verdict would depend on when that comes. */
  @ParameterizedTest
  @EnumSource
  void executorThatNeverHadAThreadAndThatNoFieldHoldsIsLeftAlone(Sort sort) {
    Jdk21.assume();
    LeakScope scope = Scopes.patient();
    ExecutorService kept = planted.executor(sort.create());

    Findings findings = scope.findings();

    assertThat(findings).hasNoLeaks();
    assertThat(kept.isShutdown()).isFalse();
  }

  @Test
  void whatWasLeftAloneIsSaidWhereADumpListsIt() {
    Jdk21.assume();
    LeakScope scope = Scopes.patient();
    planted.executor(Executors.newFixedThreadPool(1));
    planted.executor(Executors.newScheduledThreadPool(1));
    planted.thread("stray");

    assertThat(scope.findings().coverage().notes())
        .extracting(Coverage.Note::text)
        .contains(
            "2 executors that have no thread (java.util.concurrent.ScheduledThreadPoolExecutor,"
                + " java.util.concurrent.ThreadPoolExecutor) and that no field of the test itself holds:"
                + " left alone, as only the agent knows who made what");
  }

  /** Such as what a server that the test holds, and has stopped, made for itself. */
  private record Around(Owner owner) {}

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = ".*PER_TASK")
  void executorWithoutThreadInAFieldOfWhatATestHoldsIsLeftAloneBesideALeakToo(Sort sort) {
    Owner owner = new Owner(null);
    LeakScope scope = Scopes.atOnce().watch(new Around(owner));
    owner.pool = planted.executor(sort.create());
    planted.thread("stray");

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.STRAY_THREAD);
  }

  @ParameterizedTest
  @EnumSource
  void executorWithoutThreadInAFieldOfAWatchedObjectIsFound(Sort sort) {
    Owner owner = new Owner(null);
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.pool = planted.executor(sort.create());

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_EXECUTOR);
    assertThat(finding.title()).endsWith("never shut down");
    assertThat(finding.fact("held by")).contains("field Owner.pool");
    assertThat(finding.fix()).contains("Owner.pool");
  }

  @ParameterizedTest
  @EnumSource
  void executorWithoutThreadInAFieldIsFoundByABriefScope(Sort sort) {
    Owner owner = new Owner(null);
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.brief()).watch(owner);
    owner.pool = planted.executor(sort.create());

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @ParameterizedTest
  @EnumSource
  void executorThatWasTrackedIsFoundWithoutAField(Sort sort) {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.brief());
    LeakCheck.track(planted.executor(sort.create()));

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @ParameterizedTest
  @EnumSource
  void executorThatWasShutDownPasses(Sort sort) {
    Owner owner = new Owner(null);
    LeakScope scope = Scopes.patient().watch(owner);
    owner.pool = planted.executor(sort.create());
    runOneTask(owner.pool);
    owner.pool.shutdown();

    assertThat(scope).hasNoLeaks();
  }

  @ParameterizedTest
  @EnumSource
  void executorThatWasShutDownWithoutEverHavingAThreadPasses(Sort sort) {
    LeakScope scope = Scopes.patient();
    planted.executor(sort.create()).shutdown();

    assertThat(scope).hasNoLeaks();
  }

  @ParameterizedTest
  @EnumSource
  void executorThatTheScopeOpenedWithPasses(Sort sort) {
    Jdk21.assume(); // before, nothing tells how old an executor without threads is
    Owner owner = new Owner(planted.executor(sort.create()));
    LeakScope scope = Scopes.patient().watch(owner);
    runOneTask(owner.pool);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void executorThatSomethingOutsideTheTestStillUsesPasses() {
    LeakScope scope = Scopes.patient();
    List<ExecutorService> someStatic = List.of(Executors.newFixedThreadPool(1));

    assertThat(scope).hasNoLeaks();

    someStatic.forEach(ExecutorService::shutdown);
  }

  @Test
  void taskThatSurvivesTheShutdownOfItsExecutorIsAStrayThread() {
    Owner owner = new Owner(null);
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.pool = planted.executor(Executors.newFixedThreadPool(1));
    planted.occupy(owner.pool, 1);
    owner.pool.shutdown();

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.STRAY_THREAD);
    assertThat(finding.fact("executor").orElseThrow()).contains("it needs shutdownNow()");
    assertThat(finding.fix())
        .contains("call shutdownNow() on the executor and awaitTermination()")
        .doesNotContain("join()");
  }

  @Test
  void twoHundredWorkersOfOneExecutorAreOneFinding() {
    LeakScope scope = Scopes.atOnce();
    planted.occupy(planted.executor(Executors.newFixedThreadPool(200)), 200);

    Finding finding = only(scope.findings());

    assertThat(finding.threads()).hasSize(200);
    assertThat(finding.fact("workers").orElseThrow())
        .startsWith("200 busy: ")
        .contains(" and 195 more");
    assertThat(finding.fact("tasks").orElseThrow()).startsWith("200 × ");
  }

  @Test
  void twoExecutorsAreTwoFindings() {
    LeakScope scope = Scopes.atOnce();
    planted.occupy(planted.executor(Executors.newFixedThreadPool(1)), 1);
    planted.occupy(planted.executor(Executors.newFixedThreadPool(1)), 1);

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR, LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void stateOfAnExecutorInAFieldIsTold() {
    Owner owner = new Owner(null);
    LeakScope scope = Scopes.atOnce().watch(owner);
    ThreadPoolExecutor pool =
        planted.executor(
            new ThreadPoolExecutor(1, 3, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(5)));
    owner.pool = pool;
    planted.occupy(pool, 1);
    pool.execute(() -> {});
    pool.execute(() -> {});

    assertThat(only(scope.findings()).fact("state"))
        .contains("core 1, max 3, 1 active, 2 queued, 0 completed, keep-alive 60 s");
  }

  @Test
  void poolThatDoesNotTellItsMaximumHasACoreAllTheSame() {
    Owner owner = new Owner(null);
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.pool =
        planted.executor(
            new ThreadPoolExecutor(1, 3, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(5)) {
              @Override
              public int getMaximumPoolSize() {
                throw new IllegalStateException("not to be asked");
              }
            });
    planted.occupy(owner.pool, 1);

    assertThat(only(scope.findings()).fact("state"))
        .contains("core 1, 1 active, 0 queued, 0 completed, keep-alive 60 s");
  }

  @Test
  void parallelismIsThatOfAForkJoinPool() {
    Owner owner = new Owner(null);
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.pool = planted.executor(new ForkJoinPool(2));
    planted.occupy(owner.pool, 1);

    assertThat(only(scope.findings()).fact("state"))
        .hasValueSatisfying(state -> assertThat(state).startsWith("parallelism 2, "));
  }

  // Other people's executors

  /** An executor that is no JDK type and owns its thread. */
  private static class ThirdPartyExecutor extends AbstractExecutorService {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread worker = new Thread(this::work, "third-party-worker");
    private volatile boolean shutdown;

    ThirdPartyExecutor() {
      worker.start();
    }

    private void work() {
      try {
        while (!shutdown || !tasks.isEmpty()) {
          tasks.take().run();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public void shutdown() {
      shutdown = true;
      tasks.add(() -> {});
    }

    @Override
    public List<Runnable> shutdownNow() {
      shutdown = true;
      worker.interrupt();
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return shutdown;
    }

    @Override
    public boolean isTerminated() {
      return shutdown && !worker.isAlive();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      unit.timedJoin(worker, timeout);
      return isTerminated();
    }
  }

  @Test
  void idleDaemonWorkersThatNobodyNamedAreFound() {
    LeakScope scope = Scopes.atOnce();
    ExecutorService pool =
        planted.executor(
            Executors.newFixedThreadPool(
                1,
                task -> {
                  Thread thread = new Thread(task);
                  thread.setDaemon(true);
                  return thread;
                }));
    runOneTask(pool);

    assertThat(only(scope.findings()).kind()).isEqualTo(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void thirdPartyExecutorInAFieldIsFound() {
    Owner owner = new Owner(null);
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.pool = planted.executor(new ThirdPartyExecutor());
    runOneTask(owner.pool);

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_EXECUTOR);
    assertThat(finding.title()).contains("ThirdPartyExecutor").endsWith("not terminated");
    assertThat(finding.threads()).hasSize(1);
  }

  /** Leads to a timer of the library's, which is older than itself. */
  private static final class WatchedExecutor extends ThirdPartyExecutor {
    @SuppressWarnings("unused") // there to be found
    private final List<Timer> watchdog;

    WatchedExecutor(Timer timer) {
      watchdog = List.of(timer);
    }
  }

  /** Runs its tasks in a timer of its own. */
  private static final class TimerExecutor extends AbstractExecutorService {
    private final Timer timer = new Timer("timer-executor");
    private volatile boolean shutdown;

    @Override
    public void execute(Runnable task) {
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              task.run();
            }
          },
          0);
    }

    @Override
    public void shutdown() {
      shutdown = true;
      timer.cancel();
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
      return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return shutdown;
    }
  }

  @Test
  void timerThatAnExecutorLeadsToIsNoWorkerOfIt() {
    Timer older = new Timer("watchdog");
    try {
      Owner owner = new Owner(null);
      LeakScope scope = Scopes.atOnce().watch(owner);
      owner.pool = planted.executor(new WatchedExecutor(older));
      runOneTask(owner.pool);

      Finding finding = only(scope.findings());
      assertThat(finding.title()).contains("WatchedExecutor");
      assertThat(finding.threads())
          .extracting(ThreadRecord::name)
          .containsExactly("third-party-worker");
    } finally {
      older.cancel();
    }
  }

  /** Later JDKs keep a timer's fields to themselves. */
  @Test
  @EnabledForJreRange(max = JRE.JAVA_23)
  void timerOfAnExecutorIsItsWorker() {
    Owner owner = new Owner(null);
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.pool = planted.executor(new TimerExecutor());
    runOneTask(owner.pool);

    Finding finding = only(scope.findings());
    assertThat(finding.title()).contains("TimerExecutor");
    assertThat(finding.threads()).extracting(ThreadRecord::name).containsExactly("timer-executor");
  }

  @Test
  void thirdPartyExecutorThatWasShutDownPasses() {
    Owner owner = new Owner(null);
    LeakScope scope = Scopes.patient().watch(owner);
    owner.pool = planted.executor(new ThirdPartyExecutor());
    runOneTask(owner.pool);
    owner.pool.shutdown();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void thirdPartyExecutorThatIsOlderThanTheScopePasses() {
    Owner owner = new Owner(planted.executor(new ThirdPartyExecutor()));
    LeakScope scope = Scopes.patient().watch(owner);
    runOneTask(owner.pool);

    assertThat(scope).hasNoLeaks();
  }

  /** A pool that is no executor but can be closed. */
  private static final class CloseablePool implements AutoCloseable {
    private final CountDownLatch open = new CountDownLatch(1);
    private final List<Thread> threads;

    CloseablePool(Planted planted) {
      threads =
          List.of(
              planted.thread("closeable-1", open::await),
              planted.thread("closeable-2", open::await));
    }

    @Override
    public void close() {
      open.countDown();
      threads.forEach(Planted::awaitEnd);
    }
  }

  private static final class CloseableOwner {
    CloseablePool client;
  }

  @Test
  void closeablePoolInAFieldIsFoundAsOneCause() {
    CloseableOwner owner = new CloseableOwner();
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.client = new CloseablePool(planted);

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_EXECUTOR);
    assertThat(finding.title())
        .isEqualTo(
            "UnclosedExecutorTest$CloseablePool in field CloseableOwner.client, not"
                + " ended: 2 threads");
    assertThat(finding.fix()).contains("call close() on field CloseableOwner.client");
  }

  @Test
  void closeablePoolThatWasClosedPasses() {
    CloseableOwner owner = new CloseableOwner();
    LeakScope scope = Scopes.patient().watch(owner);
    owner.client = new CloseablePool(planted);
    owner.client.close();

    assertThat(scope).hasNoLeaks();
  }

  // Life cycles

  @ParameterizedTest
  @EnumSource
  void executorWithAThreadInAFieldIsOneFinding(Sort sort) {
    Owner owner = new Owner(null);
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.pool = planted.executor(sort.create());
    planted.occupy(owner.pool, 1);

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_EXECUTOR);
    assertThat(finding.title()).endsWith("never shut down");
    assertThat(finding.fact("held by")).contains("field Owner.pool");
    assertThat(finding.threads()).hasSize(1);
  }

  @Test
  void executorThatHadAThreadWhenTheScopeOpenedPasses() {
    Owner owner = new Owner(planted.executor(Executors.newFixedThreadPool(2)));
    planted.occupy(owner.pool, 1);
    LeakScope scope = Scopes.patient().watch(owner);
    planted.occupy(owner.pool, 1);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void executorThatTheScopeOpenedWithMayStartAnotherWorker() {
    ExecutorService pool = planted.executor(Executors.newFixedThreadPool(2));
    planted.occupy(pool, 1);
    LeakScope scope = Scopes.patient();
    planted.occupy(pool, 1);

    assertThat(scope).hasNoLeaks();
  }

  @ParameterizedTest
  @EnumSource
  void executorThatHadNoThreadWhenTheScopeOpenedMayStartItsFirst(Sort sort) {
    Jdk21.assume();
    ExecutorService pool = planted.executor(sort.create());
    LeakScope scope = Scopes.patient();
    planted.occupy(pool, 1);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void scheduledExecutorThatWasShutDownStillPassesWhileItEnds() {
    LeakScope scope = Scopes.patient();
    ScheduledThreadPoolExecutor pool = planted.executor(new ScheduledThreadPoolExecutor(1));
    runOneTask(pool);
    pool.schedule(() -> {}, 1, TimeUnit.MILLISECONDS);
    pool.shutdown();

    Findings findings = scope.findings();

    assertThat(findings).hasNoLeaks();
  }

  @Test
  void messageTellsWhatWasLeftWhoHoldsItAndHowToFixIt() {
    Owner owner = new Owner(null);
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
    scope.watch(owner);
    owner.pool =
        planted.executor(
            Executors.newFixedThreadPool(2, task -> new Thread(task, "order-worker-1")));
    runOneTask(owner.pool);
    Planted.awaitWaitingIn(Golden.threadNamed("order-worker-1"), LinkedBlockingQueue.class);

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 executor behind (waited T)

            1) unclosed-executor   ThreadPoolExecutor@HASH, never shut down
                 held by    field Owner.pool
                 workers    1 idle: order-worker-1 (not daemon: it keeps the JVM alive)
                 state      core 2, max 2, 0 active, 0 queued, 1 completed
                 why        isShutdown() is false: it keeps its threads, and what they refer to, until shutdown()
                 fix        call shutdown() on field Owner.pool when its owner stops, or mark the field {AutoClose}
                 allow      @AllowLeaks(kind = LeakKind.UNCLOSED_EXECUTOR, thread = "order-worker-*", reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION"""
                .replace(
                    "{AutoClose}",
                    Runtime.version().feature() < 19
                        ? "@AutoClose(\"shutdownNow\")"
                        : "@AutoClose"));
  }
}
