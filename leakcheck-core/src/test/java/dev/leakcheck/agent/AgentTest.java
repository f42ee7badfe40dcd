package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.Jdk21;
import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.modular.ModularChild;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agent does in a JVM of its own. Whatever a child prints is compared whole. */
class AgentTest {

  private static final String[] ALL =
      Jdk21.AVAILABLE
          ? new String[] {
            "records THREADS",
            "records VIRTUAL_THREADS",
            "records EXECUTORS",
            "records QUEUES",
            "records LOCKS",
            "records FAILED_TASKS",
            "records ASYNC_STAGES",
            "records PROCESSES",
            "records SHUTDOWN_HOOKS"
          }
          : new String[] {
            "records THREADS",
            "records EXECUTORS",
            "records QUEUES",
            "records LOCKS",
            "records FAILED_TASKS",
            "records ASYNC_STAGES",
            "records PROCESSES",
            "records SHUTDOWN_HOOKS"
          };

  private static final List<String> ONE_OF_EACH =
      Stream.of(
              "threadStarts planted-platform",
              "queueMade LinkedBlockingQueue",
              "executorBegun ThreadPoolExecutor",
              "executorMade ThreadPoolExecutor",
              "taskMade FutureTask",
              "threadStarts planted-worker",
              "taskAsked FutureTask",
              "executorStops ThreadPoolExecutor",
              "executorBegun ForkJoinPool",
              "executorMade ForkJoinPool",
              "executorStops ForkJoinPool",
              "executorBegun ThreadPoolExecutor", // which was refused
              "executorBegun Direct",
              "taskMade FutureTask",
              "taskFails FutureTask",
              "taskFailed FutureTask",
              "taskAsked FutureTask",
              "taskLookedAt FutureTask",
              "lockMade PlantedLock",
              "lockMade PlantedFairLock",
              "lockMade PlantedReadWriteLock",
              "lockMade PlantedStampedLock",
              "21 virtualThreadStarts planted-virtual",
              "21 executorMade ThreadPerTaskExecutor",
              "21 threadStarts planted-per-task",
              "21 executorStops ThreadPerTaskExecutor")
          .filter(event -> Jdk21.AVAILABLE || !event.startsWith("21 "))
          .map(event -> event.startsWith("21 ") ? event.substring(3) : event)
          .toList();

  @TempDir private Path directory;

  private String agent(Class<?> type, String arguments) throws IOException {
    Path jar = AgentJvm.manifestOnly(type, directory);
    return "-javaagent:" + jar + (arguments.isEmpty() ? "" : "=" + arguments);
  }

  private String agent() throws IOException {
    return agent(Agent.class, "");
  }

  private List<String> run(List<String> flags, String... steps) throws Exception {
    return run(System.getProperty("java.class.path"), flags, steps);
  }

  private List<String> run(String classPath, List<String> flags, String... steps) throws Exception {
    return new AgentJvm(directory, AgentChild.class, classPath).run(flags, steps);
  }

  @Test
  void everyPartIsRecorded() throws Exception {
    assertThat(run(List.of(agent()), "parts")).containsExactly(ALL);
  }

  @Test
  void everyHookTellsOfWhatIsMadeAndOfNothingElse() throws Exception {
    assertThat(run(List.of(agent()), "events")).containsExactlyElementsOf(ONE_OF_EACH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xshare:auto", "-Xshare:off", "-Xcheck:jni"})
  void nothingIsPrinted(String flag) throws Exception {
    assertThat(run(List.of(agent(), flag), "nothing")).isEmpty();
  }

  @Test
  void ownBytecodePassesTheVerifier() throws Exception {
    List<String> flags =
        List.of(agent(), "-XX:+UnlockDiagnosticVMOptions", "-XX:+BytecodeVerificationLocal");

    assertThat(run(flags, "events")).containsExactlyElementsOf(ONE_OF_EACH);
  }

  @Test
  @SameOnEveryJdk
  void nothingButTheJdkIsNeeded() throws Exception {
    String classPath =
        String.join(
            File.pathSeparator,
            AgentJvm.placeOf(Agent.class),
            AgentJvm.placeOf(AgentChild.class),
            AgentJvm.placeOf(org.objectweb.asm.ClassReader.class));

    assertThat(run(classPath, List.of(agent()), "parts")).containsExactly(ALL);
    assertThat(run(classPath, List.of(agent(), "--limit-modules", "java.instrument"), "parts"))
        .containsExactly(ALL);
  }

  @Test
  void agentStartsWhereLeakCheckIsANamedModule() throws Exception {
    String modules =
        AgentJvm.placeOf(Agent.class)
            + File.pathSeparator
            + AgentJvm.placeOf(org.slf4j.Logger.class);
    List<String> flags =
        List.of(
            agent(),
            "--module-path=" + modules,
            "--add-modules=dev.leakcheck.core",
            "--add-reads=dev.leakcheck.core=ALL-UNNAMED", // ASM, which is inside the jar later
            "--add-exports=dev.leakcheck.core/dev.leakcheck.capture.record=ALL-UNNAMED");
    String classPath =
        String.join(
            File.pathSeparator,
            AgentJvm.placeOf(ModularChild.class),
            AgentJvm.placeOf(org.objectweb.asm.ClassReader.class));

    assertThat(new AgentJvm(directory, ModularChild.class, classPath).run(flags))
        .startsWith("module dev.leakcheck.core")
        .endsWith(ALL)
        .hasSize(1 + ALL.length);
  }

  @Test
  void partsThatAreLeftOutAreRefused() throws Exception {
    Jdk21.assume();

    assertThat(run(List.of(agent(Agent.class, "without=threads,queues")), "parts"))
        .containsExactly(
            "records VIRTUAL_THREADS",
            "records EXECUTORS",
            "records LOCKS",
            "records FAILED_TASKS",
            "records ASYNC_STAGES",
            "records PROCESSES",
            "records SHUTDOWN_HOOKS",
            "threads are not recorded: the agent was told to leave them out",
            "queues are not recorded: the agent was told to leave them out");
    assertThat(run(List.of(agent(Agent.class, "without=virtual-threads, executors")), "parts"))
        .containsExactly(
            "records THREADS",
            "records QUEUES",
            "records LOCKS",
            "records FAILED_TASKS",
            "records ASYNC_STAGES",
            "records PROCESSES",
            "records SHUTDOWN_HOOKS",
            "virtual threads are not recorded: the agent was told to leave them out",
            "executors are not recorded: the agent was told to leave them out");
  }

  @Test
  @SameOnEveryJdk
  void partsThatAreLeftOutAreNotHooked() throws Exception {
    assertThat(run(List.of(agent(Agent.class, "without=threads,executors")), "events"))
        .containsExactlyElementsOf(
            ONE_OF_EACH.stream()
                .filter(event -> !event.startsWith("thread") && !event.startsWith("executor"))
                .toList());
  }

  @Test
  @SameOnEveryJdk
  void everythingCanBeLeftOut() throws Exception {
    String all =
        "without=threads,virtual-threads,executors,queues,locks,failed-tasks,async-stages,processes,shutdown-hooks";

    assertThat(run(List.of(agent(Agent.class, all)), "parts"))
        .allMatch(line -> line.endsWith("are not recorded: the agent was told to leave them out"))
        .hasSize(ALL.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"verbose", "without=thread", "without=", "with=thread"})
  @SameOnEveryJdk
  void unknownArgumentIsOneLineAndTheAgentGoesOn(String arguments) throws Exception {
    String unknown = arguments.startsWith("without=") ? arguments.substring(8) : arguments;

    List<String> lines = run(List.of(agent(Agent.class, arguments)), "parts");

    assertThat(lines.get(0))
        .isEqualTo(
            "LeakCheck: the agent does not know \"%s\" and goes on without it; it knows"
                + " without=threads,virtual-threads,executors,queues,locks,failed-tasks,async-stages,processes,shutdown-hooks (any of them)",
            unknown);
    assertThat(lines.subList(1, lines.size())).containsExactly(ALL);
  }

  @Test
  void tryingLeavesNoTrace() throws Exception {
    assertThat(run(List.of(agent()), "traces"))
        .containsExactly("common pool of 7", "Thread-0", "pool-1-thread-1", "leftovers 0");
  }

  @Test
  @SameOnEveryJdk
  void failureOfARecorderNeverReachesTheProgram() throws Exception {
    assertThat(run(List.of(agent()), "failing-sinks")).containsExactly("unharmed");
  }

  @Test
  @SameOnEveryJdk
  void agentThatIsGivenTwiceIsInstalledOnce() throws Exception {
    assertThat(run(List.of(agent(), agent()), "parts")).containsExactly(ALL);
    assertThat(run(List.of(agent(), agent()), "events")).containsExactlyElementsOf(ONE_OF_EACH);
  }

  @Test
  void otherAgentsTransformTheSameClassesBeforeAndAfter() throws Exception {
    String other = agent(OtherAgent.class, "");

    assertThat(run(List.of(other, agent(), other), "parts", "events"))
        .containsExactlyElementsOf(Stream.concat(Stream.of(ALL), ONE_OF_EACH.stream()).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-opening", "opens-nothing", "transforms-nothing"})
  @SameOnEveryJdk
  void jvmThatRefusesEverythingIsLeftAlone(String hostility) throws Exception {
    List<String> lines = run(List.of(agent(HostileAgent.class, hostility)), "parts", "nothing");

    assertThat(lines).allMatch(line -> line.contains(" are not recorded: ")).isNotEmpty();
  }

  @Test
  @SameOnEveryJdk
  void partThatWasTriedInVainIsRefused() throws Exception {
    assertThat(run(List.of(agent(HostileAgent.class, "loses-bytes")), "parts", "nothing"))
        .contains(
            "threads are not recorded: what the agent made to try it was not seen",
            "executors are not recorded: what the agent made to try it was not seen",
            "queues are not recorded: what the agent made to try it was not seen",
            "locks are not recorded: what the agent made to try it was not seen");
  }

  @Test
  @SameOnEveryJdk
  void refusalNamesTheReason() throws Exception {
    assertThat(run(List.of(agent(HostileAgent.class, "no-opening")), "parts"))
        .contains(
            "threads are not recorded: the JVM refused:"
                + " java.lang.UnsupportedOperationException: not this module");
  }

  @Test
  @SameOnEveryJdk
  void classThatCannotBeTransformedCostsOnlyItsPart() throws Exception {
    assertThat(run(List.of(agent(HostileAgent.class, "no-thread")), "parts", "nothing"))
        .contains(
            "records EXECUTORS",
            "records QUEUES",
            "threads are not recorded: the JVM refused to transform java.lang.Thread:"
                + " java.lang.instrument.UnmodifiableClassException: not this class")
        .doesNotContain("records THREADS");
    assertThat(run(List.of(agent(HostileAgent.class, "bad-bytes")), "parts", "nothing"))
        .contains("records THREADS", "records EXECUTORS")
        .anyMatch(
            line ->
                line.startsWith(
                    "queues are not recorded: the JVM refused to transform"
                        + " java.util.AbstractQueue: "))
        .doesNotContain("records QUEUES");
  }

  @Test
  @SameOnEveryJdk
  void classOfAnotherShapeIsRefused() throws Exception {
    Jdk21.assume();

    assertThat(run(List.of(agent(HostileAgent.class, "other-shape")), "parts", "nothing"))
        .containsExactly(
            "records THREADS",
            "records QUEUES",
            "records LOCKS",
            "records FAILED_TASKS",
            "records ASYNC_STAGES",
            "records PROCESSES",
            "records SHUTDOWN_HOOKS",
            "virtual threads are not recorded: java.lang.VirtualThread.start has an unexpected"
                + " shape",
            "executors are not recorded: java.util.concurrent.ThreadPoolExecutor.shutdown has an"
                + " unexpected shape");
  }

  @Test
  void securityManagerThatRefusesIsNoError() throws Exception {
    assumeTrue(Runtime.version().feature() < 24, "security managers went with JDK 24");

    assertThat(run(List.of(agent(), "-Djava.security.manager=default"), "parts"))
        .filteredOn(line -> !line.startsWith("WARNING: "))
        .hasSize(ALL.length)
        .allMatch(
            line ->
                line.contains(
                    " are not recorded: the JVM refused: java.security.AccessControlException: "));
  }
}
