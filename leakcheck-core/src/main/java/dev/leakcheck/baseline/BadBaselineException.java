package dev.leakcheck.baseline;

import org.jspecify.annotations.Nullable;

/** A baseline can't be read. The message is one line that names the file and the place in it. */
public final class BadBaselineException extends Exception {

  private static final long serialVersionUID = 1L;

  BadBaselineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
