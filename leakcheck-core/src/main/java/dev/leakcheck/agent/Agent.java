package dev.leakcheck.agent;

import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.BirthsReport;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The entry of the agent, {@code -javaagent:leakcheck-core.jar[=without=<parts>]}. Named in the
 * manifest, not called otherwise.
 *
 * <p>The class-loader trap: the JVM loads this class with the system class loader, from the first
 * jar on the class path that has it, which need not be the jar that {@code -javaagent} names. What
 * it records is kept in the {@code Births} of that same loader. A LeakCheck that another loader
 * defines, say an isolating test runner, has a {@code Births} of its own and does not see this one.
 *
 * <p>It prints nothing, but for one line if it does not understand its arguments, and throws
 * nothing: what it could not do is told by {@code Births.refusals()}. It needs nothing but the JDK
 * and this jar.
 */
public final class Agent {

  private Agent() {}

  /**
   * Called by the JVM before {@code main}.
   *
   * @param arguments what follows {@code =}, or null
   * @param instrumentation what the JVM lets an agent do
   */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    start(arguments, instrumentation);
  }

  /**
   * Called by the JVM when the agent is attached while it runs.
   *
   * @param arguments the agent's arguments, or null
   * @param instrumentation what the JVM lets an agent do
   */
  public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
    start(arguments, instrumentation);
  }

  private static void start(@Nullable String arguments, Instrumentation instrumentation) {
    try {
      AgentArguments parsed = AgentArguments.parse(arguments);
      if (parsed.complaint() != null) {
        System.err.println(parsed.complaint());
      }
      Installer.install(instrumentation, parsed.without());
      String births = parsed.births();
      if (births != null) {
        BirthsReport.begin(parsed.reader(), Path.of(births));
      }
    } catch (Throwable e) {
      say(e);
    }
  }

  private static void say(Throwable failure) {
    try {
      Births.jvm().fail("nothing is recorded: the agent failed with " + failure);
    } catch (Throwable e) {
      // An agent that throws here ends the JVM.
      return;
    }
  }
}
