package dev.leakcheck.capture.base;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What {@code jcmd} asks of a JVM, asked of this one by its {@code DiagnosticCommand} bean. That
 * starts the platform's bean server, if nobody has. Thread-safe.
 */
public final class DiagnosticCommand {

  private static final String BEAN = "com.sun.management:type=DiagnosticCommand";

  private DiagnosticCommand() {}

  /**
   * Prints what all threads do.
   *
   * @return as {@code Thread.print} gives it
   * @throws IOException if this JVM does not answer; one line
   */
  public static String threads() throws IOException {
    return of("threadPrint", new Object[] {new String[0]}, String[].class.getName());
  }

  /**
   * Prints the flags of this JVM.
   *
   * @return as {@code VM.flags} gives it
   * @throws IOException if this JVM does not answer; one line
   */
  public static String flags() throws IOException {
    return of("vmFlags", new Object[] {new String[0]}, String[].class.getName());
  }

  /**
   * Lists the methods that are compiled.
   *
   * @return as {@code Compiler.codelist} gives it
   * @throws IOException if this JVM does not answer; one line
   */
  public static String compiled() throws IOException {
    return of("compilerCodelist", new Object[0]);
  }

  private static String of(String name, Object[] arguments, String... types) throws IOException {
    try {
      return String.valueOf(
          ManagementFactory.getPlatformMBeanServer()
              .invoke(new ObjectName(BEAN), name, arguments, types));
    } catch (JMException | RuntimeException | LinkageError e) {
      throw new IOException("this JVM does not answer " + name + " (" + e + ")", e);
    }
  }
}
