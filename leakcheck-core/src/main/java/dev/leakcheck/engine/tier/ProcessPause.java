package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.threads.ChildProcesses;
import dev.leakcheck.engine.scope.Shared;
import java.util.HashSet;
import java.util.Set;

/**
 * A time in which the processes that are started belong to no scope, where it is not recorded who
 * starts them. Where none can have been started, none is listed. Used by one thread at a time.
 */
final class ProcessPause implements Pause {

  private final Shared shared;
  private final long start;
  private final Set<ProcessHandle> before;
  private boolean over;

  ProcessPause(Shared shared) {
    this.shared = shared;
    this.start = shared.nanosWithoutChecks();
    this.before = ChildProcesses.mayBeAlive() ? ChildProcesses.alive() : Set.of();
  }

  @Override
  public void close() {
    if (over) {
      return;
    }
    over = true;
    if (shared.nanosWithoutChecks() - start > ChildProcesses.FASTEST_START_NANOS
        && ChildProcesses.mayBeAlive()) {
      Set<ProcessHandle> started = new HashSet<>(ChildProcesses.alive());
      started.removeAll(before);
      shared.outside().add(started);
    }
  }
}
