package dev.leakcheck.filter;

import java.io.Serial;

/** A file of rules is not as it should be; the message says where and what is expected. */
final class BadRulesException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  BadRulesException(String message) {
    super(message);
  }

  BadRulesException(String message, Throwable cause) {
    super(message, cause);
  }
}
