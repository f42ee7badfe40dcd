package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.capture.record.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the agent tells a process that watches. */
class BirthsReportTest {

  @TempDir private Path directory;

  @Test
  void liveThreadsAreToldWithWhereTheyWereCreatedUntilNobodyReads() throws Exception {
    Path file = Files.createDirectory(directory.resolve("told")).resolve("births.json");
    String agent =
        AgentJvm.option(directory) + "=births=" + ProcessHandle.current().pid() + "," + file;

    assertThat(
            new AgentJvm(directory, BirthsReportChild.class).run(List.of(agent), file.toString()))
        .containsExactly(
            "[{\"virtual\":false,\"name\":\"session-*\",\"count\":2,\"created\":["
                + "\"dev.leakcheck.agent.BirthsReportChild.main(BirthsReportChild.java:LINE)\"]}]",
            "ended");
  }

  @Test
  void threadsAloneAreHookedForIt() {
    AgentArguments parsed = AgentArguments.parse("births=4711,/tmp/a,b/births.json");

    assertThat(parsed.reader()).isEqualTo(4711);
    assertThat(parsed.births()).isEqualTo("/tmp/a,b/births.json");
    assertThat(parsed.complaint()).isNull();
    assertThat(parsed.without())
        .doesNotContain(Part.THREADS, Part.VIRTUAL_THREADS)
        .hasSize(Part.values().length - 2);
    assertThat(AgentArguments.parse("births=x").complaint())
        .startsWith("LeakCheck: the agent does not know \"births=x\" and goes on without it");
  }
}
