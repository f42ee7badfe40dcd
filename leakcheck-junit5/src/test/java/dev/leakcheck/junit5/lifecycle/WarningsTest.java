package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.NoLeaks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leaks that only warn, while slf4j has no provider that would show it. */
class WarningsTest {

  @TempDir Path directory;

  @AfterEach
  void release() {
    Plants.release();
  }

  @NoLeaks
  static class LeakyTestCase {
    @Test
    void leaks_one() {
      Plants.thread("one");
    }

    @Test
    void leaks_two() {
      Plants.thread("two");
      Plants.thread("three");
    }

    @Test
    void leaks_nothing() {}

    @AfterAll
    static void afterAll() {
      Plants.thread("of the class");
    }
  }

  private String printed(String mode, String report) {
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Run.configured()
          .with("leakcheck.mode", mode)
          .with("leakcheck.report.dir", report)
          .over(LeakyTestCase.class);
    } finally {
      System.setErr(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void one_line_at_the_end_says_how_many_there_were_and_where_the_report_is() throws Exception {
    String printed = printed("warn", directory.toString());

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(printed)
          .isEqualTo(
              "LeakCheck: 4 leaks in 2 tests and 1 class, report in "
                  + files.findFirst().orElseThrow()
                  + System.lineSeparator());
    }
  }

  @Test
  void no_report_is_named_where_there_is_none() {
    assertThat(printed("warn", "off"))
        .isEqualTo("LeakCheck: 4 leaks in 2 tests and 1 class" + System.lineSeparator());
  }

  @Test
  void failures_speak_for_themselves() {
    assertThat(printed("fail", "off")).doesNotContain("LeakCheck: 4 leaks");
  }

  @Test
  void nothing_is_printed_where_nothing_is_left() {
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Run.configured().with("leakcheck.mode", "warn").over(CleanTestCase.class);
    } finally {
      System.setErr(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @NoLeaks
  static class CleanTestCase {
    @Test
    void leaks_nothing() {}
  }
}
