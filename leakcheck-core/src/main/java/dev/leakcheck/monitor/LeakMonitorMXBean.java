package dev.leakcheck.monitor;

/**
 * What a {@link LeakMonitor} saw when it looked last, for JMX: {@value LeakMonitor#MBEAN_NAME}.
 * Thread-safe.
 */
public interface LeakMonitorMXBean {

  /**
   * How many platform threads are alive.
   *
   * @return the number, 0 before the first sample
   */
  int getPlatformThreads();

  /**
   * How many virtual threads are alive.
   *
   * @return the number, 0 before the first sample and where they can't be seen
   */
  int getVirtualThreads();

  /**
   * How many executors are there, with threads or without.
   *
   * @return the number, 0 before the first sample and where they can't be seen
   */
  int getExecutors();

  /**
   * How many groups of threads that are alike there are, benign ones among them.
   *
   * @return the number
   */
  int getGroups();

  /**
   * How many groups grow.
   *
   * @return the number, without benign ones
   */
  int getGrowingGroupCount();

  /**
   * The groups that grow.
   *
   * @return one line for each, at most 50
   */
  String[] getGrowingGroups();

  /**
   * In how many groups the very same threads sit unchanged.
   *
   * @return the number, without benign ones
   */
  int getUnchangedGroupCount();

  /**
   * The groups in which the very same threads sit unchanged.
   *
   * @return one line for each, at most 50
   */
  String[] getUnchangedGroups();

  /**
   * How many samples were taken.
   *
   * @return the number
   */
  int getSamples();

  /**
   * After how many samples something is told of a group.
   *
   * @return the number
   */
  int getRounds();

  /**
   * What the last sample cost.
   *
   * @return milliseconds
   */
  double getLastSampleMillis();

  /**
   * How long after a sample the next one begins: the interval that was asked for, or as long as it
   * takes to stay below the bound on what sampling costs.
   *
   * @return milliseconds
   */
  long getIntervalMillis();

  /**
   * What could not be seen.
   *
   * @return a sentence for each limit
   */
  String[] getCoverage();
}
