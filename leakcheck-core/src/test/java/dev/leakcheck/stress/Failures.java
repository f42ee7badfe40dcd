package dev.leakcheck.stress;

import java.util.concurrent.atomic.AtomicReference;

/** Takes what fails in one thread to another. */
final class Failures {

  private final AtomicReference<Throwable> first = new AtomicReference<>();

  void keep(Planting.Step step) {
    try {
      step.run();
    } catch (Throwable e) {
      first.compareAndSet(null, e);
    }
  }

  void rethrow() {
    if (first.get() != null) {
      throw new IllegalStateException(first.get());
    }
  }
}
