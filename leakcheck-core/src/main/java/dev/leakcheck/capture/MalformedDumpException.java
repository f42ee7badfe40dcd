package dev.leakcheck.capture;

import java.io.IOException;
import java.io.Serial;

/** A file that was read is not a thread dump, or was cut short. */
final class MalformedDumpException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  MalformedDumpException(String message) {
    super(message);
  }
}
