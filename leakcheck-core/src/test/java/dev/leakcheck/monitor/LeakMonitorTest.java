package dev.leakcheck.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Population;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class LeakMonitorTest {

  private static final int ROUNDS = 5;
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  private final AtomicInteger sampled = new AtomicInteger();

  private static Cohort cohort(String name, int count, String benign) {
    return new Cohort(
        name.toUpperCase(java.util.Locale.ROOT),
        name,
        true,
        Thread.State.WAITING,
        "waiting in Semaphore.acquire()",
        List.of(new StackTraceElement("com.acme.Session", "run", "Session.java", 7)),
        count,
        List.of(),
        List.of(),
        count,
        benign);
  }

  private static Population of(Cohort... cohorts) {
    int threads = List.of(cohorts).stream().mapToInt(Cohort::count).sum();
    return new Population(
        Instant.EPOCH, List.of(cohorts), 0, threads, 0, List.of(), 0, Coverage.FULL);
  }

  /** A JVM with as many sessions as a function of the sample's number tells. */
  private Supplier<Population> sessions(IntUnaryOperator count) {
    return () ->
        of(
            cohort("session-*", count.applyAsInt(sampled.getAndIncrement()), null),
            cohort("idle-*", 3, null),
            cohort("the JVM's", 1, "the JVM's own"));
  }

  private static MonitorSample last(LeakMonitor monitor, int samples) {
    for (int i = 0; i < samples; i++) {
      monitor.sample();
    }
    return monitor.last().orElseThrow();
  }

  @Test
  void tellsWhatGrowsAndWhatSitsUnchanged() {
    LeakMonitor monitor = LeakMonitor.builder().rounds(ROUNDS).unstarted(sessions(i -> 10 + i));

    assertThat(last(monitor, ROUNDS).grows()).isFalse();
    MonitorSample sample = last(monitor, 1);

    assertThat(sample.number()).isEqualTo(ROUNDS + 1);
    assertThat(sample.growing()).extracting(t -> t.cohort().name()).containsExactly("session-*");
    assertThat(sample.growing()).extracting(CohortTrend::growth).containsExactly(ROUNDS);
    assertThat(sample.unchanged()).extracting(t -> t.cohort().name()).containsExactly("idle-*");
    assertThat(sample.changed()).hasSize(2);
    assertThat(sample.virtualGrows()).isTrue();
    assertThat(sample.platformGrows()).isFalse();
    assertThat(last(monitor, 1).changed()).isEmpty();
  }

  @Test
  void aListenerIsToldOfEachSampleAndWhatItThrowsStopsNothing() {
    List<Integer> heard = new ArrayList<>();
    LeakMonitor monitor =
        LeakMonitor.builder()
            .rounds(ROUNDS)
            .listener(
                sample -> {
                  throw new AssertionError("a listener that fails");
                })
            .listener(sample -> heard.add(sample.number()))
            .unstarted(sessions(i -> 1));

    last(monitor, 3);

    assertThat(heard).containsExactly(1, 2, 3);
  }

  @Test
  void aSampleThatCannotBeHadStopsNothing() {
    LeakMonitor monitor =
        LeakMonitor.builder()
            .rounds(ROUNDS)
            .unstarted(
                () -> {
                  if (sampled.incrementAndGet() < 3) {
                    throw new IllegalStateException("no sample to be had");
                  }
                  return of();
                });

    assertThat(monitor.sample()).isNull();
    assertThat(monitor.sample()).isNull();
    assertThat(Objects.requireNonNull(monitor.sample()).number()).isEqualTo(1);
  }

  @Test
  void samplingTakesTwoPercentAtTheMost() {
    Duration interval = Duration.ofSeconds(10);

    assertThat(Rounds.pause(interval, Duration.ofMillis(30))).isEqualTo(interval);
    assertThat(Rounds.pause(interval, Duration.ofMillis(2_500))).isEqualTo(Duration.ofSeconds(125));
  }

  @Test
  void oneDaemonThreadAndOneBeanLiveUntilItIsClosed() throws Exception {
    CountDownLatch sampledOnce = new CountDownLatch(1);
    AtomicReference<Thread> thread = new AtomicReference<>();
    ObjectName name = new ObjectName(LeakMonitor.MBEAN_NAME);
    LeakMonitor monitor =
        LeakMonitor.builder()
            .interval(Duration.ofHours(1))
            .listener(
                sample -> {
                  thread.set(Thread.currentThread());
                  sampledOnce.countDown();
                })
            .start();
    try (monitor) {
      sampledOnce.await();

      assertThat(thread.get().getName()).isEqualTo("leakcheck-monitor");
      assertThat(thread.get().isDaemon()).isTrue();
      assertThat((int) SERVER.getAttribute(name, "PlatformThreads")).isPositive();
      assertThat((String[]) SERVER.getAttribute(name, "GrowingGroups")).isEmpty();
      assertThat(SERVER.getAttribute(name, "Samples")).isEqualTo(1);
      assertThat(SERVER.getAttribute(name, "Rounds")).isEqualTo(12);
      assertThat(SERVER.getAttribute(name, "IntervalMillis")).isEqualTo(3_600_000L);
      assertThat((double) SERVER.getAttribute(name, "LastSampleMillis")).isPositive();
      assertThat((String[]) SERVER.getAttribute(name, "Coverage")).hasSize(Jdk21.AVAILABLE ? 0 : 1);
      thread.get().interrupt();
    }
    assertThat(thread.get().isAlive()).isFalse();
    assertThat(SERVER.isRegistered(name)).isFalse();
    monitor.close();
  }

  @Test
  void anInterruptDoesNotEndIt() throws Exception {
    CountDownLatch threeTimes = new CountDownLatch(3);
    try (LeakMonitor monitor =
        LeakMonitor.builder()
            .interval(Duration.ofMillis(1))
            .virtualThreads(false)
            .jmx(false)
            .listener(
                sample -> {
                  threeTimes.countDown();
                  Thread.currentThread().interrupt();
                })
            .start()) {
      threeTimes.await();
      assertThat(monitor.last()).isPresent();
    }
  }

  @Test
  void aListenerMayCloseItAndOneThatHangsIsInterrupted() throws Exception {
    AtomicReference<LeakMonitor> monitor = new AtomicReference<>();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    AtomicReference<Thread> thread = new AtomicReference<>();
    monitor.set(
        LeakMonitor.builder()
            .jmx(false)
            .listener(
                sample -> {
                  thread.set(Thread.currentThread());
                  Planted.await(started);
                  monitor.get().close();
                  closed.countDown();
                })
            .start());
    started.countDown();
    closed.await();
    thread.get().join();

    CountDownLatch hangs = new CountDownLatch(1);
    LeakMonitor other =
        LeakMonitor.builder()
            .jmx(false)
            .listener(
                sample -> {
                  hangs.countDown();
                  try {
                    new LinkedBlockingQueue<>().take();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .start();
    hangs.await();
    other.close();
  }

  @Test
  void twoMonitorsHaveABeanEach() throws Exception {
    try (LeakMonitor one = LeakMonitor.builder().interval(Duration.ofHours(1)).start();
        LeakMonitor two = LeakMonitor.builder().interval(Duration.ofHours(1)).start()) {
      assertThat(SERVER.queryNames(new ObjectName(LeakMonitor.MBEAN_NAME + ",*"), null)).hasSize(2);
      assertThat(one).isNotSameAs(two);
    }
    assertThat(SERVER.queryNames(new ObjectName(LeakMonitor.MBEAN_NAME + ",*"), null)).isEmpty();
  }

  @Test
  void aTestThatStartsOneIsNotAccused() throws Exception {
    CountDownLatch looked = new CountDownLatch(1);
    LeakMonitor left;
    try (LeakScope scope = LeakCheck.open()) {
      LeakMonitor.builder().start().close();
      left = LeakMonitor.builder().listener(sample -> looked.countDown()).start();
      looked.await();
      assertThat(scope.findings().list()).isEmpty();
    }
    left.close();
  }

  @Test
  void findsVirtualThreadsThatAddUp() {
    Jdk21.assume();
    addUp(
        (i, release) -> Jdk21.startVirtual("monitored-" + i, Planted.unchecked(release::await)),
        true);
  }

  @Test
  void findsPlatformThreadsThatAddUp() {
    addUp(
        (i, release) -> {
          Thread thread = new Thread(Planted.unchecked(release::await), "monitored-" + i);
          thread.start();
          return thread;
        },
        false);
  }

  private interface Starter {
    Thread start(int number, CountDownLatch release);
  }

  private void addUp(Starter starter, boolean virtual) {
    CountDownLatch release = new CountDownLatch(1);
    List<Thread> leaked = new ArrayList<>();
    LeakMonitor monitor =
        LeakMonitor.builder()
            .rounds(ROUNDS)
            .unstarted(new Sampler(true, Long.MAX_VALUE, System::nanoTime)::sample);
    try {
      for (int i = 0; i <= ROUNDS; i++) {
        Thread thread = starter.start(i, release);
        leaked.add(thread);
        Planted.awaitWaitingIn(thread, CountDownLatch.class);
        monitor.sample();
      }
      CohortTrend grows =
          monitor.last().orElseThrow().growing().stream()
              .filter(trend -> trend.cohort().name().equals("monitored-*"))
              .findFirst()
              .orElseThrow();
      assertThat(grows.growth()).isEqualTo(ROUNDS);
      assertThat(grows.cohort().virtual()).isEqualTo(virtual);
      assertThat(grows.cohort().activity())
          .isEqualTo("waiting in CountDownLatch.await(), without a time limit");
      for (int i = 0; i <= ROUNDS; i++) {
        monitor.sample();
      }
      assertThat(monitor.last().orElseThrow().unchanged())
          .filteredOn(trend -> trend.cohort().name().equals("monitored-*"))
          .hasSize(1);
    } finally {
      release.countDown();
      leaked.forEach(Planted::awaitEnd);
    }
  }

  @Test
  void whoAsksForNonsenseIsTold() {
    assertThatThrownBy(() -> LeakMonitor.builder().rounds(3))
        .hasMessage("rounds is 3: at least 4 are needed");
    assertThatThrownBy(() -> LeakMonitor.builder().interval(Duration.ZERO))
        .hasMessage("interval is PT0S: at least 1 ms is needed");
  }

  @Test
  void aGroupIsOneLine() {
    LeakMonitor monitor = LeakMonitor.builder().rounds(ROUNDS).unstarted(sessions(i -> 1 + i));
    MonitorSample sample = last(monitor, ROUNDS + 1);

    assertThat(GroupText.of(sample.growing().get(0)))
        .isEqualTo(
            "\"session-*\": 6 virtual threads, 5 more in 5 samples, waiting in"
                + " Semaphore.acquire()");
    assertThat(GroupText.of(sample.unchanged().get(0)))
        .isEqualTo(
            "\"idle-*\": 3 virtual threads, the same for 5 samples, waiting in"
                + " Semaphore.acquire()");
  }
}
