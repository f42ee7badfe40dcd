package dev.leakcheck.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.Jdk21;
import dev.leakcheck.agent.AgentJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlocks that nothing ends, one after the other in a JVM of each tier. */
class DeadlockInChildTest {

  private static final int DUMPS_WITH_MONITORS = 25;

  private static final String TITLE = "deadlock 2 threads wait for each other: \"left\", \"right\"";

  private static final Map<Boolean, Map<String, List<String>>> FOUND = new HashMap<>();

  @TempDir private static Path directory;

  @BeforeAll
  static void runAllSteps() throws Exception {
    for (boolean agent : List.of(false, true)) {
      FOUND.put(agent, runAllSteps(agent));
    }
  }

  /** By step, what was found in it. */
  private static Map<String, List<String>> runAllSteps(boolean agent) throws Exception {
    int jdk = Runtime.version().feature();
    List<String> steps = new ArrayList<>(List.of("monitors", "chain", "before", "beside"));
    if (Jdk21.AVAILABLE) {
      steps.add("virtual-locks");
    }
    if (jdk >= DUMPS_WITH_MONITORS) {
      steps.addAll(List.of("virtual-monitors", "mixed-monitors", "mixed-locks", "behind-before"));
    }
    steps.add("watched"); // which ends the JVM
    List<String> flags = agent ? List.of(AgentJvm.option(directory)) : List.of();
    Map<String, List<String>> found = new HashMap<>();
    List<String> ofStep = new ArrayList<>();
    for (String line :
        new AgentJvm(directory, DeadlockChild.class).run(flags, steps.toArray(new String[0]))) {
      if (steps.contains(line)) {
        ofStep = new ArrayList<>();
        found.put(line, ofStep);
      } else {
        ofStep.add(line);
      }
    }
    assertThat(found).containsOnlyKeys(steps);
    return found;
  }

  private static List<String> found(boolean agent, String step) {
    return Objects.requireNonNull(Objects.requireNonNull(FOUND.get(agent)).get(step));
  }

  private static void assumeDumpsWithMonitors() {
    assumeTrue(
        Runtime.version().feature() >= DUMPS_WITH_MONITORS,
        "dumps tell of monitors from JDK 25 on");
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
  void monitorsAreDrawnWithTheLinesThatTookThem(boolean agent) {
    assertThat(found(agent, "monitors")).isEqualTo(monitors("\"left\"", "\"right\""));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void monitorsOfVirtualThreadsAreDrawn(boolean agent) {
    assumeDumpsWithMonitors();

    assertThat(found(agent, "virtual-monitors"))
        .isEqualTo(monitors("\"left\" (virtual)", "\"right\" (virtual)"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void monitorsOfBothKindsOfThreadsAreDrawn(boolean agent) {
    assumeDumpsWithMonitors();

    assertThat(found(agent, "mixed-monitors"))
        .isEqualTo(monitors("\"left\"", "\"right\" (virtual)"));
  }

  @Test
  void locksOfVirtualThreadsAreFoundWithTheAgent() {
    Jdk21.assume();

    assertThat(found(true, "virtual-locks")).startsWith(TITLE, "\"left\" (virtual)");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void locksOfBothKindsOfThreadsAreFound(boolean agent) {
    assumeDumpsWithMonitors();

    assertThat(found(agent, "mixed-locks"))
        .startsWith(TITLE, "\"left\"", "  holds ReentrantLock@HASH")
        .contains("\"right\" (virtual)");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void chainAndAMonitorThatWasGivenUpAreNone(boolean agent) {
    assertThat(found(agent, "chain"))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith("stray-"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void deadlockFromBeforeIsNotTheScopes(boolean agent) {
    assertThat(found(agent, "before")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void virtualThreadBehindADeadlockFromBeforeIsAStrayOne(boolean agent) {
    assumeDumpsWithMonitors();

    assertThat(found(agent, "behind-before"))
        .singleElement()
        .asString()
        .startsWith("stray-virtual-thread");
  }

  @Test
  void withTheAgentItIsTheScopesWhoseThreadsTheyAre() {
    assertThat(found(true, "beside"))
        .startsWith("theirs", "ours", TITLE)
        .filteredOn(TITLE::equals)
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void testThatNeverEndsIsToldOfWhileItHangs(boolean agent) {
    assertThat(found(agent, "watched"))
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
