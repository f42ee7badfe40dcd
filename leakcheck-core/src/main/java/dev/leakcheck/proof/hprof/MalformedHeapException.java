package dev.leakcheck.proof.hprof;

import java.io.IOException;

/** A file is no heap dump, is damaged, or is cut short. The message is one line for a person. */
public final class MalformedHeapException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Says what is wrong. */
  public MalformedHeapException(String message) {
    super(message);
  }
}
