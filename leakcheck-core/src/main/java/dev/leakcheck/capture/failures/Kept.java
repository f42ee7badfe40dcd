package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.record.Owner;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a future. A stage that goes on with what another comes to gets the other's
 * exception too, so that whoever asks it has asked the other. Thread-safe.
 */
final class Kept {

  /** Of one that has not failed and that nobody has asked. */
  static final Object UNASKED = new Object();

  /** Of one that nobody has to be told of any more. */
  static final Object ASKED = new Object();

  /** So many stages in a row are held for the last one's sake. */
  private static final int LONGEST_ROW = 1_000;

  /**
   * What is known of one that is about to fail.
   *
   * @param owner whose it is
   * @param code the classes of what it runs, as far as they are known
   */
  record Due(Owner owner, List<WeakReference<Class<?>>> code) {}

  /** One of the above, the failure, or whose it will be if it comes to that. */
  private final AtomicReference<Object> state;

  private volatile @Nullable Kept before;
  private final int inRow;

  /** Of a future that goes on with nothing. */
  Kept(Object state) {
    this(state, null, 0);
  }

  private Kept(Object state, @Nullable Kept before, int inRow) {
    this.state = new AtomicReference<>(state);
    this.before = before;
    this.inRow = inRow;
  }

  /** Of a new stage that goes on with what this one comes to. */
  Kept next(Failures failures) {
    if (inRow < LONGEST_ROW) {
      return new Kept(UNASKED, this, inRow + 1);
    }
    ask(failures);
    return new Kept(UNASKED);
  }

  Object state() {
    return state.get();
  }

  /** Whether it was as expected, and is otherwise now. */
  boolean become(Object expected, Object other) {
    return state.compareAndSet(expected, other);
  }

  /** Somebody asks it, and with it all before it. */
  void ask(Failures failures) {
    for (Kept kept = this; kept != null; ) {
      if (kept.state.getAndSet(ASKED) instanceof Failure failure) {
        failures.remove(failure);
      }
      Kept next = kept.before;
      kept.before = null;
      kept = next;
    }
  }
}
