package dev.leakcheck;

import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.baseline.Allowances;
import dev.leakcheck.baseline.BaselineFile;
import dev.leakcheck.baseline.KnownLeak;
import dev.leakcheck.baseline.KnownLeaks;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.TextReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file of {@code leakcheck.baseline} accepts does not fail; all else does. */
class BaselineTest {

  @TempDir Path directory;

  @AutoClose private final Planted planted = new Planted();

  /** Leaves a thread that has come to where it waits. */
  private static void leave(Planted planted, String name) {
    Planted.awaitWaitingIn(planted.thread(name), CountDownLatch.class);
  }

  private static Finding found(Planted planted) {
    LeakScope scope = Scopes.atOnce();
    leave(planted, "price-poller-17");
    return Scopes.only(scope.findings());
  }

  private static KnownLeak known(Finding finding, @Nullable LocalDate expires) {
    return new KnownLeak(
        finding.kind(),
        "PricePoller",
        finding.fingerprint(),
        List.of(finding.plainFingerprint()),
        "until the feed is rewritten",
        "team-prices",
        expires);
  }

  private Path write(KnownLeak... leaks) throws IOException {
    Path file = directory.resolve("baseline.json");
    BaselineFile.write(file, new KnownLeaks(List.of(leaks)));
    return file;
  }

  private static LeakCheckOptions options(Object baseline) {
    return LeakCheckOptions.of(
            LeakCheckSettings.from(
                key ->
                    Optional.ofNullable(
                        Map.of(
                                LeakCheckSettings.BASELINE,
                                baseline.toString(),
                                LeakCheckSettings.PROOF,
                                "off")
                            .get(key))))
        .settle(Duration.ZERO)
        .named("a test");
  }

  @Test
  void knownLeakPassesAndIsListed() throws Exception {
    Finding before = found(planted);
    LeakScope scope = LeakCheck.open(options(write(known(before, null))));
    leave(planted, "price-poller-18");

    Findings findings = scope.findings();

    assertThat(findings).hasNoLeaks();
    assertThat(findings.allowed()).hasSize(1);
    assertThat(findings.allowed().get(0).known()).isTrue();
    assertThat(findings.allowed().get(0).reason()).isEqualTo("until the feed is rewritten");
    assertThat(TextReport.known(findings))
        .containsExactly(
            "1 known leak is in the baseline",
            "known: stray-thread thread \"price-poller-18\" blocked for ever in CountDownLatch.await() (until the feed is"
                + " rewritten)");
    assertThatCode(scope::close).doesNotThrowAnyException();
  }

  @Test
  void newLeakFailsBesideAKnownOne() throws Exception {
    Finding before = found(planted);
    LeakScope scope = LeakCheck.open(options(write(known(before, null))));
    leave(planted, "price-poller-18");
    planted.timer("order-timer");
    Planted.awaitWaitingIn(Golden.threadNamed("order-timer"), "java.util.TimerThread");

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: a test left 1 timer behind (waited T)

            1) uncancelled-timer   java.util.Timer "order-timer", never cancelled
                 thread     order-timer (not daemon: it keeps the JVM alive)
                 tasks      none is scheduled
                 why        a timer's thread lives until cancel() is called, or the Timer was garbage collected
                 fix        call Timer.cancel() when its owner stops; cancelling its tasks does not end the thread
                 allow      @AllowLeaks(kind = LeakKind.UNCANCELLED_TIMER, thread = "order-timer", reason = "…")
                 id         FINGERPRINT

            1 known leak is in the baseline
            known: stray-thread thread "price-poller-18" blocked for ever in CountDownLatch.await() (until the feed is rewritten)
            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }

  @Test
  void leakIsAcceptedThroughItsLastDay() {
    LocalDate day = LocalDate.of(2026, 10, 31);
    Finding finding = found(planted);
    KnownLeaks known = new KnownLeaks(List.of(known(finding, day)));
    Allowances onTheDay = new Allowances(List.of(), known, day.toEpochDay());
    Allowances after = new Allowances(List.of(), known, day.plusDays(1).toEpochDay());

    assertThat(onTheDay.notAllowed(List.of(finding))).isEmpty();
    assertThat(onTheDay.expired()).isEmpty();
    assertThat(after.notAllowed(List.of(finding))).containsExactly(finding);
    assertThat(after.allowed()).isEmpty();
    assertThat(after.expired())
        .containsExactly(
            new Findings.Expired(finding, "until the feed is rewritten", "team-prices", day));
  }

  @Test
  void expiredLeakFailsAndSaysSinceWhenAndWhose() throws Exception {
    Finding before = found(planted);
    LeakScope scope =
        LeakCheck.open(options(write(known(before, LocalDate.of(2026, 10, 31).minusYears(2)))));
    leave(planted, "price-poller-18");

    Findings findings = scope.findings();
    Finding finding = Scopes.only(findings);

    assertThat(findings.expiry(finding)).isPresent();
    assertThat(Golden.message(scope))
        .contains(
            """
            1) stray-thread   thread "price-poller-18" blocked for ever in CountDownLatch.await()
                 accepted   until 2024-10-31 by team-prices: expired (until the feed is rewritten)
                 thread     price-poller-18""");
  }

  @Test
  void leakThatIsKnownAsAnotherKindFails() throws Exception {
    Finding before = found(planted);
    KnownLeak other =
        new KnownLeak(
            LeakKind.UNCLOSED_EXECUTOR,
            "PricePoller",
            before.fingerprint(),
            List.of(before.plainFingerprint()),
            "because",
            null,
            null);
    LeakScope scope = LeakCheck.open(options(write(other)));
    leave(planted, "price-poller-18");

    assertThat(scope.findings()).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void emptyBaselineAcceptsNothing() throws Exception {
    LeakScope scope = LeakCheck.open(options(write()));
    leave(planted, "price-poller-18");

    assertThat(scope.findings()).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void fileIsReadAgainAfterItChanged() throws Exception {
    Path file = write();
    options(file);
    Finding before = found(planted);
    write(known(before, null));
    LeakScope scope = LeakCheck.open(options(file));
    leave(planted, "price-poller-18");

    assertThat(scope.findings()).hasNoLeaks();
  }

  @Test
  void missingFileIsAnErrorThatNamesKeyAndPath() {
    Path file = directory.resolve("none.json");

    assertThatThrownBy(() -> options(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("leakcheck.baseline is '" + file + "', but there is no such file: " + file);
  }

  @Test
  void badFileIsAnErrorThatNamesKeyPathAndLine() throws Exception {
    Path file = Files.writeString(directory.resolve("bad.json"), "{\n  \"leaks\": [],\n}\n");

    assertThatThrownBy(() -> options(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "leakcheck.baseline is '"
                + file
                + "', which can't be used: "
                + file
                + ":3:1: not JSON");
  }

  @Test
  void nothingIsReadIfNothingIsChecked() {
    assertThatCode(
            () ->
                LeakCheckOptions.of(
                    LeakCheckSettings.from(
                        key ->
                            Optional.ofNullable(
                                Map.of(
                                        LeakCheckSettings.BASELINE, "none.json",
                                        LeakCheckSettings.MODE, "off")
                                    .get(key)))))
        .doesNotThrowAnyException();
  }
}
