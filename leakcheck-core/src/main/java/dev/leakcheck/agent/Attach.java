package dev.leakcheck.agent;

import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.Part;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Attaches the agent to the JVM that runs, for who cannot give it {@code -javaagent}.
 *
 * <p>A JVM may not attach to itself, so that a child JVM does it, unless {@code
 * jdk.attach.allowAttachSelf} allows it. From Java 21 on the JVM warns that an agent was loaded
 * dynamically; {@code -XX:+EnableDynamicAgentLoading} says that it was meant.
 */
public final class Attach {

  private static final long PATIENCE_SECONDS = 30;
  private static final int MAX_LINES = 50;
  private static final String UNCAUGHT = "Exception in thread \"main\" ";

  private Attach() {}

  /** The agent could not be attached. The message says why, for a person. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Attaches the agent to this JVM and waits until it is installed; does nothing if it is. Waits
   * for half a minute at most.
   *
   * @throws RefusedException if it can't be attached
   */
  public static synchronized void toThisJvm() throws RefusedException {
    if (isInstalled()) {
      return;
    }
    Path jar = ownJar(Attach.class);
    if (ModuleFinder.ofSystem().find("jdk.attach").isEmpty()) {
      throw refused("this Java runtime has no module jdk.attach", null);
    }
    if (isDisabled()) {
      throw refused("this JVM was started with -XX:+DisableAttachMechanism", null);
    }
    String pid = Long.toString(ProcessHandle.current().pid());
    if (allowsItself()) {
      attachDirectly(pid, jar);
    } else {
      attachFromAChild(pid, jar);
    }
    if (!isInstalled()) {
      throw refused(
          "it was loaded by the system class loader, and this LeakCheck, loaded by "
              + Attach.class.getClassLoader()
              + ", does not see it",
          null);
    }
  }

  /**
   * Loads the agent into another JVM, and has it tell this process where threads are created.
   *
   * @param pid process id of that JVM
   * @param file where it is to write that; see {@code BirthsReport}
   * @throws RefusedException if it can't be attached
   */
  public static void reportBirths(long pid, Path file) throws RefusedException {
    Path jar = ownJar(Attach.class);
    try {
      Attacher.attach(
          Long.toString(pid),
          jar.toString(),
          "births=" + ProcessHandle.current().pid() + "," + file.toAbsolutePath());
    } catch (Exception | LinkageError e) {
      throw refused(e.toString(), e);
    }
  }

  private static RefusedException refused(String why, @Nullable Throwable cause) {
    return new RefusedException("the agent could not be attached: " + why, cause);
  }

  private static boolean isInstalled() {
    if (!Births.jvm().refusals().isEmpty()) {
      return true;
    }
    for (Part part : Part.values()) {
      if (Births.jvm().records(part)) {
        return true;
      }
    }
    return false;
  }

  /** The jar that a class is in. */
  static Path ownJar(Class<?> type) throws RefusedException {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      throw refused("it is not known which jar LeakCheck is in", null);
    }
    Path place;
    try {
      place = Path.of(source.getLocation().toURI());
    } catch (URISyntaxException | RuntimeException e) {
      throw refused("LeakCheck is not in a file, but at " + source.getLocation(), e);
    }
    if (!Files.isRegularFile(place)) {
      throw refused("LeakCheck is not in a jar, but in the directory " + place, null);
    }
    return place;
  }

  /** An attempt would make such a JVM print its threads. */
  private static boolean isDisabled() {
    return ManagementFactory.getRuntimeMXBean()
        .getInputArguments()
        .contains("-XX:+DisableAttachMechanism");
  }

  private static boolean allowsItself() {
    String value = System.getProperty("jdk.attach.allowAttachSelf");
    return value != null
        && (value.isEmpty() || Boolean.parseBoolean(value))
        && ModuleLayer.boot().findModule("jdk.attach").isPresent();
  }

  private static void attachDirectly(String pid, Path jar) throws RefusedException {
    try {
      Attacher.attach(pid, jar.toString(), null);
    } catch (Exception | LinkageError e) {
      throw refused(e.toString(), e);
    }
  }

  private static void attachFromAChild(String pid, Path jar) throws RefusedException {
    boolean windows = File.separatorChar == '\\';
    Path java = Path.of(System.getProperty("java.home"), "bin", windows ? "java.exe" : "java");
    if (!Files.isRegularFile(java)) {
      throw refused("there is no " + java + " to attach it with", null);
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                java.toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "--add-modules=jdk.attach",
                "-cp",
                jar.toString(),
                Attacher.class.getName(),
                pid,
                jar.toString()));
    builder.redirectErrorStream(true);
    // Nobody's agents and flags for the child, nor what it would print of them.
    Map<String, String> environment = builder.environment();
    environment.remove("JAVA_TOOL_OPTIONS");
    environment.remove("JDK_JAVA_OPTIONS");
    environment.remove("_JAVA_OPTIONS");
    Path output = null;
    Process child = null;
    try {
      output = Files.createTempFile("leakcheck-attach", ".txt");
      builder.redirectOutput(output.toFile());
      child = builder.start();
      child.getOutputStream().close();
      if (!child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw refused("it took longer than " + PATIENCE_SECONDS + " s", null);
      }
      if (child.exitValue() != 0) {
        throw refused(reason(Files.readString(output, Charset.defaultCharset())), null);
      }
    } catch (IOException e) {
      throw refused(e.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused("the attempt was interrupted", e);
    } finally {
      end(child, output);
    }
  }

  private static void end(@Nullable Process child, @Nullable Path output) {
    if (child != null && child.isAlive()) {
      child.destroyForcibly();
    }
    if (output != null && !output.toFile().delete()) {
      output.toFile().deleteOnExit();
    }
  }

  /** The exception that the child ended with, without its stack. */
  private static String reason(String output) {
    String found = "";
    for (String line : output.strip().split("\\R", MAX_LINES)) {
      if (line.startsWith(UNCAUGHT)) {
        return line.substring(UNCAUGHT.length());
      }
      found = found.isEmpty() ? line : found;
    }
    return found.isEmpty() ? "the JVM that was to attach it failed" : found;
  }
}
