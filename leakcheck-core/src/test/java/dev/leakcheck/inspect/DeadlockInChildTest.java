package dev.leakcheck.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.Jdk21;
import dev.leakcheck.agent.AgentJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlocks that nothing ends, on both tiers, each in a JVM of its own. */
class DeadlockInChildTest {

  private static final String TITLE = "deadlock 2 threads wait for each other: \"left\", \"right\"";

  @TempDir private Path directory;

  private List<String> run(boolean agent, String step) throws Exception {
    List<String> flags = agent ? List.of(AgentJvm.option(directory)) : List.of();
    return new AgentJvm(directory, DeadlockChild.class).run(flags, step);
  }

  private static void assumeDumpsWithMonitors() {
    assumeTrue(Runtime.version().feature() >= 25, "dumps tell of monitors from JDK 25 on");
  }

  private static List<String> monitors(String left, String right) {
    return List.of(
        TITLE,
        left,
        "  holds Object@HASH, taken in dev.leakcheck.inspect.DeadlockChild.nested(DeadlockChild.java:LINE)",
        "  wants StringBuilder@HASH, held by \"right\"",
        "    at dev.leakcheck.inspect.DeadlockChild.enter(DeadlockChild.java:LINE)",
        "    at dev.leakcheck.inspect.DeadlockChild.nested(DeadlockChild.java:LINE)",
        "    at dev.leakcheck.inspect.DeadlockChild.lambda$monitors$N(DeadlockChild.java:LINE)",
        right,
        "  holds StringBuilder@HASH, taken in"
            + " dev.leakcheck.inspect.DeadlockChild.nested(DeadlockChild.java:LINE)",
        "  wants Object@HASH, held by \"left\"",
        "    at dev.leakcheck.inspect.DeadlockChild.enter(DeadlockChild.java:LINE)",
        "    at dev.leakcheck.inspect.DeadlockChild.nested(DeadlockChild.java:LINE)",
        "    at dev.leakcheck.inspect.DeadlockChild.lambda$monitors$N(DeadlockChild.java:LINE)");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void monitorsAreDrawnWithTheLinesThatTookThem(boolean agent) throws Exception {
    assertThat(run(agent, "monitors")).isEqualTo(monitors("\"left\"", "\"right\""));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void monitorsOfVirtualThreadsAreDrawn(boolean agent) throws Exception {
    assumeDumpsWithMonitors();

    assertThat(run(agent, "virtual-monitors"))
        .isEqualTo(monitors("\"left\" (virtual)", "\"right\" (virtual)"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void monitorsOfBothKindsOfThreadsAreDrawn(boolean agent) throws Exception {
    assumeDumpsWithMonitors();

    assertThat(run(agent, "mixed-monitors")).isEqualTo(monitors("\"left\"", "\"right\" (virtual)"));
  }

  @Test
  void locksOfVirtualThreadsAreFoundWithTheAgent() throws Exception {
    Jdk21.assume();

    assertThat(run(true, "virtual-locks")).startsWith(TITLE, "\"left\" (virtual)");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void locksOfBothKindsOfThreadsAreFound(boolean agent) throws Exception {
    assumeDumpsWithMonitors();

    assertThat(run(agent, "mixed-locks"))
        .startsWith(TITLE, "\"left\"", "  holds ReentrantLock@HASH")
        .contains("\"right\" (virtual)");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void chainAndAMonitorThatWasGivenUpAreNone(boolean agent) throws Exception {
    assertThat(run(agent, "chain"))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith("stray-"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void deadlockFromBeforeIsNotTheScopes(boolean agent) throws Exception {
    assertThat(run(agent, "before")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void virtualThreadBehindADeadlockFromBeforeIsAStrayOne(boolean agent) throws Exception {
    assumeDumpsWithMonitors();

    assertThat(run(agent, "behind-before"))
        .singleElement()
        .asString()
        .startsWith("stray-virtual-thread");
  }

  @Test
  void withTheAgentItIsTheScopesWhoseThreadsTheyAre() throws Exception {
    assertThat(run(true, "beside"))
        .startsWith("theirs", "ours", TITLE)
        .filteredOn(TITLE::equals)
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void testThatNeverEndsIsToldOfWhileItHangs(boolean agent) throws Exception {
    assertThat(run(agent, "watched"))
        .startsWith(
            "LeakCheck: the test has not ended after 1.0 s: 1 deadlock",
            "",
            "1) deadlock   2 threads wait for each other: \"main\", \"other\"",
            "     cycle      \"main\"",
            "                  holds Object@HASH, taken in"
                + " dev.leakcheck.inspect.DeadlockChild.nested(DeadlockChild.java:LINE)",
            "                  wants StringBuilder@HASH, held by \"other\"",
            "                    at dev.leakcheck.inspect.DeadlockChild.enter(DeadlockChild.java:LINE)");
  }
}
