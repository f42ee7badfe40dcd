package dev.leakcheck.cli.dump;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.model.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;

/**
 * Gives a JVM the commands that {@code jcmd} gives. For that the JDK has no public API: the method
 * is called by reflection, which the manifest of the command line's jar makes possible.
 */
final class JvmCommands implements AutoCloseable {

  private static final String HOTSPOT = "sun.tools.attach.HotSpotVirtualMachine";

  private final VirtualMachine vm;
  private final Method execute;

  private JvmCommands(VirtualMachine vm, Method execute) {
    this.vm = vm;
    this.execute = execute;
  }

  static JvmCommands attach(long pid) throws IOException {
    try {
      VirtualMachine vm = VirtualMachine.attach(Long.toString(pid));
      Class<?> hotspot = Class.forName(HOTSPOT, false, VirtualMachine.class.getClassLoader());
      if (!hotspot.isInstance(vm)) {
        vm.detach();
        throw new BadInput("process " + pid + " is no HotSpot JVM: it can't be asked");
      }
      return new JvmCommands(vm, hotspot.getMethod("executeJCmd", String.class));
    } catch (AttachNotSupportedException e) {
      throw new BadInput(
          "process "
              + pid
              + " can't be attached to: "
              + Printable.escape(String.valueOf(e.getMessage())),
          e);
    } catch (ReflectiveOperationException e) {
      throw new BadInput("this JDK has no " + HOTSPOT + ".executeJCmd", e);
    }
  }

  /** The JVM's answer, as it is written. */
  InputStream ask(String command) throws IOException {
    try {
      return (InputStream) execute.invoke(vm, command);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (IllegalAccessException e) {
      throw new BadInput(
          "the JDK does not let LeakCheck ask a JVM: run it with java -jar leakcheck-core-…-cli.jar,"
              + " or with --add-exports=jdk.attach/sun.tools.attach=ALL-UNNAMED",
          e);
    }
  }

  /**
   * The JVM's answer as a text, cut if it is longer. Read from the beginning of an array each time:
   * the JDK's stream writes beyond an array's end if it is to fill the rest of one.
   */
  String text(String command, int most) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (InputStream in = ask(command)) {
      byte[] piece = new byte[4096];
      for (int read = in.read(piece, 0, piece.length);
          read > 0 && text.size() < most;
          read = in.read(piece, 0, piece.length)) {
        text.write(piece, 0, Math.min(read, most - text.size()));
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      vm.detach();
    } catch (IOException ended) {
      // There is nothing left to detach from.
    }
  }
}
