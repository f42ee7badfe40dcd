package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.NettyLoop;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.engine.tier.LiveExecutors;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import dev.leakcheck.model.WorkerStacks;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Threads whose executor was told to stop and which have only to end, so that a scope around this
 * one may wait for them in its place. It {@linkplain #entrust is told} whose they were.
 *
 * <p>There are two sorts. One that runs nothing of the user's and goes on by itself, such as an
 * event loop in its quiet period or a worker that waits for the last delayed task, is left at once.
 * One that runs a task is waited for: a task that is stuck is this scope's leak. But if it was in
 * one and the same wait for something all the time, and that wait has a time limit, it could not
 * yet see that it was told to stop; it is left when the settle time is over. A sleep is no such
 * wait: nobody wakes a sleeper with work.
 *
 * <p>Of a thread that works for no executor nobody knows whether it was told to stop, as by a flag
 * that it looks at between two waits. So it is left in the same way, if nothing else is: a server's
 * idle worker is told with the server. What was left once stays left for this check. Used by one
 * thread.
 */
final class Ending {

  private final Suspicion check;
  private final boolean allowed;
  private final Set<Long> left = new HashSet<>();

  /** How often threads that may have been told to stop had waited at the first look, by id. */
  private final Map<Long, Long> waits = new HashMap<>();

  /** Those of them that work for no executor, by id. */
  private final Set<Long> onTheirOwn = new HashSet<>();

  /** Which there were at the first look: none that came later was there all the time. */
  private @Nullable Set<Long> first;

  private @Nullable Map<String, ExecutorService> inFields;

  Ending(Suspicion check) {
    this.check = check;
    this.allowed = check.scope().options().isFollowed();
  }

  /** Whether a thread was left. */
  boolean has(long thread) {
    return left.contains(thread);
  }

  /** Whether a thread of an executor that is not the JDK's is left. */
  boolean leaves(Thread thread) {
    if (allowed && !has(LiveThreads.id(thread))) {
      LiveThreads.describe(List.of(thread)).forEach(record -> leaveIdleLoop(thread, record));
    }
    return has(LiveThreads.id(thread));
  }

  /** The suspects that are not left. */
  List<Thread> without(List<Thread> suspects, LookDump dump) {
    Set<Long> fromFirst = first;
    if (fromFirst == null) {
      fromFirst = suspects.stream().map(LiveThreads::id).collect(Collectors.toSet());
      first = fromFirst;
    }
    if (!allowed || suspects.isEmpty()) {
      return suspects;
    }
    Map<Long, Thread> goingOn = goingOn(suspects);
    for (ThreadRecord record : LiveThreads.describe(goingOn.values())) {
      Thread thread = goingOn.get(record.id());
      if (thread != null && !leaveIdleLoop(thread, record)) {
        ExecutorService pool = poolOf(thread, record, dump);
        boolean stopping = pool != null && Boolean.TRUE.equals(ExecutorProbe.isShutdown(pool));
        if (stopping && isIdle(record)) {
          left.add(record.id());
        } else if (stopping
            || (pool == null && fromFirst.contains(record.id()) && isOnItsOwn(record))) {
          waits.putIfAbsent(record.id(), LiveThreads.waits(thread));
          if (!stopping) {
            onTheirOwn.add(record.id());
          }
        }
      }
    }
    return suspects.stream().filter(thread -> !has(LiveThreads.id(thread))).toList();
  }

  /**
   * The settle time is over.
   *
   * @param suspects the threads that have not been left
   * @param alone whether nothing else has been found
   */
  void settled(List<Thread> suspects, boolean alone) {
    Map<Long, Thread> told = goingOn(suspects);
    told.keySet().retainAll(waits.keySet());
    Set<Long> unseeing = new HashSet<>();
    for (ThreadRecord record : LiveThreads.describe(told.values())) {
      Thread thread = told.get(record.id());
      Long before = waits.get(record.id());
      if (thread != null
          && record.state() == Thread.State.TIMED_WAITING
          && Wait.of(record).kind() != Wait.Kind.SLEEP
          && before != null
          && before >= 0
          && before == LiveThreads.waits(thread)) {
        unseeing.add(record.id());
      }
    }
    if (!alone || suspects.size() > unseeing.size()) {
      unseeing.removeAll(onTheirOwn);
    }
    left.addAll(unseeing);
  }

  /** Notes who left what is left. */
  void entrust() {
    for (long thread : left) {
      boolean told = !onTheirOwn.contains(thread);
      check.shared().entrusted().add(thread, check.scope(), told);
    }
  }

  /** One that waits without a time limit has to be woken, or has been. */
  private static Map<Long, Thread> goingOn(List<Thread> suspects) {
    List<Thread.State> states = LiveThreads.states(suspects);
    Map<Long, Thread> goingOn = new HashMap<>();
    for (int i = 0; i < states.size(); i++) {
      if (states.get(i) == Thread.State.TIMED_WAITING || states.get(i) == Thread.State.RUNNABLE) {
        goingOn.put(LiveThreads.id(suspects.get(i)), suspects.get(i));
      }
    }
    return goingOn;
  }

  private boolean leaveIdleLoop(Thread thread, ThreadRecord record) {
    NettyLoop loop = record.virtual() ? null : NettyLoop.of(thread);
    return loop != null
        && !record.waitsForEver()
        && loop.isShuttingDown()
        && loop.runsItself(record.stack())
        && left.add(record.id());
  }

  private static boolean isIdle(ThreadRecord record) {
    return record.state() == Thread.State.TIMED_WAITING
        && (WorkerStacks.isIdlePoolWorker(record.stack())
            || WorkerStacks.isIdleForkJoinWorker(record.stack()));
  }

  private static boolean isOnItsOwn(ThreadRecord record) {
    return !record.virtual()
        && !record.type().equals(CauseWriter.TIMER) // it is known to be stopped, or not
        && !WorkerStacks.isPoolWorker(record.stack())
        && !WorkerStacks.isIdleForkJoinWorker(record.stack());
  }

  /** Where a worker does not lead to its pool, a dump names the pool, and a field may hold it. */
  private @Nullable ExecutorService poolOf(Thread thread, ThreadRecord record, LookDump dump) {
    ExecutorService pool = LiveExecutors.of(thread, ThreadDump.NONE);
    if (pool == null) {
      pool = check.born().executorOf(thread).map(ExecutorBirth::executor).orElse(null);
    }
    if (pool != null || !WorkerStacks.isPoolWorker(record.stack()) || WorkerExecutors.isTold()) {
      return pool;
    }
    String executor =
        check
            .suspects()
            .employers()
            .of(List.of(thread), check.newcomers().workers(dump::get))
            .get(record.id());
    return executor == null ? null : inFields().get(executor);
  }

  private Map<String, ExecutorService> inFields() {
    Map<String, ExecutorService> known = inFields;
    if (known == null) {
      known = new HashMap<>();
      for (Holding held : check.owners().reachable()) {
        if (held.object() instanceof ExecutorService executor) {
          known.put(Identity.of(WorkerExecutors.unwrap(executor)), executor);
        }
      }
      inFields = known;
    }
    return known;
  }
}
