package dev.leakcheck.monitor;

import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.model.Coverage;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.ToIntFunction;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** Tells the last sample by JMX. Thread-safe. */
final class MonitorBean implements LeakMonitorMXBean {

  private static final int MOST = 50;
  private static final int MAX_MONITORS = 100;

  private final int rounds;
  private final Duration interval;
  private volatile @Nullable MonitorSample last;
  private @Nullable ObjectName name;

  MonitorBean(int rounds, Duration interval) {
    this.rounds = rounds;
    this.interval = interval;
  }

  /** Tells of a sample from now on. */
  void update(MonitorSample sample) {
    last = sample;
  }

  /** The name under which it was registered, which differs if another monitor runs. */
  synchronized void register() throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    for (int i = 1; i <= MAX_MONITORS && name == null; i++) {
      ObjectName wanted = new ObjectName(LeakMonitor.MBEAN_NAME + (i == 1 ? "" : ",id=" + i));
      try {
        server.registerMBean(this, wanted);
        name = wanted;
      } catch (InstanceAlreadyExistsException another) {
        // The next one, then.
      }
    }
  }

  synchronized void unregister() throws JMException {
    ObjectName known = name;
    name = null;
    if (known != null) {
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(known);
      } catch (InstanceNotFoundException somebodyElseDid) {
        // Then it is not there.
      }
    }
  }

  private int number(ToIntFunction<MonitorSample> of) {
    MonitorSample sample = last;
    return sample == null ? 0 : of.applyAsInt(sample);
  }

  @Override
  public int getPlatformThreads() {
    return number(sample -> sample.population().platform());
  }

  @Override
  public int getVirtualThreads() {
    return number(sample -> sample.population().virtual());
  }

  @Override
  public int getExecutors() {
    return number(sample -> sample.population().executorCount());
  }

  @Override
  public int getGroups() {
    return number(sample -> sample.population().cohorts().size());
  }

  @Override
  public int getGrowingGroupCount() {
    return number(sample -> sample.growing().size());
  }

  @Override
  public String[] getGrowingGroups() {
    MonitorSample sample = last;
    return sample == null ? new String[0] : lines(sample.growing());
  }

  @Override
  public int getUnchangedGroupCount() {
    return number(sample -> sample.unchanged().size());
  }

  @Override
  public String[] getUnchangedGroups() {
    MonitorSample sample = last;
    return sample == null ? new String[0] : lines(sample.unchanged());
  }

  private static String[] lines(List<CohortTrend> groups) {
    return groups.stream().limit(MOST).map(GroupText::of).toArray(String[]::new);
  }

  @Override
  public int getSamples() {
    return number(MonitorSample::number);
  }

  @Override
  public int getRounds() {
    return rounds;
  }

  @Override
  public double getLastSampleMillis() {
    MonitorSample sample = last;
    return sample == null ? 0 : sample.cost().toNanos() / 1e6;
  }

  @Override
  public long getIntervalMillis() {
    MonitorSample sample = last;
    return (sample == null ? interval : sample.next()).toMillis();
  }

  @Override
  public String[] getCoverage() {
    MonitorSample sample = last;
    return sample == null
        ? new String[0]
        : sample.population().coverage().notes().stream()
            .map(Coverage.Note::text)
            .toArray(String[]::new);
  }
}
