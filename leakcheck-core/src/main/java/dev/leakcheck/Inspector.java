package dev.leakcheck;

import dev.leakcheck.capture.BirthScope;
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
   * The same, for a look that depends on the scope that is opened.
   *
   * @param options the scope's options
   * @param births what an agent records in it, or null if there is none
   * @return what to remember until the check, or null
   */
  default @Nullable Object opening(LeakCheckOptions options, @Nullable BirthScope births) {
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
