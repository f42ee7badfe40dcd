package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.LockProbe;
import dev.leakcheck.capture.objects.QueueProbe;
import dev.leakcheck.capture.objects.ShutdownHooks;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was made, held weakly, with where it was made. Equal to no other birth, and to a
 * {@link Key} of its thing. Small, as there is one for each live thread. Thread-safe.
 */
public abstract sealed class Birth extends WeakReference<Object> {

  private static final Origin NOT_KEPT =
      new Origin.Unknown(
          "so many things were alive at once that the creation stacks of some were not kept");

  private final long number;
  private final int hash;
  private volatile boolean reported;
  private volatile boolean leaked;
  private volatile boolean nobodys;

  /** A {@link Trace}, or the {@link Origin} that it led to, or null if it was not kept. */
  private volatile @Nullable Object made;

  /** Finds the birth of an object without creating one. */
  record Key(Object object) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Birth birth
          ? birth.refersTo(object)
          : other instanceof Key key && key.object == object;
    }

    @Override
    public int hashCode() {
      return hash(object);
    }
  }

  private Birth(Object object, long number, @Nullable Trace trace) {
    super(object);
    this.hash = hash(object);
    this.number = number;
    this.made = trace;
  }

  /** Ids of threads are spread well already, and need no identity hash code in the object. */
  private static int hash(Object object) {
    return object instanceof Thread thread
        ? Long.hashCode(Jdk.threadId(thread))
        : System.identityHashCode(object);
  }

  /** The order of births. */
  long number() {
    return number;
  }

  /** Whether nothing can come of it any more. */
  abstract boolean isOver();

  /** Whether it is still of interest when the scope that it was made in is closed. */
  abstract boolean outlasts();

  /**
   * Where it was made.
   *
   * @return the origin
   */
  public Origin origin() {
    Object known = made;
    if (known instanceof Trace trace) {
      Origin origin = trace.origin();
      made = origin;
      Trace.released();
      return origin;
    }
    return known instanceof Origin origin ? origin : NOT_KEPT;
  }

  /**
   * The stack it was made with.
   *
   * @return innermost frame first; empty if it is not known
   */
  public List<StackTraceElement> stack() {
    return origin() instanceof Origin.Known known ? known.stack() : List.of();
  }

  /** It was told to a person as a leak. */
  public void report() {
    reported = true;
  }

  /** The scope that it was made in is closed. */
  void outlive() {
    leaked |= reported;
  }

  /** Whether it was reported by a scope that is closed: what comes of it is no other scope's. */
  boolean isLeaked() {
    return leaked;
  }

  /** It came of something that was leaked. */
  void disown() {
    nobodys = true;
  }

  /** Whether no scope answers for it. */
  boolean isNobodys() {
    return nobodys;
  }

  /** Gives up what the trace holds; it refers to classes. */
  void forget() {
    if (made instanceof Trace) {
      made = null;
      Trace.released();
    }
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  /** A thread that was started. */
  public static final class OfThread extends Birth {

    private final @Nullable OfExecutor executor;

    OfThread(Thread thread, long number, @Nullable OfExecutor executor, @Nullable Trace trace) {
      super(thread, number, trace);
      this.executor = executor;
    }

    /**
     * The thread, while it is alive.
     *
     * @return the thread, or null if it has ended
     */
    public @Nullable Thread alive() {
      return get() instanceof Thread thread && thread.isAlive() ? thread : null;
    }

    /**
     * The executor that the thread works for.
     *
     * @return its birth, or null if it works for none that was made in a scope
     */
    public @Nullable OfExecutor executor() {
      return executor;
    }

    @Override
    boolean isOver() {
      return !(get() instanceof Thread thread) || thread.getState() == Thread.State.TERMINATED;
    }

    @Override
    boolean outlasts() {
      return !isOver();
    }
  }

  /** An executor that was made. */
  public static final class OfExecutor extends Birth {

    private static final String PER_TASK = "java.util.concurrent.ThreadPerTaskExecutor";

    private final String identity;
    private final boolean jdks;
    private volatile boolean stopped;
    private volatile boolean abandoned;
    private volatile @Nullable Boolean inInitializer;

    OfExecutor(ExecutorService executor, long number, @Nullable Trace trace) {
      super(executor, number, trace);
      this.identity = ExecutorProbe.identity(executor);
      this.jdks =
          executor instanceof ThreadPoolExecutor
              || executor instanceof ForkJoinPool
              || executor.getClass().getName().equals(PER_TASK);
    }

    /**
     * The executor.
     *
     * @return the executor, or null if it was collected
     */
    public @Nullable ExecutorService executor() {
      return get() instanceof ExecutorService executor ? executor : null;
    }

    /**
     * Class name and identity hash code, also when it is gone.
     *
     * @return the identity
     */
    public String identity() {
      return identity;
    }

    /**
     * Whether it is one of the JDK's pools, or of a class that extends one: of those it is known
     * what not stopping them means.
     *
     * @return false for another library's own
     */
    public boolean isJdks() {
      return jdks;
    }

    /**
     * Whether somebody told it to stop. The JDK's own cleaner, which stops what nobody refers to
     * any more, is not somebody.
     *
     * @return true if it was told to, or says so itself
     */
    public boolean isStopped() {
      if (!stopped) {
        ExecutorService executor = abandoned ? null : executor();
        try {
          return executor != null && executor.isShutdown();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
          return false;
        }
      }
      return true;
    }

    /**
     * Whether it was garbage-collected without having been told to stop, or what wraps it was.
     *
     * @return true if nobody can stop it any more
     */
    public boolean isAbandoned() {
      return jdks && !stopped && (abandoned || refersTo(null));
    }

    /**
     * Whether it ought to be told to stop and was not.
     *
     * @return false for another library's own, too: only their threads tell whether they matter
     */
    public boolean isOpen() {
      return jdks && (isAbandoned() || !isStopped());
    }

    void stop() {
      stopped = true;
    }

    /** The JDK stops it, as what wraps it was collected. */
    void abandon() {
      abandoned = true;
    }

    /** Whether it was made while a class was initialised: then it is everybody's. */
    boolean isStatic() {
      Boolean known = inInitializer;
      if (known == null) {
        known =
            stack().stream()
                .takeWhile(frame -> !Stacks.isTestRunner(frame))
                .anyMatch(frame -> frame.getMethodName().equals("<clinit>"));
        inInitializer = known;
      }
      return known;
    }

    @Override
    boolean isOver() {
      ExecutorService executor = executor();
      if (executor == null) {
        return !isAbandoned();
      }
      try {
        return stopped && executor.isTerminated();
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        return false;
      }
    }

    @Override
    boolean outlasts() {
      return !refersTo(null) && !isOver();
    }
  }

  /** A lock that was made. */
  public static final class OfLock extends Birth {

    OfLock(Object lock, long number, @Nullable Trace trace) {
      super(lock, number, trace);
    }

    /**
     * Has all that the hook needs loaded. To load it in the hook could make a lock, and so need it
     * once more before it is there.
     */
    static void load() {
      Trace.load();
    }

    /**
     * Whether somebody holds it.
     *
     * @return false if nobody does or it was collected
     */
    public boolean isHeld() {
      Object lock = get();
      return lock != null && LockProbe.held(lock) != LockProbe.Held.FREE;
    }

    @Override
    boolean isOver() {
      return refersTo(null);
    }

    @Override
    boolean outlasts() {
      return isHeld();
    }
  }

  /** A future task that was made. */
  static final class OfTask extends Birth {

    OfTask(Object task, long number, @Nullable Trace trace) {
      super(task, number, trace);
    }

    @Override
    boolean isOver() {
      try {
        return !(get() instanceof Future<?> task) || task.isDone();
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        return false;
      }
    }

    /** What fails after its scope is no other scope's. */
    @Override
    boolean outlasts() {
      return false;
    }
  }

  /** A blocking queue that was made. */
  public static final class OfQueue extends Birth {

    OfQueue(BlockingQueue<?> queue, long number, @Nullable Trace trace) {
      super(queue, number, trace);
    }

    /**
     * The queue.
     *
     * @return the queue, or null if it was collected
     */
    public @Nullable BlockingQueue<?> queue() {
      return get() instanceof BlockingQueue<?> queue ? queue : null;
    }

    /**
     * Whether it holds something.
     *
     * @return false if it is empty or was collected
     */
    public boolean isFilled() {
      BlockingQueue<?> queue = queue();
      return queue != null && QueueProbe.size(queue) > 0;
    }

    @Override
    boolean isOver() {
      return refersTo(null);
    }

    @Override
    boolean outlasts() {
      return isFilled();
    }
  }

  /** A process that was started. */
  public static final class OfProcess extends Birth {

    private final ProcessHandle handle;

    OfProcess(Process process, ProcessHandle handle, long number, @Nullable Trace trace) {
      super(process, number, trace);
      this.handle = handle;
    }

    /**
     * What stands for the process, also when its {@code Process} was collected.
     *
     * @return the handle
     */
    public ProcessHandle handle() {
      return handle;
    }

    /**
     * Whether it runs.
     *
     * @return false if it has ended
     */
    public boolean isAlive() {
      return get() instanceof Process process ? process.isAlive() : handle.isAlive();
    }

    @Override
    boolean isOver() {
      return !isAlive();
    }

    @Override
    boolean outlasts() {
      return isAlive();
    }
  }

  /** A shutdown hook that was registered. */
  public static final class OfShutdownHook extends Birth {

    OfShutdownHook(Thread hook, long number, @Nullable Trace trace) {
      super(hook, number, trace);
    }

    /**
     * The hook, while it is registered.
     *
     * @return the hook, or null if it was removed or the JVM is about to end
     */
    public @Nullable Thread registered() {
      return get() instanceof Thread hook && ShutdownHooks.isRegistered(hook) ? hook : null;
    }

    @Override
    boolean isOver() {
      return registered() == null;
    }

    @Override
    boolean outlasts() {
      return !isOver();
    }
  }
}
