package dev.leakcheck.contract;

import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Calls of the JDK's that an interrupt does not end. Told by the stack. */
enum Deaf {
  UNINTERRUPTIBLE_CONDITION(
      in("java\\.util\\.concurrent\\.locks\\..*", "awaitUninterruptibly"),
      "it waits in Condition.awaitUninterruptibly(), which an interrupt does not end",
      "use await(), which throws InterruptedException"),
  LOCK(
      in("java\\.util\\.concurrent\\.locks\\.ReentrantLock", "lock")
          .or(
              in(
                  "java\\.util\\.concurrent\\.locks\\.ReentrantReadWriteLock\\$(Read|Write)Lock",
                  "lock"))
          .or(in("java\\.util\\.concurrent\\.locks\\.StampedLock", "(read|write)Lock")),
      "it waits for a lock in lock(), which an interrupt does not end",
      "use lockInterruptibly() or tryLock() with a time limit, or have the lock's holder let go"),
  SEMAPHORE(
      in("java\\.util\\.concurrent\\.Semaphore", "acquireUninterruptibly"),
      "it waits in Semaphore.acquireUninterruptibly(), which an interrupt does not end",
      "use acquire(), which throws InterruptedException"),
  PHASER(
      in(
          "java\\.util\\.concurrent\\.Phaser",
          "arriveAndAwaitAdvance|awaitAdvance|(bulkR|r)egister"),
      "it waits for the other parties of a Phaser, which an interrupt does not end",
      "use awaitAdvanceInterruptibly(), which throws InterruptedException"),
  PUBLISHER(
      in("java\\.util\\.concurrent\\.SubmissionPublisher", "submit"),
      "it waits in SubmissionPublisher.submit(), which an interrupt does not end",
      "use offer() with a time limit, which an interrupt ends, and look at the interrupt flag"),
  COMPLETABLE_FUTURE(
      in("java\\.util\\.concurrent\\.CompletableFuture", "join"),
      "it waits in CompletableFuture.join(), which an interrupt does not end",
      "use get(), which throws InterruptedException"),
  FORK_JOIN_TASK(
      in("java\\.util\\.concurrent\\.ForkJoinTask", "join|invoke|quietlyJoin|quietlyInvoke"),
      "it waits for a ForkJoinTask in join(), which an interrupt does not end",
      "use get(), which throws InterruptedException"),
  EXECUTOR_CLOSE(
      in("java\\.util\\.concurrent\\..*", "close"),
      "it waits in close() of an executor, which goes on until the tasks have ended",
      "have the tasks end when they are interrupted, which close() passes on to them"),
  SOCKET(
      in("sun\\.nio\\.ch\\.NioSocketImpl(\\$.*)?", ".*"),
      "it waits for a socket, which an interrupt does not end on a platform thread",
      "close the socket when the code is told to stop, or set a time limit with setSoTimeout() and"
          + " look at the interrupt flag"),
  FILE(
      in("java\\.io\\.(FileInputStream|RandomAccessFile|FileOutputStream)", "(read|write).*"),
      "it reads or writes a file, a pipe, a child process or System.in, which an interrupt does not"
          + " end",
      "close what it reads (destroy() the process), or ask available() before it reads");

  private static final String MONITOR =
      "it waits to enter a synchronized block or method, which an interrupt does not end";

  @SuppressWarnings("ImmutableEnumChecker") // patterns are immutable
  private final Predicate<StackTraceElement> frame;

  private final String why;
  private final String fix;

  Deaf(Predicate<StackTraceElement> frame, String why, String fix) {
    this.frame = frame;
    this.why = why;
    this.fix = fix;
  }

  /** Why a thread does not stop, and what to do. */
  record Reason(String why, String fix) {}

  /** The call that a thread sits in, if an interrupt does not end it. */
  static Optional<Reason> of(ThreadRecord thread, @Nullable String holder) {
    if (thread.state() == Thread.State.BLOCKED) {
      return Optional.of(
          new Reason(
              MONITOR + (holder == null ? "" : "; thread \"" + holder + "\" holds it"),
              "use a ReentrantLock and lockInterruptibly(), or have the holder let go"));
    }
    List<StackTraceElement> jdk = thread.stack().stream().takeWhile(Stacks::isJdk).toList();
    if (thread.virtual() && jdk.stream().anyMatch(SOCKET.frame)) {
      return Optional.empty(); // an interrupt closes the socket of a virtual thread
    }
    for (Deaf call : values()) {
      if (jdk.stream().anyMatch(call.frame)) {
        return Optional.of(new Reason(call.why, call.fix));
      }
    }
    return Optional.empty();
  }

  private static Predicate<StackTraceElement> in(String type, String method) {
    Pattern types = Pattern.compile(type);
    Pattern methods = Pattern.compile(method);
    return frame ->
        types.matcher(frame.getClassName()).matches()
            && methods.matcher(frame.getMethodName()).matches();
  }
}
