package dev.leakcheck;

import dev.leakcheck.Planted.Body;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;

/**
 * One thread for each thing that a thread can wait for, and what is said of it. Also a program of
 * its own, for the agent: it prints what is said, a line for each.
 */
public final class WaitCases implements AutoCloseable {

  /** A cause, by the name that it has in the tests' tables. */
  record Case(String name, Wait.Kind kind, Body body) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What is said of a cause: what follows the thread's name, what would wake it, how to fix it. */
  record Said(String title, String waitsFor, String fix) {}

  /** A lock of the user's own. Nobody but its owner may run its code. */
  static final class Mutex extends AbstractQueuedSynchronizer {
    private static final long serialVersionUID = 1;
    final transient AtomicBoolean asked = new AtomicBoolean();

    @Override
    protected boolean tryAcquire(int ignored) {
      return false;
    }

    @Override
    public String toString() {
      asked.set(true);
      LockSupport.park();
      throw new IllegalStateException("toString was called");
    }

    @Override
    public int hashCode() {
      asked.set(true);
      throw new IllegalStateException("hashCode was called");
    }

    @Override
    public boolean equals(Object other) {
      asked.set(true);
      throw new IllegalStateException("equals was called");
    }
  }

  /** A task that nobody may print. */
  static final class Untold implements java.util.concurrent.Callable<String> {
    static final AtomicBoolean ASKED = new AtomicBoolean();

    @Override
    public String call() {
      return "";
    }

    @Override
    public String toString() {
      ASKED.set(true);
      throw new IllegalStateException("toString was called");
    }
  }

  /** Called like one of the JDK's. */
  static final class CountDownLatch$Sync {
    private CountDownLatch$Sync() {}
  }

  private final Planted planted = new Planted();
  private final ReentrantLock held = new ReentrantLock();
  private final ReentrantLock orphan = new ReentrantLock();
  private final ReentrantReadWriteLock read = new ReentrantReadWriteLock();
  private final StampedLock stamped = new StampedLock();
  private final Object monitor = new Object();
  final Mutex mutex = new Mutex();
  private CyclicBarrier barrier = new CyclicBarrier(3);
  private final Thread sleeper;
  private final Thread holder;

  WaitCases() {
    CountDownLatch locked = new CountDownLatch(1);
    holder =
        planted.thread(
            "holder",
            () -> {
              held.lock();
              read.readLock().lock();
              stamped.writeLock();
              synchronized (monitor) {
                locked.countDown();
                TimeUnit.HOURS.sleep(1);
              }
            });
    Planted.await(locked);
    Planted.awaitTimedWaiting(holder);
    Planted.awaitEnd(planted.thread("late holder", orphan::lock));
    sleeper = planted.thread("sleeper", () -> TimeUnit.HOURS.sleep(1));
    Planted.awaitTimedWaiting(sleeper);
  }

  List<Case> all() {
    return List.of(
        new Case("sleep", Wait.Kind.SLEEP, () -> TimeUnit.HOURS.sleep(1)),
        new Case("run", Wait.Kind.RUNNING, WaitCases::spin),
        new Case("accept", Wait.Kind.IO, WaitCases::accept),
        new Case("select", Wait.Kind.IO, WaitCases::select),
        new Case("lock", Wait.Kind.LOCK, held::lockInterruptibly),
        new Case("lock of the dead", Wait.Kind.LOCK, orphan::lockInterruptibly),
        new Case("try lock", Wait.Kind.LOCK, () -> held.tryLock(1, TimeUnit.HOURS)),
        new Case("write lock", Wait.Kind.LOCK, () -> read.writeLock().lockInterruptibly()),
        new Case("stamped lock", Wait.Kind.LOCK, stamped::readLockInterruptibly),
        new Case("latch", Wait.Kind.LATCH, () -> new CountDownLatch(2).await()),
        new Case(
            "timed latch", Wait.Kind.LATCH, () -> new CountDownLatch(2).await(1, TimeUnit.HOURS)),
        new Case("barrier", Wait.Kind.BARRIER, this::meet),
        new Case("phaser", Wait.Kind.PHASER, () -> new Phaser(3).awaitAdvanceInterruptibly(0)),
        new Case("submit", Wait.Kind.SUBSCRIBER, WaitCases::submit),
        new Case("semaphore", Wait.Kind.SEMAPHORE, () -> new Semaphore(0).acquire()),
        new Case("two permits", Wait.Kind.SEMAPHORE, () -> new Semaphore(1).acquire(2)),
        new Case("exchanger", Wait.Kind.EXCHANGER, () -> new Exchanger<>().exchange("")),
        new Case("future task", Wait.Kind.FUTURE, WaitCases::futureTask),
        new Case("future", Wait.Kind.FUTURE, WaitCases::future),
        new Case("fork-join task", Wait.Kind.FUTURE, WaitCases::forkJoinTask),
        new Case("condition", Wait.Kind.CONDITION, WaitCases::condition),
        new Case("notify", Wait.Kind.OBJECT, WaitCases::waitForNotify),
        new Case("join", Wait.Kind.JOIN, sleeper::join),
        new Case("process", Wait.Kind.PROCESS, WaitCases::process),
        new Case("mutex", Wait.Kind.SYNCHRONIZER, () -> mutex.acquireInterruptibly(1)),
        new Case("park", Wait.Kind.PARKED, WaitCases::park),
        new Case("park for", Wait.Kind.PARKED, () -> parkFor(new CountDownLatch$Sync())));
  }

  /** From Java 21 on. */
  Case joinOfVirtual() {
    Thread virtual = planted.virtual("virtual sleeper", () -> TimeUnit.HOURS.sleep(1));
    Planted.awaitTimedWaiting(virtual);
    return new Case("join of virtual", Wait.Kind.JOIN, virtual::join);
  }

  Case named(String name) {
    return name.equals("monitor")
        ? monitor()
        : all().stream().filter(cause -> cause.name.equals(name)).findFirst().orElseThrow();
  }

  boolean ranUserCode() {
    return mutex.asked.get() || Untold.ASKED.get();
  }

  /** To be the last: nothing but the end of the holder ends this wait. */
  Case monitor() {
    return new Case("monitor", Wait.Kind.MONITOR, this::enter);
  }

  private void enter() {
    synchronized (monitor) {
      Thread.onSpinWait();
    }
  }

  private static void spin() {
    while (!Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }

  private static void park() {
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.park();
    }
  }

  private static void parkFor(Object blocker) {
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.park(blocker);
    }
  }

  private static final List<AutoCloseable> OPEN =
      java.util.Collections.synchronizedList(new java.util.ArrayList<>());

  private static void accept() {
    try (ServerSocket socket = new ServerSocket(0)) {
      OPEN.add(socket);
      socket.accept();
    } catch (IOException closed) {
      return;
    }
  }

  private static void select() {
    try (Selector selector = Selector.open()) {
      OPEN.add(selector);
      selector.select();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** To somebody who requests nothing. */
  private static void submit() {
    SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>(Runnable::run, 1);
    publisher.subscribe(idleSubscriber(subscription -> OPEN.add(subscription::cancel)));
    for (int i = 0; i < 10; i++) {
      publisher.submit(i);
    }
  }

  /** Requests nothing. */
  static Flow.Subscriber<Integer> idleSubscriber(Consumer<Flow.Subscription> subscribed) {
    return new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscribed.accept(subscription);
      }

      @Override
      public void onNext(Integer item) {}

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onComplete() {}
    };
  }

  private static void process() throws InterruptedException {
    try {
      Process process = new ProcessBuilder("sleep", "600").start();
      OPEN.add(process::destroyForcibly);
      process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void meet() throws InterruptedException {
    try {
      barrier.await();
    } catch (java.util.concurrent.BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void futureTask() throws InterruptedException {
    try {
      new FutureTask<>(new Untold()).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void future() throws InterruptedException {
    try {
      new CompletableFuture<>().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void forkJoinTask() throws InterruptedException {
    try {
      ForkJoinTask.adapt(new Untold()).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void condition() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    try {
      lock.newCondition().await();
    } finally {
      lock.unlock();
    }
  }

  private static void waitForNotify() throws InterruptedException {
    Object mailbox = new Object();
    synchronized (mailbox) {
      mailbox.wait();
    }
  }

  /** Plants it, checks, and takes it back. */
  Said said(Case cause, boolean virtual) throws Exception {
    barrier = new CyclicBarrier(3); // an interrupt breaks it
    LeakScope scope = Scopes.atOnce().watch(this);
    try (Planted own = new Planted()) {
      Thread thread =
          virtual ? own.virtual("waiter", cause.body) : own.thread("waiter", cause.body);
      awaitKind(thread, cause.kind);
      Finding finding = find(scope.findings());
      closeAll();
      if (cause.kind == Wait.Kind.MONITOR) {
        holder.interrupt(); // no more can be asked of these cases
      }
      return new Said(
          finding.title().replaceFirst("^(virtual )?thread \"waiter\" ", ""),
          normalise(finding.fact("waits for").orElse("")),
          normalise(finding.fix()));
    }
  }

  private static Finding find(Findings findings) {
    return findings.list().stream()
        .filter(finding -> finding.title().contains("\"waiter\""))
        .findFirst()
        .orElseThrow();
  }

  private static void closeAll() throws Exception {
    for (AutoCloseable open : OPEN) {
      open.close();
    }
    OPEN.clear();
  }

  private static void awaitKind(Thread thread, Wait.Kind kind) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      List<ThreadRecord> records = LiveThreads.describe(List.of(thread));
      if (!records.isEmpty() && isIn(kind, records.get(0))) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError(kind + " expected: " + records);
      }
      Thread.onSpinWait();
    }
  }

  /** On its way to input a thread is here and there in native code. */
  private static boolean isIn(Wait.Kind kind, ThreadRecord thread) {
    Wait wait = Wait.of(thread);
    return wait.kind() == kind
        && (kind != Wait.Kind.IO
            || (Set.of("accept", "select").contains(wait.method())
                && (!thread.virtual() || thread.state() == Thread.State.WAITING)));
  }

  private static String normalise(String text) {
    return text.replaceAll("dev\\.leakcheck\\.WaitCases\\.[\\w$]+\\(WaitCases.java:\\d+\\)", "HERE")
        .replaceAll("dev\\.leakcheck\\.Planted\\.[\\w$]+\\(Planted.java:\\d+\\)", "HERE")
        .replaceAll("\\.java:\\d+", ".java:LINE")
        .replaceAll(
            "when Planted stops, in its close\\(\\) \\(it started the threads? at Planted.java:LINE;"
                + " Planted.\\w+\\(\\) is called at WaitCases.java:LINE\\)",
            "where its owner stops");
  }

  @Override
  public void close() throws Exception {
    planted.close();
  }

  /** Prints what is said with whatever this JVM was started with. */
  public static void main(String[] kinds) throws Exception {
    try (WaitCases cases = new WaitCases()) {
      for (String kind : kinds) {
        boolean virtual = kind.equals("virtual");
        for (Case cause : cases.all()) {
          print(cause, virtual, cases);
        }
      }
      if (Jdk21.AVAILABLE) {
        print(cases.joinOfVirtual(), false, cases);
      }
      print(cases.monitor(), false, cases);
      System.out.println(cases.ranUserCode() ? "user code ran" : "no user code ran");
    }
  }

  private static void print(Case cause, boolean virtual, WaitCases cases) throws Exception {
    Said said = cases.said(cause, virtual);
    System.out.println(cause.name + " | " + said.title + " | " + said.waitsFor + " | " + said.fix);
  }
}
