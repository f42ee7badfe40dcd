package dev.leakcheck.engine;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.classify.Symptom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for one way in which a scope goes wrong besides leaving something alive. One instance
 * serves all scopes of the JVM, on any thread.
 */
public interface Inspector {

  /**
   * Called before the scope's code runs, on the thread that opens the scope. Costs less than a
   * microsecond where the scope is brief; otherwise as much as listing the live threads at most.
   *
   * @param options how the scope is checked
   * @param births what an agent records in it, or null if there is none
   * @return what to remember until the check, or null
   */
  default @Nullable Object opening(LeakCheckOptions options, @Nullable BirthScope births) {
    return null;
  }

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
