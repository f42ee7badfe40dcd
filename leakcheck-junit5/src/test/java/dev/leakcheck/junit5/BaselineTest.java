package dev.leakcheck.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.lifecycle.Plants;
import dev.leakcheck.junit5.lifecycle.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Leaks that the file of {@code leakcheck.baseline} knows do not fail their tests. */
class BaselineTest {

  @TempDir Path directory;

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class LeakyTestCase {
    @Test
    @Order(1)
    void leavesAThread() {
      Plants.thread();
    }

    @Test
    @Order(2)
    void leavesAPool() {
      Plants.pool();
    }
  }

  private static Run run(Object baseline) {
    return Run.configured()
        .with("leakcheck.baseline", baseline.toString())
        .over(LeakyTestCase.class);
  }

  private Path baseline(String expires) throws IOException {
    String id = Run.of(LeakyTestCase.class).leaks("leavesAThread").get(0).fingerprint();
    Plants.release();
    return Files.writeString(
        directory.resolve("baseline.json"),
        """
        {
          "leakcheckBaseline": 1,
          "leaks": [
            {
              "kind": "stray-thread",
              "place": "Plants.thread",
              "fingerprint": "%s",
              "reason": "ACME-7",
              "owner": "team-orders"%s
            }
          ]
        }
        """
            .formatted(id, expires));
  }

  @Test
  void a_known_leak_passes_and_is_published_and_a_new_one_fails() throws IOException {
    Run run = run(baseline(""));

    assertThat(run.outcomes())
        .containsExactly("leavesAThread() passed", "leavesAPool() left unclosed-executor");
    assertThat(run.published())
        .hasSize(1)
        .allMatch(
            entry ->
                entry.startsWith(
                    "leakcheck: 1 known leak is in the baseline\nknown: stray-thread thread "))
        .allMatch(entry -> entry.endsWith(" (ACME-7)"));
  }

  @Test
  void a_known_leak_whose_day_is_past_fails() throws IOException {
    Run run = run(baseline(",\n      \"expires\": \"2024-10-31\""));

    assertThat(run.outcomes())
        .containsExactly(
            "leavesAThread() left stray-thread", "leavesAPool() left unclosed-executor");
  }

  @Test
  void a_missing_file_fails_and_is_named() {
    Path file = directory.resolve("none.json");

    assertThat(run(file).outcomes())
        .isNotEmpty()
        .allMatch(
            outcome ->
                outcome.contains(
                    "leakcheck.baseline is '" + file + "', but there is no such file: " + file));
  }

  @Test
  void a_bad_file_fails_and_is_named_with_the_line() throws IOException {
    Path file = Files.writeString(directory.resolve("bad.json"), "{\n\"leaks\": 1}");

    assertThat(run(file).outcomes())
        .isNotEmpty()
        .allMatch(
            outcome ->
                outcome.contains("leakcheck.baseline is '" + file + "', which can't be used: ")
                    && outcome.contains("bad.json:2:10: 'leaks' takes an array"));
  }

  @Test
  void nothing_is_read_if_nothing_is_checked() {
    Run run =
        Run.configured()
            .with("leakcheck.baseline", "none.json")
            .with("leakcheck.mode", "off")
            .over(LeakyTestCase.class);

    assertThat(run.outcomes()).containsExactly("leavesAThread() passed", "leavesAPool() passed");
  }
}
