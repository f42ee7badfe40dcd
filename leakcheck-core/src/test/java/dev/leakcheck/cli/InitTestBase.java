package dev.leakcheck.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A build, and a local repository of Maven that holds what a test puts there. */
abstract class InitTestBase {

  private static final String REPOSITORY = "maven.repo.local";

  private final String repository = System.getProperty(REPOSITORY, "");

  @TempDir private Path temporary;
  Path directory;
  InitBuild build;
  InitBuild stored;

  @BeforeEach
  void useARepositoryOfItsOwn() throws IOException {
    directory = Files.createDirectory(temporary.resolve("build"));
    build = new InitBuild(directory);
    stored = new InitBuild(temporary.resolve("repository"));
    System.setProperty(REPOSITORY, stored.directory().toString());
  }

  @AfterEach
  void useTheRepositoryThatWasSet() {
    if (repository.isEmpty()) {
      System.clearProperty(REPOSITORY);
    } else {
      System.setProperty(REPOSITORY, repository);
    }
  }
}
