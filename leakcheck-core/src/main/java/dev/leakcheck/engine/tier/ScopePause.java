package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Shared;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * A time in which what is made belongs to no scope. Executors made in it are looked for if it took,
 * checks of scopes apart, long enough to make one, or if a thread was created: looking costs
 * milliseconds. Thread-safe.
 */
final class ScopePause implements Pause {

  private static final long TOO_SHORT_NANOS = 2_000_000;
  private static final long TOO_LITTLE_CPU_NANOS = 500_000;

  private final ByCount tier;
  private final Shared shared;
  private final Reading from;
  private final Thread thread = Thread.currentThread();
  private final long start;
  private final long cpuStart = LiveThreads.cpuNanos();
  private final List<Object> heldBefore;
  private final ProcessPause processes;
  private boolean over;

  ScopePause(ByCount tier, Shared shared, Scope scope) {
    this.tier = tier;
    this.shared = shared;
    this.start = shared.nanosWithoutChecks();
    this.heldBefore = ObjectGraph.values(scope.instances(), scope.classes());
    if (heldBefore.stream().anyMatch(ScopePause::hidesAnExecutor)) {
      tier.listExecutors();
    }
    this.processes = new ProcessPause(shared);
    this.from = shared.counter().read();
  }

  /**
   * What a wrapper of the JDK hides may never have been listed, and would be taken for what was
   * made in the pause.
   */
  private static boolean hidesAnExecutor(Object held) {
    return held instanceof ExecutorService executor
        && held.getClass().getName().startsWith("java.util.concurrent.Executors$")
        && WorkerExecutors.jvm().unwrap(executor) == executor;
  }

  @Override
  public synchronized void close() {
    if (over) {
      return;
    }
    over = true;
    Reading to = shared.counter().read();
    boolean moved = !from.sameAs(to);
    processes.close();
    if (moved) {
      shared.outside().add(from, to);
    }
    if (moved || mayHaveMadeExecutor()) {
      List<String> made =
          tier.dump(id -> false).containers().stream()
              .filter(container -> !tier.wasListedBefore(container.name()))
              .filter(container -> !isTaskScope(container) && !isFromBefore(container))
              .map(ThreadDump.Container::name)
              .toList();
      if (!made.isEmpty()) {
        leaveOutside(made);
      }
    }
  }

  /**
   * One that the user's code left open before the pause was not listed then, and would be forgotten
   * here. One that was opened in the pause is as much in the way of what its thread opens later.
   */
  private static boolean isTaskScope(ThreadDump.Container container) {
    return container.owner() != null;
  }

  private boolean isFromBefore(ThreadDump.Container container) {
    return container.threads().stream()
        .anyMatch(id -> id <= from.lastId() && !shared.outside().contains(id));
  }

  /**
   * What was in the test's own fields when the pause began may have made them, without a thread.
   */
  private void leaveOutside(List<String> made) {
    Set<String> own = new HashSet<>();
    heldBefore.forEach(value -> addIdentities(value, own));
    ObjectGraph.reach(heldBefore, List.of()).forEach(held -> addIdentities(held.object(), own));
    made.stream().filter(name -> !own.contains(name)).forEach(shared.outside()::add);
  }

  private static void addIdentities(Object value, Set<String> identities) {
    identities.add(ExecutorProbe.identity(value));
    if (value instanceof ExecutorService executor) {
      identities.add(ExecutorProbe.identity(WorkerExecutors.jvm().unwrap(executor)));
    }
  }

  /** The CPU time tells who worked from who was only kept waiting, say by a collection. */
  private boolean mayHaveMadeExecutor() {
    if (shared.nanosWithoutChecks() - start <= TOO_SHORT_NANOS) {
      return false;
    }
    return cpuStart < 0
        || Thread.currentThread() != thread
        || LiveThreads.cpuNanos() - cpuStart > TOO_LITTLE_CPU_NANOS;
  }
}
