package dev.leakcheck.cli.init;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a build of Maven sets that keeps its tests from being checked, or from being run. */
final class MavenLimits {

  private static final Pattern DEFINE = Pattern.compile("-D([\\w.]+)=(\\S*)");

  private final Plan plan;
  private final MavenModules modules;

  MavenLimits(Plan plan, MavenModules modules) {
    this.plan = plan;
    this.modules = modules;
  }

  /** Tells what a POM sets, and those that it inherits from. */
  void tell(Path file) {
    for (String runner : List.of(MavenAgent.SUREFIRE, MavenAgent.FAILSAFE)) {
      version(file, runner, modules.version(file, runner));
      for (Path parent : modules.line(file)) {
        Pom pom = modules.pom(parent);
        for (Xml plugin : pom.plugins(runner)) {
          Limits.settings(plan, plan.name(parent), settings(file, pom, plugin));
          values(file, plugin, pom, "forkCount").forEach(count -> forks(parent, count));
          values(file, plugin, pom, "forkMode").forEach(mode -> forks(parent, mode));
        }
        pom.all(pom.project(), "profiles", "profile").stream()
            .flatMap(profile -> profile.below("plugin").stream())
            .filter(plugin -> pom.value(plugin, "artifactId").equals(runner))
            .forEach(plugin -> version(file, runner, pom.value(plugin, "version")));
      }
    }
    modules.line(file).forEach(this::jdk);
    for (String property : List.of("forkCount", "forkMode")) {
      modules.inherited(file, "properties", property).ifPresent(value -> forks(file, value));
    }
  }

  private Stream<String> values(Path file, Xml plugin, Pom pom, String name) {
    return plugin.below(name).stream().map(found -> modules.resolved(file, pom.value(found)));
  }

  private void forks(Path file, String value) {
    if (value.equals("0") || value.equals("never")) {
      plan.leave(
          plan.name(file)
              + (value.equals("0") ? ": forkCount is 0" : ": forkMode is never")
              + ", so tests run in Maven's own JVM, which has no agent");
    }
  }

  private void jdk(Path file) {
    Pom pom = modules.pom(file);
    Stream.of("jdkToolchain", "jdk") // of Surefire, and of the plugin that sets toolchains
        .flatMap(
            name ->
                pom.project().below("plugin").stream()
                    .flatMap(plugin -> plugin.below(name).stream()))
        .map(jdk -> modules.resolved(file, pom.value(jdk, "version")))
        .forEach(version -> Limits.jdk(plan, plan.name(file), version));
  }

  private void version(Path file, String runner, String value) {
    String version = modules.resolved(file, value);
    String what =
        version.matches("2\\.(\\d|1\\d|2[01])(\\..*)?")
            ? "JUnit Jupiter"
            : version.matches("2\\.22.*|3\\.0\\.0-M[123]")
                ? "JUnit 5.12 and later, and the build succeeds"
                : "";
    if (!what.isEmpty()) {
      plan.leave(
          "%s: %s %s runs no test of %s; 3.0 and later do"
              .formatted(plan.name(file), runner, version, what));
    }
  }

  /** What the tests' JVM or JUnit is given. */
  private Properties settings(Path file, Pom pom, Xml plugin) {
    Properties settings = new Properties();
    for (Xml parameters : plugin.below("configurationParameters")) {
      settings.putAll(TestSettings.parse(pom.value(parameters)));
    }
    plugin.below("systemPropertyVariables").stream()
        .flatMap(variables -> variables.children().stream())
        .forEach(variable -> settings.setProperty(variable.name(), pom.value(variable)));
    for (Xml line : plugin.below("argLine")) {
      Matcher define = DEFINE.matcher(pom.value(line));
      while (define.find()) {
        settings.setProperty(define.group(1), define.group(2));
      }
    }
    settings.replaceAll((key, value) -> modules.resolved(file, value.toString()));
    return settings;
  }
}
