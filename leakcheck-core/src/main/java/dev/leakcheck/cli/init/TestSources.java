package dev.leakcheck.cli.init;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** By what the tests of a module are run, which their sources say, and else its build file. */
enum TestSources {
  /** There are none. */
  NONE,
  /** Some are JUnit Jupiter's. */
  JUPITER,
  /** All are of another framework, or of nothing that is known. */
  OTHERS;

  private static final List<String> LANGUAGES = List.of("java", "kotlin", "groovy", "scala");

  /** The tests below {@code src/test} of a directory, or below another that is given. */
  static TestSources of(Path module, String sources, String buildFile) {
    boolean set =
        Stream.of("junit-jupiter", "junit5", "useJUnitPlatform", "useJUnitJupiter")
            .anyMatch(buildFile::contains);
    List<Path> roots =
        sources.isEmpty()
            ? LANGUAGES.stream().map(language -> module.resolve("src/test/" + language)).toList()
            : List.of(module.resolve(sources));
    TestSources found = NONE;
    for (Path root : roots) {
      if (Files.isDirectory(root)) {
        TestSources here = in(root, set);
        found = here == NONE || found == JUPITER ? found : here;
      }
    }
    return found;
  }

  /** Tells that the tests of a module are of others. */
  static void leaveOthers(Plan plan, Path module) {
    plan.leave(
        plan.name(module)
            + ": its tests are not of JUnit Jupiter, so nothing is added there (leakcheck explain"
            + " junit tells of other engines, leakcheck explain code of TestNG)");
  }

  /** The directories beside {@code src/test} whose sources are of JUnit Jupiter. */
  static List<Path> elsewhere(Path module) {
    Path sources = module.resolve("src");
    if (!Files.isDirectory(sources)) {
      return List.of();
    }
    try (Stream<Path> sets = Files.list(sources)) {
      return sets.filter(set -> !set.endsWith("main") && !set.endsWith("test"))
          .filter(
              set ->
                  LANGUAGES.stream()
                      .map(set::resolve)
                      .anyMatch(root -> Files.isDirectory(root) && in(root, false) == JUPITER))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UnreadableException(sources + " can't be read: " + e, e);
    }
  }

  /** Tells that nothing is added for such a directory. */
  static void leaveElsewhere(Plan plan, Path set) {
    plan.leave(
        plan.name(set)
            + " uses JUnit Jupiter, but the lines are for src/test alone: add the same where it is"
            + " run");
  }

  private static TestSources in(Path root, boolean set) {
    TestSources found = NONE;
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(TestSources::isSource).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (text.contains("org.junit.jupiter") || (set && text.contains("kotlin.test"))) {
          return JUPITER;
        }
        found = OTHERS;
      }
    } catch (IOException e) {
      throw new UnreadableException(root + " can't be read: " + e, e);
    }
    return found;
  }

  private static boolean isSource(Path file) {
    return Files.isRegularFile(file) && file.toString().matches(".*\\.(java|kt|groovy|scala)");
  }
}
