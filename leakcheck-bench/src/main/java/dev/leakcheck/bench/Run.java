package dev.leakcheck.bench;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * One run of the benchmarks: how exact it is and where it prints.
 *
 * @param quick whether to spend seconds rather than minutes
 * @param out where tables go
 */
record Run(boolean quick, PrintStream out) {

  /** Without it, much of what is measured is how fast the system hands out a growing heap. */
  static final List<String> FIXED_HEAP = List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");

  /**
   * What gives a JVM the agent: the jar that this class is in.
   *
   * @throws IllegalStateException if it is in no jar
   */
  static String agent() {
    File jar = new File(Run.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    if (!jar.isFile()) {
      throw new IllegalStateException("the agent is in benchmarks.jar; run that, not " + jar);
    }
    return "-javaagent:" + jar;
  }

  /** The same, each in one JVM without further flags. */
  Scores jmh(Class<?> type, String methods, Map<String, List<String>> params)
      throws RunnerException, IOException {
    return jmh(1, List.of(), type, methods, params);
  }

  /**
   * Has JMH run benchmarks, each in JVMs of its own.
   *
   * @param forks how many JVMs, one after the other
   * @param flags of these JVMs
   * @param type the class that they are in
   * @param methods what their names match
   * @param params the values to run them with
   */
  Scores jmh(
      int forks,
      List<String> flags,
      Class<?> type,
      String methods,
      Map<String, List<String>> params)
      throws RunnerException, IOException {
    File log = File.createTempFile("leakcheck-jmh-", ".log");
    System.err.println("JMH's own log: " + log);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + type.getName().replace(".", "\\.") + "\\.(" + methods + ")$")
            .forks(forks)
            .warmupIterations(3)
            .warmupTime(TimeValue.milliseconds(quick ? 500 : 1_000))
            .measurementIterations(quick ? 3 : 5)
            .measurementTime(TimeValue.milliseconds(quick ? 500 : 1_000))
            .shouldFailOnError(true)
            .jvmArgsAppend(flags.toArray(String[]::new))
            .output(log.getPath());
    params.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
    return new Scores(new Runner(options.build()).run());
  }

  /** The same, in a JVM without further flags. */
  Properties inOwnJvm(Class<?> main, String... args) throws IOException, InterruptedException {
    return inOwnJvm(List.of(), main, args);
  }

  /**
   * Runs a class in a JVM in which nothing else runs, and reads what it prints as properties.
   *
   * @param flags of that JVM
   */
  Properties inOwnJvm(List<String> flags, Class<?> main, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Properties printed = new Properties();
    printed.load(process.inputReader(StandardCharsets.UTF_8));
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + " exited with " + process.exitValue());
    }
    return printed;
  }

  void print(Table table) {
    out.println();
    out.print(table.markdown());
    out.flush();
  }

  void say(String text) {
    out.println();
    out.println(text);
  }
}
