package dev.leakcheck.cli;

import org.jspecify.annotations.Nullable;

/**
 * What the user gave can't be worked with: {@link ExitCode#BAD_INPUT}. The message is one line that
 * says what is wrong with what, for a person.
 */
final class BadInput extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BadInput(String message) {
    super(message);
  }

  BadInput(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
