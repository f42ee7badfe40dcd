package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.HeapClass;
import dev.leakcheck.proof.hprof.HeapFrame;
import java.util.List;
import java.util.Set;

/**
 * By which methods the JVM begins in a thread. Whatever else is called first was called by native
 * code of somebody's, such as a thread of C that was attached: what that holds meanwhile is in no
 * dump, since it has no frame there.
 */
final class Starts {

  /**
   * Of the first thread of a JVM, the one that the launcher makes: 3 since JDK 24, before that 1.
   */
  private static final long LAST_ID_OF_MAIN = 3;

  private static final Set<String> OF_MAIN = Set.of("main", "<clinit>");

  private static final Set<String> OF_THE_JVM =
      Set.of(
          "java.lang.Thread.exit",
          "java.lang.Thread.dispatchUncaughtException",
          "java.lang.Shutdown.shutdown",
          "java.lang.System.initPhase1",
          "java.lang.System.initPhase2",
          "java.lang.System.initPhase3",
          "jdk.internal.misc.Signal.dispatch",
          "jdk.internal.agent.Agent.startLocalManagementAgent",
          "jdk.internal.agent.Agent.startRemoteManagementAgent",
          "jdk.internal.agent.Agent.startAgent",
          "jdk.internal.agent.Agent.stopRemoteManagementAgent",
          "jdk.internal.vm.VMSupport.serializePropertiesToByteArray",
          "jdk.internal.vm.VMSupport.serializeAgentPropertiesToByteArray",
          "sun.instrument.InstrumentationImpl.loadClassAndCallPremain",
          "sun.instrument.InstrumentationImpl.loadClassAndCallAgentmain");

  /** The launcher's help, and what the JVM tells of collections and of memory that runs low. */
  private static final List<String> OF_ITS_OWN =
      List.of("sun.launcher.", "sun.management.", "com.sun.management.internal.");

  private Starts() {}

  /**
   * Whether the JVM itself began a thread's code.
   *
   * @param type the thread's class
   * @param id its id
   * @param stack its frames, the innermost first
   */
  static boolean areOfTheJvm(HeapClass type, long id, List<HeapFrame> stack) {
    if (stack.isEmpty() || type.is("java.lang.BaseVirtualThread")) {
      return true;
    }
    HeapFrame first = stack.get(stack.size() - 1);
    return (first.method().equals("run") && type.is(first.type()))
        || (id > 0 && id <= LAST_ID_OF_MAIN && OF_MAIN.contains(first.method()))
        || OF_THE_JVM.contains(first.type() + "." + first.method())
        || OF_ITS_OWN.stream().anyMatch(first.type()::startsWith);
  }
}
