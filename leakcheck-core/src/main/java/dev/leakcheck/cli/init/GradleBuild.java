package dev.leakcheck.cli.init;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plans for Gradle, whose scripts are programs: a block of its own at the end of each script, as
 * nothing in it depends on what stands above, and entries in the version catalog if there is one.
 */
final class GradleBuild {

  static final List<String> BUILD_FILES = List.of("build.gradle.kts", "build.gradle");
  static final List<String> SETTINGS = List.of("settings.gradle.kts", "settings.gradle");

  private static final Pattern INCLUDE =
      Pattern.compile("\\binclude\\b\\s*\\(?((?:\\s*['\"][^'\"]+['\"]\\s*,?)+)");
  private static final Pattern QUOTED = Pattern.compile("['\"]([^'\"]+)['\"]");
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|(?m)(?<![:\\w\"'])//.*$");

  /** An include of anything but a list of names in quotes. */
  private static final Pattern COMPUTED_INCLUDE =
      Pattern.compile(
          "\\bincludeFlat\\b|\\binclude\\b(?!\\s*\\(?\\s*Q(?:\\s*,\\s*Q)*+(?:\\s*,?\\s*\\)|[ \\t]*(?:\\R|[;}]|$)))"
              .replace("Q", "['\"][^'\"$]+['\"]"));

  private static final Pattern JDK =
      Pattern.compile("\\b(?:JavaLanguageVersion\\.of|jvmToolchain)\\s*\\(\\s*(\\d+)");
  private static final Pattern PROPERTY =
      Pattern.compile(
          "\\bsystemProperty\\s*\\(?\\s*['\"]([\\w.]+)['\"]\\s*,\\s*['\"]?([^'\")\\s]*)");

  /** Where a project of Kotlin multiplatform has its tests. */
  private static final List<String> MULTIPLATFORM = List.of("src/commonTest", "src/jvmTest");

  private static final String LOCAL = "mavenLocal()";
  private static final String GROUP = "dev.leakcheck";

  /** What is in a script that has the lines, by coordinates or by a catalog. */
  private static final Pattern MARK = Pattern.compile("\\w\\.leakcheck\\b");

  private final Plan plan;
  private final String version;
  private final List<Path> scripts = new ArrayList<>();
  private boolean runsOnThePlatform;
  private boolean looksInTheLocalRepository;

  private GradleBuild(Plan plan, String version) {
    this.plan = plan;
    this.version = version;
  }

  /** Plans a build; false if it has no tests of Jupiter. */
  static boolean plan(Plan plan, String version) {
    return new GradleBuild(plan, version).add();
  }

  private boolean add() {
    String settings =
        first(plan.root(), SETTINGS).flatMap(plan::text).map(GradleBuild::code).orElse("");
    looksInTheLocalRepository = settings.contains(LOCAL);
    for (Path project : projects(settings)) {
      look(project);
    }
    if (scripts.isEmpty()) {
      return false;
    }
    Optional<String> catalog = new Catalog(plan).add(version, settings);
    for (Path script : scripts) {
      String text = plan.text(script).orElse("");
      if (!MARK.matcher(text).find()) {
        String end = LineEnds.of(text);
        String gap = text.isBlank() ? "" : LineEnds.before(text) + end;
        plan.put(script, text + gap + block(script, catalog).replace("\n", end));
      }
      TestSettings.add(plan, directory(script), "src/test/resources");
    }
    if (!runsOnThePlatform) {
      plan.leave(
          "no script says useJUnitPlatform(): without it Gradle runs no test of JUnit Jupiter");
    }
    if (version.endsWith(Init.SNAPSHOT) && !looksInTheLocalRepository) {
      plan.leave(
          "the local repository, where alone LeakCheck %s is: repositories { %s }"
              .formatted(version, LOCAL));
    }
    plan.tell("reports: build/leakcheck of each project, for which nothing has to be set");
    plan.tell("no build of Gradle was ever run with these lines (leakcheck explain environments)");
    return true;
  }

  private static Path directory(Path script) {
    Path directory = script.getParent();
    return directory == null ? script : directory;
  }

  private void look(Path project) {
    Optional<Path> script = first(project, BUILD_FILES);
    String text = script.flatMap(plan::text).map(GradleBuild::code).orElse("");
    runsOnThePlatform |= text.contains("useJUnitPlatform") || text.contains("useJUnitJupiter");
    looksInTheLocalRepository |= text.contains(LOCAL);
    script.ifPresent(file -> limits(plan.name(file), text));
    String name = plan.name(project);
    if (MULTIPLATFORM.stream().map(project::resolve).anyMatch(Files::isDirectory)) {
      plan.leave(
          name + " is a Kotlin multiplatform project, whose test tasks these lines do not know");
      return;
    }
    TestSources.elsewhere(project).forEach(set -> TestSources.leaveElsewhere(plan, set));
    TestSources tests = TestSources.of(project, "", text);
    if (tests == TestSources.NONE) {
      return;
    }
    if (tests == TestSources.OTHERS) {
      TestSources.leaveOthers(plan, project);
    } else if (script.isEmpty()) {
      plan.leave(name + " has no build script of its own; add the lines where it is configured");
    } else if (text.contains("com.android.")) {
      plan.leave(name + " is Android's, whose test tasks these lines do not know");
    } else {
      scripts.add(script.get());
    }
  }

  private void limits(String script, String text) {
    Properties settings = new Properties();
    PROPERTY
        .matcher(text)
        .results()
        .forEach(property -> settings.setProperty(property.group(1), property.group(2)));
    Limits.settings(plan, script, settings);
    JDK.matcher(text).results().forEach(jdk -> Limits.jdk(plan, script, jdk.group(1)));
  }

  /** The root and what the settings include, as far as they say it in plain words. */
  private List<Path> projects(String settings) {
    List<Path> projects = new ArrayList<>(List.of(plan.root()));
    if (COMPUTED_INCLUDE.matcher(settings).find()) {
      plan.leave(
          "the settings include projects that they do not name in quotes: those are not looked for");
    }
    Matcher include = INCLUDE.matcher(settings);
    while (include.find()) {
      QUOTED
          .matcher(include.group(1))
          .results()
          .map((MatchResult name) -> name.group(1).replaceFirst("^:", "").replace(':', '/'))
          .map(path -> plan.root().resolve(path))
          .forEach(projects::add);
    }
    if (settings.contains("projectDir")) {
      plan.leave("the settings move projects (projectDir): those are not looked for");
    }
    return projects;
  }

  private Optional<Path> first(Path directory, List<String> names) {
    return names.stream()
        .map(directory::resolve)
        .filter(file -> plan.text(file).isPresent())
        .findFirst();
  }

  private static String code(String text) {
    return COMMENT.matcher(text).replaceAll("");
  }

  private String block(Path script, Optional<String> catalog) {
    boolean kotlin = script.toString().endsWith(".kts");
    String quote = kotlin ? "\"" : "'";
    String block = kotlin ? KOTLIN : GROOVY;
    return block
        .replace("JUNIT5", name("junit5", quote, catalog))
        .replace("CORE", name("core", quote, catalog));
  }

  private String name(String artifact, String quote, Optional<String> catalog) {
    return catalog
        .map(libraries -> libraries + ".leakcheck." + artifact)
        .orElse(quote + GROUP + ":leakcheck-" + artifact + ":" + version + quote);
  }

  /** By names in quotes, which are there however the project got its plugins. */
  private static final String KOTLIN =
      """
      // LeakCheck finds what tests leave running; its agent tells which line made it.
      val leakcheckAgent = configurations.create("leakcheckAgent") { isTransitive = false }

      dependencies {
        "testImplementation"(JUNIT5)
        leakcheckAgent(CORE)
      }

      tasks.named<Test>("test") {
        val agent = leakcheckAgent.incoming.files
        val leaks = layout.buildDirectory.dir("leakcheck")
        jvmArgumentProviders.add(CommandLineArgumentProvider { listOf("-javaagent:${agent.singleFile}") })
        doFirst { leaks.get().asFile.deleteRecursively() }
      }
      """;

  private static final String GROOVY =
      """
      // LeakCheck finds what tests leave running; its agent tells which line made it.
      configurations {
        leakcheckAgent { transitive = false }
      }

      dependencies {
        testImplementation JUNIT5
        leakcheckAgent CORE
      }

      tasks.named('test', Test) {
        def agent = configurations.leakcheckAgent.incoming.files
        def leaks = layout.buildDirectory.dir('leakcheck')
        jvmArgumentProviders.add({ ["-javaagent:${agent.singleFile}".toString()] } as CommandLineArgumentProvider)
        doFirst { leaks.get().asFile.deleteDir() }
      }
      """;
}
