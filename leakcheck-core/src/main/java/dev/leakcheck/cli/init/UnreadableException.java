package dev.leakcheck.cli.init;

import org.jspecify.annotations.Nullable;

/** A file of a build is not as it has to be. The message names it. */
final class UnreadableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreadableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
