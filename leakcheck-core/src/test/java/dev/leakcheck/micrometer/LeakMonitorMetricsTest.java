package dev.leakcheck.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.monitor.LeakMonitor;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeakMonitorMetricsTest {

  @Test
  void whatTheMonitorSawIsMetered() throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    CountDownLatch looked = new CountDownLatch(1);
    try (LeakMonitor monitor =
        LeakMonitor.builder()
            .interval(Duration.ofHours(1))
            .listener(sample -> looked.countDown())
            .start()) {
      new LeakMonitorMetrics(monitor, Tags.of("app", "shop")).bindTo(registry);
      looked.await();

      assertThat(registry.get("leakcheck.threads").tag("kind", "platform").gauge().value())
          .isPositive();
      assertThat(registry.get("leakcheck.threads").tag("kind", "virtual").gauge().value())
          .isNotNegative();
      assertThat(registry.get("leakcheck.groups").gauge().value()).isPositive();
      assertThat(registry.get("leakcheck.executors").gauge().value()).isNotNegative();
      assertThat(registry.get("leakcheck.groups.growing").gauge().value()).isZero();
      assertThat(registry.get("leakcheck.groups.unchanged").gauge().value()).isZero();
      assertThat(registry.get("leakcheck.threads.growing").gauge().value()).isZero();
      assertThat(registry.get("leakcheck.samples").functionCounter().count()).isEqualTo(1);
      assertThat(registry.get("leakcheck.sample.duration").timeGauge().value(TimeUnit.NANOSECONDS))
          .isPositive();
      assertThat(registry.get("leakcheck.sample.interval").timeGauge().value(TimeUnit.HOURS))
          .isGreaterThanOrEqualTo(1);
      assertThat(registry.getMeters())
          .hasSize(10)
          .allMatch(meter -> "shop".equals(meter.getId().getTag("app")));
    }
  }

  /** Whatever a thread is called, no series is added. */
  @Test
  void tagsAreBounded() {
    MeterRegistry registry = new SimpleMeterRegistry();
    try (LeakMonitor monitor = LeakMonitor.builder().start()) {
      new LeakMonitorMetrics(monitor).bindTo(registry);
      assertThat(registry.getMeters())
          .extracting(Meter::getId)
          .allMatch(id -> id.getTags().isEmpty() || id.getTags().size() == 1)
          .allMatch(id -> id.getTag("kind") == null || id.getName().equals("leakcheck.threads"));
    }
  }
}
