package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.record.Owner;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What is known of a future. A stage that goes on with what others come to gets their exception
 * too, so that whoever asks it has asked the other. Thread-safe.
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

  private volatile List<Kept> before;
  private final int inRow;

  /** Of a future that goes on with nothing. */
  Kept(Object state) {
    this(state, List.of(), 0);
  }

  private Kept(Object state, List<Kept> before, int inRow) {
    this.state = new AtomicReference<>(state);
    this.before = before;
    this.inRow = inRow;
  }

  /** Of a new stage that goes on with what others come to. */
  static Kept after(List<Kept> others, Failures failures) {
    int longest = 0;
    for (Kept other : others) {
      longest = Math.max(longest, other.inRow);
    }
    if (longest < LONGEST_ROW) {
      return new Kept(UNASKED, others, longest + 1);
    }
    others.forEach(other -> other.ask(failures));
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
    Deque<Kept> left = new ArrayDeque<>(List.of(this));
    while (!left.isEmpty()) {
      Kept kept = left.remove();
      if (kept.state.getAndSet(ASKED) instanceof Failure failure) {
        failures.remove(failure);
      }
      left.addAll(kept.before);
      kept.before = List.of();
    }
  }
}
