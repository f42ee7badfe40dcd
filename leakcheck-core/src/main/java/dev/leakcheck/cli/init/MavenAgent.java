package dev.leakcheck.cli.init;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts the JVMs of Surefire and Failsafe with the agent, beside what is there. Each {@code
 * argLine} goes before those that are inherited, so each that there is gets the agent;
 * {@code @{argLine}} is what JaCoCo sets.
 */
final class MavenAgent {

  private static final String SUREFIRE = "maven-surefire-plugin";
  private static final String FAILSAFE = "maven-failsafe-plugin";
  private static final String DEPENDENCY = "maven-dependency-plugin";

  /** Where nobody names one; both run in Maven 3.6.3 and later. */
  private static final String SUREFIRE_VERSION = "3.6.1";

  private static final String DEPENDENCY_VERSION = "3.11.0";

  private static final String ARG_LINE = "argLine";
  private static final String JAR = "leakcheck-core";
  private static final String FLAG = "-javaagent:${dev.leakcheck:" + JAR + ":jar}";

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
      String value = pom.value(line);
      if (!value.contains(JAR)) {
        pom = pom.with(line, value.isEmpty() ? FLAG : withFlag(pom, line));
      }
    }
    plan.put(file, pom.text());
    for (String plugin : List.of(SUREFIRE, FAILSAFE)) {
      plugins(pom, plugin).forEach(element -> warn(file, element));
    }
  }

  private static String withFlag(Pom pom, Xml line) {
    String content = pom.text().substring(line.inner(), line.innerEnd());
    int end = content.stripTrailing().length();
    return content.substring(0, end) + " " + FLAG + content.substring(end);
  }

  private static List<Xml> argLines(Pom pom) {
    List<Xml> lines = new ArrayList<>();
    for (String plugin : List.of(SUREFIRE, FAILSAFE)) {
      plugins(pom, plugin).forEach(element -> lines.addAll(element.below(ARG_LINE)));
    }
    return lines;
  }

  private static List<Xml> plugins(Pom pom, String artifact) {
    return pom.project().below("plugin").stream()
        .filter(plugin -> pom.value(plugin, "artifactId").equals(artifact))
        .toList();
  }

  private void warn(Path file, Xml plugin) {
    Pom pom = modules.pom(file);
    if (plugin.below("forkCount").stream().anyMatch(count -> pom.value(count).equals("0"))) {
      plan.leave(
          plan.name(file)
              + ": forkCount is 0, so tests run in Maven's own JVM, which has no agent");
    }
    if (pom.value(plugin, "version").matches("2\\.(\\d|1\\d|2[01])(\\..*)?")) {
      plan.leave(
          plan.name(file)
              + ": "
              + pom.value(plugin, "artifactId")
              + " "
              + pom.value(plugin, "version")
              + " runs no test of JUnit Jupiter; 3.0 and later do");
    }
  }

  /** Adds the agent to a POM, for it and all that inherit from it. */
  void add(Path file) {
    addJar(file);
    addFlag(file, SUREFIRE);
    boolean failsafe =
        modules.all().stream().anyMatch(other -> !plugins(modules.pom(other), FAILSAFE).isEmpty());
    if (failsafe) {
      addFlag(file, FAILSAFE);
    }
    boolean set =
        modules.line(file).stream()
            .anyMatch(parent -> modules.pom(parent).find("properties", ARG_LINE).isPresent());
    Pom pom = modules.pom(file);
    if (!set && pom.text().contains("@{" + ARG_LINE + "}")) {
      plan.put(
          file,
          pom.add(pom.project(), List.of("properties"), List.of("<" + ARG_LINE + "/>")).text());
    }
  }

  /** Has each dependency's jar named by a property. */
  private void addJar(Path file) {
    Pom pom = modules.pom(file);
    Optional<Xml> plugin = direct(pom, DEPENDENCY, "build", "plugins");
    boolean named =
        plugin.stream()
            .flatMap(found -> found.below("goal").stream())
            .anyMatch(goal -> pom.value(goal).equals("properties"));
    if (named) {
      return;
    }
    List<String> execution =
        List.of(
            "<execution>",
            "  <goals>",
            "    <goal>properties</goal>",
            "  </goals>",
            "</execution>");
    if (plugin.isPresent()) {
      plan.put(file, pom.add(plugin.get(), List.of("executions"), execution).text());
      return;
    }
    List<String> lines = head(file, DEPENDENCY, DEPENDENCY_VERSION);
    lines.add("  <executions>");
    execution.forEach(line -> lines.add("    " + line));
    lines.add("  </executions>");
    lines.add("</plugin>");
    plan.put(file, pom.add(pom.project(), List.of("build", "plugins"), lines).text());
  }

  private void addFlag(Path file, String artifact) {
    Pom pom = modules.pom(file);
    List<Xml> all = new ArrayList<>();
    direct(pom, artifact, "build", "plugins").ifPresent(all::add);
    direct(pom, artifact, "build", "pluginManagement", "plugins").ifPresent(all::add);
    if (all.stream().anyMatch(plugin -> !pom.all(plugin, "configuration", ARG_LINE).isEmpty())) {
      return; // it has the flag by now
    }
    String argLine =
        "<" + ARG_LINE + ">" + inherited(file, artifact) + " " + FLAG + "</" + ARG_LINE + ">";
    if (!all.isEmpty()) {
      plan.put(file, pom.add(all.get(0), List.of("configuration"), List.of(argLine)).text());
      return;
    }
    List<String> lines = head(file, artifact, SUREFIRE_VERSION);
    lines.addAll(List.of("  <configuration>", "    " + argLine, "  </configuration>", "</plugin>"));
    plan.put(file, pom.add(pom.project(), List.of("build", "plugins"), lines).text());
  }

  /** What this POM's argLine goes before. */
  private String inherited(Path file, String artifact) {
    if (modules.inheritsFromOutside(file)) {
      plan.tell(
          "should a parent outside of this build set an argLine of "
              + artifact
              + ", add that to the one in "
              + plan.name(file));
    }
    return modules.line(file).stream()
        .skip(1)
        .map(modules::pom)
        .flatMap(
            pom ->
                plugins(pom, artifact).stream()
                    .flatMap(plugin -> pom.all(plugin, "configuration", ARG_LINE).stream())
                    .map(pom::value))
        .findFirst()
        .orElse("@{" + ARG_LINE + "}");
  }

  /** Up to the version, which stands there unless somebody else may name it. */
  private List<String> head(Path file, String artifact, String version) {
    List<String> lines = new ArrayList<>();
    lines.add("<plugin>");
    lines.add("  <artifactId>" + artifact + "</artifactId>");
    boolean named =
        modules.inheritsFromOutside(file)
            || modules.line(file).stream()
                .map(modules::pom)
                .anyMatch(
                    pom ->
                        plugins(pom, artifact).stream()
                            .anyMatch(plugin -> !pom.value(plugin, "version").isEmpty()));
    if (!named) {
      lines.add("  <version>" + version + "</version>");
    }
    return lines;
  }

  private static Optional<Xml> direct(Pom pom, String artifact, String... plugins) {
    return pom.all(pom.project(), plugins).stream()
        .flatMap(section -> section.children("plugin").stream())
        .filter(plugin -> pom.value(plugin, "artifactId").equals(artifact))
        .findFirst();
  }
}
