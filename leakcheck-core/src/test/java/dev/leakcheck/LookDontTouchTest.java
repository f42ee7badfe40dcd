package dev.leakcheck;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.AbstractCollection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** None of the user's code runs because somebody looks. */
@Timeout(60)
class LookDontTouchTest {

  @AutoClose private final Planted planted = new Planted();

  private final CountDownLatch never = new CountDownLatch(1);

  @AfterEach
  void release() {
    never.countDown();
  }

  /** What a fake does when it is called, whatever is called. */
  enum Answer {
    COUNTS,
    FAILS,
    THROWS_CHECKED,
    HAS_NO_MEMORY,
    BLOCKS
  }

  private static final class Fields {
    final Object executor;
    final Object queue;
    final Object scheduler;
    final List<?> list;

    Fields(Object executor, Object queue, Object scheduler, List<?> list) {
      this.executor = executor;
      this.queue = queue;
      this.scheduler = scheduler;
      this.list = list;
    }
  }

  private static final class StaticFields {
    static Object executor;
    static Object queue;
  }

  private Object proxy(Answer answer, AtomicInteger calls, Class<?>... types) {
    return Proxy.newProxyInstance(
        getClass().getClassLoader(),
        types,
        (self, method, arguments) -> {
          calls.incrementAndGet();
          switch (answer) {
            case FAILS -> throw new AssertionError("planted");
            case THROWS_CHECKED -> throw new IOException("planted");
            case HAS_NO_MEMORY -> throw new OutOfMemoryError("planted");
            case BLOCKS -> never.await();
            default -> {
              return method.getReturnType() == int.class ? (Object) 1 : false;
            }
          }
          return null;
        });
  }

  @ParameterizedTest
  @EnumSource(Answer.class)
  void fakesInFieldsAreNeverCalledAndNeverAccused(Answer answer) {
    AtomicInteger calls = new AtomicInteger();
    Object executor = proxy(answer, calls, ExecutorService.class);
    Object queue = proxy(answer, calls, BlockingQueue.class);
    Object scheduler = proxy(answer, calls, ScheduledExecutorService.class);
    Object list = proxy(answer, calls, List.class);
    LeakScope scope =
        Scopes.atOnce().watch(planted.keep(new Fields(executor, queue, scheduler, (List<?>) list)));
    StaticFields.executor = executor;
    StaticFields.queue = queue;
    scope.watchStatics(StaticFields.class);
    try {
      assertThat(scope).hasNoLeaks();
      assertThat(calls).hasValue(0);
    } finally {
      StaticFields.executor = null;
      StaticFields.queue = null;
    }
  }

  @ParameterizedTest
  @EnumSource(Answer.class)
  void fakesThatTheTestTellsOfAreNeverCalledEither(Answer answer) {
    AtomicInteger calls = new AtomicInteger();
    LeakScope scope = Scopes.atOnce();
    LeakCheck.track((ExecutorService) proxy(answer, calls, ExecutorService.class));
    LeakCheck.track((BlockingQueue<?>) proxy(answer, calls, BlockingQueue.class));

    assertThat(scope).hasNoLeaks();
    assertThat(calls).hasValue(0);
  }

  /** An executor of the user's own, over one of the JDK's or over nothing. */
  private static final class Forwarding extends AbstractExecutorService {
    final AtomicInteger asked = new AtomicInteger();
    final Executor inner;

    Forwarding(Executor inner) {
      this.inner = inner;
    }

    @Override
    public void execute(Runnable task) {
      inner.execute(task);
    }

    @Override
    public void shutdown() {
      asked.incrementAndGet();
    }

    @Override
    public List<Runnable> shutdownNow() {
      asked.incrementAndGet();
      return List.of();
    }

    @Override
    public synchronized boolean isShutdown() {
      asked.incrementAndGet();
      return false;
    }

    @Override
    public boolean isTerminated() {
      asked.incrementAndGet();
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      asked.incrementAndGet();
      return false;
    }
  }

  private static final class Holder {
    final Object held;

    Holder(Object held) {
      this.held = held;
    }
  }

  @Test
  void anExecutorInWhichNothingLivesLeaksNothing() {
    Forwarding direct = new Forwarding(Runnable::run);
    LeakScope scope = Scopes.atOnce().watch(planted.keep(new Holder(direct)));

    direct.execute(() -> {});

    assertThat(scope).hasNoLeaks();
    assertThat(direct.asked).hasValue(0);
  }

  @Test
  void anOpenExecutorOfTheJdkInsideAnotherIsFound() {
    LeakScope scope = Scopes.atOnce();
    ExecutorService inner = planted.executor(Executors.newFixedThreadPool(1));
    Forwarding outer = new Forwarding(inner);
    scope.watch(planted.keep(new Holder(outer)));

    planted.occupy(outer, 1);

    Finding finding = only(scope.findings());
    assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_EXECUTOR);
    assertThat(finding.title()).startsWith("ThreadPoolExecutor").contains("never shut down");
    assertThat(outer.asked).hasValue(0);
  }

  @Test
  void aClosedExecutorOfTheJdkInsideAnotherIsNoLeak() {
    LeakScope scope = Scopes.patient();
    ExecutorService inner = planted.executor(Executors.newFixedThreadPool(1));
    Forwarding outer = new Forwarding(inner);
    scope.watch(planted.keep(new Holder(outer)));

    outer.execute(() -> {});
    inner.shutdown();

    assertThat(scope).hasNoLeaks();
    assertThat(outer.asked).hasValue(0);
  }

  @Test
  void aQueueWhoseComparatorBlocksInsideAddIsToldAsItsStrayThread() {
    LeakScope scope = Scopes.atOnce();
    CountDownLatch compares = new CountDownLatch(1);
    PriorityBlockingQueue<String> queue =
        new PriorityBlockingQueue<>(
            11,
            (one, other) -> {
              compares.countDown();
              awaitQuietly();
              return 0;
            });
    queue.add("first");
    scope.watch(planted.keep(new Holder(queue)));
    planted.start(new Thread(() -> queue.add("second"), "adds"), compares);

    Findings findings = scope.findings();

    assertThat(findings.list()).anyMatch(finding -> finding.facts().toString().contains("adds"));
    assertThat(findings.coverage().notes())
        .allSatisfy(note -> assertThat(note.text()).doesNotContain("second"));
  }

  /** Before Java 19 a thread group takes its own monitor to tell its threads. */
  @Test
  void aThreadGroupWhoseMonitorIsHeldIsNotWaitedFor() {
    isNotWaitedFor(new ThreadGroup("held"));
  }

  @Test
  void theGroupOfAllThreadsWhoseMonitorIsHeldIsNotWaitedFor() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    isNotWaitedFor(root);
  }

  private void isNotWaitedFor(ThreadGroup group) {
    LeakScope scope = Scopes.atOnce();
    CountDownLatch holds = new CountDownLatch(1);
    planted.start(
        new Thread(
            group,
            () -> {
              synchronized (group) {
                holds.countDown();
                awaitQuietly();
              }
            },
            "holds"),
        holds);

    assertThat(scope.findings().list())
        .anyMatch(finding -> finding.facts().toString().contains("holds"));
  }

  /** Whoever first asks for the default time zone fixes it. */
  @Test
  void theDefaultTimeZoneIsTheUsersToSet() {
    TimeZone zone = TimeZone.getDefault();
    String set = System.getProperty("user.timezone", "");
    LeakScope scope = Scopes.atOnce();
    CountDownLatch runs = new CountDownLatch(1);
    planted.start(
        new Thread(
            () -> {
              runs.countDown();
              awaitQuietly();
            },
            "left"),
        runs);
    try {
      System.clearProperty("user.timezone");
      TimeZone.setDefault(null);
      assertThat(scope.findings().list()).isNotEmpty();
      System.setProperty("user.timezone", "Asia/Tokyo");

      assertThat(TimeZone.getDefault().getID()).isEqualTo("Asia/Tokyo");
    } finally {
      TimeZone.setDefault(zone);
      System.setProperty("user.timezone", set);
    }
  }

  @Test
  void aQueueInAFieldWhoseLockIsHeldIsSaidNotToBeSeen() throws InterruptedException {
    CountDownLatch compares = new CountDownLatch(1);
    PriorityBlockingQueue<String> queue =
        new PriorityBlockingQueue<>(
            11,
            (one, other) -> {
              compares.countDown();
              awaitQuietly();
              return 0;
            }) {};
    queue.add("first");
    Thread holder = planted.add(new Thread(() -> queue.add("second"), "adds"));
    LeakScope scope = Scopes.atOnce().watch(planted.keep(new Holder(queue)));
    holder.start();
    compares.await();

    Findings findings = scope.findings();

    assertThat(findings.list()).anyMatch(finding -> finding.facts().toString().contains("adds"));
    if (Runtime.version().feature() >= 24) { // before, its size is read from a field
      assertThat(findings.coverage().notes())
          .anySatisfy(note -> assertThat(note.text()).contains("\"adds\" holds its lock"));
    }
  }

  @Test
  void aPoolWhoseTerminatedMethodBlocksIsToldAsItsThread() throws InterruptedException {
    LeakScope scope = Scopes.atOnce();
    CountDownLatch ends = new CountDownLatch(1);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
          @Override
          protected void terminated() {
            ends.countDown();
            awaitQuietly();
          }
        };
    scope.watch(planted.keep(new Holder(pool)));
    CountDownLatch shut = new CountDownLatch(1);
    pool.execute( // or this thread, which shuts the pool down, may be the one to end it
        () -> {
          try {
            shut.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    planted.executor(pool).shutdown();
    shut.countDown();
    ends.await();

    Finding finding = only(scope.findings());

    assertThat(finding.title()).contains("pool-");
  }

  /** Everything it says is said under its own monitor, which somebody holds for ever. */
  @SuppressWarnings("serial")
  private static final class Locked extends LinkedBlockingQueue<Object> {
    @Override
    public synchronized int size() {
      return super.size();
    }

    @Override
    public synchronized Iterator<Object> iterator() {
      return super.iterator();
    }

    @Override
    public synchronized int remainingCapacity() {
      return super.remainingCapacity();
    }
  }

  @Test
  void monitorsOfFakesAreNeverWaitedFor() {
    Locked queue = new Locked();
    Forwarding executor = new Forwarding(Runnable::run);
    Holder owner = new Holder(List.of(queue, executor));
    CountDownLatch holds = new CountDownLatch(1);
    Thread holder =
        new Thread(
            () -> {
              synchronized (queue) {
                synchronized (executor) {
                  holds.countDown();
                  awaitQuietly();
                }
              }
            },
            "holds monitors");
    LeakScope scope = Scopes.atOnce();
    planted.start(holder, holds);
    scope
        .watch(owner)
        .watch(planted.keep(new Holder(queue)))
        .watch(planted.keep(new Holder(executor)));

    assertThat(only(scope.findings()).title()).contains("holds monitors");
  }

  /** Its iterator never returns. */
  private final class Endless extends AbstractCollection<Object> {
    final AtomicInteger asked = new AtomicInteger();

    @Override
    public Iterator<Object> iterator() {
      asked.incrementAndGet();
      awaitQuietly();
      return Collections.emptyIterator();
    }

    @Override
    public int size() {
      asked.incrementAndGet();
      awaitQuietly();
      return 0;
    }
  }

  @Test
  void anIteratorThatBlocksDelaysNobody() {
    Endless endless = new Endless();
    LeakScope scope = Scopes.atOnce();
    scope.watch(planted.keep(new Holder(endless)));
    scope.watch(planted.keep(new Holder(Collections.unmodifiableCollection(endless))));

    scope.watch(planted.keep(new Holder(Collections.synchronizedCollection(endless))));

    assertThat(scope).hasNoLeaks();
    assertThat(endless.asked).hasValue(0);
  }

  /** All that can be overridden lies, or throws. */
  private static final class LyingThread extends Thread {
    private final boolean lies;

    LyingThread(Runnable body, String name, boolean lies) {
      super(body, name);
      this.lies = lies;
    }

    private <T> T answer(T lie) {
      if (lies) {
        return lie;
      }
      throw new IllegalStateException("planted");
    }

    @Override
    @SuppressWarnings("deprecation")
    public long getId() {
      return answer(1L);
    }

    @Override
    public State getState() {
      return answer(State.TERMINATED);
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      return answer(new StackTraceElement[0]);
    }

    @Override
    public boolean isInterrupted() {
      return answer(true);
    }

    @Override
    public ClassLoader getContextClassLoader() {
      return answer(null);
    }

    @Override
    public UncaughtExceptionHandler getUncaughtExceptionHandler() {
      return answer(null);
    }

    @Override
    public String toString() {
      return answer("");
    }

    @Override
    public int hashCode() {
      return answer(0);
    }

    @Override
    public boolean equals(Object other) {
      return answer(true);
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"COUNTS", "FAILS"},
      value = Answer.class)
  void aThreadThatLiesOrThrowsIsFound(Answer answer) {
    LeakScope scope = Scopes.atOnce();
    CountDownLatch started = new CountDownLatch(1);
    LyingThread thread =
        new LyingThread(planted.waiting(started), "lying", answer == Answer.COUNTS);
    thread.start();
    try {
      started.await();
      Finding finding = only(scope.findings());
      assertThat(finding.kind()).isEqualTo(LeakKind.STRAY_THREAD);
      assertThat(finding.title()).contains("lying");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A lock that counts who asks it. */
  @SuppressWarnings("serial")
  private static final class AskedLock extends ReentrantLock {
    static final AtomicInteger ASKED = new AtomicInteger();

    @Override
    public boolean isLocked() {
      ASKED.incrementAndGet();
      return super.isLocked();
    }
  }

  @Test
  void aLockThatOverridesWhatTellsIsNotAsked() {
    AskedLock lock = new AskedLock();
    LeakScope scope = Scopes.atOnce().watch(planted.keep(new Holder(lock)));

    assertThat(scope).hasNoLeaks();
    assertThat(AskedLock.ASKED).hasValue(0);
  }

  /** Of a part of a sorted collection even the iterator compares. */
  @Test
  void comparatorsOfPartsOfSortedCollectionsAreNotCalled() {
    AtomicInteger compared = new AtomicInteger();
    Comparator<String> counting =
        (one, other) -> {
          compared.incrementAndGet();
          return one.compareTo(other);
        };
    TreeMap<String, Object> tree = new TreeMap<>(counting);
    ConcurrentSkipListMap<String, Object> skips = new ConcurrentSkipListMap<>(counting);
    TreeSet<String> set = new TreeSet<>(counting);
    for (String key : List.of("a", "b", "c")) {
      tree.put(key, key);
      skips.put(key, key);
      set.add(key);
    }
    List<Object> parts =
        List.of(
            tree.headMap("c"),
            tree.descendingMap(),
            tree.headMap("c").keySet(),
            tree.headMap("c").values(),
            skips.subMap("a", "c"),
            skips.tailMap("b").keySet(),
            set.headSet("b"),
            set,
            tree);
    int before = compared.get();

    assertThat(Scopes.atOnce().watch(planted.keep(new Holder(parts)))).hasNoLeaks();

    assertThat(compared).hasValue(before);
  }

  /**
   * Before Java 19 the JVM asks the owner of a lock for its id to describe whoever waits for it.
   */
  private static final class OddOwner extends Thread {
    final AtomicInteger asked = new AtomicInteger();

    OddOwner(Runnable body) {
      super(body, "owner");
    }

    @Override
    @SuppressWarnings("deprecation")
    public long getId() {
      asked.incrementAndGet();
      throw new IllegalStateException("planted");
    }
  }

  @Test
  void whoOwnsALockIsNotAskedForItsIdAndNobodyBehindItIsLost() throws Exception {
    Object monitor = new Object();
    CountDownLatch taken = new CountDownLatch(1);
    OddOwner owner =
        new OddOwner(
            () -> {
              synchronized (monitor) {
                planted.waiting(taken).run();
              }
            });
    LeakScope scope = Scopes.atOnce();
    owner.start();
    taken.await();
    Thread behind =
        new Thread(
            () -> {
              synchronized (monitor) {
                taken.countDown();
              }
            },
            "behind");
    behind.start();
    while (behind.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }

    Findings findings = scope.findings();

    assertThat(findings.list())
        .extracting(Finding::title)
        .anyMatch(title -> title.contains("owner"))
        .anyMatch(title -> title.contains("behind"));
    assertThat(owner.asked).hasValue(0);
    assertThat(findings.coverage().notes())
        .filteredOn(note -> note.text().contains("overrides getId()"))
        .hasSize(Runtime.version().feature() < 19 ? 1 : 0);
  }

  private void awaitQuietly() {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
