package dev.leakcheck;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that starts another JVM of this JDK. */
public final class JavaCommand {

  /**
   * Most children live for a second, nearly all of which is their start: the optimising compiler
   * and the concurrent collector would cost them as much again and be over before they are of use.
   * Nor is a heap dumped, but where a test is about that.
   */
  private static final List<String> QUICK =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dleakcheck.proof=off");

  /**
   * The flags for a child that works long or hard enough to be compiled and collected as a user's
   * JVM is: they take back what {@link #begin()} has put in front of them.
   */
  public static final List<String> AS_USERS_RUN_IT =
      List.of("-XX:TieredStopAtLevel=4", "-XX:-UseSerialGC");

  private JavaCommand() {}

  /** On the class path of this JVM; flags, the main class and what it is given come behind. */
  public static List<String> begin() {
    return begin(System.getProperty("java.class.path"));
  }

  /** On a class path; the list can be added to. */
  public static List<String> begin(String classPath) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(QUICK);
    command.add("-cp");
    command.add(classPath);
    return command;
  }
}
