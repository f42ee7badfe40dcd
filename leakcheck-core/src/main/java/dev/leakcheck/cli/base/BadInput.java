package dev.leakcheck.cli.base;

import org.jspecify.annotations.Nullable;

/**
 * What the user gave can't be worked with: {@link ExitCode#BAD_INPUT}. The message is one line that
 * says what is wrong with what, for a person.
 */
public final class BadInput extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param message one line, for a person
   */
  public BadInput(String message) {
    super(message);
  }

  /**
   * Says what is wrong.
   *
   * @param message one line, for a person
   * @param cause what was caught, or null
   */
  public BadInput(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
