package dev.leakcheck;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Snapshot;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.TextReport;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names that break terminals, logs or the JDK's own thread dump. */
class HostileNamesTest {

  @AutoClose private final Planted planted = new Planted();

  static Stream<String> names() {
    return Stream.of(
        "two\nlines",
        "\r\n\r\n",
        "\u001b[31mred\u001b[0m",
        "nul\u0000nul",
        "bell\u0007 vertical\u000b delete\u007f",
        "x".repeat(10_000),
        "\u001b".repeat(10_000),
        "\ud800",
        "\udc00\ud800 the wrong way round",
        "\u202ereversed",
        "quote\" virtual",
        "#1 \"main\"",
        "{\"tid\":\"1\"}",
        "%s%n%x",
        "*",
        "\\",
        "");
  }

  private static void assertIsPrintable(Findings findings) {
    String report = TextReport.render(findings);

    assertThat(report.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(1_500));
    assertThat(report.chars())
        .as("only line feeds below space, and no lone surrogate")
        .allMatch(
            c ->
                c == '\n' || c >= 0x20 && c != 0x7f && !Character.isSurrogate((char) c.intValue()));
    assertThat(report).doesNotContain("\u202e");
  }

  @ParameterizedTest
  @MethodSource("names")
  void platformThreadOfSuchANameIsFoundAndShownEscaped(String name) {
    LeakScope scope = Scopes.atOnce();
    planted.thread(name);

    Findings findings = scope.findings();

    Finding finding = only(findings);
    assertThat(finding.kind()).isEqualTo(LeakKind.STRAY_THREAD);
    assertThat(finding.threads().get(0).name()).isEqualTo(name);
    assertIsPrintable(findings);
  }

  @ParameterizedTest
  @MethodSource("names")
  void virtualThreadOfSuchANameIsFoundAndShownEscaped(String name) {
    Jdk21.assume();
    LeakScope scope = Scopes.atOnce();
    Thread thread = planted.virtual(name);

    Findings findings = scope.findings();

    Finding finding = only(findings);
    assertThat(finding.kind()).isEqualTo(LeakKind.STRAY_VIRTUAL_THREAD);
    assertThat(finding.threads().get(0).id()).isEqualTo(Golden.id(thread));
    assertIsPrintable(findings);
  }

  @ParameterizedTest
  @MethodSource("names")
  void detectionGoesOnWhileAThreadOfSuchANameLives(String name) {
    planted.thread(name);

    LeakScope threads = Scopes.atOnce();
    planted.thread("stray");
    assertThat(threads).hasKinds(LeakKind.STRAY_THREAD);

    LeakScope executors = Scopes.atOnce();
    planted.occupy(planted.executor(Executors.newFixedThreadPool(1)), 1);
    assertThat(executors).hasKinds(LeakKind.UNCLOSED_EXECUTOR);

    LeakScope clean = Scopes.patient();
    Planted.awaitEnd(planted.thread("short", () -> {}));
    assertThat(clean).hasNoLeaks();
  }

  @ParameterizedTest
  @MethodSource("names")
  void virtualThreadsAreFoundWhileAThreadOfSuchANameLives(String name) {
    Jdk21.assume();
    planted.thread(name);

    LeakScope scope = Scopes.atOnce();
    planted.virtual("stray");
    assertThat(scope).hasKinds(LeakKind.STRAY_VIRTUAL_THREAD);
  }

  @ParameterizedTest
  @MethodSource("names")
  void poolThatTheScopeOpenedWithIsNotAccusedWhileAThreadOfSuchANameComes(String name) {
    java.util.concurrent.ExecutorService pool = planted.executor(Executors.newFixedThreadPool(2));
    planted.occupy(pool, 1);
    LeakScope scope = Scopes.atOnce();
    planted.thread(name);
    planted.occupy(pool, 1);

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }

  @ParameterizedTest
  @MethodSource("names")
  void olderPoolIsNotAccusedWhereAThreadOfSuchANameLivedAsTheScopeOpened(String name) {
    Thread hostile = planted.thread(name);
    java.util.concurrent.ExecutorService pool = planted.executor(Executors.newFixedThreadPool(2));
    planted.occupy(pool, 1);
    LeakScope scope = Scopes.atOnce();
    hostile.interrupt();
    Planted.awaitEnd(hostile);
    planted.occupy(pool, 1);

    assertThat(scope).hasNoLeaks();
  }

  @ParameterizedTest
  @MethodSource("names")
  void detectionIsWholeAgainAfterwards(String name) {
    Thread thread = planted.thread(name);
    LeakCheck.snapshot();
    thread.interrupt();
    Planted.awaitEnd(thread);

    Snapshot snapshot = LeakCheck.snapshot();

    assertThat(snapshot.coverage().has(Limit.DUMP_WITHOUT_EXECUTORS)).isFalse();
    assertThat(snapshot.coverage().has(Limit.DUMP_FAILED)).isFalse();
    assertThat(snapshot.threads()).extracting(ThreadRecord::name).doesNotContain(name + "!");
  }
}
