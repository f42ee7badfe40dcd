package dev.leakcheck.engine;

import dev.leakcheck.engine.Stillness.Look;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * For how long nothing has moved that could change what a check finds, and for how long nothing has
 * to. That is {@link #FULL}, and {@link #AGAIN} where every cause was found before in this run.
 *
 * <p>A thread that was woken moves only when it gets a processor, and on a busy machine that may
 * take longer than any time set here. But who checks has to wait for one as well: so its own turns
 * are counted, and no pause for more than {@link #LONGEST_TURN}, however long it took.
 *
 * <p>A thread of a leak that was told before may go on and on, such as a scheduler's. Whether its
 * next tick ends what is suspected now, nobody knows. But if it ticked for a whole settle time
 * beside a leak like this one and did not end that, it is not waited for again. Nor is an idle
 * worker of a pool that nobody shut down, if one like it was told: neither its time limit nor what
 * was scheduled has shut that down in a whole settle time. Used by one thread.
 */
final class Unmoved {

  static final Duration FULL = Duration.ofMillis(150);
  static final Duration AGAIN = Duration.ofMillis(15);

  /** Twice as long as a pause lasts where processors are free. */
  static final Duration LONGEST_TURN = Duration.ofMillis(1);

  /** Nobody is given less: of a shorter one nothing might be left by the time that it begins. */
  static final Duration SHORTEST_TURN = Duration.ofNanos(50_000);

  private final Function<Look, @Nullable Set<Long>> harmlessBeside;

  private @Nullable Look first;
  private @Nullable Look inVain;
  private Set<Long> harmless = Set.of();
  private Duration length = FULL;
  private long counted;

  /**
   * Of one check.
   *
   * @param harmlessBeside which threads did not end what a look sees when that was told before;
   *     null if it never was
   */
  Unmoved(Function<Look, @Nullable Set<Long>> harmlessBeside) {
    this.harmlessBeside = harmlessBeside;
  }

  /** Something moves. */
  void restart() {
    first = null;
  }

  /** Who checks was given a turn again, so many nanoseconds after the last one. */
  void paused(long nanos) {
    counted += Math.min(nanos, LONGEST_TURN.toNanos());
  }

  /** Takes a look into account, or that something moves; true if it was the last that it takes. */
  boolean takes(@Nullable Look look) {
    if (look != null
        && first != null
        && first.sameAs(look)
        && harmless.containsAll(look.ticking())) {
      return counted >= length.toNanos();
    }
    restart();
    if (look != null && !isInVain(look)) {
      begin(look);
    }
    return false;
  }

  /** Evidence is dear, so it is not gathered again for the same, or where even more ticks. */
  private boolean isInVain(Look look) {
    return inVain != null
        && !look.isAtRest()
        && inVain.threads().equals(look.threads())
        && look.ticking().containsAll(inVain.ticking());
  }

  private void begin(Look look) {
    Set<Long> before = harmlessBeside.apply(look);
    boolean again = before != null && before.containsAll(look.ticking());
    if (!again && !look.isAtRest()) {
      inVain = look;
      return;
    }
    first = look;
    counted = 0;
    harmless = before == null ? Set.of() : before;
    length = again ? AGAIN : FULL;
  }

  /** The first of looks that were all the same; null if the last one saw something else. */
  @Nullable Look first() {
    return first;
  }

  /** Whether what it is about was told before. */
  boolean isAgain() {
    return first != null && length.equals(AGAIN);
  }

  /** When it can be complete, as {@link System#nanoTime}; never sooner than in one turn. */
  long end() {
    return System.nanoTime() + Math.max(SHORTEST_TURN.toNanos(), length.toNanos() - counted);
  }
}
