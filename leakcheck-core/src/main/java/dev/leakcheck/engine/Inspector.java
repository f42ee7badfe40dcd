package dev.leakcheck.engine;

import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.scope.ScopeOptions;
import dev.leakcheck.engine.tier.Tier;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Looks for one way in which a scope goes wrong besides leaving something alive. One instance
 * serves all scopes of the JVM, on any thread.
 */
public interface Inspector {

  /** The id of the kind that it finds, which its class is named after. */
  default String kind() {
    return getClass()
        .getSimpleName()
        .replace("Inspector", "")
        .replaceAll("(?<=.)(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  /**
   * Called before the scope's code runs, on the thread that opens the scope. Costs less than a
   * microsecond where the scope is brief; otherwise as much as listing the live threads at most.
   *
   * @param opening the scope
   * @return what to remember until the check, or null; an {@link AutoCloseable} is closed when the
   *     scope ends
   */
  default @Nullable Object opening(Opening opening) {
    return null;
  }

  /**
   * What was made in a scope until now may have been made by the initialiser of a class that a
   * scope around it watches: that one answers, if nothing else tells whose it is.
   *
   * @param opened what {@link #opening} returned
   */
  default void leaveToOuter(Object opened) {}

  /**
   * A scope that is being opened.
   *
   * @param options how it is checked
   * @param births what an agent records in it, or null if there is none
   * @param tier how this JVM tells what is new
   */
  record Opening(ScopeOptions options, @Nullable BirthScope births, Tier tier) {}

  /**
   * Whether what it finds never passes by itself, so that it need not be asked while a check waits.
   *
   * @return true to be asked when the wait is over only
   */
  default boolean isLasting() {
    return false;
  }

  /**
   * Whether a closer look is worth while. Every check asks, so it costs less than a microsecond; it
   * may err towards yes only.
   *
   * @param check the check
   * @param opened what {@link #opening} returned
   */
  boolean suspects(Check check, @Nullable Object opened);

  /**
   * Whether something is about to happen without which it can't be told yet what is wrong. It is
   * waited for as what may pass by itself is, and nothing is told of it.
   *
   * @param check the check
   * @param opened what {@link #opening} returned
   * @return true to be asked again
   */
  default boolean awaits(Check check, @Nullable Object opened) {
    return false;
  }

  /**
   * Looks closely. Asked again and again while a check waits.
   *
   * @param check the check
   * @param opened what {@link #opening} returned
   * @return what is wrong right now
   */
  List<Symptom> inspect(Check check, @Nullable Object opened);
}
