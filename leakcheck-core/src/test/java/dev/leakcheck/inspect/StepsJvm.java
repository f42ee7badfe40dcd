package dev.leakcheck.inspect;

import dev.leakcheck.agent.AgentJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs what tests do with tasks, step by step, in a JVM of its own.
 *
 * @param directory where the agent is put
 * @param child the program, which takes the steps and prints their verdicts
 */
record StepsJvm(Path directory, Class<?> child) {

  /** From here on the JDK keeps its fields closed, but to the agent. */
  static final boolean CLOSED = Runtime.version().feature() >= 24;

  List<String> run(boolean agent, String... steps) throws Exception {
    List<String> flags = new ArrayList<>();
    if (agent) {
      flags.add(AgentJvm.option(directory));
    }
    return new AgentJvm(directory, child).run(flags, steps);
  }

  /** What is printed with the agent, without what differs from run to run. */
  String message(String step) throws Exception {
    return String.join("\n", run(true, step))
        .replaceAll("waited \\d+ ms", "waited T")
        .replaceAll("@[0-9a-f]+", "@HASH")
        .replaceAll("java:\\d+", "java:LINE")
        .replaceAll("id         .*", "id         FINGERPRINT")
        .replaceAll("JDK \\d+.*", "JDK N");
  }

  static String[] each(String[] steps, String verdict) {
    return Arrays.stream(steps).map(step -> step + " " + verdict).toArray(String[]::new);
  }
}
