package dev.leakcheck;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

/**
 * Tells of a hang while it lasts: a test that never ends fails with no message, so what is said
 * here may be all that its user gets. The one place besides the agent's complaints that prints, and
 * only where slf4j has no provider.
 */
final class HangLog {

  private static final String LOGGER = "dev.leakcheck.hang";

  private HangLog() {}

  static void error(String report) {
    Logger logger = LoggerFactory.getLogger(LOGGER);
    if (LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory) {
      System.err.println(report);
    } else {
      logger.error("{}", report);
    }
  }
}
