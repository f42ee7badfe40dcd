package dev.leakcheck.inspect;

import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.capture.objects.TimerTasks;
import dev.leakcheck.capture.record.TimerTaskBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.TimerThreads;
import dev.leakcheck.engine.Check;
import dev.leakcheck.model.Origin;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One look for tasks of a scope in {@code java.util.Timer}s that are older than the scope. A
 * timer's thread stands for it: nothing leads from that to the timer. Used by one thread.
 */
final class TimerSearch {

  private final Check check;
  private final LeftoverTaskInspector.Opened opened;
  private @Nullable TaskOwner owner;
  private final List<LeftTask> found = new ArrayList<>();

  TimerSearch(Check check, LeftoverTaskInspector.Opened opened) {
    this.check = check;
    this.opened = opened;
  }

  List<LeftTask> find() {
    if (check.born().tellsTasks()) {
      for (TimerTaskBirth birth : check.born().tasks(TimerTaskBirth.class)) {
        if (LeftoverTaskInspector.mayTell(birth)) {
          addRecorded(birth, check.madeBy(birth.origin()));
        }
      }
    } else if (opened.firstTimerTask() >= 0) {
      TimerThreads.alive().forEach(this::addNew);
    }
    return found;
  }

  private void addRecorded(TimerTaskBirth birth, Origin origin) {
    Object task = birth.task();
    Thread timer = birth.timer();
    if (task == null || timer == null || !isJudged(timer)) {
      return;
    }
    Schedule schedule = TimerTasks.schedule(task);
    boolean runs = birth.isRunning();
    if (runs
        || (schedule != null
            && !opened.isSoon(schedule, check)
            && TimerTasks.queued(timer).contains(task))) {
      add(task, birth, timer, schedule, runs, origin);
    }
  }

  /** What runs once may be the next of a chain that is older. */
  private void addNew(Thread timer) {
    if (isJudged(timer)) {
      for (Object task : TimerTasks.queued(timer)) {
        Schedule schedule = TimerTasks.schedule(task);
        if (schedule != null
            && schedule.isPeriodic()
            && schedule.number() >= opened.firstTimerTask()) {
          add(task, null, timer, schedule, false, Origin.Unknown.NOT_RECORDED);
        }
      }
    }
  }

  /** It goes on, and is older than the scope. */
  boolean isJudged(Thread timer) {
    return timer != Thread.currentThread()
        && !TimerTasks.isCancelled(timer)
        && !check.isTold(timer)
        && !check.newcomers().isNewPlatform(LiveThreads.id(timer));
  }

  private void add(
      Object task,
      @Nullable TimerTaskBirth birth,
      Thread timer,
      @Nullable Schedule schedule,
      boolean runs,
      Origin origin) {
    long number = TimerTasks.number(task);
    if (check.outside().containsTask(number)) {
      return;
    }
    TaskOwner whose = owner == null ? new TaskOwner(check) : owner;
    owner = whose;
    Object code = whose.code(task);
    if (code == null) {
      return;
    }
    List<Object> others = whose.others(code, timer, origin);
    if (others != null) {
      if (check.isOfExtensions(others)) {
        check.outside().addTask(number);
      }
      return;
    }
    found.add(
        new LeftTask(
            task,
            code.getClass().getName(),
            task.getClass().getName(),
            timer,
            whose.heldBy(timer),
            "older than this",
            schedule,
            runs ? timer : null,
            false,
            birth,
            origin));
  }
}
