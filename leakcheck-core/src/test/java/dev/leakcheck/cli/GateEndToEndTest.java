package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.FingerprintChild;
import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.agent.AgentJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JVMs that leave things behind, their reports, the baseline and the gate. */
@SameOnEveryJdk
class GateEndToEndTest {

  @TempDir private Path directory;

  private Path runs(String name, String... flags) throws Exception {
    Path reports = directory.resolve(name);
    List<String> all = new ArrayList<>(Arrays.asList(flags));
    all.add("-Dleakcheck.report.dir=" + reports);
    new AgentJvm(directory, FingerprintChild.class).run(all);
    return reports;
  }

  @Test
  void aBaselineServesRunsWithAndWithoutTheAgentWhicheverItIsOf() throws Exception {
    CliOnReports cli = new CliOnReports(directory);
    Path file = directory.resolve("baseline.json");
    Path plain = runs("plain");

    assertThat(cli.run("gate", plain).code()).isEqualTo(1);
    assertThat(cli.run("baseline", plain, "--output", file).code()).isZero();
    assertThat(cli.run("gate", plain, "--baseline", file).code()).isZero();

    Path agent = runs("agent", AgentJvm.option(directory));
    CliOnReports.Result withAgent = cli.run("gate", agent, "--baseline", file);
    assertThat(withAgent.code()).as(withAgent.out()).isZero();

    Path known = runs("known", "-Dleakcheck.baseline=" + file);
    CliOnReports.Result again = cli.run("gate", known);
    assertThat(again.code()).as(again.out()).isZero();
    assertThat(again.out()).contains("known, in the runs' baseline:\n");

    Path ofAgent = directory.resolve("baseline-of-agent.json");
    assertThat(cli.run("baseline", agent, "--output", ofAgent, "--reason", "ACME-7").code())
        .isZero();
    assertThat(cli.run("gate", agent, "--baseline", ofAgent).code()).isZero();
    assertThat(Files.readString(ofAgent))
        .contains("\"place\": \"dev.leakcheck.FingerprintChild.anotherIdlePool\"");
    // One of its creators was met in two test classes: to whoever cannot see it, two leaks.
    CliOnReports.Result withoutAgent = cli.run("gate", plain, "--baseline", ofAgent);
    assertThat(withoutAgent.code()).as(withoutAgent.out()).isZero();
  }
}
