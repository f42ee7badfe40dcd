package dev.leakcheck.cli.base;

/** What the command line's exit codes mean. */
public final class ExitCode {

  /** Nothing is wrong. */
  public static final int CLEAN = 0;

  /** There are leaks, or a limit that was given is crossed. */
  public static final int LEAKS = 1;

  /** The input or a part of it is bad, or there was none. */
  public static final int BAD_INPUT = 2;

  private ExitCode() {}
}
