package dev.leakcheck.bench;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** What any agent costs. */
final class IdleAgent {

  private IdleAgent() {}

  /** Called by the JVM. */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {}
}
