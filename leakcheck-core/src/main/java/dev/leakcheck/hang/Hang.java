package dev.leakcheck.hang;

import java.io.Serial;

/**
 * What a scope's threads were stuck in when it took too long. It is attached to failures as
 * suppressed; its message is the whole report, and it has no stack trace of its own.
 */
final class Hang extends Exception {

  @Serial private static final long serialVersionUID = 1;

  Hang(String report) {
    super(report, null, false, false);
  }

  /** What people search their logs for, wherever this class is. */
  @Override
  @SuppressWarnings("OverrideThrowableToString") // its class is told, its message is the report
  public String toString() {
    return "dev.leakcheck.Hang: " + getMessage();
  }
}
