package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.report.TextReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real library, started and stopped, and started and forgotten: in a scope that looks at
 * everything, and in a brief one, as the extension opens them. A failure shows the whole report.
 */
@ParameterizedClass(name = "brief: {0}")
@ValueSource(booleans = {false, true})
abstract class LibraryTest {

  /** What was forgotten never ends, so there is no need to wait long to see that it is there. */
  private static final Duration SHORT = Duration.ofMillis(300);

  @Parameter boolean brief;

  private final List<LeakScope> scopes = new ArrayList<>();

  /** Else all tests that follow would run beside them. */
  @AfterEach
  final void endScopes() {
    scopes.forEach(LeakScope::end);
  }

  /** A scope that waits as long as users' scopes do. */
  final LeakScope open() {
    return opened(options());
  }

  /** A scope around something that is going to be forgotten. */
  final LeakScope openLeaky() {
    return opened(options().settle(SHORT));
  }

  /** A scope that leaves its check next to no time. */
  final LeakScope openHurried() {
    return opened(options().settle(Duration.ofMillis(1)));
  }

  private LeakScope opened(LeakCheckOptions options) {
    LeakScope scope = LeakCheck.open(options).watch(this);
    scopes.add(scope);
    return scope;
  }

  private LeakCheckOptions options() {
    LeakCheckOptions options = LeakCheckOptions.defaults().named(getClass().getSimpleName());
    return brief ? options.brief() : options;
  }

  static void assertClean(LeakScope scope) {
    Findings findings = scope.findings();
    assertThat(findings.list()).as(TextReport.render(findings)).isEmpty();
  }

  /** Exactly one finding, which names the library and the call that stops it. */
  static Finding assertOne(LeakScope scope, String library, String fix) {
    Findings findings = scope.findings();
    String report = show(findings);
    assertThat(findings.list()).as(report).hasSize(1);
    Finding finding = findings.list().get(0);
    assertThat(finding.title()).as(report).contains(library);
    assertThat(finding.fix()).as(report).contains(fix);
    return finding;
  }

  /** One finding for each instance, every one of which names the library. */
  static List<Finding> assertEach(LeakScope scope, int count, String library) {
    Findings findings = scope.findings();
    String report = show(findings);
    assertThat(findings.list()).as(report).hasSize(count);
    assertThat(findings.list())
        .as(report)
        .allSatisfy(finding -> assertThat(finding.title()).contains(library));
    return findings.list();
  }

  private static String show(Findings findings) {
    String report = TextReport.render(findings);
    System.out.println(report);
    return report;
  }
}
