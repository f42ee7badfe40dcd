package dev.leakcheck.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Runs many classes of tests in a JVM that has done nothing before, and prints as properties what
 * that took: milliseconds, and milliseconds of processor time of the whole JVM, the compiler and
 * the collector included.
 */
final class ManyTests {

  private ManyTests() {}

  /**
   * Measures.
   *
   * @param args simple name of a test class; what a test does, a name of {@link Work}; how many
   *     live platform threads; how many classes; how many tests each has
   */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    Class<?> suite = Class.forName(Suite.class.getPackageName() + "." + args[0]);
    Work work = Work.valueOf(args[1]);
    Crowd crowd = Crowd.upTo(Integer.parseInt(args[2]));
    int classes = Integer.parseInt(args[3]);
    int tests = Integer.parseInt(args[4]);
    Path directory = Files.createTempDirectory("leakcheck-bench");
    List<Class<?>> all = Suite.copies(suite, classes, directory);
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long start = System.nanoTime();
    long cpu = system.getProcessCpuTime();
    Passes passes = new Passes();
    Suite.run(all, tests, work, passes);
    passes.require(classes * tests);
    out.printf(Locale.ROOT, "cpu=%.4f%n", (system.getProcessCpuTime() - cpu) / 1e6);
    out.printf(Locale.ROOT, "millis=%.4f%n", (System.nanoTime() - start) / 1e6);
    crowd.end();
    Suite.delete(directory);
  }
}
