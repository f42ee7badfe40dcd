package dev.leakcheck.cli.reports;

/** A line is not an entry of a report. The message is a clause that says why. */
final class MalformedEntryException extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedEntryException(String message) {
    super(message);
  }
}
