package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.model.Origin;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * A task that code of a scope made, or gave to an executor or a timer that is older. There it may
 * give the next, and that one the next: those are links of a chain, which is the scope's as a
 * whole, as long as all of it is in one place.
 */
public abstract sealed class AnyTaskBirth extends Birth
    permits ForkJoinTaskBirth, GivenTaskBirth, TaskBirth, TimerTaskBirth {

  /** How many tasks led to it, each by giving the next; 0 if the scope's own code gave it. */
  private volatile int links;

  /** The number of the first of these tasks. */
  private volatile long chain;

  /** The executor that the chain is in, or the thread of the timer. */
  private volatile @Nullable WeakReference<Object> place;

  AnyTaskBirth(Object task, long number, @Nullable Trace trace) {
    super(task, number, trace);
  }

  /**
   * The task.
   *
   * @return what was made or given, or null if it was collected
   */
  public @Nullable Object task() {
    return get();
  }

  /**
   * Whether it is yet to run, or runs, and came of the scope's own code.
   *
   * @return false as well if it was collected; true as well if it was refused and is still there
   */
  public final boolean isLeft() {
    return !isOfOutsider() && !isOver();
  }

  /**
   * Whether a thread made it that works for whichever scope is open, such as a worker of a pool
   * that is older: what it makes need not come of the scope's own code.
   */
  boolean isOfOutsider() {
    return false;
  }

  /**
   * A task of the scope gave it as it ran.
   *
   * @param task the birth of that task, which may be this one
   * @param where the executor that runs the task, or the thread of the timer
   */
  AnyTaskBirth givenBy(AnyTaskBirth task, Object where) {
    firstOf(task, task.isLink());
    chain = task.chain();
    place = new OwnReference<>(where);
    links = Math.max(task.links, task.links + 1); // it may go on for ever
    return this;
  }

  /**
   * Whether a task gave it that the scope's own code, or such a task, had given.
   *
   * @return false if the scope's own code gave it
   */
  public final boolean isLink() {
    return links > 0;
  }

  /**
   * Whether it came after more than one task of its chain.
   *
   * @return false of the first two
   */
  public final boolean goesOn() {
    return links > 1;
  }

  /**
   * What all links of its chain have in common.
   *
   * @return the order in which the first of them was made; its own if it is no link
   */
  public final long chain() {
    return isLink() ? chain : number();
  }

  /**
   * The executor, or the thread of the timer, that its chain is in.
   *
   * @return null if it is no link, or that was collected
   */
  public final @Nullable Object place() {
    WeakReference<Object> known = place;
    return known == null ? null : known.get();
  }

  /** Whether what it gives there would be a link of the same chain. */
  final boolean mayLead(Object where) {
    return !isLink() || place() == where;
  }

  /**
   * Where the scope's own code gave what led to it.
   *
   * @return where it was made itself if it is no link
   */
  public final Origin given() {
    Origin first = isLink() ? first() : null;
    return first == null ? origin() : first;
  }

  /**
   * The thread that runs it now.
   *
   * @return null if none does, or that can't be told
   */
  public abstract @Nullable Thread runner();

  /**
   * When it runs.
   *
   * @return null if it was not scheduled, or was collected
   */
  public final @Nullable Schedule schedule() {
    Object task = get();
    return task == null ? null : schedule(task);
  }

  /** When a task runs; null if it was not scheduled. */
  abstract @Nullable Schedule schedule(Object task);

  @Override
  final boolean mayHelp() {
    return true;
  }

  /**
   * What runs again and again may be a fixture's, which a scope around this one answers for, and so
   * it does for chains, to which whatever is yet to run may lead.
   */
  @Override
  final boolean outlasts() {
    return (isLink() || schedule() != null) && !isOver();
  }
}
