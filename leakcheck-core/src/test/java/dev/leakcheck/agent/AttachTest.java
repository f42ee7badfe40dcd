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
import org.objectweb.asm.ClassReader;

/** A JVM of its own that has the agent attached to it. */
class AttachTest {

  /** Or the JVM warns, from Java 21 on. */
  private static final String MEANT = "-XX:+EnableDynamicAgentLoading";

  @TempDir private Path directory;

  private List<String> run(String place, List<String> flags) throws Exception {
    String classPath =
        String.join(
            File.pathSeparator,
            place,
            AgentJvm.placeOf(AgentChild.class),
            AgentJvm.placeOf(ClassReader.class));
    return new AgentJvm(directory, AgentChild.class, classPath).run(flags, "attach", "parts");
  }

  private String jar() throws Exception {
    return AgentJvm.withClasses(Agent.class, directory).toString();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyPartIsRecordedOnceItIsAttached(boolean itself) throws Exception {
    assertThat(run(jar(), List.of(MEANT, "-Djdk.attach.allowAttachSelf=" + itself)))
        .contains("records THREADS", "records EXECUTORS", "records QUEUES")
        .hasSize(Jdk21.AVAILABLE ? 4 : 3);
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
  void classOfTheJdkIsInNoJar() {
    assertThat(catchThrowable(() -> Attach.ownJar(String.class)))
        .hasMessage("the agent could not be attached: it is not known which jar LeakCheck is in");
  }
}
