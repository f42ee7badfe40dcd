package dev.leakcheck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * What the agent adds to the start of a JVM whose {@code main} does nothing.
 *
 * <p>Run: {@code java -jar benchmarks.jar AgentStartup}. Expect: tens of milliseconds, part of them
 * the JVM's own for any agent at all: an agent without LeakCheck, whose {@code premain} does
 * nothing, is in the table as well. The runs alternate, so that what else the machine does falls on
 * all of them alike; medians are told.
 */
final class AgentStartup {

  private static final double MOST_IN_PREMAIN = 150;

  private AgentStartup() {}

  /** The program. */
  static final class Nothing {
    private Nothing() {}

    public static void main(String[] args) {
      String premain = System.getProperty(TimedAgent.NANOS);
      if (premain != null) {
        System.out.println("premain=" + premain);
      }
    }
  }

  static void measure(Run run) throws Exception {
    int times = run.quick() ? 20 : 100;
    Path jars = Files.createTempDirectory("leakcheck-bench");
    try {
      String idle = agent(IdleAgent.class, jars);
      String timed = agent(TimedAgent.class, jars);
      List<Double> without = new ArrayList<>();
      List<Double> withIdle = new ArrayList<>();
      List<Double> with = new ArrayList<>();
      List<Double> premain = new ArrayList<>();
      for (int i = 0; i <= times; i++) { // the first of each only fills the disk's cache
        double bare = millis(run, List.of());
        double other = millis(run, List.of(idle));
        double ours = millis(run, List.of(Run.agent()));
        Properties inside = run.inOwnJvm(List.of(timed), Nothing.class);
        if (i > 0) {
          without.add(bare);
          withIdle.add(other);
          with.add(ours);
          premain.add(Double.parseDouble(inside.getProperty("premain")) / 1e6);
        }
      }
      double bare = median(without);
      double inPremain = median(premain);
      run.print(
          new Table("a JVM that does nothing", "ms", "more, ms", "aim")
              .row("without an agent", Table.figure(bare), "–", "–")
              .row(
                  "with an agent that does nothing",
                  Table.figure(median(withIdle)),
                  Table.figure(median(withIdle) - bare),
                  "–")
              .row(
                  "with LeakCheck's",
                  Table.figure(median(with)),
                  Table.figure(median(with) - bare),
                  "–")
              .row(
                  "in LeakCheck's premain",
                  Table.figure(inPremain),
                  "–",
                  Table.aim("< 150", inPremain < MOST_IN_PREMAIN)));
    } finally {
      Files.deleteIfExists(jars.resolve(IdleAgent.class.getSimpleName() + ".jar"));
      Files.deleteIfExists(jars.resolve(TimedAgent.class.getSimpleName() + ".jar"));
      Files.delete(jars);
    }
  }

  private static double millis(Run run, List<String> flags)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    run.inOwnJvm(flags, Nothing.class);
    return (System.nanoTime() - start) / 1e6;
  }

  /** A jar with nothing but a manifest: the class itself is on the class path. */
  private static String agent(Class<?> type, Path directory) throws IOException {
    Manifest manifest = new Manifest();
    Attributes entries = manifest.getMainAttributes();
    entries.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    entries.putValue("Premain-Class", type.getName());
    entries.putValue("Can-Retransform-Classes", "true");
    Path jar = directory.resolve(type.getSimpleName() + ".jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return "-javaagent:" + jar;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
