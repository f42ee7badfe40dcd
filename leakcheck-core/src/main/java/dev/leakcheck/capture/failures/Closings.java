package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.ask.AskThrowable;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.model.Stacks;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.file.ClosedWatchServiceException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells what the JDK throws at a thread that waits on what somebody closes, or asks it after, and
 * at a task that gives the next to its own executor, which was shut down meanwhile.
 */
final class Closings {

  private static final Set<Class<? extends Exception>> TYPES =
      Set.of(
          ClosedSelectorException.class,
          ClosedWatchServiceException.class,
          ShutdownChannelGroupException.class);

  /** The words of {@code java.net} and {@code sun.nio.ch}; those of a peer's end are others. */
  private static final Set<String> OF_SOCKETS = Set.of("Socket closed", "Socket is closed");

  /** How a pool describes itself that was shut down, behind its class and hash. */
  private static final Pattern SHUT_DOWN =
      Pattern.compile(" rejected from (\\S+@[0-9a-f]+)\\[(Shutting down|Terminated),");

  private Closings() {}

  /** Whether the JDK's own code threw it; a library may throw such a one when a peer hangs up. */
  static boolean isOne(Throwable exception) {
    boolean refused = exception.getClass() == RejectedExecutionException.class;
    List<StackTraceElement> stack =
        refused || isMeant(exception) ? AskThrowable.stack(exception) : List.of();
    return !stack.isEmpty()
        && Stacks.isJdk(stack.get(0))
        && (!refused || isOfOwn(exception, stack));
  }

  private static boolean isMeant(Throwable exception) {
    return TYPES.contains(exception.getClass())
        || exception instanceof ClosedChannelException
        || (exception.getClass() == SocketException.class
            && OF_SOCKETS.contains(
                Objects.requireNonNullElse(AskThrowable.message(exception), "")));
  }

  /**
   * Whether the executor that runs the current thread was shut down, and refused a task. Where the
   * JDK does not tell which that is, any that was shut down is taken for it.
   */
  private static boolean isOfOwn(Throwable exception, List<StackTraceElement> stack) {
    String message = AskThrowable.message(exception);
    ExecutorService own = WorkerExecutors.ofAny(Thread.currentThread());
    if (message == null) {
      // Of an executor with a thread for each task: it refuses for no other reason.
      return own == null
          ? stack.get(0).getClassName().equals("java.util.concurrent.ThreadPerTaskExecutor")
          : Boolean.TRUE.equals(ExecutorProbe.isShutdown(own));
    }
    Matcher refused = SHUT_DOWN.matcher(message);
    return refused.find()
        && (own == null
            ? Stacks.has(stack, ThreadPoolExecutor.class.getName(), "runWorker")
            : refused.group(1).equals(Identity.of(own)));
  }
}
