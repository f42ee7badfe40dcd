package dev.leakcheck.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Population;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupEventTest {

  @TempDir private Path directory;

  @Test
  void groupsThatGrowAreInTheRecording() throws Exception {
    AtomicInteger count = new AtomicInteger();
    LeakMonitor monitor =
        LeakMonitor.builder().rounds(4).unstarted(() -> one(count.incrementAndGet()));
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable(GroupEvent.NAME);
      recording.start();
      for (int i = 0; i < 5; i++) {
        monitor.sample();
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);

    assertThat(events).hasSize(1);
    RecordedEvent event = events.get(0);
    assertThat(event.getEventType().getName()).isEqualTo("dev.leakcheck.Group");
    assertThat(event.getString("verdict")).isEqualTo("growing");
    assertThat(event.getInt("threads")).isEqualTo(5);
    assertThat(event.getInt("growth")).isEqualTo(4);
    assertThat(event.getInt("samples")).isEqualTo(4);
    assertThat(event.getBoolean("virtual")).isTrue();
    assertThat(event.getString("names")).isEqualTo("session-*");
    assertThat(event.getString("activity")).isEqualTo("sleeping");
    assertThat(event.getString("frames")).isEqualTo("com.acme.Session.run(Session.java:7)");
    assertThat(event.getString("fingerprint")).isEqualTo("1234");
  }

  private static Population one(int count) {
    Cohort cohort =
        new Cohort(
            "1234",
            "session-*",
            true,
            Thread.State.TIMED_WAITING,
            "sleeping",
            List.of(
                new StackTraceElement("java.lang.Thread", "sleep", "Thread.java", 1),
                new StackTraceElement("com.acme.Session", "run", "Session.java", 7)),
            count,
            List.of(),
            List.of(),
            0,
            null);
    return new Population(Instant.EPOCH, List.of(cohort), 0, count, 0, List.of(), 0, Coverage.FULL);
  }
}
