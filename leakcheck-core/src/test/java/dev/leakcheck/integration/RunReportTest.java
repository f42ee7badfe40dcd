package dev.leakcheck.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.GrowthOptions;
import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.model.Findings;
import dev.leakcheck.recorder.Recorders;
import dev.leakcheck.recorder.ReportSchema;
import dev.leakcheck.report.ReportEntry.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {

  @TempDir private Path directory;

  private LeakCheckOptions options(String name) {
    return options(name, Map.of(LeakCheckSettings.REPORT_DIR, directory.toString()));
  }

  private static LeakCheckOptions options(String name, Map<String, String> settings) {
    return LeakCheckOptions.of(
            LeakCheckSettings.from(key -> Optional.ofNullable(settings.get(key))))
        .named(name)
        .settle(Duration.ZERO);
  }

  /** What is in the report once all of it is written. */
  private List<String> written() {
    RunReport.begin(TestOptions.of(options("any"))).close();
    List<String> lines = Recorders.lines(directory);
    assertThat(ReportSchema.complaints(lines)).isEmpty();
    return Recorders.shortly(lines).stream().filter(line -> !line.equals("lifetime")).toList();
  }

  @Test
  void scopeThatIsClosedIsRecordedOnce() throws Exception {
    try (Planted planted = new Planted()) {
      LeakScope scope = LeakCheck.open(options("scope"));
      planted.thread("left");
      scope.findings();
      assertThatThrownBy(scope::close).isInstanceOf(LeakAssertionError.class);
      scope.close();
    }
    assertThat(written()).containsExactly("jvm", "check scope", "leak scope");
  }

  @Test
  void blockIsRecordedWhetherItThrowsOrNot() {
    LeakCheck.assertNoLeaks(options("clean"), () -> {});
    assertThatThrownBy(
            () ->
                LeakCheck.assertNoLeaks(
                    options("throws"),
                    () -> {
                      throw new IllegalStateException();
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(written()).containsExactly("jvm", "check clean", "check throws");
  }

  @Test
  void growthIsRecorded() throws Exception {
    GrowthOptions growth = GrowthOptions.of(5).with(options("grows"));
    LeakCheck.assertNoGrowth(growth, () -> {});
    try (Planted planted = new Planted()) {
      assertThatThrownBy(() -> LeakCheck.assertNoGrowth(growth, () -> planted.thread("one more")))
          .isInstanceOf(LeakAssertionError.class);
    }
    assertThat(written()).containsExactly("jvm", "check grows", "check grows", "leak grows");
  }

  @Test
  void scopeThatIsOnlyLookedAtOrEndedIsNoVerdict() {
    LeakScope scope = LeakCheck.open(options("looked at"));
    scope.findings();
    scope.end();

    assertThat(written()).containsExactly("jvm");
  }

  @Test
  void runThatBeginsHasAFileAtOnce() {
    RunReport.Run run = RunReport.begin(TestOptions.of(options("run")));
    try {
      assertThat(Recorders.shortly(Recorders.lines(directory))).containsExactly("jvm");
    } finally {
      run.close();
    }
  }

  /** A scope in code has the system properties for its settings, and these know no parameters. */
  @Test
  void scopeInCodeTakesPartInTheRunItIsOpenedIn() {
    RunReport.Run run = RunReport.begin(TestOptions.of(options("run")));
    try {
      LeakCheck.assertNoLeaks(options("inside", Map.of()), () -> {});
    } finally {
      run.close();
      run.close();
    }
    LeakCheck.assertNoLeaks(
        options("after", Map.of(LeakCheckSettings.REPORT_DIR, "off")), () -> {});

    assertThat(written()).containsExactly("jvm", "check inside");
  }

  @Test
  void integrationSaysWhatItChecked() {
    TestScope scope = TestScope.open(TestOptions.of(options("OrderServiceTest.placesOrder()")));
    Findings findings = scope.findings();
    RunReport.checked(scope, findings, Level.METHOD, "com.acme.OrderServiceTest", "placesOrder");
    scope.end();

    assertThat(written()).hasSize(2);
    assertThat(Recorders.lines(directory).get(1))
        .contains(
            "\"level\":\"method\",\"type\":\"com.acme.OrderServiceTest\",\"method\":\"placesOrder\"");
  }

  @Test
  void nothingIsRecordedWhereLeakCheckIsOff() {
    LeakCheckOptions off =
        options(
            "off",
            Map.of("leakcheck.mode", "off", LeakCheckSettings.REPORT_DIR, directory.toString()));
    RunReport.begin(TestOptions.of(off)).close();
    LeakCheck.assertNoLeaks(off, () -> {});

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void fileForADirectoryIsAnError() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> options("any", Map.of(LeakCheckSettings.REPORT_DIR, file.toString())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leakcheck.report.dir")
        .hasMessageContaining("is a file");
  }
}
