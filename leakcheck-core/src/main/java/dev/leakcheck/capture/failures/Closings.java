package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.ask.AskThrowable;
import dev.leakcheck.model.Stacks;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.file.ClosedWatchServiceException;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Tells what the JDK throws at a thread that waits on what somebody closes, or asks it after. */
final class Closings {

  private static final Set<Class<? extends Exception>> TYPES =
      Set.of(
          ClosedSelectorException.class,
          ClosedWatchServiceException.class,
          ShutdownChannelGroupException.class);

  /** The words of {@code java.net} and {@code sun.nio.ch}; those of a peer's end are others. */
  private static final Set<String> OF_SOCKETS = Set.of("Socket closed", "Socket is closed");

  private Closings() {}

  /** Whether the JDK's own code threw it; a library may throw such a one when a peer hangs up. */
  static boolean isOne(Throwable exception) {
    List<StackTraceElement> stack = isMeant(exception) ? AskThrowable.stack(exception) : List.of();
    return !stack.isEmpty() && Stacks.isJdk(stack.get(0));
  }

  private static boolean isMeant(Throwable exception) {
    return TYPES.contains(exception.getClass())
        || exception instanceof ClosedChannelException
        || (exception.getClass() == SocketException.class
            && OF_SOCKETS.contains(
                Objects.requireNonNullElse(AskThrowable.message(exception), "")));
  }
}
