package dev.leakcheck.cli.init;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Plans for Maven: the dependency where there are tests of Jupiter, and the agent in the POM that
 * all modules with tests share. Where some of these have no tests of Jupiter the agent goes into
 * the others one by one: without the dependency a JVM would not start, and the dependency would
 * make Surefire run JUnit Jupiter in place of what it runs now.
 */
final class MavenBuild {

  private static final String GROUP = "dev.leakcheck";
  private static final String ARTIFACT = "leakcheck-junit5";

  private static final String UNREAD =
      " is not in the local repository, so nothing is known of what it sets: build once, then run"
          + " this again";

  private static final List<String> NO_JUNIT =
      List.of(
          "  <exclusions>",
          "    <exclusion> <!-- JUnit stays the one that is there -->",
          "      <groupId>org.junit.jupiter</groupId>",
          "      <artifactId>junit-jupiter-api</artifactId>",
          "    </exclusion>",
          "  </exclusions>");

  private final Plan plan;
  private final String version;
  private final MavenModules modules;
  private final List<Path> tested = new ArrayList<>();
  private boolean othersAreTested;

  private MavenBuild(Plan plan, String version) {
    this.plan = plan;
    this.version = version;
    this.modules = new MavenModules(plan);
  }

  /** Plans a build; false if it has no tests of Jupiter. */
  static boolean plan(Plan plan, String version) {
    MavenBuild build = new MavenBuild(plan, version);
    build.sort();
    if (build.tested.isEmpty()) {
      return false;
    }
    Optional<Path> shared =
        build.modules.all().size() > 1
            ? build.modules.sharedBy(build.tested)
            : Optional.<Path>empty();
    build.tested.forEach(file -> build.depend(file, shared));
    build.tested.forEach(build::settings);
    build.agent(shared);
    plan.tell("reports: target/leakcheck of each module, for which nothing has to be set");
    return true;
  }

  private void sort() {
    for (Path file : modules.all()) {
      modules.unread(file).ifPresent(parent -> plan.leave(parent + UNREAD));
      String sources = literal(modules.inherited(file, "build", "testSourceDirectory").orElse(""));
      if (sources.contains("${")) {
        plan.leave(plan.name(file) + ": its tests are in " + sources + ", which is not understood");
        continue;
      }
      switch (tests(file, sources)) {
        case JUPITER -> tested.add(file);
        case OTHERS -> {
          othersAreTested = true;
          TestSources.leaveOthers(plan, directory(file));
        }
        case NONE -> {}
      }
    }
  }

  private TestSources tests(Path file, String sources) {
    String text = text(file);
    List<Path> others = sources.isEmpty() ? TestSources.elsewhere(directory(file)) : List.of();
    if (!others.isEmpty() && text.contains("add-test-source")) {
      return TestSources.JUPITER; // they are compiled with those of src/test
    }
    others.forEach(set -> TestSources.leaveElsewhere(plan, set));
    return TestSources.of(directory(file), sources, text);
  }

  /** Of a POM and all that it inherits from. */
  private String text(Path file) {
    return modules.line(file).stream()
        .map(parent -> modules.pom(parent).text())
        .collect(Collectors.joining());
  }

  private static Path directory(Path file) {
    Path directory = file.getParent();
    return directory == null ? file : directory;
  }

  /** A path without what stands for the module's own directory. */
  private static String literal(String path) {
    return path.replaceFirst("^\\$\\{(project\\.)?basedir}/", "");
  }

  private void depend(Path file, Optional<Path> shared) {
    Pom pom = modules.pom(file);
    if (isIn(pom, "dependencies") || inherits(file)) {
      return;
    }
    boolean managed = shared.isPresent() && !shared.get().equals(file);
    if (managed && !isIn(modules.pom(shared.get()), "dependencyManagement", "dependencies")) {
      Pom parent = modules.pom(shared.get());
      plan.put(
          shared.get(),
          parent
              .add(
                  parent.project(),
                  List.of("dependencyManagement", "dependencies"),
                  dependency("  <version>" + version + "</version>"))
              .text());
    }
    List<String> more = new ArrayList<>();
    if (!managed) {
      more.add("  <version>" + version + "</version>");
    }
    more.add("  <scope>test</scope>");
    if (!keepsItsJUnit(file)) {
      more.addAll(NO_JUNIT);
    }
    plan.put(
        file,
        pom.add(pom.project(), List.of("dependencies"), dependency(more.toArray(String[]::new)))
            .text());
  }

  /**
   * Of two versions Maven takes that of what is named first, and of this POM's own before what it
   * inherits: then a newer interface of JUnit would meet an older engine, unless versions are
   * managed.
   */
  private boolean keepsItsJUnit(Path file) {
    Pom pom = modules.pom(file);
    return modules.unread(file).isPresent()
        || text(file).contains("junit-bom")
        || pom.all(pom.project(), "dependencies", "dependency").stream()
            .anyMatch(dependency -> pom.value(dependency, "groupId").equals("org.junit.jupiter"));
  }

  private boolean inherits(Path file) {
    return modules.line(file).stream()
        .anyMatch(parent -> isIn(modules.pom(parent), "dependencies"));
  }

  private static boolean isIn(Pom pom, String... section) {
    return pom.all(pom.project(), section).stream()
        .flatMap(dependencies -> dependencies.children("dependency").stream())
        .anyMatch(dependency -> pom.value(dependency, "artifactId").equals(ARTIFACT));
  }

  private static List<String> dependency(String... more) {
    List<String> lines = new ArrayList<>();
    lines.add("<dependency>");
    lines.add("  <groupId>" + GROUP + "</groupId>");
    lines.add("  <artifactId>" + ARTIFACT + "</artifactId>");
    lines.addAll(List.of(more));
    lines.add("</dependency>");
    return lines;
  }

  private void settings(Path file) {
    String resources =
        modules
            .inherited(file, "build", "testResources", "testResource", "directory")
            .map(MavenBuild::literal)
            .orElse("src/test/resources");
    if (resources.contains("${")) {
      plan.leave(
          plan.name(file)
              + (": the test resources are in " + resources + ": add ")
              + TestSettings.AUTO_DETECTION
              + "=true to the junit-platform.properties there");
    } else {
      TestSettings.add(plan, directory(file), resources);
    }
  }

  private void agent(Optional<Path> shared) {
    MavenAgent agent = new MavenAgent(plan, modules);
    boolean together = shared.isPresent() && !othersAreTested;
    List<Path> homes = together ? List.of(shared.get()) : tested;
    List<Path> touched = together ? modules.all() : tested;
    touched.forEach(agent::addToArgLines);
    MavenLimits limits = new MavenLimits(plan, modules);
    touched.forEach(limits::tell);
    homes.forEach(agent::add);
  }
}
