package dev.leakcheck.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.Planted;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecordingTest {

  private static final String CHECK = "dev.leakcheck.Check";
  private static final String LEAK = "dev.leakcheck.Leak";

  @TempDir private Path directory;

  private List<RecordedEvent> recorded(LeakCheck.Body body) throws Throwable {
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable(CHECK);
      recording.enable(LEAK);
      recording.start();
      body.run();
      recording.stop();
      recording.dump(file);
    }
    return ofLeakCheck(file);
  }

  private static List<RecordedEvent> ofLeakCheck(Path file) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("dev.leakcheck."))
        .toList();
  }

  private static LeakCheckOptions named(String name) {
    return LeakCheckOptions.defaults().named(name).settle(Duration.ZERO);
  }

  @Test
  void checksAndLeaksAreEvents() throws Throwable {
    try (Planted planted = new Planted()) {
      List<RecordedEvent> events =
          recorded(
              () -> {
                LeakCheck.assertNoLeaks(named("clean"), () -> {});
                assertThatThrownBy(
                        () ->
                            LeakCheck.assertNoLeaks(named("leaking"), () -> planted.thread("left")))
                    .isInstanceOf(LeakAssertionError.class);
              });

      assertThat(events).extracting(e -> e.getEventType().getName()).contains(CHECK, LEAK);
      RecordedEvent clean = event(events, CHECK, "clean");
      assertThat(clean.getInt("failing")).isZero();
      assertThat(clean.getString("level")).isEqualTo("code");
      assertThat(clean.getString("testClass")).isNull();
      assertThat(clean.getStackTrace()).isNull();
      assertThat(event(events, CHECK, "leaking").getInt("failing")).isEqualTo(1);
      RecordedEvent leak = event(events, LEAK, "leaking");
      assertThat(leak.getString("kind")).isEqualTo("stray-thread");
      assertThat(leak.getString("verdict")).isEqualTo("new");
      assertThat(leak.getString("title")).contains("left");
      assertThat(leak.getString("fingerprint")).matches("[0-9a-f]{16}");
      assertThat(leak.getInt("threads")).isEqualTo(1);
      assertThat(leak.getEventType().getCategoryNames()).containsExactly("LeakCheck");
    }
  }

  @Test
  void acceptedLeakTellsWhy() throws Throwable {
    try (Planted planted = new Planted()) {
      Allowance allowance =
          Allowance.of(EnumSet.of(LeakKind.STRAY_THREAD), "left*", "", "vendor client");
      List<RecordedEvent> events =
          recorded(
              () ->
                  LeakCheck.assertNoLeaks(
                      named("accepted").allow(allowance), () -> planted.thread("left")));

      RecordedEvent leak = event(events, LEAK, "accepted");
      assertThat(leak.getString("verdict")).isEqualTo("allowed");
      assertThat(leak.getString("reason")).isEqualTo("vendor client");
      assertThat(event(events, CHECK, "accepted").getInt("accepted")).isEqualTo(1);
    }
  }

  @Test
  void whatIsNotEnabledIsNotRecorded() throws Throwable {
    Path file = directory.resolve("none.jfr");
    try (Recording recording = new Recording()) {
      recording.disable(CHECK);
      recording.disable(LEAK);
      recording.start();
      LeakCheck.assertNoLeaks(named("clean"), () -> {});
      recording.stop();
      recording.dump(file);
    }
    assertThat(ofLeakCheck(file)).isEmpty();
  }

  private static RecordedEvent event(List<RecordedEvent> events, String type, String scope) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals(type))
        .filter(event -> scope.equals(event.getString("scope")))
        .findFirst()
        .orElseThrow(() -> new AssertionError(type + " of " + scope + " in " + events));
  }
}
