package dev.leakcheck.inspect;

import dev.leakcheck.capture.base.FutureTasks;
import dev.leakcheck.capture.objects.TaskProbe;
import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.capture.objects.TimerTasks;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.AnyTaskBirth;
import dev.leakcheck.capture.record.GivenTaskBirth;
import dev.leakcheck.capture.record.TaskBirth;
import dev.leakcheck.capture.record.TimerTaskBirth;
import dev.leakcheck.engine.Check;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One look for chains of tasks, recorded by an agent, in executors and timers that are older than
 * the scope: each task gives the next one to what runs it. A link may be over as soon as it is
 * seen, but then it has given the next before: a chain has ended once it has no link that is left.
 * Used by one thread.
 */
final class ChainSearch {

  private static final int LOOKS = 1_000;

  /** After so many a link that still runs is what the chain has come to. */
  private static final int LOOKS_AT_RUNNING = 50;

  private static final long BETWEEN_LOOKS_NANOS = 100_000;

  private final Check check;
  private final LeftoverTaskInspector.Opened opened;
  private final TaskSearch tasks;
  private final TimerSearch timers;

  ChainSearch(
      Check check, LeftoverTaskInspector.Opened opened, TaskSearch tasks, TimerSearch timers) {
    this.check = check;
    this.opened = opened;
    this.tasks = tasks;
    this.timers = timers;
  }

  /** The link of each chain that is left. */
  List<LeftTask> find() {
    List<LeftTask> found = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    for (AnyTaskBirth link : links()) {
      LeftTask left = seen.add(link.chain()) ? find(link.chain()) : null;
      if (left != null) {
        found.add(left);
      }
    }
    return found;
  }

  private @Nullable LeftTask find(long chain) {
    Object code = null;
    for (int looks = 0; looks < LOOKS; looks++) {
      List<AnyTaskBirth> links = links().stream().filter(link -> link.chain() == chain).toList();
      if (links.isEmpty()) {
        return null;
      }
      for (AnyTaskBirth link : links) {
        Object task = link.task();
        Object place = link.place();
        if (task == null || place == null || !isJudged(place)) {
          continue;
        }
        if (code == null) {
          code = tasks.owner().code(task);
          if (code != null
              && tasks.owner().others(code, place, check.madeBy(link.origin())) != null) {
            return null;
          }
        }
        Thread runner = runner(link, task, place);
        if (code != null && (runner == null ? isQueued(task, place) : looks >= LOOKS_AT_RUNNING)) {
          return left(link, task, code, place, runner);
        }
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
    return null;
  }

  private List<AnyTaskBirth> links() {
    return check.born().tasks(AnyTaskBirth.class).stream().filter(AnyTaskBirth::isLink).toList();
  }

  /** Whether a task that is about to run, or runs, may give the first link of a chain. */
  boolean mayBegin() {
    return check.born().tasks(AnyTaskBirth.class).stream()
        .anyMatch(task -> !task.isLink() && mayBegin(task));
  }

  private boolean mayBegin(AnyTaskBirth birth) {
    Object task = birth.task();
    Schedule schedule = birth.schedule();
    Object place = null;
    if (birth instanceof TimerTaskBirth timed) {
      place = timed.timer();
    } else if (task instanceof FutureTask<?> future) {
      place = TaskProbe.executor(future);
    }
    if (task == null
        || schedule == null
        || place == null
        || !opened.isSoon(schedule, check)
        || !isJudged(place)) {
      return false;
    }
    Object code = tasks.owner().code(task);
    return code != null && tasks.owner().others(code, place, check.madeBy(birth.origin())) == null;
  }

  private boolean isJudged(Object place) {
    return place instanceof Thread timer
        ? timers.isJudged(timer)
        : place instanceof ExecutorService executor && tasks.isJudged(executor);
  }

  private static @Nullable Thread runner(AnyTaskBirth link, Object task, Object place) {
    Thread runner = null;
    if (link instanceof TaskBirth) {
      runner = FutureTasks.runner((FutureTask<?>) task);
    } else if (link instanceof GivenTaskBirth given) {
      runner = given.runner();
    } else if (link instanceof TimerTaskBirth timer && timer.isRunning()) {
      runner = timer.timer();
    }
    return runner != null && (runner == place || WorkerExecutors.of(runner) == place)
        ? runner
        : null;
  }

  private boolean isQueued(Object task, Object place) {
    if (place instanceof ExecutorService executor) {
      tasks.queues().forget(executor);
      return tasks.queues().has(task, executor);
    }
    return place instanceof Thread timer && TimerTasks.queued(timer).contains(task);
  }

  private LeftTask left(
      AnyTaskBirth link, Object task, Object code, Object place, @Nullable Thread runner) {
    Object given = TaskProbe.given(task);
    return new LeftTask(
        task,
        code.getClass().getName(),
        (given == null ? code : given).getClass().getName(),
        place,
        tasks.owner().heldBy(place),
        place instanceof ExecutorService executor ? tasks.standing(executor) : "older than this",
        link.schedule(),
        runner,
        false,
        link,
        check.madeBy(link.given()));
  }
}
