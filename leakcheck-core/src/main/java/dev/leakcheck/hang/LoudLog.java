package dev.leakcheck.hang;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.NOPLoggerFactory;

/**
 * Tells what no failing test tells: that one hangs, or what a run left that nobody can fail. What
 * is said here may be all that its user gets. The one place besides the agent's complaints that
 * prints, and only where slf4j has no provider or shows nothing.
 */
public final class LoudLog {

  private static final String HANG = "dev.leakcheck.hang";
  private static final String RUN = "dev.leakcheck.run";

  private static final AtomicBoolean LOST = new AtomicBoolean();

  private LoudLog() {}

  static void hang(String report) {
    log(HANG, Level.ERROR, report, null);
  }

  /** Tells what a run left that nobody can fail for. */
  public static void run(Level level, String report) {
    log(RUN, level, report, null);
  }

  /** Tells why a run is not checked. */
  public static void run(Level level, String report, Throwable why) {
    log(RUN, level, report, why);
  }

  /** Tells that a check failed, so that there is no verdict; the first time with the stack. */
  public static void lost(String scope, Throwable why) {
    String report = "LeakCheck came to no verdict on " + scope + ": its check failed with " + why;
    log(RUN, Level.ERROR, report, LOST.getAndSet(true) ? null : why);
  }

  /** Tells what a logger did not. */
  public static void print(String line) {
    System.err.println(line);
  }

  /** Where there is no logger to be had, as under a security manager, it is printed. */
  private static void log(String name, Level level, String report, @Nullable Throwable why) {
    try {
      logTo(name, level, report, why);
    } catch (RuntimeException | LinkageError noLogger) {
      print(report);
    }
  }

  /** Not by {@code atLevel}, which slf4j before 2 does not have. */
  private static void logTo(String name, Level level, String report, @Nullable Throwable why) {
    Logger logger = LoggerFactory.getLogger(name);
    if (LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory) {
      System.err.println(report);
      if (why != null) {
        printStack(why);
      }
    } else if (level == Level.ERROR) {
      logger.error("{}", report, why);
    } else {
      logger.warn("{}", report, why);
    }
  }

  /** The JDK's own code may not work on this thread, where a test mocks its classes. */
  private static void printStack(Throwable why) {
    try {
      why.printStackTrace();
    } catch (RuntimeException | StackOverflowError noStack) {
      // What happened was told already.
    }
  }
}
