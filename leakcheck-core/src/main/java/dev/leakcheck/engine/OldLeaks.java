package dev.leakcheck.engine;

import dev.leakcheck.capture.threads.ChildProcesses;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.scope.Ledger;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Live threads of leaks that were told before: the threads themselves, workers that a told executor
 * started later, and those that wait for the end of told processes. What was mentioned and is left
 * alone for good counts as told. Used by one thread.
 */
final class OldLeaks {

  private static final String REAPER = "PROCESS_REAPER";

  private final Suspicion check;
  private final Ledger ledger;
  private final Set<Long> ticked = new HashSet<>();

  OldLeaks(Suspicion check) {
    this.check = check;
    this.ledger = check.shared().ledger();
  }

  /** Whether a thread that is about to do something is one of these; if so, it is remembered. */
  boolean ticks(Thread thread, ThreadRecord record, LookDump dump) {
    return remember(
        record,
        ledger.tells(record.id())
            || (WorkerStacks.isPoolWorker(record.stack()) && worksForTold(thread, dump))
            || (isReaper(record) && ChildProcesses.alive().stream().allMatch(ledger::tells)));
  }

  /** The same for a virtual thread. */
  boolean ticks(ThreadRecord virtual) {
    String executor = virtual.executor();
    return remember(
        virtual, ledger.tells(virtual.id()) || (executor != null && ledger.tells(executor)));
  }

  private boolean remember(ThreadRecord thread, boolean old) {
    if (old) {
      ticked.add(ledger.firstLike(thread.id()));
    }
    return old;
  }

  private boolean worksForTold(Thread thread, LookDump dump) {
    ThreadDump workers =
        ledger.tellsExecutors() ? check.newcomers().workers(dump::get) : ThreadDump.NONE;
    String executor =
        check.suspects().employers().of(List.of(thread), workers).get(LiveThreads.id(thread));
    return executor != null && ledger.tells(executor);
  }

  private static boolean isReaper(ThreadRecord thread) {
    return KnownThreads.match(thread).filter(rule -> rule.id().equals(REAPER)).isPresent();
  }

  /** A thread of an old leak, or another one in its place that was told of as the same leak. */
  long firstLike(long thread) {
    return ledger.firstLike(thread);
  }

  /** All that were seen to be about to do something, or others in their place. */
  Set<Long> ticked() {
    return Collections.unmodifiableSet(ticked);
  }
}
