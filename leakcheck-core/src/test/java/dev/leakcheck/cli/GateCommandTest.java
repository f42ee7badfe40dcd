package dev.leakcheck.cli;

import static dev.leakcheck.cli.CliOnReports.TODAY;
import static dev.leakcheck.cli.CliOnReports.gone;
import static dev.leakcheck.cli.CliOnReports.known;
import static dev.leakcheck.cli.CliOnReports.named;
import static dev.leakcheck.cli.CliOnReports.plain;
import static dev.leakcheck.cli.CliOnReports.pool;
import static dev.leakcheck.cli.CliOnReports.thread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.baseline.BaselineFile;
import dev.leakcheck.baseline.KnownLeak;
import dev.leakcheck.cli.reports.SampleReports;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The gate is green only if something was checked and nothing new was left. */
class GateCommandTest {

  private static final String PLAIN = "00000000000000bb";

  @TempDir Path directory;
  private CliOnReports cli;

  @BeforeEach
  void useDirectory() {
    cli = new CliOnReports(directory);
  }

  private CliOnReports.Result gate(Path reports, Object... options) {
    return cli.runWith(List.of("gate", reports), options);
  }

  // What fails

  @Test
  void passesIfNothingWasLeft() {
    CliOnReports.Result result = gate(cli.report(1));

    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(
            "LeakCheck gate passed: no new leak (0 known leaks, 0 allowed, 0 gone; 1 check in 1"
                + " JVM)\n");
  }

  @Test
  void saysWhatIsNewFirstAndTheVerdictLast() throws Exception {
    Leak interrupt =
        SampleReports.leak(
            LeakKind.STRAY_INTERRUPT, "com.acme.FeedTest", "reads", 2, Verdict.ALLOWED, "old feed");
    cli.report(1, pool(Verdict.NEW), thread(Verdict.NEW), interrupt);
    Path reports = cli.report(2, pool(Verdict.NEW));
    Leak queue =
        SampleReports.leak(
            LeakKind.LEFTOVER_QUEUE, "com.acme.MailTest", "sends", 3, Verdict.NEW, null);
    cli.report(4, queue);
    Path baseline =
        cli.baseline(
            known(thread(Verdict.NEW), TODAY.plusDays(30)),
            known(queue, TODAY.minusDays(1)),
            gone("00000000000000aa"));

    CliOnReports.Result result = gate(reports, "--baseline", baseline);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEqualTo(GoldenGate.TEXT);
  }

  @ParameterizedTest
  @EnumSource(Verdict.class)
  void withoutABaselineTheRunsOwnVerdictStands(Verdict verdict) {
    CliOnReports.Result result = gate(cli.report(1, pool(verdict)));

    boolean fails = verdict == Verdict.NEW || verdict == Verdict.EXPIRED;
    assertThat(result.code()).isEqualTo(fails ? 1 : 0);
    if (verdict == Verdict.KNOWN) {
      assertThat(result.out())
          .contains(
              """
              known, in the runs' baseline:
                unclosed-executor, com.acme.OrderService.<init>: known to the run
              """);
    }
  }

  @Test
  void emptyBaselineAcceptsNothingEvenWhatTheRunKnew() throws Exception {
    assertThat(gate(cli.report(1, pool(Verdict.KNOWN)), "--baseline", cli.baseline()).code())
        .isEqualTo(1);
  }

  @Test
  void whatIsAllowedNeedsNoBaseline() throws Exception {
    assertThat(gate(cli.report(1, pool(Verdict.ALLOWED)), "--baseline", cli.baseline()).code())
        .isZero();
  }

  @Test
  void knownLeakPasses() throws Exception {
    Leak leak = pool(Verdict.NEW);

    assertThat(gate(cli.report(1, leak), "--baseline", cli.baseline(known(leak, null))).code())
        .isZero();
  }

  @Test
  void knownLeakPassesThroughItsLastDayAndFailsTheNext() throws Exception {
    Leak leak = pool(Verdict.NEW);
    Path reports = cli.report(1, leak);
    Path baseline = cli.baseline(known(leak, TODAY));

    assertThat(gate(reports, "--baseline", baseline).code()).isZero();
    cli.on(TODAY.plusDays(1));
    CliOnReports.Result next = gate(reports, "--baseline", baseline);

    assertThat(next.code()).isEqualTo(1);
    assertThat(next.out())
        .contains("  accepted until 2026-03-01 by team-orders: expired (legacy)\n")
        .contains("failed: 1 expired leak (0 known");
  }

  @Test
  void whatExpiredWhenItRanPassesIfTheBaselineWasRenewed() throws Exception {
    Leak leak = pool(Verdict.EXPIRED);

    assertThat(gate(cli.report(1, leak), "--baseline", cli.baseline(known(leak, TODAY))).code())
        .isZero();
  }

  @Test
  void leakThatIsKnownAsAnotherKindFails() throws Exception {
    Leak leak = pool(Verdict.NEW);
    KnownLeak other =
        new KnownLeak(
            LeakKind.STRAY_THREAD,
            "x",
            leak.fingerprint(),
            List.of(leak.fingerprint()),
            "y",
            null,
            null);

    assertThat(gate(cli.report(1, leak), "--baseline", cli.baseline(other)).code()).isEqualTo(1);
  }

  @Test
  void leakThatIsAllowedInOneTestAndNotInAnotherFails() {
    CliOnReports.Result result = gate(cli.report(1, pool(Verdict.ALLOWED), pool(Verdict.NEW)));

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("failed: 1 new leak (0 known leaks, 0 allowed,");
  }

  @Test
  void sameLeakOfTwoShardsIsOne() {
    cli.report(1, pool(Verdict.NEW));

    assertThat(gate(cli.report(2, pool(Verdict.NEW))).out())
        .contains("  found in OrderTest.places() (2 times, 2 JVMs)\n")
        .contains("failed: 1 new leak (");
  }

  // Tiers

  @Test
  void baselineOfARunWithTheAgentKnowsTheLeakWithoutIt() throws Exception {
    Leak exact = named(pool(Verdict.NEW), "00000000000000cc", PLAIN, List.of());

    CliOnReports.Result result =
        gate(
            cli.report(2, plain(pool(Verdict.NEW), PLAIN)),
            "--baseline",
            cli.baseline(known(exact, null)));

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(
            "  (1 of the baseline's leaks was told without who created it: the baseline or the run"
                + " is without the agent)\n");
  }

  @Test
  void baselineOfARunWithoutTheAgentKnowsTheLeakWithIt() throws Exception {
    Leak exact = named(pool(Verdict.NEW), "00000000000000cc", PLAIN, List.of());
    KnownLeak known = known(plain(pool(Verdict.NEW), PLAIN), null);

    assertThat(gate(cli.report(1, exact), "--baseline", cli.baseline(known)).code()).isZero();
  }

  @Test
  void anotherCreatorIsNewWhereBothAreKnown() throws Exception {
    Leak known = named(pool(Verdict.NEW), "00000000000000cc", PLAIN, List.of());
    Leak other = named(pool(Verdict.NEW), "00000000000000dd", PLAIN, List.of());

    assertThat(gate(cli.report(1, other), "--baseline", cli.baseline(known(known, null))).code())
        .isEqualTo(1);
  }

  // What was not checked

  @Test
  void failsIfThereIsNoReport() throws Exception {
    Path empty = Files.createDirectories(cli.path("empty"));

    CliOnReports.Result result = gate(empty, "--json", "-");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo("leakcheck: no report (leakcheck-*.jsonl) is in DIR/empty\n");
    assertThat(result.out())
        .isEqualTo(
            """
            {
              "leakcheckGate": 1,
              "verdict": "unchecked",
              "exitCode": 2,
              "unchecked": [
                "no report (leakcheck-*.jsonl) is in DIR/empty"
              ]
            }
            """);
  }

  @Test
  void failsIfThereIsNoDirectory() {
    CliOnReports.Result result = gate(cli.path("none"));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).isEqualTo("leakcheck: DIR/none does not exist\n");
  }

  @Test
  void failsIfNothingWasChecked() {
    Path reports = cli.write(1, List.of(SampleReports.jvm(1), SampleReports.end(0)));

    assertThat(gate(reports).code()).isEqualTo(2);
    assertThat(gate(reports).out()).contains("not checked: the reports hold no check\n");
    assertThat(gate(reports, "--allow-incomplete").code()).isEqualTo(2);
  }

  @Test
  void failsIfOneJvmOfSeveralCheckedNothing() {
    cli.report(1);
    Path reports = cli.write(2, List.of(SampleReports.jvm(2), SampleReports.end(0)));

    CliOnReports.Result result = gate(reports);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out())
        .contains(": JVM 4712 checked nothing\n")
        .contains("not checked: 1 JVM is incomplete (--allow-incomplete accepts that)\n")
        .contains("LeakCheck gate failed: not all was checked (");
    assertThat(gate(reports, "--allow-incomplete").code()).isZero();
  }

  @Test
  void failsIfAJvmDidNotEnd() {
    cli.report(1);
    Path reports = cli.crashed(2);

    CliOnReports.Result result = gate(reports);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out())
        .contains(
            ": JVM 4712 did not end its tests: it crashed, was killed, exited in the middle or is still at"
                + " work after 1 check\n");
    assertThat(gate(reports, "--allow-incomplete").code()).isZero();
  }

  @Test
  void leaksOfAJvmThatDidNotEndAreLeaks() {
    assertThat(gate(cli.crashed(1, pool(Verdict.NEW))).code()).isEqualTo(1);
  }

  @Test
  void failsIfAShardIsMissing() {
    Path reports = cli.report(1);

    assertThat(gate(reports, "--expect-jvms", 1, "--min-checks", 1).code()).isZero();
    assertThat(gate(reports, "--expect-jvms", 2).code()).isEqualTo(2);
    assertThat(gate(reports, "--expect-jvms", 2).out())
        .contains("not checked: 1 JVM reported, --expect-jvms is 2\n");
    assertThat(gate(reports, "--min-checks", 2).code()).isEqualTo(2);
    assertThat(gate(reports, "--min-checks", 2).out())
        .contains("not checked: 1 check done, --min-checks is 2\n");
  }

  @Test
  void failsIfTheBaselineIsMissingOrBad() throws Exception {
    Path reports = cli.report(1);
    Path bad = Files.writeString(cli.path("bad.json"), "{\"leaks\": []}");

    CliOnReports.Result missing = gate(reports, "--baseline", cli.path("none.json"));

    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).isEqualTo("leakcheck: DIR/none.json: there is no such file\n");
    assertThat(gate(reports, "--baseline", bad).code()).isEqualTo(2);
    assertThat(gate(reports, "--baseline", bad).err())
        .isEqualTo(
            "leakcheck: DIR/bad.json:1:13: 'leakcheckBaseline' is missing: not a baseline\n");
  }

  @Test
  void failsIfItIsMisused() {
    assertThat(gate(cli.report(1), "--prune").code()).isEqualTo(2);
    assertThat(gate(cli.report(1), "--prune").err())
        .isEqualTo("leakcheck: --prune needs --baseline FILE\ntry: leakcheck gate --help\n");
    assertThat(cli.run("gate").code()).isEqualTo(2);
    for (String option : List.of("--expect-jvms", "--min-checks")) {
      assertThat(gate(cli.report(1), option, "-3").code()).isEqualTo(2);
      assertThat(gate(cli.report(1), option, "-3").err())
          .startsWith("leakcheck: --expect-jvms and --min-checks can't be negative\n");
    }
  }

  // Pruning

  @Test
  void prunesWhatDoesNotOccurAnyMore() throws Exception {
    Leak leak = pool(Verdict.NEW);
    Path baseline = cli.baseline(known(leak, null), gone("00000000000000aa"));

    CliOnReports.Result result = gate(cli.report(2, leak), "--baseline", baseline, "--prune");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(
            """
            in the baseline and not found any more, now removed from it:
              uncancelled-timer, com.acme.Reminder.start: being replaced
            """);
    assertThat(BaselineFile.read(baseline).list()).containsExactly(known(leak, null));
  }

  @Test
  void prunesNothingIfAJvmDidNotEnd() throws Exception {
    KnownLeak gone = gone("00000000000000aa");
    Path baseline = cli.baseline(gone);
    Path reports = cli.crashed(1);

    CliOnReports.Result result =
        gate(reports, "--baseline", baseline, "--prune", "--allow-incomplete");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).contains("not checked: nothing was pruned: ");
    assertThat(BaselineFile.read(baseline).list()).containsExactly(gone);
  }

  @Test
  void prunesNothingThatOnlyTheAgentSeesIfThereWasNone() throws Exception {
    KnownLeak seenWithAgent = gone(PLAIN);
    Path baseline = cli.baseline(seenWithAgent);

    CliOnReports.Result result = gate(cli.report(2), "--baseline", baseline, "--prune");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(
            """
            in the baseline and not looked for: only a run with the agent can see them:
              uncancelled-timer, com.acme.Reminder.start: being replaced
            """);
    assertThat(BaselineFile.read(baseline).list()).containsExactly(seenWithAgent);
    assertThat(gate(cli.report(1), "--baseline", baseline, "--prune").code()).isZero();
    assertThat(BaselineFile.read(baseline).list()).isEmpty();
  }

  @Test
  void keepsTheFileAsItIsWithoutPrune() throws Exception {
    KnownLeak gone = gone("00000000000000aa");
    Path baseline = cli.baseline(gone);

    assertThat(gate(cli.report(1), "--baseline", baseline).out())
        .contains("in the baseline and not found any more (--prune):\n");
    assertThat(BaselineFile.read(baseline).list()).containsExactly(gone);
  }

  // The summary for machines

  @Test
  void writesASummaryForMachines() throws Exception {
    cli.report(1, pool(Verdict.NEW));
    Path reports = cli.report(2, thread(Verdict.NEW));
    Path json = cli.path("out/gate.json");
    Path baseline = cli.baseline(known(thread(Verdict.NEW), TODAY), gone("00000000000000aa"));

    CliOnReports.Result result = gate(reports, "--baseline", baseline, "--json", json);

    assertThat(result.code()).isEqualTo(1);
    assertThat(Files.readString(json)).isEqualTo(GoldenGate.JSON);
  }

  @Test
  void givesTheStandardOutputToTheSummaryIfAsked() {
    CliOnReports.Result result = gate(cli.report(1), "--json", "-");

    assertThat(result.code()).isZero();
    assertThat(result.out()).startsWith("{\n  \"leakcheckGate\": 1,\n  \"verdict\": \"clean\"");
    assertThat(result.err()).startsWith("LeakCheck gate passed");
  }

  @Test
  void hostileReportsDoNotGetAtTheTerminal() {
    Path reports = cli.write(9, SampleReports.hostileEntries());

    CliOnReports.Result result = gate(reports);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).doesNotContain("\u001b", "\u0000", "\u202e", "\r");
  }
}
