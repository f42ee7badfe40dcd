package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;

/** What can be read of the JDK once the agent has opened it, and what without. */
class OpenedJdkTest {

  @TempDir private Path directory;

  private List<String> runWithAgent(String... steps) throws Exception {
    return run(List.of(AgentJvm.option(directory)), steps);
  }

  private List<String> run(List<String> flags, String... steps) throws Exception {
    return new AgentJvm(directory, OpenedChild.class).run(flags, steps);
  }

  @Test
  void workerLeadsToItsPool() throws Exception {
    assertThat(runWithAgent("workers"))
        .containsExactly("unwraps true", "of its worker true", "of no worker null");
  }

  @Test
  void workerLeadsToItsPoolWithoutAnAgentOnlyWhereThatIsSilent() throws Exception {
    boolean silent = Runtime.version().feature() < 24;

    assertThat(run(List.of(), "workers"))
        .containsExactly("unwraps " + silent, "of its worker " + silent, "of no worker null");
  }

  @Test
  void workerLeadsToItsPoolOnceTheAgentIsAttached() throws Exception {
    String jar = AgentJvm.withClasses(Agent.class, directory).toString();
    String classPath =
        jar
            + File.pathSeparator
            + AgentJvm.placeOf(OpenedChild.class)
            + File.pathSeparator
            + AgentJvm.placeOf(ClassReader.class);
    List<String> flags = List.of("-XX:+EnableDynamicAgentLoading");

    List<String> lines =
        new AgentJvm(directory, OpenedChild.class, classPath)
            .run(flags, "workers", "attach", "workers");

    assertThat(lines.subList(3, 6))
        .containsExactly("unwraps true", "of its worker true", "of no worker null");
  }

  @Test
  void virtualThreadsAreSeenAsADumpSeesThem() throws Exception {
    Jdk21.assume();

    assertThat(runWithAgent("virtual"))
        .containsExactlyInAnyOrder(
            "available true",
            "all Optional[true]",
            "ended Optional[false]",
            "platform Optional[false]",
            "alone virtual WAITING",
            "sleeper virtual TIMED_WAITING",
            " virtual WAITING in its executor",
            "main platform RUNNABLE",
            "states [WAITING, TIMED_WAITING, WAITING, TERMINATED, RUNNABLE]",
            "as in a dump true");
  }

  @Test
  void virtualThreadsAreNotListedWhereTheyCannotBe() throws Exception {
    if (Jdk21.AVAILABLE) {
      assertThat(run(List.of(), "virtual")).contains("available false", "all Optional.empty");
      assertThat(run(List.of("-Djdk.trackAllThreads=false", AgentJvm.option(directory)), "virtual"))
          .contains("available true", "all Optional.empty");
    } else {
      assertThat(runWithAgent("virtual")).containsExactly("available false", "all Optional.empty");
    }
  }

  @Test
  void parkedThreadLeadsToItsQueue() throws Exception {
    List<String> lines = runWithAgent("queues");

    assertThat(lines)
        .hasSize(Jdk21.AVAILABLE ? 36 : 18)
        .allMatch(line -> line.endsWith(" true false"));
  }

  @Test
  void parkedThreadLeadsToNoQueueWithoutAnAgent() throws Exception {
    List<String> identical = new ArrayList<>(run(List.of(), "queues"));

    assertThat(identical).isNotEmpty().allMatch(line -> line.endsWith(" false false"));
  }

  @Test
  void threadThatWaitsForDelayedTasksIsItsPools() throws Exception {
    Jdk21.assume();
    boolean poolsHaveOne = Runtime.version().feature() >= 25;
    String agent = AgentJvm.option(directory);

    assertThat(new AgentJvm(directory, DelayChild.class).run(List.of(agent)))
        .containsExactlyElementsOf(
            poolsHaveOne ? List.of("unclosed-executor", "done") : List.of("done"));
  }
}
