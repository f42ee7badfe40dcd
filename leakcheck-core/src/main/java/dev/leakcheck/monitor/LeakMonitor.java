package dev.leakcheck.monitor;

import dev.leakcheck.capture.threads.OwnThread;
import dev.leakcheck.classify.Trend;
import dev.leakcheck.model.Population;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.management.JMException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches this JVM while it runs: looks at its threads now and then, groups those that are alike,
 * and tells which groups grow and which sit unchanged.
 *
 * <pre>{@code
 * try (LeakMonitor monitor = LeakMonitor.builder().interval(Duration.ofSeconds(30)).start()) {
 *   server.run();
 * }
 * }</pre>
 *
 * <p>What it sees goes to listeners, to slf4j (one line whenever something begins or ends to grow
 * or to sit unchanged), to JMX ({@value #MBEAN_NAME}) and to the flight recorder (the event {@code
 * dev.leakcheck.Group}, where the JVM has {@code jdk.jfr}).
 *
 * <p><b>What it costs.</b> One daemon thread, {@code leakcheck-monitor}, and at most about 2 % of
 * one processor: the next sample begins no sooner than 50 times as long after the last one as that
 * took, whatever interval was asked for; {@link MonitorSample#next()} tells. Platform threads cost
 * little, as no stack is taken of those that have not moved. Virtual threads and executors are
 * listed from within the JDK where LeakCheck's agent is loaded; without it, the JVM writes a thread
 * dump into a temporary file for each sample, about a kilobyte for each thread, which {@link
 * Builder#virtualThreads} turns off. On Java 17 there are none. Memory does not grow with time: a
 * few hundred bytes for each group, of which there are 20,000 at most, and, with the agent, about
 * 40 for each virtual thread.
 *
 * <p><b>What it can't tell.</b> That a group grows does not say that it won't stop, as a pool does
 * that fills up; that one sits unchanged is the rule for idle pools and consumers. With the agent,
 * a virtual thread that returned to where it was, for the same object, may count as unchanged.
 *
 * <p>Thread-safe.
 */
public final class LeakMonitor implements AutoCloseable {

  /** Under which name JMX knows it; further monitors have {@code ,id=2} and so on behind it. */
  public static final String MBEAN_NAME = "dev.leakcheck:type=LeakMonitor";

  /** Its thread's name. */
  static final String THREAD_NAME = "leakcheck-monitor";

  private static final Logger LOG = LoggerFactory.getLogger(LeakMonitor.class);

  private final Duration interval;
  private final Rounds rounds;
  private final Listeners listeners;
  private final MonitorBean bean;
  private final boolean jmx;
  private final boolean jfr = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
  private final MonitorLog log = new MonitorLog();
  private final Lifetime lifetime = new Lifetime();
  private final Thread thread = new OwnThread(THREAD_NAME, this::run);

  private volatile @Nullable MonitorSample last;
  private boolean samplingFailed;

  private LeakMonitor(Builder options, Supplier<Population> sampler) {
    this.interval = options.interval;
    this.rounds = new Rounds(sampler, options.interval, options.rounds);
    this.listeners = new Listeners(options.listeners);
    this.bean = new MonitorBean(options.rounds, options.interval);
    this.jmx = options.jmx;
  }

  /**
   * Says how to watch.
   *
   * @return a builder with the defaults: every 10 s, 12 rounds, virtual threads, JMX
   */
  public static Builder builder() {
    return new Builder();
  }

  /** How to watch. Not thread-safe. */
  public static final class Builder {
    private Duration interval = Duration.ofSeconds(10);
    private int rounds = 12;
    private boolean virtualThreads = true;
    private boolean jmx = true;
    private final List<Consumer<? super MonitorSample>> listeners = new ArrayList<>();

    private Builder() {}

    /**
     * How long to wait between two samples. It waits longer where samples are costly.
     *
     * @param value at least a millisecond
     * @return this builder
     * @throws IllegalArgumentException if it is shorter
     */
    public Builder interval(Duration value) {
      if (value.toMillis() < 1) {
        throw new IllegalArgumentException("interval is " + value + ": at least 1 ms is needed");
      }
      interval = value;
      return this;
    }

    /**
     * From how many samples it is told that a group grows or sits unchanged. Fewer tell sooner, and
     * more often take a group for growing that goes up and down with the load.
     *
     * @param value at least 4
     * @return this builder
     * @throws IllegalArgumentException if there are fewer
     */
    public Builder rounds(int value) {
      if (value < Trend.FEWEST_ROUNDS) {
        throw new IllegalArgumentException(
            "rounds is " + value + ": at least " + Trend.FEWEST_ROUNDS + " are needed");
      }
      rounds = value;
      return this;
    }

    /**
     * Whether virtual threads and executors are looked at as well as platform threads.
     *
     * @param value false to do without the thread dump that takes, where there is no agent
     * @return this builder
     */
    public Builder virtualThreads(boolean value) {
      virtualThreads = value;
      return this;
    }

    /**
     * Whether it is registered with the platform's MBean server.
     *
     * @param value false to do without
     * @return this builder
     */
    public Builder jmx(boolean value) {
      jmx = value;
      return this;
    }

    /**
     * Adds somebody who is told of each sample, on the monitor's thread. It should tell others and
     * return; the next sample waits for it. What it throws is logged once and otherwise ignored.
     *
     * @param listener the listener
     * @return this builder
     */
    public Builder listener(Consumer<? super MonitorSample> listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Starts to watch. The first sample is taken at once, on the monitor's thread.
     *
     * @return the monitor, which watches until it is closed
     */
    public LeakMonitor start() {
      LeakMonitor monitor = unstarted(new Sampler(virtualThreads)::sample);
      monitor.begin();
      return monitor;
    }

    /** A monitor that samples when it is told to. */
    LeakMonitor unstarted(Supplier<Population> sampler) {
      return new LeakMonitor(this, sampler);
    }
  }

  /** Registers it and starts its thread. */
  void begin() {
    if (jmx) {
      try {
        bean.register();
      } catch (JMException | SecurityException e) {
        LOG.warn("LeakCheck's monitor is not in JMX: {}", e.toString());
      }
    }
    try {
      thread.start();
    } catch (OutOfMemoryError noRoom) { // "unable to create native thread"
      LOG.warn("LeakCheck's monitor watches nothing: there was no room for its thread", noRoom);
    }
  }

  /**
   * What was seen last.
   *
   * @return the last sample, or empty before the first
   */
  public Optional<MonitorSample> last() {
    return Optional.ofNullable(last);
  }

  /**
   * Stops watching, and waits until the monitor's thread has ended: for a sample or a listener that
   * is under way, which is interrupted. On the monitor's own thread it does not wait. Does nothing
   * if it was closed before.
   */
  @Override
  public void close() {
    lifetime.close(thread);
    try {
      bean.unregister();
    } catch (JMException | SecurityException e) {
      LOG.warn("LeakCheck's monitor is still in JMX: {}", e.toString());
    }
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it ends by itself
    }
  }

  private void run() {
    while (!lifetime.isClosed()) {
      MonitorSample sample = sample();
      if (!lifetime.sleep(sample == null ? interval : sample.next())) {
        return;
      }
    }
  }

  /** Takes a sample and tells of it; null if it can't be had. */
  @Nullable MonitorSample sample() {
    MonitorSample sample;
    try {
      sample = rounds.next();
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      if (!samplingFailed) {
        samplingFailed = true;
        LOG.warn("LeakCheck's monitor could not look at the threads; it goes on trying", e);
      }
      return null;
    }
    last = sample;
    bean.update(sample);
    if (jfr) {
      GroupEvent.write(sample.growing());
      GroupEvent.write(sample.unchanged());
    }
    log.add(sample);
    listeners.tell(sample, lifetime);
    return sample;
  }
}
