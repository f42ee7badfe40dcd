package dev.leakcheck.contract;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches code on one thread: whether it is under way, whether it ends once it was told to, and if
 * not, what it does instead. Used by one thread.
 *
 * <p>All that can be known from outside is a row of samples: the stack, the state and the interrupt
 * flag. That is enough. An interrupt sets the flag, and only the thread itself clears it, by
 * throwing {@code InterruptedException} or by {@code Thread.interrupted()}: a clear flag of a
 * thread that lives says that it was told and went on. A few calls of the JDK's clear it and wait
 * on, so that {@linkplain Deaf these} are asked about first.
 */
final class Vigil {

  /** A body that waits at one place for that long has got where it was going. */
  private static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** A body that has run for that long without an end is under way, wherever it is. */
  private static final long RUNNING_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

  /** How long a failed thread is looked at until what it does is clear. */
  private static final long LONGEST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long FIRST_PAUSE = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  private final Supplier<@Nullable Sample> look;
  private final BooleanSupplier ended;
  private @Nullable Sample told;
  private @Nullable Sample last;

  /**
   * Begins to watch.
   *
   * @param look takes a sample; null if the thread is gone
   * @param ended whether the body has ended
   */
  Vigil(Supplier<@Nullable Sample> look, BooleanSupplier ended) {
    this.look = look;
    this.ended = ended;
  }

  /** Watches a thread until its end. */
  static Vigil of(Thread thread) {
    return new Vigil(() -> Sample.of(thread), () -> !thread.isAlive());
  }

  boolean hasEnded() {
    return ended.getAsBoolean();
  }

  /**
   * Waits until a body that has begun is under way: it waits for something at the same place for a
   * while, or it has been running for longer than that.
   *
   * @return false if it ended by itself
   */
  boolean awaitUnderWay() {
    long began = System.nanoTime();
    Sample first = null;
    long firstAt = began;
    while (!hasEnded()) {
      Sample now = look.get();
      long time = System.nanoTime();
      if (now == null || !now.waits() || first == null || !now.sameAs(first)) {
        first = now;
        firstAt = time;
      } else if (time - firstAt >= STILL_NANOS) {
        return !hasEnded();
      }
      if (time - began >= RUNNING_NANOS) {
        return !hasEnded();
      }
      pause(TimeUnit.MILLISECONDS.toNanos(1));
    }
    return false;
  }

  /** Remembers what the thread does now: it is about to be told. */
  void beforeTelling() {
    told = look.get();
  }

  /** Waits for the body's end. */
  boolean awaitEnd(long deadline) {
    return await(ended, deadline);
  }

  /** Waits for a condition; true if it came about in time. */
  static boolean await(BooleanSupplier condition, long deadline) {
    long pause = FIRST_PAUSE;
    while (!condition.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return condition.getAsBoolean();
      }
      pause(Math.min(pause, left));
      pause = Math.min(LONGEST_PAUSE, pause * 2);
    }
    return true;
  }

  /** A pause that an interrupt of the asserting thread ends with an error, not with a busy loop. */
  private static void pause(long nanos) {
    if (Thread.interrupted()) {
      Thread.currentThread().interrupt();
      throw new ContractError(
          "the wait for code to stop was itself interrupted",
          List.of(
              Fact.of("why", "something interrupted the thread that waits, such as a test timeout"),
              Fact.of("fix", "give the code less time to stop than the test has in all")));
    }
    LockSupport.parkNanos(nanos);
  }

  /**
   * Looks at a body that is late until what it does is clear.
   *
   * @return false if it has ended meanwhile
   */
  boolean lookClosely() {
    long began = System.nanoTime();
    Sample first = null;
    long firstAt = began;
    while (!hasEnded()) {
      Sample now = look.get();
      long time = System.nanoTime();
      if (now == null) {
        return false;
      }
      last = now;
      if (first == null || !now.isStillLike(first)) {
        first = now;
        firstAt = time;
      } else if (time - firstAt >= STILL_NANOS && !isAboutToWake(now)) {
        return true;
      }
      if (time - began >= LONGEST_LOOK_NANOS) {
        return true;
      }
      pause(TimeUnit.MILLISECONDS.toNanos(2));
    }
    return false;
  }

  /** Waits where an interrupt ends it, and is interrupted: it only has no processor yet. */
  private static boolean isAboutToWake(Sample now) {
    return Boolean.TRUE.equals(now.flag())
        && now.thread().state() != Thread.State.RUNNABLE
        && Deaf.of(now.thread(), null).isEmpty();
  }

  /** What the thread is and does, and why it does not stop. */
  List<Fact> facts(String told, Deaf.@Nullable Reason known) {
    List<Fact> facts = new ArrayList<>();
    Sample before = this.told;
    Sample now = last;
    if (now == null) {
      return List.of(
          Fact.of("why", "it was not seen any more"), Fact.of("fix", "have it end sooner"));
    }
    facts.add(now.name());
    if (before != null && !before.hasSameOwnFrames(now)) {
      facts.add(before.fact(told));
      facts.add(now.fact("now"));
    } else {
      facts.add(now.fact("now"));
    }
    Deaf.Reason reason = known == null ? reason(now) : known;
    if (known == null && Boolean.FALSE.equals(now.flag()) && deaf(now) == null) {
      caughtIn(before, now).ifPresent(frame -> facts.add(Fact.of("caught in", frame)));
    }
    facts.add(Fact.of("why", reason.why()));
    facts.add(Fact.of("fix", reason.fix()));
    return facts;
  }

  /** Whether its interrupt flag was set when it was looked at. */
  boolean isInterrupted() {
    return last != null && Boolean.TRUE.equals(last.flag());
  }

  /** What was seen last: who, and what it does. */
  List<Fact> seen() {
    Sample now = last;
    return now == null ? List.of() : List.of(now.name(), now.fact("now"));
  }

  /** Why the thread that was looked at does not stop. */
  Deaf.Reason reason() {
    return reason(Objects.requireNonNull(last, "looked closely"));
  }

  private static Deaf.@Nullable Reason deaf(Sample now) {
    return Deaf.of(now.thread(), holder(now)).orElse(null);
  }

  private static Deaf.Reason reason(Sample now) {
    Deaf.Reason deaf = deaf(now);
    if (deaf != null) {
      return deaf;
    }
    if (now.flag() == null) {
      return new Deaf.Reason(
          "it goes on; whether its interrupt flag is set cannot be told from outside",
          "end it on InterruptedException, and look at the interrupt flag in loops");
    }
    if (!now.flag()) {
      return new Deaf.Reason(
          "its interrupt flag is clear again: it caught the InterruptedException, or cleared the"
              + " flag by Thread.interrupted(), and went on",
          "leave the loop where it is caught: return, or let the InterruptedException through");
    }
    return now.waits()
        ? new Deaf.Reason(
            "its interrupt flag is set, and the call that it is in does not react to it",
            "use a call that throws InterruptedException or has a time limit, or close what it"
                + " waits for")
        : new Deaf.Reason(
            "its interrupt flag is set and it runs on: nothing on its way looks at the flag",
            "leave the loop when Thread.currentThread().isInterrupted() is true");
  }

  /** The innermost method that was active before and is active now: it, or what it calls. */
  private static java.util.Optional<String> caughtIn(@Nullable Sample before, Sample now) {
    if (before == null) {
      return java.util.Optional.empty();
    }
    List<StackTraceElement> then = Stacks.own(before.thread().stack());
    List<StackTraceElement> since = Stacks.own(now.thread().stack());
    StackTraceElement common = null;
    for (int i = 1; i <= Math.min(then.size(), since.size()); i++) {
      StackTraceElement old = then.get(then.size() - i);
      StackTraceElement young = since.get(since.size() - i);
      if (!old.getClassName().equals(young.getClassName())
          || !old.getMethodName().equals(young.getMethodName())) {
        break;
      }
      common = old;
    }
    return java.util.Optional.ofNullable(common)
        .map(frame -> frame.getClassName() + "." + frame.getMethodName() + ", or in what it calls");
  }

  private static @Nullable String holder(Sample now) {
    Blocker blocker = now.thread().blocker();
    Long owner = blocker == null ? null : blocker.owner();
    return owner == null
        ? null
        : LiveThreads.byId(owner).map(thread -> Printable.name(thread.getName())).orElse(null);
  }

  /** Such as {@code 200 ms} or {@code 2.5 s}. */
  static String text(Duration time) {
    long millis = time.toMillis();
    return millis < 1000
        ? millis + " ms"
        : String.format(java.util.Locale.ROOT, "%.1f s", millis / 1000.0);
  }

  /** When a time from now is over. */
  static long deadline(Duration within) {
    if (within.isNegative() || within.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("the time must be between 0 and 1 day, but is " + within);
    }
    return System.nanoTime() + within.toNanos();
  }
}
