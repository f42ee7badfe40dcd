package dev.leakcheck;

import dev.leakcheck.classify.Symptom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for one way in which a scope goes wrong besides leaving something alive. One instance
 * serves all scopes of the JVM, on any thread.
 */
interface Inspector {

  /**
   * Called before the scope's code runs, on the thread that opens the scope. Costs less than a
   * microsecond.
   *
   * @return what to remember until the check, or null
   */
  default @Nullable Object opening() {
    return null;
  }

  /**
   * The same, for an inspector that needs to know of the scope around the new one.
   *
   * @param around the scope around it, or null
   * @return what to remember until the check, or null
   */
  default @Nullable Object opening(@Nullable LeakScope around) {
    return opening();
  }

  /**
   * Whether a closer look is worth while. Every check asks, so it costs less than a microsecond; it
   * may err towards yes only.
   *
   * @param scope the scope that is checked
   * @param opened what {@link #opening} returned
   */
  boolean suspects(LeakScope scope, @Nullable Object opened);

  /**
   * Looks closely. Asked again and again while a check waits.
   *
   * @param suspicion the check
   * @param opened what {@link #opening} returned
   * @return what is wrong right now
   */
  List<Symptom> inspect(Suspicion suspicion, @Nullable Object opened);
}
