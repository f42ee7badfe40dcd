package dev.leakcheck;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that starts another JVM of this JDK. */
public final class JavaCommand {

  private JavaCommand() {}

  /** On the class path of this JVM; flags, the main class and what it is given come behind. */
  public static List<String> begin() {
    return begin(System.getProperty("java.class.path"));
  }

  /** On a class path; the list can be added to. */
  public static List<String> begin(String classPath) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(classPath);
    return command;
  }
}
