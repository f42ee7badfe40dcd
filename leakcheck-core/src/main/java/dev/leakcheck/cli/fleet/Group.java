package dev.leakcheck.cli.fleet;

import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.WorkerStacks;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Threads of one capture that are alike, or a leak of a report. Texts are printable.
 *
 * @param virtual whether they are virtual threads
 * @param size how many threads there are; of a leak without threads how often it was left
 * @param fingerprint what identifies the group in every capture
 * @param kind what sort of leak it is, or null for threads of a live JVM
 * @param name what the threads' names have in common; the title of a leak
 * @param state their state, or null if that is not known
 * @param activity what they do, or null for a leak without threads
 * @param stack where they stand
 * @param ageMillis for how long they have been there, or null if that is not known
 * @param setAside why they don't count, or null
 */
record Group(
    boolean virtual,
    long size,
    String fingerprint,
    @Nullable String kind,
    String name,
    Thread.@Nullable State state,
    @Nullable String activity,
    List<StackTraceElement> stack,
    @Nullable Long ageMillis,
    @Nullable String setAside) {

  private static final int MAX_FRAMES = 16;

  /** Whether they are workers of a pool that wait for their next task. */
  boolean idle() {
    return WorkerStacks.isIdlePoolWorker(stack) || WorkerStacks.isIdleForkJoinWorker(stack);
  }

  /**
   * The frames of the user and of libraries, innermost first, one a line; the JDK's if there is no
   * other. Null if there is none.
   */
  @Nullable String frames() {
    List<StackTraceElement> own = Stacks.own(stack);
    String frames =
        (own.isEmpty() ? stack : own)
            .stream()
                .limit(MAX_FRAMES)
                .map(frame -> Printable.escape(Stacks.text(frame)))
                .collect(Collectors.joining("\n"));
    return frames.isEmpty() ? null : frames;
  }
}
