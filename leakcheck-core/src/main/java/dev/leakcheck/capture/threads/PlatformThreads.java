package dev.leakcheck.capture.threads;

import dev.leakcheck.model.ThreadRecord;
import java.lang.Thread.State;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Describes the platform threads again and again, and asks for the stacks of those only that have
 * moved: to take a stack stops the thread, and to take many stops all. A thread that waits, and has
 * begun no other wait since, is where it was. Not thread-safe.
 */
public final class PlatformThreads {

  /** Of more threads nothing is remembered. */
  private static final int MOST = 20_000;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Map<Long, Seen> seen = new HashMap<>();

  /** A thread, and how often it had waited and been blocked just before it was looked at. */
  private record Seen(ThreadRecord thread, long waited, long blocked) {}

  /**
   * Describes the threads that are alive.
   *
   * @return one record for each, in no particular order
   */
  public List<ThreadRecord> describe() {
    List<Thread> live = LiveThreads.all();
    if (LiveThreads.withOverriddenId().isPresent()) {
      return LiveThreads.describe(live);
    }
    ThreadInfo[] infos;
    try {
      infos = THREADS.getThreadInfo(LiveThreads.ids(live));
    } catch (SecurityException e) {
      return LiveThreads.describe(live);
    }
    List<ThreadRecord> records = new ArrayList<>(live.size());
    Map<Long, Seen> now = new HashMap<>();
    List<Thread> moved = new ArrayList<>();
    Map<Long, ThreadInfo> movedInfos = new HashMap<>();
    for (int i = 0; i < infos.length; i++) {
      ThreadInfo info = infos[i];
      if (info == null) {
        continue;
      }
      Seen before = seen.get(info.getThreadId());
      if (before != null && isWhereItWas(before, info)) {
        records.add(before.thread);
        now.put(info.getThreadId(), before);
      } else {
        moved.add(live.get(i));
        movedInfos.put(info.getThreadId(), info);
      }
    }
    Map<List<StackTraceElement>, List<StackTraceElement>> stacks = new HashMap<>();
    now.values().forEach(kept -> stacks.put(kept.thread.stack(), kept.thread.stack()));
    for (ThreadRecord described : LiveThreads.describe(moved)) {
      ThreadRecord record = sharing(described, stacks);
      records.add(record);
      ThreadInfo info = movedInfos.get(record.id());
      if (info != null && now.size() < MOST) {
        now.put(record.id(), new Seen(record, info.getWaitedCount(), info.getBlockedCount()));
      }
    }
    seen = now;
    return records;
  }

  private static boolean isWhereItWas(Seen before, ThreadInfo info) {
    State state = info.getThreadState();
    return (state == State.WAITING || state == State.TIMED_WAITING || state == State.BLOCKED)
        && state == before.thread.state()
        && info.getWaitedCount() == before.waited
        && info.getBlockedCount() == before.blocked
        && info.getThreadName().equals(before.thread.name());
  }

  /** A thousand workers are at one place. */
  private static ThreadRecord sharing(
      ThreadRecord thread, Map<List<StackTraceElement>, List<StackTraceElement>> stacks) {
    List<StackTraceElement> known = stacks.putIfAbsent(thread.stack(), thread.stack());
    return known == null ? thread : thread.withStack(known);
  }
}
