package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Initialized;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.TaskProbe;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Shared;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
  private final long fromTask = TaskProbe.next();
  private final Thread thread = Thread.currentThread();
  private final long start;
  private final long cpuStart = LiveThreads.cpuNanos();
  private final List<Object> heldBefore;
  private final Set<Class<?>> asleep;
  private final ProcessPause processes;
  private boolean over;

  ScopePause(ByCount tier, Shared shared, Scope scope) {
    this.tier = tier;
    this.shared = shared;
    this.start = shared.nanosWithoutChecks();
    this.heldBefore = ObjectGraph.values(scope.instances(), scope.classes());
    // What a wrapper of the JDK hides may never have been listed, and would be taken for what was
    // made in the pause.
    if (heldBefore.stream().anyMatch(HeldThings::hidesAnExecutor)) {
      tier.listExecutors();
    }
    this.asleep = scope.asleep();
    this.processes = new ProcessPause(shared);
    this.from = shared.counter().read();
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
    shared.outside().addTasks(fromTask, TaskProbe.next());
    HeldThings ofStatics = new HeldThings(List.of(), awake());
    if (moved) {
      ofStatics.threads(ThreadDump.NONE).forEach(shared.outside()::remove);
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
        leaveOutside(made, ofStatics.executors());
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
  private void leaveOutside(List<String> made, Set<String> ofStatics) {
    Set<String> own = new HashSet<>(ofStatics);
    heldBefore.forEach(value -> HeldThings.addIdentities(value, own));
    own.addAll(new HeldThings(heldBefore, List.of()).executors());
    made.stream().filter(name -> !own.contains(name)).forEach(shared.outside()::add);
  }

  /**
   * Classes that others touched first: the class of a test, say, for the method that tells what its
   * parameters are. What their static fields hold is theirs.
   */
  private List<Class<?>> awake() {
    return asleep.stream().filter(Initialized::is).toList();
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
