package dev.leakcheck.bench;

import dev.leakcheck.agent.Agent;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** LeakCheck's agent under a stopwatch. */
final class TimedAgent {

  /** System property with the nanoseconds that were spent in it. */
  static final String NANOS = "bench.premain";

  private TimedAgent() {}

  /** Called by the JVM. */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    long start = System.nanoTime();
    Agent.premain(arguments, instrumentation);
    System.setProperty(NANOS, Long.toString(System.nanoTime() - start));
  }
}
