package dev.leakcheck.agent;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The program of the child JVM that attaches the agent to its parent. */
final class Attacher {

  private Attacher() {}

  /**
   * Attaches the agent.
   *
   * @param arguments process id of the JVM, and the agent's jar
   * @throws Exception if it fails; the JVM prints it, and the parent reads it
   */
  public static void main(String[] arguments) throws Exception {
    attach(arguments[0], arguments[1], null);
  }

  static void attach(String pid, String jar, @Nullable String options)
      throws AttachNotSupportedException,
          IOException,
          AgentLoadException,
          AgentInitializationException {
    VirtualMachine jvm = VirtualMachine.attach(pid);
    try {
      jvm.loadAgent(jar, options);
    } finally {
      jvm.detach();
    }
  }
}
