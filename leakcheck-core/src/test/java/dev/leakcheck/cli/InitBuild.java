package dev.leakcheck.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A build in a directory, for the tests of {@code leakcheck init}. */
record InitBuild(Path directory) {

  /** The smallest test of JUnit Jupiter. */
  static final String TEST = "==> src/test/java/ATest.java\nimport org.junit.jupiter.api.Test;\n";

  static final String TEST_SETTINGS = "src/test/resources/junit-platform.properties";

  /** Writes files, each behind a line {@code ==> <name>}. */
  InitBuild lay(String files) throws IOException {
    for (String file : files.split("(?m)^==> ")) {
      if (!file.isEmpty()) {
        String[] parts = file.split("\n", 2);
        Path path = directory.resolve(parts[0]);
        Files.createDirectories(path.getParent());
        Files.writeString(path, parts[1]);
      }
    }
    return this;
  }

  /** Writes a POM and a test. */
  InitBuild pom(String inside) throws IOException {
    return lay("==> pom.xml\n<project>\n" + inside + "</project>\n" + TEST);
  }

  String print() {
    return run("init", directory);
  }

  String apply() {
    return run("init", "--apply", directory);
  }

  private static String run(Object... words) {
    Cli run = Cli.run(words);
    return run.out() + run.err();
  }

  String read(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }
}
