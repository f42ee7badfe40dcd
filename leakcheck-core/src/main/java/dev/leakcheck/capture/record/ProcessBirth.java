package dev.leakcheck.capture.record;

import org.jspecify.annotations.Nullable;

/** A process that was started. */
public final class ProcessBirth extends Birth {

  private final ProcessHandle handle;

  ProcessBirth(Process process, ProcessHandle handle, long number, @Nullable Trace trace) {
    super(process, number, trace);
    this.handle = handle;
  }

  /**
   * What stands for the process, also when its {@code Process} was collected.
   *
   * @return the handle
   */
  public ProcessHandle handle() {
    return handle;
  }

  /**
   * Whether it runs.
   *
   * @return false if it has ended
   */
  public boolean isAlive() {
    return get() instanceof Process process ? process.isAlive() : handle.isAlive();
  }

  @Override
  boolean isOver() {
    return !isAlive();
  }

  @Override
  boolean outlasts() {
    return isAlive();
  }
}
