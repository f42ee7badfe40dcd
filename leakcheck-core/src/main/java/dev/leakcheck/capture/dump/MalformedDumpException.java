package dev.leakcheck.capture.dump;

import java.io.IOException;
import java.io.Serial;

/** A file that was read is not a thread dump, or was cut short. */
public final class MalformedDumpException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * An exception.
   *
   * @param message what is wrong
   */
  public MalformedDumpException(String message) {
    super(message);
  }
}
