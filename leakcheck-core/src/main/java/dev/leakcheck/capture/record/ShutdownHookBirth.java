package dev.leakcheck.capture.record;

import dev.leakcheck.capture.objects.ShutdownHooks;
import org.jspecify.annotations.Nullable;

/** A shutdown hook that was registered. */
public final class ShutdownHookBirth extends Birth {

  ShutdownHookBirth(Thread hook, long number, @Nullable Trace trace) {
    super(hook, number, trace);
  }

  /**
   * The hook, while it is registered.
   *
   * @return the hook, or null if it was removed or the JVM is about to end
   */
  public @Nullable Thread registered() {
    return get() instanceof Thread hook && ShutdownHooks.isRegistered(hook) ? hook : null;
  }

  @Override
  boolean isOver() {
    return registered() == null;
  }

  @Override
  boolean outlasts() {
    return !isOver();
  }
}
