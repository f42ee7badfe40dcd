package dev.leakcheck.inspect;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.inspect.StrayInterrupt.Seen;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds a thread that opened a scope and is interrupted when it checks that scope. A scope that
 * another thread checks is left alone, since that thread's flag is not the scope's, and so is one
 * that opened on an interrupted thread. Thread-safe.
 */
final class StrayInterruptInspector implements Inspector {

  private final AtomicLong numbers = new AtomicLong();

  /**
   * The interrupt that was last seen to be pending on a thread. Scopes that see the same one are to
   * tell of it once; once the flag was seen to be clear, the next one is another.
   */
  private final Map<Long, Long> pending = new ConcurrentHashMap<>();

  /** A thread that was not interrupted when it opened a scope. */
  private static final class Opened {
    final long thread;

    /** The interrupted thread's name: where somebody clears the flag, that is all there is left. */
    volatile @Nullable String whenInnerOpened;

    Opened(long thread) {
      this.thread = thread;
    }
  }

  @Override
  public @Nullable Object opening(Opening opening) {
    Scope around = opening.options().parent();
    Thread thread = Thread.currentThread();
    long id = LiveThreads.id(thread);
    if (!AskThread.isInterrupted(thread)) {
      forget(id);
      return new Opened(id);
    }
    // A test framework clears the flag after each test, before the scope around it is checked.
    // The outermost scope has no fixture that could have left it.
    if (around != null
        && around.parent() != null
        && around.options().isByEntry()
        && around.memories().of(this) instanceof Opened outer
        && outer.thread == id) {
      outer.whenInnerOpened = thread.getName();
    }
    return null;
  }

  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    return opened instanceof Opened before
        && !check.scope().options().isUnattributed()
        && (before.whenInnerOpened != null || isInterrupted(Thread.currentThread(), before));
  }

  private boolean isInterrupted(Thread checker, Opened before) {
    if (LiveThreads.id(checker) != before.thread) {
      return false;
    }
    if (!AskThread.isInterrupted(checker)) {
      forget(before.thread);
      return false;
    }
    return true;
  }

  private void forget(long thread) {
    if (!pending.isEmpty()) {
      pending.remove(thread);
    }
  }

  @Override
  public List<Symptom> inspect(Check check, @Nullable Object opened) {
    if (!(opened instanceof Opened before) || check.scope().options().isUnattributed()) {
      return List.of();
    }
    boolean now = check.wasInterrupted() && check.checkerId() == before.thread;
    String name = now ? Thread.currentThread().getName() : before.whenInnerOpened;
    if (name == null) {
      return List.of();
    }
    Scope scope = check.scope();
    long episode =
        now
            ? pending.computeIfAbsent(before.thread, id -> numbers.incrementAndGet())
            : -scope.number();
    return List.of(
        new StrayInterrupt(
            name,
            before.thread,
            episode,
            now ? Seen.AT_THE_END : Seen.WHEN_AN_INNER_SCOPE_OPENED,
            scope.options().isByEntry()));
  }
}
