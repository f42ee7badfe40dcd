package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ThreadRecord;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The live platform threads, and the states and stacks of threads of both kinds. Thread-safe. */
public final class LiveThreads {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final ThreadGroup ROOT = findRootGroup();

  private static volatile boolean stacksRefused;

  private LiveThreads() {}

  /**
   * What could not be seen of live threads so far.
   *
   * @return the coverage
   */
  public static Coverage coverage() {
    Coverage coverage =
        stacksRefused
            ? Coverage.limitedBy(
                Coverage.Limit.SECURITY_MANAGER,
                "a security manager refused the threads' stacks: what they wait for, and workers of"
                    + " executors, were not seen")
            : Coverage.FULL;
    return withOverriddenId()
        .map(
            thread ->
                coverage.and(
                    Coverage.limitedBy(
                        Coverage.Limit.NO_ANSWER,
                        thread.getClass().getName()
                            + " overrides getId(), by which this JDK tells who holds a lock:"
                            + " deadlocks, and what threads wait for, were not looked at")))
        .orElse(coverage);
  }

  /**
   * A live thread that the JVM's own descriptions of threads would call. Before Java 19 they ask
   * the owner of every lock for its id, whichever threads are described.
   *
   * @return empty on Java 19 and later
   */
  public static Optional<Thread> withOverriddenId() {
    return Jdk.HAS_FINAL_ID
        ? Optional.empty()
        : all().stream().filter(Jdk::overridesId).findFirst();
  }

  /** A security manager refused the threads' stacks. */
  static void refuseStacks() {
    stacksRefused = true;
  }

  /**
   * All live platform threads, without their stacks.
   *
   * @return the threads
   */
  public static List<Thread> all() {
    Thread[] told = LockFreeList.threads();
    Thread[] threads = told == null ? enumerate() : told;
    for (Thread thread : threads) {
      CommonPool.seen(thread);
      TimerThreads.seen(thread);
    }
    return Arrays.asList(threads);
  }

  private static Thread[] enumerate() {
    Thread[] buffer = new Thread[Math.max(32, THREADS.getThreadCount() + 16)];
    int count;
    while ((count = ROOT.enumerate(buffer, true)) == buffer.length) {
      buffer = new Thread[buffer.length * 2];
    }
    return Arrays.copyOf(buffer, count);
  }

  /**
   * The live platform thread with an id.
   *
   * @param id the id
   * @return the thread, or empty if it has ended or is virtual
   */
  public static Optional<Thread> byId(long id) {
    return all().stream().filter(thread -> id(thread) == id).findFirst();
  }

  /**
   * The threads with their states, stacks and blockers.
   *
   * @param threads platform threads, which are described as of one instant, and virtual threads,
   *     which are described one after the other
   * @return one record for each thread that is still alive, in no particular order
   */
  public static List<ThreadRecord> describe(Collection<Thread> threads) {
    if (threads.isEmpty()) {
      return List.of();
    }
    List<Thread> platform = new ArrayList<>(threads.size());
    List<ThreadRecord> records = new ArrayList<>(threads.size());
    boolean described = withOverriddenId().isEmpty();
    for (Thread thread : threads) {
      if (Jdk.isVirtual(thread)) {
        ThreadRecord record = VirtualThreads.describe(thread);
        if (record != null) {
          records.add(record);
        }
      } else if (described) {
        platform.add(thread);
      } else {
        addAlive(List.of(thread), each -> List.of(AskThread.stack(each)), records);
      }
    }
    describePlatform(platform, records);
    return records;
  }

  private static void describePlatform(List<Thread> threads, List<ThreadRecord> records) {
    if (threads.isEmpty()) {
      return;
    }
    ThreadInfo[] infos;
    try {
      infos = THREADS.getThreadInfo(ids(threads), Integer.MAX_VALUE);
    } catch (SecurityException e) {
      refuseStacks();
      addAlive(threads, thread -> List.of(), records);
      return;
    }
    int i = 0;
    for (Thread thread : threads) {
      ThreadInfo info = infos[i++];
      if (info != null && info.getThreadState() != Thread.State.TERMINATED) {
        records.add(record(thread, info));
      }
    }
  }

  /**
   * What is known of a thread without asking the JVM: name, class and group.
   *
   * @param thread a platform thread
   * @return a record without stack, blocker and true state
   */
  public static ThreadRecord withoutStack(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return new ThreadRecord(
        id(thread),
        thread.getName(),
        Jdk.isVirtual(thread),
        thread.isDaemon(),
        Thread.State.RUNNABLE,
        thread.getClass().getName(),
        group == null ? "" : group.getName(),
        List.of(),
        null,
        null);
  }

  private static void addAlive(
      List<Thread> threads,
      Function<Thread, List<StackTraceElement>> stack,
      List<ThreadRecord> records) {
    for (Thread thread : threads) {
      if (thread.isAlive()) {
        records.add(withState(thread, stack.apply(thread)));
      }
    }
  }

  /** What is left of a thread that the JVM does not describe: no blocker. */
  private static ThreadRecord withState(Thread thread, List<StackTraceElement> stack) {
    ThreadRecord known = withoutStack(thread);
    return new ThreadRecord(
        known.id(),
        known.name(),
        known.virtual(),
        known.daemon(),
        AskThread.state(thread),
        known.type(),
        known.group(),
        stack,
        null,
        null);
  }

  /**
   * The threads' states, without their stacks.
   *
   * @param threads threads of either kind
   * @return the state of each, {@code TERMINATED} for one that has ended, in the same order
   */
  public static List<Thread.State> states(Collection<Thread> threads) {
    List<Thread> described = describable(threads);
    ThreadInfo[] infos;
    try {
      infos = described.isEmpty() ? new ThreadInfo[0] : THREADS.getThreadInfo(ids(described));
    } catch (SecurityException e) {
      return threads.stream().map(AskThread::state).toList();
    }
    List<Thread.State> states = new ArrayList<>(threads.size());
    int i = 0;
    for (Thread thread : threads) {
      if (i < described.size() && described.get(i) == thread) {
        ThreadInfo info = infos[i++];
        states.add(info == null ? Thread.State.TERMINATED : info.getThreadState());
      } else {
        states.add(AskThread.state(thread));
      }
    }
    return states;
  }

  /**
   * How often a thread has begun to wait, with or without a time limit: for a lock's condition, in
   * a sleep, or parked.
   *
   * @param thread a platform thread
   * @return the count, or -1 if it has ended or cannot be described
   */
  public static long waits(Thread thread) {
    if (Jdk.isVirtual(thread) || withOverriddenId().isPresent()) {
      return -1;
    }
    try {
      ThreadInfo info = THREADS.getThreadInfo(id(thread));
      return info == null ? -1 : info.getWaitedCount();
    } catch (SecurityException refused) {
      return -1;
    }
  }

  /**
   * The threads that the JVM describes without running anybody's code: platform threads, and before
   * Java 19 none while {@linkplain #withOverriddenId() one} lives that it would call.
   */
  static List<Thread> describable(Collection<Thread> threads) {
    return withOverriddenId().isPresent()
        ? List.of()
        : threads.stream().filter(thread -> !Jdk.isVirtual(thread)).toList();
  }

  static long[] ids(List<Thread> threads) {
    return threads.stream().mapToLong(LiveThreads::id).toArray();
  }

  /** A platform thread as the JVM told of it. */
  static ThreadRecord record(Thread thread, ThreadInfo info) {
    ThreadGroup group = thread.getThreadGroup();
    return new ThreadRecord(
        info.getThreadId(),
        info.getThreadName(),
        false,
        info.isDaemon(),
        info.getThreadState(),
        thread.getClass().getName(),
        group == null ? "" : group.getName(),
        List.of(info.getStackTrace()),
        blocker(info),
        forkJoinPool(thread));
  }

  private static @Nullable Blocker blocker(ThreadInfo info) {
    LockInfo lock = info.getLockInfo();
    if (lock == null) {
      return null;
    }
    long owner = info.getLockOwnerId();
    return new Blocker(
        lock.getClassName(), lock.getIdentityHashCode(), owner == -1 ? null : (Long) owner);
  }

  private static @Nullable String forkJoinPool(Thread thread) {
    if (thread instanceof ForkJoinWorkerThread worker) {
      ForkJoinPool pool = Ask.pool(worker);
      return pool == null ? null : Identity.of(pool);
    }
    return null;
  }

  /**
   * A thread's id, even if its class overrides {@code getId()}.
   *
   * @param thread the thread
   * @return the id
   */
  public static long id(Thread thread) {
    return Jdk.threadId(thread);
  }

  /**
   * The CPU time that a thread has used, which goes on neither while it waits nor while others use
   * its processor.
   *
   * @param thread a platform thread
   * @return nanoseconds, or -1 if it has ended or this JVM cannot tell
   */
  static long cpuNanos(Thread thread) {
    try {
      return THREADS.getThreadCpuTime(id(thread));
    } catch (UnsupportedOperationException | SecurityException e) {
      return -1;
    }
  }

  static ThreadGroup rootGroup() {
    return ROOT;
  }

  private static ThreadGroup findRootGroup() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    try {
      while (group.getParent() != null) {
        group = group.getParent();
      }
    } catch (SecurityException e) {
      // A security manager hides the groups above: what is below them is still seen.
      return group;
    }
    return group;
  }
}
