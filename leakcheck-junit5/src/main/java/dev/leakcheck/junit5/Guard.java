package dev.leakcheck.junit5;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.integration.RunReport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Stands where JUnit calls LeakCheck. A failure of LeakCheck's own, above all a {@link
 * LinkageError} beside a JUnit or a launcher that is older or newer than those it was built for, or
 * a class of the JDK's that a test mocks on its own thread, ends no test and no run: it is logged
 * once, and LeakCheck does nothing from then on. This JVM's report has no end then, so that nobody
 * takes it for whole.
 *
 * <p>What the user's own code throws never passes through here. A verdict does, as do complaints
 * about settings and what a JVM cannot go on after.
 *
 * <p>Thread-safe.
 */
final class Guard {

  /** Of the JVM and not of a run: the classes will not be others in the next one. */
  private static volatile boolean inactive;

  /** The store is asked for a run's at each step of each test: here is the last, until it ends. */
  private static volatile @Nullable Session latest;

  private Guard() {}

  static boolean isInactive() {
    return inactive;
  }

  /** Does something for a run that is checked; nothing where LeakCheck is off or inactive. */
  static void run(ExtensionContext context, Consumer<Session> action) {
    get(
        context,
        session -> {
          action.accept(session);
          return null;
        });
  }

  /** The same, with a result; null where LeakCheck is off or inactive. */
  static <T> @Nullable T get(ExtensionContext context, Function<Session, @Nullable T> action) {
    if (inactive) {
      return null;
    }
    Session session = null;
    try {
      session = session(context);
      return session.isOff() ? null : action.apply(session);
    } catch (RuntimeException | Error failure) {
      if (isForTheUser(failure)) {
        throw failure;
      }
      giveUp(failure, session);
      return null;
    }
  }

  private static Session session(ExtensionContext context) {
    Session session = latest;
    if (session == null || !session.isOf(context)) {
      session = Session.of(context);
      latest = session;
    }
    return session;
  }

  /** A run ends. */
  static void forget(Session ended) {
    if (latest == ended) {
      latest = null;
    }
  }

  /** Does something for a run that is there already. */
  static void run(@Nullable Session session, Runnable action) {
    if (inactive) {
      return;
    }
    try {
      action.run();
    } catch (RuntimeException | Error failure) {
      if (isForTheUser(failure)) {
        throw failure;
      }
      giveUp(failure, session);
    }
  }

  /** Does something that no failure may get out of, as JUnit has nobody to tell of it. */
  static void quietly(Runnable action) {
    if (inactive) {
      return;
    }
    try {
      action.run();
    } catch (RuntimeException | Error failure) {
      if (isLackOfMemory(failure)) {
        throw failure;
      }
      giveUp(failure, null);
    }
  }

  /** A verdict, a complaint about settings, or what concerns the whole JVM. */
  private static boolean isForTheUser(Throwable failure) {
    return failure instanceof LeakAssertionError
        || failure instanceof ExtensionConfigurationException
        || isLackOfMemory(failure);
  }

  private static boolean isLackOfMemory(Throwable failure) {
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }

  private static void giveUp(Throwable why, @Nullable Session session) {
    synchronized (Guard.class) {
      if (inactive) {
        return;
      }
      inactive = true;
    }
    try {
      if (session != null) {
        session.giveUp();
      }
      RunReport.gaveUp(why);
    } catch (RuntimeException | Error notEvenThat) {
      System.getLogger(Guard.class.getName())
          .log(System.Logger.Level.ERROR, "LeakCheck checks nothing any more: " + why);
    }
  }
}
