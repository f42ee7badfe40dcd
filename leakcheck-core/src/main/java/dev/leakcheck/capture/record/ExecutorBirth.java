package dev.leakcheck.capture.record;

import dev.leakcheck.capture.ask.Answers;
import dev.leakcheck.capture.ask.Answers.Cost;
import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.model.Stacks;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/** An executor that was made. */
public final class ExecutorBirth extends Birth {

  private static final String PER_TASK = "java.util.concurrent.ThreadPerTaskExecutor";

  /** Of how many sorts of names of workers one is kept. */
  private static final int MOST_NAMES = 8;

  private volatile String identity;
  private final boolean jdks;
  private final boolean tellsIfStopped;
  private volatile @Nullable Boolean maybeForAll;
  private volatile boolean stopped;
  private volatile boolean abandoned;

  /** What it and all its copies have, and nobody else; null if that could not be read. */
  private volatile @Nullable WeakReference<Object> shared;

  /** What took its place: a copy such as a spy. */
  private volatile @Nullable WeakReference<ExecutorService> copy;

  /** Names of workers, no two of which differ in digits only. Replaced as a whole. */
  private volatile List<String> workerNames = List.of();

  ExecutorBirth(ExecutorService executor, long number, @Nullable Trace trace) {
    super(executor, number, trace);
    this.identity = Identity.of(executor);
    this.jdks =
        executor instanceof ThreadPoolExecutor
            || executor instanceof ForkJoinPool
            || executor.getClass().getName().equals(PER_TASK);
    this.tellsIfStopped =
        Answers.cost(executor, "isShutdown") != null || isStoppedByTheJdks(executor.getClass());
  }

  /** Whether {@code shutdown()} is the JDK's own code, which says when it was called. */
  private static boolean isStoppedByTheJdks(Class<?> type) {
    try {
      return Fields.isJdk(type.getMethod("shutdown").getDeclaringClass());
    } catch (NoSuchMethodException | SecurityException | LinkageError notTold) {
      return true;
    }
  }

  /**
   * The executor, or the copy that is used in its place.
   *
   * @return the executor, or null if it was collected
   */
  public @Nullable ExecutorService executor() {
    WeakReference<ExecutorService> known = copy;
    ExecutorService copied = known == null ? null : known.get();
    return copied == null ? made() : copied;
  }

  /**
   * The executor that was made, which tells its state where the copy must not be asked.
   *
   * @return the executor, or null if it was collected
   */
  public @Nullable ExecutorService made() {
    return get() instanceof ExecutorService executor ? executor : null;
  }

  /** Somebody uses a copy in its place, whose threads and fields tell of the copy. */
  void copiedAs(ExecutorService used) {
    WeakReference<ExecutorService> known = copy;
    if (known == null || !known.refersTo(used)) {
      copy = new WeakReference<>(used);
      identity = Identity.of(used);
    }
  }

  /** Any copy of it has this, too. */
  void shares(WeakReference<Object> part) {
    shared = part;
  }

  /** Whether nobody has it any more, nor a copy of it. */
  private boolean isGone() {
    WeakReference<Object> part = shared;
    return refersTo(null) && (part == null || part.refersTo(null));
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
   * Whether it is one of the JDK's pools, or of a class that extends one: of those it is known what
   * not stopping them means.
   *
   * @return false for another library's own, also if that extends a pool for its type alone: it
   *     stops itself, answers itself whether it was stopped, and no worker is of the pool that it
   *     extends
   */
  public boolean isJdks() {
    return jdks && (tellsIfStopped || !workerNames.isEmpty());
  }

  /**
   * Whether somebody told it to stop. The JDK's own cleaner, which stops what nobody refers to any
   * more, is not somebody.
   *
   * @return true if it was told to, or says so itself
   */
  boolean isStopped() {
    if (!stopped) {
      ExecutorService executor = abandoned ? null : made();
      return executor != null
          && Boolean.TRUE.equals(Ask.isShutdown(executor, Cost.NONE))
          && !abandoned; // by the collector meanwhile, which says so before it stops it
    }
    return true;
  }

  /**
   * Whether it was garbage-collected without having been told to stop, or what wraps it was.
   *
   * @return true if nobody can stop it any more
   */
  public boolean isAbandoned() {
    return isJdks() && !stopped && (abandoned || isGone());
  }

  /**
   * Whether it ought to be told to stop and was not.
   *
   * @return false for another library's own, too: only their threads tell whether they matter
   */
  public boolean isOpen() {
    return isJdks() && (isAbandoned() || !isStopped());
  }

  /**
   * Names that its workers had when they were started, also when they and the executor are gone: so
   * a leak is the same one whether or not it has been collected.
   *
   * @return one of each sort that differs in more than digits, of the first few sorts
   */
  public List<String> workerNames() {
    return workerNames;
  }

  /**
   * Whether it may be there for everybody, whoever was the first to need it: it was made while a
   * class was initialised, or by code of another package than what came first. What is given to it
   * is then told from what it does itself.
   */
  boolean mayBeForAll() {
    Boolean known = maybeForAll;
    if (known == null) {
      known = isStatic() || cameOfOthers();
      maybeForAll = known;
    }
    return known;
  }

  private boolean cameOfOthers() {
    List<StackTraceElement> own = Stacks.own(stack());
    return !own.isEmpty()
        && !Stacks.home(own.get(0).getClassName())
            .equals(Stacks.home(own.get(own.size() - 1).getClassName()));
  }

  /** A worker is about to be started. */
  void works(String name) {
    if (!isKnown(name)) {
      addName(name);
    }
  }

  private synchronized void addName(String name) {
    if (workerNames.size() < MOST_NAMES && !isKnown(name)) {
      List<String> more = new ArrayList<>(workerNames);
      more.add(name);
      workerNames = List.copyOf(more);
    }
  }

  private boolean isKnown(String name) {
    for (String known : workerNames) {
      if (differInDigitsOnly(known, name)) {
        return true;
      }
    }
    return false;
  }

  /** Allocates nothing: it is asked for each virtual thread that is started. */
  private static boolean differInDigitsOnly(String one, String other) {
    int i = 0;
    int j = 0;
    while (i < one.length() && j < other.length()) {
      char a = one.charAt(i);
      char b = other.charAt(j);
      if (isDigit(a) && isDigit(b)) {
        i = afterDigits(one, i);
        j = afterDigits(other, j);
      } else if (a == b) {
        i++;
        j++;
      } else {
        return false;
      }
    }
    return i == one.length() && j == other.length();
  }

  private static int afterDigits(String name, int from) {
    int i = from;
    while (i < name.length() && isDigit(name.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  void stop() {
    stopped = true;
  }

  /** The JDK stops it, as what wraps it was collected. */
  void abandon() {
    abandoned = true;
  }

  @Override
  boolean mayHelp() {
    return true;
  }

  @Override
  boolean isOver() {
    if (isGone()) {
      return !isAbandoned() || isAnswered();
    }
    ExecutorService executor = made();
    return stopped
        && (executor == null || Boolean.TRUE.equals(Ask.isTerminated(executor, Cost.NONE)));
  }

  @Override
  boolean outlasts() {
    return !isGone() && !isOver();
  }
}
