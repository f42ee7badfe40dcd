package dev.leakcheck.cli;

/** What the command line's exit codes mean. */
final class ExitCode {

  /** Nothing is wrong. */
  static final int CLEAN = 0;

  /** There are leaks, or a limit that was given is crossed. */
  static final int LEAKS = 1;

  /** The input is bad, or there was none: nothing was checked. */
  static final int BAD_INPUT = 2;

  private ExitCode() {}
}
