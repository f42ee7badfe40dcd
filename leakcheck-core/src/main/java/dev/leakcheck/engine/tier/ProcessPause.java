package dev.leakcheck.engine.tier;

import dev.leakcheck.LeakScope;
import dev.leakcheck.capture.threads.ChildProcesses;
import dev.leakcheck.engine.Engine;
import java.util.HashSet;
import java.util.Set;

/**
 * A time in which the processes that are started belong to no scope, where it is not recorded who
 * starts them. Where none can have been started, none is listed. Used by one thread at a time.
 */
public final class ProcessPause implements LeakScope.Pause {

  private final Engine engine;
  private final long start;
  private final Set<ProcessHandle> before;
  private boolean over;

  public ProcessPause(Engine engine) {
    this.engine = engine;
    this.start = engine.nanosWithoutChecks();
    this.before = ChildProcesses.mayBeAlive() ? ChildProcesses.alive() : Set.of();
  }

  @Override
  public void close() {
    if (over) {
      return;
    }
    over = true;
    if (engine.nanosWithoutChecks() - start > ChildProcesses.FASTEST_START_NANOS
        && ChildProcesses.mayBeAlive()) {
      Set<ProcessHandle> started = new HashSet<>(ChildProcesses.alive());
      started.removeAll(before);
      engine.outside().add(started);
    }
  }
}
