package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread with what it holds.
 *
 * @param record the thread
 * @param monitors the frames in which it took monitors, by the monitor's identity hash code; the
 *     innermost frame, if it took one more than once
 * @param owned the monitors and other locks that it owns, as far as that was asked for
 */
public record LockHolder(
    ThreadRecord record, Map<Integer, StackTraceElement> monitors, List<Blocker> owned) {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /**
   * All live platform threads as of one instant, with what they hold.
   *
   * @param synchronizers whether locks other than monitors are asked for, which takes a walk of the
   *     heap
   * @return the threads; none if a security manager refuses
   */
  public static List<LockHolder> all(boolean synchronizers) {
    ThreadInfo[] infos;
    List<Thread> threads = LiveThreads.describable(LiveThreads.all());
    try {
      infos =
          THREADS.getThreadInfo(
              LiveThreads.ids(threads),
              THREADS.isObjectMonitorUsageSupported(),
              synchronizers && THREADS.isSynchronizerUsageSupported());
    } catch (SecurityException e) {
      LiveThreads.refuseStacks();
      return List.of();
    }
    List<LockHolder> all = new ArrayList<>();
    int i = 0;
    for (Thread thread : threads) {
      ThreadInfo info = infos[i++];
      if (info == null) {
        continue;
      }
      Map<Integer, StackTraceElement> monitors = new HashMap<>();
      List<Blocker> owned = new ArrayList<>();
      for (MonitorInfo monitor : info.getLockedMonitors()) {
        StackTraceElement frame = monitor.getLockedStackFrame();
        if (frame != null) {
          monitors.putIfAbsent(monitor.getIdentityHashCode(), frame);
        }
        owned.add(lock(monitor));
      }
      for (LockInfo lock : info.getLockedSynchronizers()) {
        owned.add(lock(lock));
      }
      // In Object.wait() the monitor is among the locked ones, though it was given up.
      LockInfo waitsFor = info.getLockInfo();
      if (waitsFor != null) {
        owned.remove(lock(waitsFor));
      }
      all.add(new LockHolder(LiveThreads.record(thread, info), monitors, owned));
    }
    return all;
  }

  private static Blocker lock(LockInfo lock) {
    return new Blocker(lock.getClassName(), lock.getIdentityHashCode(), null);
  }

  /**
   * Who holds the lock that a platform thread waits for, even if that one has ended.
   *
   * @param thread the thread that waits
   * @return the id of the holder, or -1
   */
  public static long owner(Thread thread) {
    ThreadInfo info = describe(thread);
    return info == null ? -1 : info.getLockOwnerId();
  }

  /**
   * Who holds the lock that a platform thread waits for, even if that one has ended.
   *
   * @param thread the thread that waits
   * @return the name of the holder, or the empty string
   */
  public static String ownerName(Thread thread) {
    ThreadInfo info = describe(thread);
    String name = info == null ? null : info.getLockOwnerName();
    return name == null ? "" : name;
  }

  private static @Nullable ThreadInfo describe(Thread thread) {
    return LiveThreads.withOverriddenId().isPresent()
        ? null
        : THREADS.getThreadInfo(Jdk.threadId(thread));
  }
}
