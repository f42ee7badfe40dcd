package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.base.WeakKey;
import dev.leakcheck.capture.failures.Kept.Due;
import dev.leakcheck.capture.record.Births;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Futures that ended with an exception, until somebody asks them.
 *
 * <p>Nobody can see an exception before a future is given it, and everybody can once that is done.
 * So a future is noted with its owner when the call that gives it begins, while it is sure to be
 * known, and with its exception when that returns, unless it was asked in between. Holds futures
 * weakly; what failed remains a failure when the future is gone. Thread-safe; takes no lock that
 * user code may hold.
 */
public abstract class KeptFailures {

  final Births births;
  final Failures failures;

  /** By its future. */
  final Map<Object, Kept> futures = new ConcurrentHashMap<>();

  final ReferenceQueue<Object> collected = new ReferenceQueue<>();

  KeptFailures(Births births, Failures failures) {
    this.births = births;
    this.failures = failures;
  }

  final void forgetCollected() {
    Reference<?> gone;
    while ((gone = collected.poll()) != null) {
      futures.remove(gone);
    }
  }

  /**
   * A hook: a future was given its exception, or had ended before.
   *
   * @param future the future
   */
  public final void failed(Object future) {
    if (futures.isEmpty()) {
      return;
    }
    Kept kept = futures.get(new WeakKey(future));
    if (kept == null || !(kept.state() instanceof Due due)) {
      return;
    }
    Failure failure = null;
    try {
      failure = failure(future, due);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // An exception may throw when it is asked for its cause.
    }
    if (failure == null) {
      kept.become(due, Kept.ASKED);
    } else if (!kept.become(due, failure)) {
      failures.remove(failure);
    }
  }

  /** What it failed with, noted; null if it did not, or was told to. */
  abstract @Nullable Failure failure(Object future, Due due) throws ReflectiveOperationException;

  /**
   * A hook: somebody asks a future how it ended, or does not want to know.
   *
   * @param future the future
   */
  public void asked(Object future) {
    Kept kept = futures.isEmpty() ? null : futures.remove(new WeakKey(future));
    if (kept != null) {
      kept.ask(failures);
    }
  }
}
