package dev.leakcheck.junit5;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/**
 * Tells what hangs when a time limit strikes, before JUnit interrupts the thread: after that
 * nothing waits for what it waited for. JUnit before 5.12 does not say when it is about to; there,
 * deadlocks alone are told, shortly before the time is up.
 */
final class BeforeInterrupt {

  /** Null where JUnit does not know of it. */
  private static final @Nullable Extension CALLBACK = callback();

  private BeforeInterrupt() {}

  private static @Nullable Extension callback() {
    try {
      return new Callback();
    } catch (LinkageError olderJUnit) {
      return null;
    }
  }

  /** Has it told for what runs in a context. */
  static void register(ExtensionContext context) {
    Extension callback = CALLBACK;
    if (callback != null) {
      OtherExtensions.register(context, callback);
    }
  }

  /** Loaded only where JUnit has the interface. */
  private static final class Callback implements PreInterruptCallback {
    @Override
    public void beforeThreadInterrupt(PreInterruptContext interrupt, ExtensionContext context) {
      Guard.run(context, session -> HangWatches.lookNow(context));
    }
  }
}
