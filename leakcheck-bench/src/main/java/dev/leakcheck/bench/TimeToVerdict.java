package dev.leakcheck.bench;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Findings;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Leaks the same twice, in a scope each, and prints how many milliseconds each check took, as
 * properties.
 */
final class TimeToVerdict {

  private TimeToVerdict() {}

  /**
   * Measures.
   *
   * @param args what is to leak, a name of {@link Work}
   */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    Work leak = Work.valueOf(args[0]);
    out.printf(Locale.ROOT, "first=%.1f%n", millis(leak));
    out.printf(Locale.ROOT, "again=%.1f%n", millis(leak));
    out.flush();
    Runtime.getRuntime().halt(0); // what leaked would keep the JVM alive
  }

  private static double millis(Work leak) throws Exception {
    LeakScope scope = LeakCheck.open(LeakCheckOptions.defaults().brief());
    leak.run();
    long start = System.nanoTime();
    Findings findings = scope.findings();
    long end = System.nanoTime();
    if (findings.list().size() != 1) {
      throw new IllegalStateException("not one finding: " + findings);
    }
    return (end - start) / 1e6;
  }
}
