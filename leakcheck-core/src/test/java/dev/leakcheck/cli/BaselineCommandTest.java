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
import org.junit.jupiter.params.provider.ValueSource;

/** What is left today is written down, so that only what comes later fails. */
class BaselineCommandTest {

  @TempDir Path directory;
  private CliOnReports cli;

  @BeforeEach
  void useDirectory() {
    cli = new CliOnReports(directory);
  }

  private CliOnReports.Result baseline(Path reports, Object... options) {
    return cli.runWith(
        List.of("baseline", reports, "--output", cli.path("baseline.json")), options);
  }

  private List<KnownLeak> written() throws Exception {
    return BaselineFile.read(cli.path("baseline.json")).list();
  }

  @Test
  void writesWhatIsNewWithReasonOwnerAndDate() throws Exception {
    cli.report(1, pool(Verdict.NEW), thread(Verdict.ALLOWED));
    Path reports =
        cli.report(2, pool(Verdict.NEW), plain(thread(Verdict.EXPIRED), "00000000000000cc"));

    CliOnReports.Result result =
        baseline(reports, "--reason", "ACME-7", "--owner", "team-orders", "--expires", "90d");

    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(
            """
            added: unclosed-executor, com.acme.OrderService.<init> (ACME-7)
            added: stray-thread, "stray-thread-worker-*": a thread is still alive, in com.acme.OrderService.work (ACME-7)
            wrote DIR/baseline.json: 2 known leaks (2 added, 0 kept, 0 pruned)
            """);
    assertThat(Files.readString(cli.path("baseline.json")))
        .isEqualTo(
            """
            {
              "leakcheckBaseline": 1,
              "leaks": [
                {
                  "kind": "stray-thread",
                  "place": "\\"stray-thread-worker-*\\": a thread is still alive, in com.acme.OrderService.work",
                  "fingerprint": "00000000000000cc",
                  "reason": "ACME-7",
                  "owner": "team-orders",
                  "expires": "2026-05-30"
                },
                {
                  "kind": "unclosed-executor",
                  "place": "com.acme.OrderService.<init>",
                  "fingerprint": "%s",
                  "reason": "ACME-7",
                  "owner": "team-orders",
                  "expires": "2026-05-30"
                }
              ]
            }
            """
                .formatted(pool(Verdict.NEW).fingerprint()));
  }

  @Test
  void gatePassesWithWhatItWrote() {
    Path reports = cli.report(1, pool(Verdict.NEW), thread(Verdict.NEW));
    baseline(reports);

    assertThat(cli.run("gate", reports, "--baseline", cli.path("baseline.json")).code()).isZero();
  }

  @Test
  void withoutAReasonTheDayIsGiven() throws Exception {
    baseline(cli.report(1, pool(Verdict.NEW)));

    assertThat(written().get(0).reason())
        .isEqualTo("there when the baseline was written on 2026-03-01");
    assertThat(written().get(0).expires()).isNull();
    assertThat(written().get(0).owner()).isNull();
  }

  @Test
  void writesAnEmptyBaselineIfNothingWasLeft() throws Exception {
    assertThat(baseline(cli.report(1)).code()).isZero();
    assertThat(written()).isEmpty();
  }

  @Test
  void keepsWhatIsThereAsItIs() throws Exception {
    KnownLeak old = known(pool(Verdict.NEW), TODAY.minusDays(1));
    cli.baseline(old, gone("00000000000000aa"));

    CliOnReports.Result result =
        baseline(cli.report(2, pool(Verdict.EXPIRED), thread(Verdict.NEW)), "--reason", "another");

    assertThat(result.out())
        .isEqualTo(
            """
            added: stray-thread, com.acme.OrderService.<init> (another)
            expired on 2026-02-28, and kept: unclosed-executor, com.acme.OrderService.<init> (legacy)
            not found any more (--prune): uncancelled-timer, com.acme.Reminder.start (being replaced)
            wrote DIR/baseline.json: 3 known leaks (1 added, 2 kept, 0 pruned)
            """);
    assertThat(written()).hasSize(3).contains(old, gone("00000000000000aa"));
  }

  @Test
  void creatorThatWasMetInAnotherTestClassIsKnownByThatToo() throws Exception {
    Leak there = named(pool(Verdict.NEW), "00000000000000aa", "00000000000000b1", List.of());
    Leak here = named(pool(Verdict.NEW), "00000000000000aa", "00000000000000b2", List.of());
    baseline(cli.report(1, there));

    CliOnReports.Result result = baseline(cli.report(3, here));

    assertThat(result.out()).contains("wrote DIR/baseline.json: 1 known leak (0 added, 1 kept");
    assertThat(written().get(0).plainFingerprints())
        .containsExactly("00000000000000b1", "00000000000000b2");
  }

  /** As a later version tells apart what had one fingerprint. */
  @Test
  void leakThatHasAnotherFingerprintNowKeepsReasonOwnerAndDay() throws Exception {
    Leak before = named(pool(Verdict.NEW), "00000000000000aa", "00000000000000b1", List.of());
    KnownLeak old = known(before, TODAY.plusDays(9));
    cli.baseline(old);
    Leak one = named(pool(Verdict.NEW), "00000000000000a1", "00000000000000b1", List.of());
    Leak other = named(pool(Verdict.NEW), "00000000000000a2", "00000000000000b1", List.of());
    Leak unlike = named(thread(Verdict.NEW), "00000000000000a3", "00000000000000b1", List.of());

    CliOnReports.Result result =
        baseline(cli.report(3, one, other, unlike), "--reason", "ACME-9", "--prune");

    assertThat(result.out())
        .contains("added, with the reason of 00000000000000aa: unclosed-executor, ")
        .contains("added: stray-thread, ")
        .contains("pruned: unclosed-executor, ")
        .contains("3 known leaks (3 added, 0 kept, 1 pruned)");
    assertThat(written())
        .filteredOn(leak -> leak.kind() == LeakKind.UNCLOSED_EXECUTOR)
        .hasSize(2)
        .allSatisfy(
            leak -> {
              assertThat(leak.reason()).isEqualTo(old.reason());
              assertThat(leak.owner()).isEqualTo(old.owner());
              assertThat(leak.expires()).isEqualTo(old.expires());
            });
    assertThat(written())
        .filteredOn(leak -> leak.kind() == LeakKind.STRAY_THREAD)
        .singleElement()
        .extracting(KnownLeak::reason)
        .isEqualTo("ACME-9");
  }

  /** An entry that still occurs is not what something new was. */
  @Test
  void newLeakBesideOneThatIsStillThereHasAReasonOfItsOwn() throws Exception {
    Leak before = named(pool(Verdict.NEW), "00000000000000aa", "00000000000000b1", List.of());
    baseline(cli.report(1, before), "--reason", "ACME-7");
    Leak another = named(pool(Verdict.NEW), "00000000000000a1", "00000000000000b1", List.of());

    baseline(cli.report(3, before, another), "--reason", "ACME-9");

    assertThat(written()).extracting(KnownLeak::reason).containsExactly("ACME-9", "ACME-7");
  }

  @Test
  void secondTimeChangesNothing() throws Exception {
    Path reports = cli.report(1, pool(Verdict.NEW));
    baseline(reports);
    String first = Files.readString(cli.path("baseline.json"));

    assertThat(
            cli.on(TODAY.plusDays(5))
                .run("baseline", reports, "--output", cli.path("baseline.json"))
                .out())
        .isEqualTo(
            "nothing to change in DIR/baseline.json: 1 known leak (0 added, 1 kept, 0 pruned)\n");
    assertThat(Files.readString(cli.path("baseline.json"))).isEqualTo(first);
  }

  @Test
  void dropsWhatDoesNotOccurAnyMoreIfAsked() throws Exception {
    cli.baseline(gone("00000000000000aa"));

    CliOnReports.Result result = baseline(cli.report(1, pool(Verdict.NEW)), "--prune");

    assertThat(result.out())
        .contains("pruned: uncancelled-timer, com.acme.Reminder.start (being replaced)\n")
        .contains("1 known leak (1 added, 0 kept, 1 pruned)\n");
    assertThat(written()).hasSize(1);
  }

  @Test
  void dropsNothingIfAJvmDidNotEnd() throws Exception {
    cli.baseline(gone("00000000000000aa"));

    CliOnReports.Result result = baseline(cli.crashed(1), "--prune");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("leakcheck: --prune: what was not found may be in what");
    assertThat(written()).hasSize(1);
  }

  @Test
  void writesNothingIfNothingWasChecked() {
    Path reports = cli.write(1, List.of(SampleReports.jvm(1), SampleReports.end(0)));

    assertThat(baseline(reports).code()).isEqualTo(2);
    assertThat(cli.path("baseline.json")).doesNotExist();
  }

  @Test
  void leavesABadBaselineAlone() throws Exception {
    Files.writeString(cli.path("baseline.json"), "mine");

    assertThat(baseline(cli.report(1, pool(Verdict.NEW))).code()).isEqualTo(2);
    assertThat(cli.path("baseline.json")).hasContent("mine");
  }

  @Test
  void refusesFingerprintsThatItCouldNotReadAgain() {
    CliOnReports.Result result = baseline(cli.write(9, SampleReports.hostileEntries()));

    assertThat(result.code()).isEqualTo(2);
    assertThat(cli.path("baseline.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"31.10.2026", "2026-02-28", "90", "-1d", "2026-02-30"})
  void rejectsADayThatIsNoneOrPast(String day) {
    CliOnReports.Result result = baseline(cli.report(1), "--expires", day);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("leakcheck: ").contains("--expires");
  }

  @Test
  void takesToday() throws Exception {
    assertThat(baseline(cli.report(1, pool(Verdict.NEW)), "--expires", "0d").code()).isZero();
    assertThat(written().get(0).expires()).isEqualTo(TODAY);
  }

  @Test
  void rejectsABlankReasonAndAMissingFile() {
    assertThat(baseline(cli.report(1), "--reason", " ").err())
        .startsWith("leakcheck: --reason is blank\n");
    assertThat(cli.run("baseline", cli.report(1)).code()).isEqualTo(2);
  }
}
