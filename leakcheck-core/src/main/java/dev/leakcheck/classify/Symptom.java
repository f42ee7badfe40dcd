package dev.leakcheck.classify;

import dev.leakcheck.model.Finding;
import java.util.Set;

/**
 * Something that went wrong in a scope and is not simply a thread, an executor or a queue that is
 * left. Immutable; holds no object of the user's.
 */
public interface Symptom {

  /**
   * What tells it from other symptoms in this JVM, so that it is reported once.
   *
   * @return a short text that begins with the kind's id; it may hold ids and hash codes
   */
  String identity();

  /**
   * What tells its parts from others, where another scope may come upon some of them only.
   *
   * @return texts such as {@link #identity()}
   */
  default Set<String> identities() {
    return Set.of(identity());
  }

  /**
   * Explains it.
   *
   * @param evidence all that is known besides
   * @return the finding
   */
  Finding explain(Evidence evidence);

  /**
   * The threads whose being left this explains: they are not told again as stray.
   *
   * @return thread ids
   */
  default Set<Long> threads() {
    return Set.of();
  }

  /**
   * Whether it may pass by itself, so that the check waits for it.
   *
   * @return false if no wait can change it
   */
  default boolean mayPass() {
    return false;
  }
}
