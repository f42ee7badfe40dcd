package dev.leakcheck.classify;

import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Proof;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import dev.leakcheck.model.Wait.Kind;
import dev.leakcheck.model.Waker;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a thread can still end by itself or is blocked for ever, what would wake it, and how that
 * is brought about.
 */
final class Waiting {

  private final ThreadRecord thread;
  private final Wait wait;
  private final Pipe pipe;
  private final boolean besideProcess;
  private final @Nullable Waker waker;
  private final boolean somebodyMoves;

  /** Whether threads wait for each other to initialise classes, and this is one of them. */
  private final boolean inCircle;

  /** What a thread waits for: another that is left may wake it if it does something. */
  Waiting(ThreadRecord thread, Evidence evidence) {
    this.thread = thread;
    this.somebodyMoves = evidence.somebodyMoves();
    this.wait = Wait.of(thread);
    this.pipe = Pipe.of(thread, wait);
    this.besideProcess =
        evidence.symptoms().stream()
            .anyMatch(it -> it.identity().startsWith(LeakKind.CHILD_PROCESS.id() + " "));
    this.waker = evidence.wakers().get(thread.id());
    this.inCircle = isInCircle(thread.id(), evidence.wakers());
  }

  private static boolean isInCircle(long first, Map<Long, Waker> wakers) {
    Waker next = wakers.get(first);
    for (int i = 0; i < wakers.size() && next != null && next.initialized() != null; i++) {
      if (next.thread() == null) {
        return false;
      }
      if (next.thread().id() == first) {
        return true;
      }
      next = wakers.get(next.thread().id());
    }
    return false;
  }

  private @Nullable String initialized() {
    return waker == null || waker.initialized() == null
        ? null
        : CauseWriter.simple(waker.initialized());
  }

  /** What it does, in a clause for a person. */
  String doing() {
    return initialized() == null
        ? Activity.of(thread)
        : "waiting for class " + initialized() + " to be initialised";
  }

  /** Whether a thread does something that may wake another. */
  static boolean moves(ThreadRecord thread) {
    Wait wait = Wait.of(thread);
    return !wait.untilWoken() && wait.kind() != Kind.IDLE_WORKER && wait.kind() != Kind.ENDED;
  }

  /**
   * Nobody alive is known to end the wait. Somebody holds what is waited for in these cases, or is
   * to end: as long as it is not known who, that one may be alive.
   */
  boolean isForEver() {
    if (initialized() != null) {
      return inCircle;
    }
    if (!wait.untilWoken()) {
      return false;
    }
    if (waker != null && waker.hasEnded()) {
      return true;
    }
    if (somebodyMoves) {
      return false;
    }
    return switch (wait.kind()) {
      case LOCK, MONITOR, JOIN -> waker != null && waker.thread() != null && !waker.mayCome();
      case LATCH -> waker == null || waker.count() == null || waker.count() > 0;
      case TERMINATION, SYNCHRONIZER, UNKNOWN -> false;
      default -> waker == null || !waker.mayCome();
    };
  }

  /** Such as {@code still alive, sleeping} or {@code blocked for ever in Semaphore.acquire()}. */
  String title() {
    if (!isForEver()) {
      return "still alive, " + doing();
    }
    if (inCircle) {
      return Proof.FOR_EVER + ", " + doing();
    }
    return Proof.FOR_EVER
        + switch (wait.kind()) {
          case MONITOR -> " at a synchronized block";
          case PARKED -> ", parked" + blockerType(" for ");
          default -> " in " + wait.operation();
        };
  }

  /** What would end the wait; null if there is nothing to say. */
  @Nullable String waitsFor() {
    if (initialized() != null) {
      return "the static initializer of "
          + initialized()
          + (waker == null || waker.thread() == null
              ? ""
              : ", which " + CauseWriter.named(waker.thread()) + " runs");
    }
    Long count = waker == null ? null : waker.count();
    return switch (wait.kind()) {
      case LATCH ->
          count == null
              ? "a latch to be counted down"
              : "a latch to reach 0: its count is " + count;
      case SEMAPHORE ->
          count == null
              ? "a permit of a semaphore"
              : count == 0
                  ? "a permit of a semaphore: 0 are left"
                  : "permits of a semaphore: " + count + (count == 1 ? " is" : " are") + " left";
      case BARRIER -> "the other parties of a barrier" + parties();
      case PHASER -> "the other parties of a phaser" + parties();
      case SUBSCRIBER -> "room in the buffer of a subscriber";
      case EXCHANGER -> "another thread to exchange with";
      case FUTURE -> future(count);
      case LOCK -> lock(count);
      case MONITOR ->
          (thread.blocker() == null ? "a monitor" : "the monitor of " + blockerType("")) + heldBy();
      case SYNCHRONIZER ->
          (thread.blocker() == null ? "a synchronizer" : blockerType("")) + heldBy();
      case CONDITION -> "a signal of a condition";
      case OBJECT -> "a notify()" + blockerType(" on ");
      case JOIN ->
          joinsItself()
              ? "its own end"
              : "the end of "
                  + (waker != null && waker.thread() != null
                      ? who(waker.thread())
                      : "another thread");
      case PROCESS -> "a process to end";
      case TERMINATION -> "an executor to run its last tasks";
      case PARKED -> "an unpark()" + blockerType(", parked for ");
      default -> null;
    };
  }

  private boolean joinsItself() {
    return waker != null && waker.thread() != null && waker.thread().id() == thread.id();
  }

  private String parties() {
    return waker == null || waker.parties() == null
        ? ""
        : ": " + waker.count() + " of " + waker.parties() + " have come";
  }

  private String future(@Nullable Long count) {
    String type = wait.type().substring(wait.type().lastIndexOf('.') + 1);
    String what =
        type.equals("AbstractExecutorService") ? "futures of an executor" : CauseWriter.a(type);
    if (waker != null && waker.thread() != null) {
      return what + " that is run by " + who(waker.thread());
    }
    return count != null && count == 0
        ? what + " that no thread runs"
        : what
            + (type.equals("CompletableFuture") ? " that is not completed" : " that is not done");
  }

  private String lock(@Nullable Long count) {
    String name =
        CauseWriter.a(
            wait.type().substring(wait.type().lastIndexOf('.') + 1).replaceAll("\\$.*", ""));
    if (count != null && count == 0) {
      return name + " that nobody holds any more";
    }
    return count != null && waker != null && waker.parties() != null
        ? name + " that " + count + (count == 1 ? " reader holds" : " readers hold")
        : name + heldBy();
  }

  private String heldBy() {
    if (waker != null && waker.thread() != null) {
      String end = waker.hasEnded() ? ": nobody can unlock it" : "";
      return " held by " + who(waker.thread()) + end;
    }
    Blocker blocker = thread.blocker();
    return blocker == null || blocker.owner() == null ? "" : " held by thread #" + blocker.owner();
  }

  private static String who(ThreadRecord other) {
    return name(other)
        + (other.state() == Thread.State.TERMINATED
            ? ", which has ended"
            : ", which is " + Activity.brief(other) + standingAt(other));
  }

  private static String name(ThreadRecord other) {
    return other.name().isEmpty()
        ? CauseWriter.noun(other) + " #" + other.id()
        : CauseWriter.named(other);
  }

  private static String standingAt(ThreadRecord other) {
    return Stacks.firstOwnFrame(other.stack())
        .map(frame -> " at " + Stacks.place(frame))
        .orElse("");
  }

  private String blockerType(String before) {
    return thread.blocker() == null
        ? ""
        : before + CauseWriter.a(Activity.type(thread.blocker().type()));
  }

  /** Why it is accused, and whether that may still change. */
  String why() {
    if (initialized() != null) {
      return inCircle
          ? "each of the threads runs the static initializer of a class for which another waits:"
              + " nothing ends that, and no code can use these classes any more"
          : "it waits without a time limit for a class that another thread initialises";
    }
    if (isForEver()) {
      return waker != null && waker.hasEnded()
          ? "it waits without a time limit for a thread that has ended: nobody can end that"
          : Proof.NOBODY_KNOWN;
    }
    if (waker != null && waker.thread() != null && wait.untilWoken()) {
      return "it waits without a time limit for "
          + name(waker.thread())
          + ", which is alive and may still let it go on";
    }
    return switch (wait.kind()) {
      case IO -> "it was still alive when the wait was over; it goes on when input or output comes";
      case RUNNING, SLEEP, NATIVE, PROCESS ->
          "it was still alive when the wait was over; it may still end by itself";
      default ->
          wait.timed()
              ? "it was still alive when the wait was over; its wait has a limit, so that it may"
                  + " still end by itself, given a longer settle time"
              : "it waits without a time limit: only somebody else can end it";
    };
  }

  /**
   * What makes the wait end, to be put before the way that stops the thread.
   *
   * @param where the user's frame that waits or called a library's that does; null if there is none
   * @return a sentence's beginning, or null if there is nothing better than to stop the thread
   */
  @Nullable String fix(@Nullable StackTraceElement where) {
    if (inCircle) {
      return "let the static initializer of one of the classes do without the other, or have one"
          + " thread initialise both before others use them";
    }
    if (initialized() != null) {
      return "see that the static initializer of " + initialized() + " ends";
    }
    if (isInLibrary(where) && (wait.kind() == Kind.CONDITION || wait.kind() == Kind.OBJECT)) {
      return null; // its state is the library's
    }
    return switch (wait.kind()) {
      case LATCH -> "call countDown() in a finally block" + limit(where, "await()");
      case BARRIER ->
          "have all parties come or call reset() on the barrier when one cannot"
              + limit(where, "await()");
      case PHASER -> "arriveAndDeregister() in a finally block for each party that does not come";
      case SUBSCRIBER ->
          "have the subscriber request() more or cancel() its subscription"
              + limit(where, "offer() in place of submit()");
      case SEMAPHORE ->
          "release() in a finally block what was acquired" + limit(where, "tryAcquire()");
      case EXCHANGER -> "start the other side" + limit(where, "exchange()");
      case FUTURE ->
          wait.type().endsWith(".CompletableFuture")
              ? "complete the future on every path, completeExceptionally() in catch"
                  + limit(
                      where, wait.method().endsWith("oin") ? "get() in place of join()" : "get()")
              : "see that the task is run or cancel() it"
                  + limit(
                      where, wait.method().endsWith("oin") ? "get() in place of join()" : "get()");
      case LOCK -> "unlock() in a finally block where it is locked" + limit(where, "tryLock()");
      case MONITOR -> "let go of the monitor: no waiting inside of its synchronized blocks";
      case CONDITION ->
          "change the state and signalAll() under the lock, and let "
              + code(where)
              + " await in a loop that tests the state";
      case OBJECT ->
          "change the state and notifyAll() in a synchronized block, and let "
              + code(where)
              + " wait in a loop that tests the state";
      case JOIN ->
          joinsItself()
              ? "let "
                  + code(where)
                  + " leave out the join() of a thread that is Thread.currentThread()"
              : "stop "
                  + (waker != null && waker.thread() != null
                      ? name(waker.thread())
                      : "the other thread")
                  + " first"
                  + limit(where, "join()");
      case PROCESS -> "destroy() the process" + limit(where, "waitFor()");
      case TERMINATION ->
          "call shutdownNow() on the executor, and let its tasks end on an interrupt";
      case IO ->
          pipe.isOne()
              ? pipe.fix(code(where))
              : ofProcess(where)
                  + "close what "
                  + code(where)
                  + " reads from or waits on (socket, channel, selector, stream)";
      default -> null;
    };
  }

  /** To close a pipe of another process ends no read in it. Whose output it is, no stack tells. */
  private String ofProcess(@Nullable StackTraceElement where) {
    return besideProcess && Stacks.has(thread.stack(), "java.io.FileInputStream", "read")
        ? "end the child process that is left too, if "
            + code(where)
            + " reads what it writes, and otherwise "
        : "";
  }

  /** Whether it is not the user's frame itself that waits, but a library's that it called. */
  private boolean isInLibrary(@Nullable StackTraceElement where) {
    return !Stacks.firstOwnFrame(thread.stack()).equals(Optional.ofNullable(where));
  }

  private String limit(@Nullable StackTraceElement where, String call) {
    return wait.timed() || isInLibrary(where)
        ? ""
        : ", or give " + call + at(where) + " a time limit";
  }

  private static String at(@Nullable StackTraceElement where) {
    return where == null ? "" : " at " + Stacks.text(where);
  }

  static String code(@Nullable StackTraceElement where) {
    return where == null ? "the code that it runs" : Stacks.text(where);
  }

  /** How the thread's own code has to behave so that it ends when it is told to. */
  String ends(@Nullable StackTraceElement where) {
    if (initialized() != null) {
      return ": an interrupt does not end this wait";
    }
    if (wait.kind() == Kind.RUNNING) {
      return ", and let " + code(where) + " check Thread.interrupted() while it works";
    }
    if (wait.kind() == Kind.IO && !pipe.isOne()) {
      return ": an interrupt does not end every such call";
    }
    return wait.interruptible()
        ? ", and let " + code(where) + " end on an interrupt"
        : ": an interrupt does not end this wait";
  }

  /** Whether it is what the owner closes when it stops that ends the wait. */
  boolean endsWithOwner() {
    return wait.kind() == Kind.IO && !pipe.isOne();
  }

  /** Whether an interrupt is of any use, be it that the code has to ask for it. */
  boolean canBeInterrupted() {
    return isInterruptible() || (wait.kind() == Kind.RUNNING && initialized() == null);
  }

  /** Whether an interrupt may end what the thread does. */
  boolean isInterruptible() {
    return initialized() == null
        && (wait.kind() != Kind.IO || pipe.isOne())
        && wait.interruptible();
  }
}
