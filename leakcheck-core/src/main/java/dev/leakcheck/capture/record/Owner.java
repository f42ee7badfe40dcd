package dev.leakcheck.capture.record;

import dev.leakcheck.model.Origin;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Who answers for what becomes of a thread or a task. Refers to the scope weakly. Immutable, but
 * for which scope that is: one that is closed leaves it to the scope around it.
 */
public final class Owner {

  private final WeakReference<BirthScope> scope;
  private final Successor successor;
  private final long number;
  private final Origin origin;

  Owner(BirthScope scope, Birth birth) {
    this.scope = new WeakReference<>(scope);
    this.successor = scope.successor();
    this.number = birth.number();
    this.origin = birth.origin();
  }

  /** The scope itself, or the one around it if it was closed and collected. */
  @Nullable BirthScope scope() {
    BirthScope own = scope.get();
    return own == null ? successor.scope() : own;
  }

  /** The number of its birth. */
  long number() {
    return number;
  }

  /**
   * Where the thread was started or the task was made.
   *
   * @return the origin
   */
  public Origin origin() {
    return origin;
  }
}
