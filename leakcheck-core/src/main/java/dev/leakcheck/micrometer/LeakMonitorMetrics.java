package dev.leakcheck.micrometer;

import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.monitor.LeakMonitor;
import dev.leakcheck.monitor.MonitorSample;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What a {@link LeakMonitor} saw when it looked last, as meters of Micrometer. All have the prefix
 * {@code leakcheck.}; none has a tag whose values differ from JVM to JVM, such as a thread's name.
 * Thread-safe.
 *
 * <pre>{@code
 * new LeakMonitorMetrics(monitor).bindTo(registry);
 * }</pre>
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>name</th><th>what it is</th></tr>
 *   <tr><td>{@code leakcheck.threads}, tag {@code kind}: {@code platform} or {@code virtual}</td>
 *     <td>live threads</td></tr>
 *   <tr><td>{@code leakcheck.executors}</td><td>live executors, with threads or without</td></tr>
 *   <tr><td>{@code leakcheck.groups}</td><td>groups of threads that are alike</td></tr>
 *   <tr><td>{@code leakcheck.groups.growing}</td><td>groups that grow</td></tr>
 *   <tr><td>{@code leakcheck.groups.unchanged}</td>
 *     <td>groups in which the very same threads sit unchanged</td></tr>
 *   <tr><td>{@code leakcheck.threads.growing}</td><td>threads in groups that grow</td></tr>
 *   <tr><td>{@code leakcheck.samples}</td><td>how many samples were taken, a counter</td></tr>
 *   <tr><td>{@code leakcheck.sample.duration}</td><td>how long the last sample took</td></tr>
 *   <tr><td>{@code leakcheck.sample.interval}</td>
 *     <td>how long after a sample the next one begins</td></tr>
 * </table>
 *
 * <p>A gauge is not a number until the first sample was taken, and where the monitor can't see what
 * it tells of.
 */
public final class LeakMonitorMetrics implements MeterBinder {

  private final LeakMonitor monitor;
  private final Tags tags;

  /**
   * Meters without further tags.
   *
   * @param monitor the monitor; a registry refers to it as long as it has the meters
   */
  public LeakMonitorMetrics(LeakMonitor monitor) {
    this(monitor, Tags.empty());
  }

  /**
   * Meters with further tags.
   *
   * @param monitor the monitor; a registry refers to it as long as it has the meters
   * @param tags tags for all of them
   */
  public LeakMonitorMetrics(LeakMonitor monitor, Iterable<Tag> tags) {
    this.monitor = Objects.requireNonNull(monitor, "monitor");
    this.tags = Tags.of(tags);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge("leakcheck.threads", "Live threads", "threads", sample -> sample.population().platform())
        .tag("kind", "platform")
        .register(registry);
    gauge("leakcheck.threads", "Live threads", "threads", sample -> sample.population().virtual())
        .tag("kind", "virtual")
        .register(registry);
    gauge(
            "leakcheck.executors",
            "Live executors, with threads or without",
            "executors",
            sample -> sample.population().executorCount())
        .register(registry);
    gauge(
            "leakcheck.groups",
            "Groups of threads that are alike",
            "groups",
            sample -> sample.population().cohorts().size())
        .register(registry);
    gauge(
            "leakcheck.groups.growing",
            "Groups of threads that grow",
            "groups",
            sample -> sample.growing().size())
        .register(registry);
    gauge(
            "leakcheck.groups.unchanged",
            "Groups in which the very same threads sit unchanged",
            "groups",
            sample -> sample.unchanged().size())
        .register(registry);
    gauge(
            "leakcheck.threads.growing",
            "Threads in groups that grow",
            "threads",
            LeakMonitorMetrics::threadsThatGrow)
        .register(registry);
    FunctionCounter.builder(
            "leakcheck.samples", monitor, of -> of.last().map(MonitorSample::number).orElse(0))
        .tags(tags)
        .description("How many samples were taken")
        .register(registry);
    TimeGauge.builder(
            "leakcheck.sample.duration",
            monitor,
            TimeUnit.NANOSECONDS,
            of -> last(of, sample -> sample.cost().toNanos()))
        .tags(tags)
        .description("How long the last sample took")
        .register(registry);
    TimeGauge.builder(
            "leakcheck.sample.interval",
            monitor,
            TimeUnit.NANOSECONDS,
            of -> last(of, sample -> sample.next().toNanos()))
        .tags(tags)
        .description("How long after a sample the next one begins")
        .register(registry);
  }

  private Gauge.Builder<LeakMonitor> gauge(
      String name, String what, String unit, ToDoubleFunction<MonitorSample> value) {
    return Gauge.builder(name, monitor, of -> last(of, value))
        .tags(tags)
        .description(what)
        .baseUnit(unit);
  }

  private static double last(LeakMonitor monitor, ToDoubleFunction<MonitorSample> value) {
    return monitor.last().map(value::applyAsDouble).orElse(Double.NaN);
  }

  private static double threadsThatGrow(MonitorSample sample) {
    return sample.growing().stream().map(CohortTrend::cohort).mapToInt(c -> c.count()).sum();
  }
}
