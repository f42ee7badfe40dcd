package dev.leakcheck.cli.init;

import static dev.leakcheck.cli.init.MavenModules.MANAGED_PLUGINS;
import static dev.leakcheck.cli.init.MavenModules.PLUGINS;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Starts the JVMs of Surefire and Failsafe with the agent, beside what is there. Each {@code
 * argLine} goes before those that are inherited, so each that there is gets the agent;
 * {@code @{argLine}} is what JaCoCo sets.
 */
final class MavenAgent {

  static final String SUREFIRE = "maven-surefire-plugin";
  static final String FAILSAFE = "maven-failsafe-plugin";
  private static final String DEPENDENCY = "maven-dependency-plugin";

  /**
   * Where nobody names one; both run in Maven 3.6.3 and later. What Maven 3.8 would take knows no
   * {@code @{argLine}} and runs no test of JUnit Jupiter.
   */
  private static final String SUREFIRE_VERSION = "3.6.1";

  private static final String DEPENDENCY_VERSION = "3.11.0";

  private static final String ARG_LINE = "argLine";
  private static final String JAR = "leakcheck-core";

  /** In quotes, as the path may have a blank. */
  private static final String FLAG = "\"-javaagent:${dev.leakcheck:" + JAR + ":jar}\"";

  /** Those in which an execution comes before the tests; without a phase it does. */
  private static final List<String> PHASES_BEFORE_TESTS =
      List.of(
          ("validate initialize generate-sources process-sources generate-resources"
                  + " process-resources compile process-classes generate-test-sources"
                  + " process-test-sources generate-test-resources process-test-resources"
                  + " test-compile process-test-classes")
              .split(" "));

  private final Plan plan;
  private final MavenModules modules;

  MavenAgent(Plan plan, MavenModules modules) {
    this.plan = plan;
    this.modules = modules;
  }

  /** Adds the agent to each argLine that a POM gives to Surefire or Failsafe. */
  void addToArgLines(Path file) {
    Pom pom = modules.pom(file);
    for (int i = 0; i < argLines(pom).size(); i++) {
      Xml line = argLines(pom).get(i);
      if (!pom.value(line).contains(JAR)) {
        pom = pom.with(line, withFlag(pom, line));
      }
    }
    plan.put(file, pom.text());
  }

  private static String withFlag(Pom pom, Xml line) {
    if (line.isClosedAtOnce()) {
      return FLAG;
    }
    String content = pom.text().substring(line.inner(), line.innerEnd());
    String kept = content.stripTrailing();
    return kept + (kept.isEmpty() ? "" : " ") + FLAG + content.substring(kept.length());
  }

  private static List<Xml> argLines(Pom pom) {
    return Stream.of(SUREFIRE, FAILSAFE)
        .flatMap(plugin -> pom.plugins(plugin).stream())
        .flatMap(plugin -> plugin.below(ARG_LINE).stream())
        .toList();
  }

  /** Adds the agent to a POM, for it and all that inherit from it. */
  void add(Path file) {
    addJar(file);
    addFlag(file, SUREFIRE);
    addVersion(file, SUREFIRE, SUREFIRE_VERSION);
    boolean failsafe =
        modules.all().stream().anyMatch(other -> !modules.pom(other).plugins(FAILSAFE).isEmpty());
    if (failsafe) {
      addFlag(file, FAILSAFE);
    }
    addProperty(file);
  }

  /** Where no parent sets it, as an empty one would go before that of a parent. */
  private void addProperty(Path file) {
    Pom pom = modules.pom(file);
    boolean set = modules.inherited(file, "properties", ARG_LINE).isPresent();
    if (set || !pom.text().contains("@{" + ARG_LINE + "}")) {
      return;
    }
    if (modules.unread(file).isPresent()) {
      plan.leave(
          plan.name(file)
              + ": should no parent set the property argLine, add <argLine/> to the <properties>:"
              + " without it no JVM starts");
      return;
    }
    plan.put(
        file, pom.add(pom.project(), List.of("properties"), List.of("<" + ARG_LINE + "/>")).text());
  }

  /** Has each dependency's jar named by a property. */
  private void addJar(Path file) {
    Pom pom = modules.pom(file);
    Optional<Xml> plugin = pom.plugins(DEPENDENCY, PLUGINS).stream().findFirst();
    boolean named =
        plugin.stream()
            .flatMap(found -> found.below("execution").stream())
            .anyMatch(execution -> namesJarsInTime(pom, execution));
    if (named) {
      return;
    }
    List<String> execution =
        List.of(
            "<execution>",
            "  <id>leakcheck</id>",
            "  <goals>",
            "    <goal>properties</goal>",
            "  </goals>",
            "</execution>");
    if (plugin.isPresent()) {
      plan.put(file, pom.add(plugin.get(), List.of("executions"), execution).text());
      return;
    }
    List<String> lines = new ArrayList<>(List.of("  <executions>"));
    execution.forEach(line -> lines.add("    " + line));
    lines.add("  </executions>");
    addPlugin(file, DEPENDENCY, DEPENDENCY_VERSION, lines);
  }

  private static boolean namesJarsInTime(Pom pom, Xml execution) {
    String phase = pom.value(execution, "phase");
    return (phase.isEmpty() || PHASES_BEFORE_TESTS.contains(phase))
        && execution.below("goal").stream().anyMatch(goal -> pom.value(goal).equals("properties"));
  }

  private void addFlag(Path file, String artifact) {
    Pom pom = modules.pom(file);
    List<Xml> all =
        Stream.of(PLUGINS, MANAGED_PLUGINS)
            .flatMap(section -> pom.plugins(artifact, section).stream())
            .toList();
    if (all.stream().anyMatch(plugin -> !pom.all(plugin, "configuration", ARG_LINE).isEmpty())) {
      return; // it has the flag by now
    }
    String inherited = inherited(file, artifact);
    if (inherited.contains(JAR)) {
      return;
    }
    String argLine = "<" + ARG_LINE + ">" + inherited + " " + FLAG + "</" + ARG_LINE + ">";
    if (!all.isEmpty()) {
      plan.put(file, pom.add(all.get(0), List.of("configuration"), List.of(argLine)).text());
      return;
    }
    addPlugin(
        file,
        artifact,
        SUREFIRE_VERSION,
        List.of("  <configuration>", "    " + argLine, "  </configuration>"));
  }

  /** What this POM's argLine goes before. */
  private String inherited(Path file, String artifact) {
    modules
        .unread(file)
        .ifPresent(
            parent ->
                plan.tell(
                    "should %s set an argLine of %s, add that to the one in %s"
                        .formatted(parent, artifact, plan.name(file))));
    return modules.line(file).stream()
        .skip(1)
        .map(modules::pom)
        .flatMap(
            pom ->
                Stream.of(PLUGINS, MANAGED_PLUGINS)
                    .flatMap(section -> pom.plugins(artifact, section).stream())
                    .flatMap(plugin -> pom.all(plugin, "configuration", ARG_LINE).stream())
                    .map(pom::value))
        .findFirst()
        .orElse("@{" + ARG_LINE + "}");
  }

  private void addPlugin(Path file, String artifact, String version, List<String> inside) {
    Pom pom = modules.pom(file);
    List<String> lines = new ArrayList<>();
    lines.add("<plugin>");
    lines.add("  <artifactId>" + artifact + "</artifactId>");
    lines.addAll(inside);
    lines.add("</plugin>");
    plan.put(file, pom.add(pom.project(), List.of("build", "plugins"), lines).text());
    addVersion(file, artifact, version);
  }

  /** Unless somebody else names one, or may do. */
  private void addVersion(Path file, String artifact, String version) {
    Pom pom = modules.pom(file);
    if (modules.version(file, artifact).isEmpty() && modules.unread(file).isEmpty()) {
      Stream.of(PLUGINS, MANAGED_PLUGINS)
          .flatMap(section -> pom.plugins(artifact, section).stream())
          .flatMap(plugin -> plugin.children("artifactId").stream())
          .findFirst()
          .map(name -> pom.behind(name, "<version>" + version + "</version>"))
          .ifPresent(next -> plan.put(file, next.text()));
    }
  }
}
