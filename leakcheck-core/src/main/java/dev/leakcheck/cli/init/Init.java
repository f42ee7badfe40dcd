package dev.leakcheck.cli.init;

import dev.leakcheck.cli.base.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Looks at a build and plans what to add. */
public final class Init {

  /** What the versions end in that are in the local repository alone. */
  static final String SNAPSHOT = "-SNAPSHOT";

  private Init() {}

  /**
   * Looks at a build of Maven or Gradle.
   *
   * @param directory where its root is
   * @param version the version of LeakCheck to add
   * @return what to add, which is nothing where all of it is there
   * @throws BadInput if there is no build, none with tests of JUnit Jupiter, or one that cannot be
   *     read
   */
  public static Plan plan(Path directory, String version) {
    Plan plan = new Plan(directory.toAbsolutePath().normalize());
    boolean maven = Files.isRegularFile(plan.root().resolve(MavenModules.POM));
    boolean gradle =
        Stream.concat(GradleBuild.BUILD_FILES.stream(), GradleBuild.SETTINGS.stream())
            .anyMatch(name -> Files.isRegularFile(plan.root().resolve(name)));
    if (!maven && !gradle) {
      throw new BadInput(
          directory + " has neither a pom.xml nor a build.gradle or build.gradle.kts");
    }
    boolean planned = false;
    try {
      planned |= maven && MavenBuild.plan(plan, version);
      planned |= gradle && GradleBuild.plan(plan, version);
    } catch (UnreadableException e) {
      throw new BadInput(String.valueOf(e.getMessage()), e);
    }
    if (!planned) {
      throw new BadInput(
          plan.notAdded().isEmpty()
              ? directory + " has no tests: LeakCheck looks at those of JUnit Jupiter in src/test"
              : String.join("; ", plan.notAdded()));
    }
    if (version.endsWith(SNAPSHOT)) {
      plan.tell(
          "LeakCheck %s is in no public repository: install a checkout of it in the local one (leakcheck explain junit)"
              .formatted(version));
    }
    return plan;
  }
}
