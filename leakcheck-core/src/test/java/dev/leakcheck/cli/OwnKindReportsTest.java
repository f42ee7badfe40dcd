package dev.leakcheck.cli;

import static dev.leakcheck.cli.CliOnReports.known;
import static dev.leakcheck.cli.CliOnReports.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.cli.reports.LeakCopy;
import dev.leakcheck.model.OwnKind;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kind of the user's own goes the whole way that the others go. */
class OwnKindReportsTest {

  private static final Leak LEASE =
      new LeakCopy(pool(Verdict.NEW))
          .kind(new OwnKind("held-lease"))
          .title("lease on /orders")
          .fingerprint("00000000000000cc")
          .plainFingerprint(null)
          .leak();

  @TempDir Path directory;
  private CliOnReports cli;

  @BeforeEach
  void useDirectory() {
    cli = new CliOnReports(directory);
  }

  @Test
  void through_the_gate_and_the_baseline() throws Exception {
    Path reports = cli.report(1, LEASE);
    assertThat(cli.run("gate", reports).out()).contains("new: held-lease, ");
    assertThat(cli.run("gate", reports).code()).isEqualTo(1);

    Path baseline = cli.baseline(known(LEASE, null));
    assertThat(Files.readString(baseline)).contains("\"kind\": \"held-lease\"");
    assertThat(cli.run("gate", reports, "--baseline", baseline).code()).isZero();
  }

  @Test
  void and_through_every_format() throws Exception {
    Path reports = cli.report(1, LEASE, pool(Verdict.NEW));

    String sarif = written(reports, "--sarif", "out.sarif");
    assertThat(sarif)
        .contains("\"id\" : \"held-lease\"", "\"ruleId\" : \"held-lease\"", "\"ruleIndex\" : 17")
        .contains("\"ruleId\" : \"unclosed-executor\"", "\"ruleIndex\" : 2,");
    assertThat(written(reports, "--markdown", "out.md"))
        .contains("| held-lease | <code>lease on /orders</code>");
    assertThat(written(reports, "--junit", "out.xml")).contains("type=\"held-lease\"");
    assertThat(written(reports, "--html", "out.html"))
        .contains("<template id=\"page-held-lease\">", "A kind of this project");
  }

  private String written(Path reports, String option, String name) throws Exception {
    Path file = directory.resolve(name);
    CliOnReports.Result result = cli.run("report", reports, option, file);
    assertThat(result.code()).as(result.err()).isZero();
    return Files.readString(file);
  }
}
