package dev.leakcheck.contract;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.capture.base.FutureTasks;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A body that a thread runs for some future.
 *
 * @param key thread and body: another body on the same thread has another one
 * @param vigil watches it
 */
record RunningBody(String key, Vigil vigil) {

  private static final String FUTURE_TASK = "java.util.concurrent.FutureTask";
  private static final String COMPLETABLE_FUTURE = "java.util.concurrent.CompletableFuture$";
  private static final String FORK_JOIN_TASK = "java.util.concurrent.ForkJoinTask";

  /** The body of a {@code FutureTask}, where the JDK lets LeakCheck read who runs it. */
  static @Nullable RunningBody of(Future<?> future) {
    Thread thread = runner(future);
    if (thread == null) {
      return null;
    }
    return new RunningBody(
        String.valueOf(LiveThreads.id(thread)),
        new Vigil(() -> Sample.of(thread), () -> runner(future) != thread));
  }

  /** Whether {@link #of} can tell, as with the agent. */
  static boolean canRead(Future<?> future) {
    return future instanceof FutureTask && FutureTasks.areReadable();
  }

  private static @Nullable Thread runner(Future<?> future) {
    return canRead(future) ? FutureTasks.runner((FutureTask<?>) future) : null;
  }

  /** The bodies that run now, of futures such as the one. */
  static List<RunningBody> all(@Nullable Future<?> such) {
    Map<Long, Thread> threads = new HashMap<>();
    LiveThreads.all().forEach(thread -> threads.put(LiveThreads.id(thread), thread));
    VirtualThreads.all()
        .ifPresent(all -> all.forEach(thread -> threads.put(LiveThreads.id(thread), thread)));
    List<RunningBody> bodies = new ArrayList<>();
    for (ThreadRecord record : LeakCheck.snapshot().threads()) {
      String key = key(record, such);
      if (key != null && record.id() != LiveThreads.id(Thread.currentThread())) {
        Thread thread = threads.get(record.id());
        Supplier<@Nullable Sample> look =
            thread == null ? () -> Sample.of(record.id()) : () -> Sample.of(thread);
        bodies.add(new RunningBody(key, new Vigil(look, () -> !runs(look.get(), key, such))));
      }
    }
    return bodies;
  }

  private static boolean runs(@Nullable Sample now, String key, @Nullable Future<?> such) {
    String present = now == null ? null : key(now.thread(), such);
    return present != null && isSame(key, present);
  }

  /** Whether it is one of some bodies that were seen earlier. */
  boolean isAmong(Set<String> earlier) {
    return earlier.stream().anyMatch(before -> isSame(before, key));
  }

  /** A body that was seen before it had got to its own code may have got there since. */
  private static boolean isSame(String earlier, String now) {
    return now.equals(earlier) || (earlier.endsWith(" ") && now.startsWith(earlier));
  }

  /** What tells a body from others, or null if the thread runs none. */
  private static @Nullable String key(ThreadRecord thread, @Nullable Future<?> such) {
    List<StackTraceElement> stack = thread.stack();
    int task = -1;
    for (int i = 0; i < stack.size(); i++) {
      if (isTask(stack.get(i), such)) {
        task = i;
      }
    }
    if (task < 0 || WorkerStacks.isIdlePoolWorker(stack)) {
      return null;
    }
    String outermost = "";
    for (StackTraceElement frame : stack.subList(0, task)) {
      if (Stacks.isOwn(frame)) {
        outermost = frame.getClassName() + "." + frame.getMethodName();
      }
    }
    return thread.id() + " " + outermost;
  }

  private static boolean isTask(StackTraceElement frame, @Nullable Future<?> such) {
    String type = frame.getClassName();
    boolean plain = type.equals(FUTURE_TASK);
    boolean completable = type.startsWith(COMPLETABLE_FUTURE);
    boolean forkJoin = type.startsWith(FORK_JOIN_TASK);
    if (such instanceof CompletableFuture) {
      return completable;
    }
    if (such instanceof FutureTask) {
      return plain;
    }
    return such instanceof ForkJoinTask ? forkJoin : plain || completable || forkJoin;
  }
}
