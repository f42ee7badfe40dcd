package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that are started while a check waits, with the agent and without. */
class LateThreadsTest {

  @TempDir private Path directory;

  private List<String> run(boolean agent, String step) throws Exception {
    List<String> flags = new ArrayList<>();
    if (agent) {
      flags.add(AgentJvm.option(directory));
    }
    return new AgentJvm(directory, LateThreadsChild.class).run(flags, step);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneThatIsNamedLikeTheThreadThatStartedItIsToldWithIt(boolean agent) throws Exception {
    assertThat(run(agent, "same-stem")).containsExactly("[job-1, job-2]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneWithANameOfItsOwnIsToldToo(boolean agent) throws Exception {
    assertThat(run(agent, "other-stem")).containsExactly("[left, right]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneThatTakesTheNameOfNoOlderFamilyIsToldByThat(boolean agent) throws Exception {
    assertThat(run(agent, "renamed")).containsExactly("[task]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneOfAFamilyThatIsOlderThanTheScopePasses(boolean agent) throws Exception {
    assertThat(run(agent, "of-older-family")).containsExactly("[]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneThatEndsWhileTheCheckWaitsPasses(boolean agent) throws Exception {
    assertThat(run(agent, "ends")).containsExactly("[]");
  }
}
