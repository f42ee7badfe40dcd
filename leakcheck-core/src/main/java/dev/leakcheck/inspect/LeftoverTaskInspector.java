package dev.leakcheck.inspect;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.base.WeakKey;
import dev.leakcheck.capture.objects.PoolNumbers;
import dev.leakcheck.capture.objects.TaskProbe;
import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.capture.objects.TimerTasks;
import dev.leakcheck.capture.record.AnyTaskBirth;
import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.inspect.LeftoverTask.Kind;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.ThreadRecord;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Finds tasks of a scope that are left in executors which are older than the scope and go on.
 *
 * <p>With an agent these are the future tasks that the scope's own threads made. Without one they
 * are told by the numbers that the JDK gives to what is scheduled, and only those that run again
 * and again: whoever runs once may be the next of a chain that is older than the scope. So it is
 * with tasks in timers, which get their numbers {@linkplain TimerTasks here}. Thread-safe.
 */
final class LeftoverTaskInspector implements Inspector {

  /**
   * Periodic tasks of which was said that nobody can tell whose they are, with the scope in whose
   * check that was: what is there from then on says nothing about later ones.
   */
  private final Map<WeakKey, WeakReference<Scope>> unclear = new ConcurrentHashMap<>();

  /** Whether a scope's check is the first that comes upon a task which nothing can be told of. */
  boolean isFirstToSee(Object task, Scope scope) {
    unclear.keySet().removeIf(known -> known.refersTo(null));
    WeakReference<Scope> first =
        unclear.computeIfAbsent(new WeakKey(task), key -> new OwnReference<>(scope));
    return first.refersTo(scope);
  }

  /** What is known of a scope until it is checked. */
  static final class Opened {

    /** The number of the first task that was scheduled later; -1 if that is not told. */
    private volatile long firstTask = TaskProbe.next();

    /** The same of tasks in timers, where it is not recorded who gives them. */
    private volatile long firstTimerTask;

    /** The same of pools with the JDK's own names for their threads. */
    private volatile int firstPool = PoolNumbers.next();

    /** Periodic tasks that an earlier look found: one that runs just now is in no queue. */
    private final List<WeakReference<FutureTask<?>>> seen = new CopyOnWriteArrayList<>();

    private @Nullable WeakReference<Check> check;
    private long checkBegan;

    /** The number of the first task that was scheduled later; -1 if that is not told. */
    private volatile long checkBeganAt = -1;

    Opened(boolean recorded) {
      this.firstTimerTask = recorded ? -1 : TimerTasks.look();
    }

    long firstTask() {
      return firstTask;
    }

    long firstTimerTask() {
      return firstTimerTask;
    }

    /** Whether an executor was there, by the name that the JDK gives to its threads. */
    boolean hadPool(ExecutorService executor) {
      int number = PoolNumbers.of(executor);
      return number >= 0 && number < firstPool;
    }

    List<WeakReference<FutureTask<?>>> seen() {
      return seen;
    }

    void see(FutureTask<?> task) {
      seen.removeIf(known -> known.refersTo(null));
      if (seen.stream().noneMatch(known -> known.refersTo(task))) {
        seen.add(new OwnReference<>(task));
      }
    }

    /** What runs once and is due before a check has to be over is left to run. */
    boolean isSoon(Schedule schedule, Check asking) {
      return !schedule.isPeriodic()
          && schedule.nanosFrom(began(asking)) <= asking.scope().options().settle().toNanos();
    }

    /**
     * The same of a task of a scheduled executor. One that was scheduled while the check looked is
     * the next link of a chain, and as soon as the one before it was.
     */
    boolean isSoonAgain(Schedule schedule, Check asking) {
      return isSoon(schedule, asking)
          || isNextLink(
              schedule, checkBeganAt, asking.scope().options().settle(), System.nanoTime());
    }

    /** Whether a task was scheduled since a number was the next, and has less to wait than that. */
    static boolean isNextLink(Schedule schedule, long since, Duration most, long now) {
      return since >= 0
          && schedule.number() >= since
          && !schedule.isPeriodic()
          && schedule.nanosFrom(now) <= most.toNanos();
    }

    /** When a check first asked. */
    private synchronized long began(Check asking) {
      if (check == null || !check.refersTo(asking)) {
        check = new OwnReference<>(asking);
        checkBegan = System.nanoTime();
        checkBeganAt = TaskProbe.next();
      }
      return checkBegan;
    }
  }

  @Override
  public Object opening(Opening opening) {
    return new Opened(opening.births() != null);
  }

  @Override
  public void leaveToOuter(Object opened) {
    Opened before = (Opened) opened;
    before.firstTask = TaskProbe.next();
    before.firstPool = PoolNumbers.next();
    if (before.firstTimerTask >= 0) {
      before.firstTimerTask = TimerTasks.look();
    }
  }

  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    if (!(opened instanceof Opened before) || isNotAsked(check)) {
      return false;
    }
    if (check.born().tellsTasks()) {
      return check.scope().hasMade(AnyTaskBirth.class, AnyTaskBirth::isLeft);
    }
    return ((before.firstTask < 0 || TaskProbe.next() != before.firstTask)
            && !new TaskSearch(check, before, this).find().isEmpty())
        || !new TimerSearch(check, before).find().isEmpty();
  }

  private static boolean isNotAsked(Check check) {
    return check.isFieldsOnly() || check.scope().options().isUnattributed();
  }

  @Override
  public List<Symptom> inspect(Check check, @Nullable Object opened) {
    if (!(opened instanceof Opened before) || isNotAsked(check)) {
      return List.of();
    }
    Map<Object, List<LeftTask>> alike = new LinkedHashMap<>();
    for (LeftTask left : find(check, before)) {
      if (!check.isTold(identity(left))) {
        alike.computeIfAbsent(sameness(left), key -> new ArrayList<>()).add(left);
      }
    }
    return alike.values().stream().map(LeftoverTaskInspector::symptom).toList();
  }

  private List<LeftTask> find(Check check, Opened before) {
    TaskSearch tasks = new TaskSearch(check, before, this);
    TimerSearch timers = new TimerSearch(check, before);
    List<LeftTask> found = new ArrayList<>(tasks.find());
    found.addAll(timers.find());
    if (check.born().tellsTasks() && !isFollowed(check)) {
      found.addAll(new ChainSearch(check, before, tasks, timers).find());
    }
    return found;
  }

  /**
   * Whether a task is told for itself. What runs once and is no link was to be told by the check of
   * the scope whose code gave it.
   */
  static boolean mayTell(AnyTaskBirth birth) {
    Schedule schedule = birth.hasOutlived() ? birth.schedule() : null;
    return !birth.isLink() && (schedule == null || schedule.isPeriodic());
  }

  /** Of chains the last check tells that there is: they may hardly have begun when a test ends. */
  private static boolean isFollowed(Check check) {
    return check.scope().options().isFollowed();
  }

  /** Whether it is not known yet if a chain begins. */
  @Override
  public boolean awaits(Check check, @Nullable Object opened) {
    if (!(opened instanceof Opened before)
        || isNotAsked(check)
        || isFollowed(check)
        || !check.born().tellsTasks()) {
      return false;
    }
    TaskSearch tasks = new TaskSearch(check, before, this);
    TimerSearch timers = new TimerSearch(check, before);
    return new ChainSearch(check, before, tasks, timers).mayBegin();
  }

  /** Tasks with the same code from the same place are told as one. */
  private static Object sameness(LeftTask left) {
    return List.of(
        Identity.of(left.executor()),
        left.code(),
        left.cancelled(),
        left.schedule() == null ? "" : left.schedule().periodNanos(),
        left.runner() != null,
        left.origin() instanceof Origin.Known known ? known.stack() : "");
  }

  private static String identity(LeftTask left) {
    AnyTaskBirth link = left.link();
    if (link != null) {
      return LeakKind.LEFTOVER_TASK.id() + " chain " + link.chain();
    }
    return LeakKind.LEFTOVER_TASK.id()
        + " "
        + (left.schedule() == null
            ? Identity.of(left.task())
            : left.schedule().identity(left.task()));
  }

  private static LeftoverTask.Place place(LeftTask left) {
    if (left.executor() instanceof Thread timer) {
      return new LeftoverTask.Place(Kind.TIMER, "Timer \"" + timer.getName() + "\"");
    }
    if (TaskProbe.isDelayed(left.task())) {
      return new LeftoverTask.Place(Kind.EVERYBODYS, "CompletableFuture.delayedExecutor(…)");
    }
    if (CommonPool.is(left.executor())) {
      return new LeftoverTask.Place(Kind.EVERYBODYS, "ForkJoinPool.commonPool()");
    }
    return new LeftoverTask.Place(
        left.executor() instanceof ForkJoinPool ? Kind.FORK_JOIN_POOL : Kind.EXECUTOR,
        Identity.of(left.executor()));
  }

  private static Symptom symptom(List<LeftTask> alike) {
    LeftTask first = alike.get(0);
    Set<String> identities = new HashSet<>();
    List<Thread> runners = new ArrayList<>();
    for (LeftTask left : alike) {
      identities.add(identity(left));
      if (left.runner() != null) {
        runners.add(left.runner());
      }
    }
    List<ThreadRecord> workers = LiveThreads.describe(runners);
    return new LeftoverTask(
        identities,
        first.code(),
        first.given(),
        place(first),
        first.heldBy(),
        first.standing(),
        first.schedule(),
        first.schedule() == null ? 0 : first.schedule().nanosFrom(System.nanoTime()),
        workers,
        first.task() instanceof FutureTask,
        TaskProbe.isDelayed(first.task()),
        TaskProbe.isDelayedStage(first.task()),
        first.cancelled(),
        first.link() != null && first.link().goesOn(),
        alike.stream().<Symptom.Run>map(TaskRun::new).toList(),
        first.origin());
  }
}
