package dev.leakcheck.contract;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.Activity;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A thread as it was at one instant.
 *
 * @param thread its state and stack
 * @param flag whether its interrupt flag was set, or null if that cannot be told
 */
record Sample(ThreadRecord thread, @Nullable Boolean flag) {

  /** A look at a thread, or null if it has not begun or has ended. */
  static @Nullable Sample of(Thread thread) {
    boolean flag = thread.isInterrupted();
    List<ThreadRecord> records = LiveThreads.describe(List.of(thread));
    return records.isEmpty() ? null : new Sample(records.get(0), flag);
  }

  /** A look at a thread of which only the id is known, as for virtual threads. */
  static @Nullable Sample of(long id) {
    return LeakCheck.snapshot().threads().stream()
        .filter(thread -> thread.id() == id)
        .findFirst()
        .map(thread -> new Sample(thread, null))
        .orElse(null);
  }

  /** Whether it waits for something, so that it may stay where it is. */
  boolean waits() {
    return switch (thread.state()) {
      case BLOCKED, WAITING, TIMED_WAITING -> true;
      default -> isInNativeCode() || WorkerStacks.isInIo(thread.stack());
    };
  }

  private boolean isInNativeCode() {
    return !thread.stack().isEmpty() && thread.stack().get(0).isNativeMethod();
  }

  boolean sameAs(Sample other) {
    return thread.state() == other.thread.state() && thread.stack().equals(other.thread.stack());
  }

  /** Whether it does what it did: it waits at the same place, or runs on, and so is its flag. */
  boolean isStillLike(Sample earlier) {
    return waits() == earlier.waits()
        && Objects.equals(flag, earlier.flag)
        && (!waits() || sameAs(earlier));
  }

  boolean hasSameOwnFrames(Sample other) {
    return Stacks.own(thread.stack()).equals(Stacks.own(other.thread.stack()));
  }

  /** What it did and where. */
  Fact fact(String key) {
    List<String> lines = new ArrayList<>();
    lines.add(Activity.of(thread));
    where().forEach(frame -> lines.add("at " + frame));
    return new Fact(key, lines);
  }

  /** The user's and libraries' frames; without any, the call to the JDK that LeakCheck made. */
  private List<String> where() {
    List<StackTraceElement> stack = thread.stack();
    if (!Stacks.own(stack).isEmpty()) {
      return Activity.where(stack);
    }
    List<StackTraceElement> jdk = stack.stream().takeWhile(Stacks::isJdk).toList();
    return jdk.isEmpty() ? List.of() : List.of(Stacks.text(jdk.get(jdk.size() - 1)));
  }

  Fact name() {
    return Fact.of("thread", thread.label() + (thread.virtual() ? " (virtual)" : ""));
  }
}
