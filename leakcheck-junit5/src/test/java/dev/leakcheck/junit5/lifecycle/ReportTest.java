package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakCheckSettings.Level;
import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.NoLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run leaves in {@code leakcheck.report.dir}. */
class ReportTest {

  private static final String DIRECTORY = "leakcheck.report.dir";

  @TempDir Path directory;

  @AfterEach
  void release() {
    Plants.release();
  }

  private Run run(Class<?> testCase) {
    return Run.configured().with(DIRECTORY, directory.toString()).over(testCase);
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class LeakyTestCase {
    @AllowLeaks(thread = "vendor", reason = "vendor client")
    @Test
    void accepts_with_an_annotation() {
      Plants.thread("vendor");
    }

    @Test
    void leaks() {
      Plants.thread();
    }

    @Test
    void leaks_nothing() {}

    @AfterAll
    static void afterAll() {
      Plants.thread("of the class");
    }
  }

  @Test
  void tests_and_classes_are_checks_and_what_they_left_is_told() {
    run(LeakyTestCase.class);

    assertThat(Written.in(directory))
        .filteredOn(entry -> !entry.equals("check run 0 0")) // of what was nobody's, with an agent
        .containsExactly(
            "check method LeakyTestCase accepts_with_an_annotation 0 1",
            "leak method LeakyTestCase accepts_with_an_annotation stray-thread allowed",
            "check method LeakyTestCase leaks 1 0",
            "leak method LeakyTestCase leaks stray-thread new",
            "check method LeakyTestCase leaks_nothing 0 0",
            "check class LeakyTestCase 1 0",
            "leak class LeakyTestCase stray-thread new");
  }

  @NoLeaks(level = Level.RUN)
  static class RunTestCase {
    @Test
    void leaks() {
      Plants.thread();
    }
  }

  @Test
  void run_is_a_check_where_it_answers() {
    run(RunTestCase.class);

    assertThat(Written.in(directory)).containsExactly("check run 1 0", "leak run stray-thread new");
  }

  @NoLeaks
  static class ScopeInCodeTestCase {
    @Test
    void opens_a_scope() {
      LeakCheck.assertNoLeaks(LeakCheckOptions.defaults(), () -> {});
    }
  }

  @NoLeaks
  @Execution(ExecutionMode.CONCURRENT)
  static class ParallelTestCase {
    static final CyclicBarrier TOGETHER = new CyclicBarrier(2);

    @Test
    void one() throws Exception {
      TOGETHER.await(30, TimeUnit.SECONDS);
    }

    @Test
    void other() throws Exception {
      TOGETHER.await(30, TimeUnit.SECONDS);
    }
  }

  @Tier.WithoutAgent
  @Test
  void test_whose_fields_alone_were_judged_says_so() {
    Run.configured()
        .with(DIRECTORY, directory.toString())
        .with("junit.jupiter.execution.parallel.enabled", "true")
        .with("junit.jupiter.execution.parallel.config.strategy", "fixed")
        .with("junit.jupiter.execution.parallel.config.fixed.parallelism", "2")
        .with("junit.jupiter.extensions.autodetection.enabled", "true")
        .over(ParallelTestCase.class);

    assertThat(Written.in(directory))
        .containsExactlyInAnyOrder(
            "check method ParallelTestCase one 0 0",
            "check method ParallelTestCase other 0 0",
            "check class ParallelTestCase 0 0");
    assertThat(Written.lines(directory))
        .filteredOn(line -> line.contains("\"level\":\"method\""))
        .allMatch(line -> line.contains("it ran at the same time as others"));
  }

  @Test
  void scope_in_a_test_is_part_of_the_report() {
    run(ScopeInCodeTestCase.class);

    assertThat(Written.in(directory))
        .startsWith("check code 0 0", "check method ScopeInCodeTestCase opens_a_scope 0 0");
  }

  @Test
  void what_only_warns_is_told_as_well() {
    Run run =
        Run.configured()
            .with(DIRECTORY, directory.toString())
            .with("leakcheck.mode", "warn")
            .over(LeakyTestCase.class, "leaks");

    assertThat(run.outcomes()).containsExactly("leaks() passed");
    assertThat(Written.in(directory)).contains("leak method LeakyTestCase leaks stray-thread new");
  }

  @ParameterizedTest
  @CsvSource({"leakcheck.mode, off", "leakcheck.report.dir, off"})
  void nothing_is_written_where_either_is_off(String key, String value) {
    Run.configured()
        .with(DIRECTORY, directory.toString())
        .with(key, value)
        .over(LeakyTestCase.class, "leaks_nothing");

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void file_for_a_directory_is_an_error_that_names_the_key() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    Run run =
        Run.configured()
            .with(DIRECTORY, file.toString())
            .over(LeakyTestCase.class, "leaks_nothing");

    assertThat(run.failure("LeakyTestCase"))
        .hasMessage(
            DIRECTORY + " is '" + file + "', which is a file: it takes a directory, or off");
  }

  @Test
  void directory_that_cannot_be_made_fails_no_test() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    Run run =
        Run.configured()
            .with(DIRECTORY, file.resolve("sub").toString())
            .over(LeakyTestCase.class, "leaks_nothing");

    assertThat(run.outcomes()).contains("leaks_nothing() passed");
  }
}
