package dev.leakcheck.monitor;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is told of a monitor's samples, one after the other, on the thread of the monitor. For that
 * thread only.
 */
final class Listeners {

  private static final Logger LOG = LoggerFactory.getLogger(LeakMonitor.class);

  private final List<Consumer<? super MonitorSample>> all;
  private final Set<Consumer<? super MonitorSample>> failed = new HashSet<>();

  Listeners(List<Consumer<? super MonitorSample>> all) {
    this.all = List.copyOf(all);
  }

  /** Tells them, as long as the monitor is open. Of what one throws only the first is logged. */
  void tell(MonitorSample sample, Lifetime lifetime) {
    all.forEach(listener -> tell(listener, sample, lifetime));
  }

  private void tell(
      Consumer<? super MonitorSample> listener, MonitorSample sample, Lifetime lifetime) {
    if (!lifetime.beginInterruptible()) {
      return;
    }
    try {
      listener.accept(sample);
    } catch (Throwable e) {
      if (failed.add(listener)) {
        LOG.warn("A listener of LeakCheck's monitor fails; it is told of samples all the same", e);
      }
    } finally {
      lifetime.endInterruptible();
      Thread.interrupted(); // nobody's business but the listener's
    }
  }
}
