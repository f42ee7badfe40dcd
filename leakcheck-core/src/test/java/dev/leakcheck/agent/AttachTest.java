package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.leakcheck.Jdk21;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM of its own that has the agent attached to it. */
class AttachTest {

  /** Or the JVM warns, from Java 21 on. */
  private static final String MEANT = "-XX:+EnableDynamicAgentLoading";

  @TempDir private Path directory;

  private List<String> run(String place, List<String> flags) throws Exception {
    return run(place, flags, "attach", "parts");
  }

  private List<String> run(String place, List<String> flags, String... steps) throws Exception {
    String classPath = place + File.pathSeparator + System.getProperty("java.class.path");
    return new AgentJvm(directory, AgentChild.class, classPath).run(flags, steps);
  }

  private String jar() throws Exception {
    return AgentJvm.withClasses(Agent.class, directory).toString();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyPartIsRecordedOnceItIsAttached(boolean itself) throws Exception {
    assertThat(run(jar(), List.of(MEANT, "-Djdk.attach.allowAttachSelf=" + itself)))
        .contains(
            "records THREADS",
            "records EXECUTORS",
            "records QUEUES",
            "records LOCKS",
            "records FAILED_TASKS",
            "records ASYNC_STAGES",
            "records PROCESSES",
            "records SHUTDOWN_HOOKS")
        .hasSize(Jdk21.AVAILABLE ? 9 : 8);
  }

  @Test
  void jvmWithFewModulesIsAttachedByAChildThatHasMore() throws Exception {
    assertThat(run(jar(), List.of(MEANT, "--limit-modules=java.instrument,java.management")))
        .contains("records THREADS", "records EXECUTORS", "records QUEUES");
  }

  @Test
  void jvmThatForbidsAttachingIsNotTriedAndSaysSo() throws Exception {
    assertThat(run(jar(), List.of("-XX:+DisableAttachMechanism")))
        .containsExactly(
            "the agent could not be attached: this JVM was started with"
                + " -XX:+DisableAttachMechanism");
  }

  @Test
  void jvmThatForbidsAgentsIsQuoted() throws Exception {
    assertThat(run(jar(), List.of("-XX:-EnableDynamicAgentLoading")))
        .singleElement()
        .asString()
        .startsWith("the agent could not be attached: com.sun.tools.attach.AgentLoadException: ");
  }

  @Test
  void classesInADirectoryCannotBeAttached() throws Exception {
    String classes = AgentJvm.placeOf(Agent.class);

    assertThat(run(classes, List.of()))
        .containsExactly(
            "the agent could not be attached: LeakCheck is not in a jar, but in the directory "
                + classes);
  }

  @Test
  void settingHasTheAgentAttachedByTheFirstScope() throws Exception {
    assertThat(run(jar(), List.of(MEANT, "-Dleakcheck.agent=attach"), "scope"))
        .containsExactly("exact");
    assertThat(run(jar(), List.of("-Dleakcheck.agent=auto"), "scope")).containsExactly("by time");
  }

  @Test
  void scopeOfAJvmThatCannotBeAttachedTellsByTime() throws Exception {
    List<String> flags = List.of("-XX:+DisableAttachMechanism", "-Dleakcheck.agent=attach");

    assertThat(run(jar(), flags, "scope")).containsExactly("by time");
  }

  @Test
  void settingLeavesOutAnAgentThatWasGiven() throws Exception {
    List<String> flags = List.of("-javaagent:" + jar(), "-Dleakcheck.agent=off");

    assertThat(run(jar(), flags, "scope")).containsExactly("by time");
    assertThat(run(jar(), flags.subList(0, 1), "scope")).containsExactly("exact");
  }

  @Test
  void classOfTheJdkIsInNoJar() {
    assertThat(catchThrowable(() -> Attach.ownJar(String.class)))
        .hasMessage("the agent could not be attached: it is not known which jar LeakCheck is in");
  }
}
