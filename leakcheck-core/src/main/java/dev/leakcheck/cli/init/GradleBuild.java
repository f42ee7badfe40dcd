package dev.leakcheck.cli.init;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private static final String MARK = "dev.leakcheck";
  private static final String CATALOG_MARK = "libs.leakcheck";

  private final Plan plan;
  private final String version;
  private final List<Path> scripts = new ArrayList<>();
  private boolean runsOnThePlatform;

  private GradleBuild(Plan plan, String version) {
    this.plan = plan;
    this.version = version;
  }

  /** Plans a build; false if it has no tests of Jupiter. */
  static boolean plan(Plan plan, String version) {
    return new GradleBuild(plan, version).add();
  }

  private boolean add() {
    for (Path project : projects()) {
      look(project);
    }
    if (scripts.isEmpty()) {
      return false;
    }
    Catalog catalog = new Catalog(plan);
    boolean byCatalog = catalog.add(version);
    for (Path script : scripts) {
      String text = plan.text(script).orElse("");
      if (!text.contains(MARK) && !text.contains(CATALOG_MARK)) {
        String end = LineEnds.of(text);
        String gap = text.isBlank() ? "" : LineEnds.before(text) + end;
        plan.put(script, text + gap + block(script, byCatalog).replace("\n", end));
      }
      TestSettings.add(plan, directory(script), "src/test/resources");
    }
    if (!runsOnThePlatform) {
      plan.leave(
          "no script says useJUnitPlatform(): without it Gradle runs no test of JUnit Jupiter");
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
    TestSources tests = TestSources.of(project, "", text);
    if (tests == TestSources.NONE) {
      return;
    }
    String name = plan.name(project);
    if (tests == TestSources.OTHERS) {
      plan.leave(
          name
              + ": its tests are not of JUnit Jupiter, so nothing is added there"
              + " (leakcheck explain junit tells of other engines)");
    } else if (script.isEmpty()) {
      plan.leave(name + " has no build script of its own; add the lines where it is configured");
    } else if (text.contains("com.android.")) {
      plan.leave(name + " is Android's, whose test tasks these lines do not know");
    } else {
      scripts.add(script.get());
    }
  }

  /** The root and what the settings include, as far as they say it in plain words. */
  private List<Path> projects() {
    List<Path> projects = new ArrayList<>(List.of(plan.root()));
    String settings =
        first(plan.root(), SETTINGS).flatMap(plan::text).map(GradleBuild::code).orElse("");
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

  private String block(Path script, boolean byCatalog) {
    boolean kotlin = script.toString().endsWith(".kts");
    String quote = kotlin ? "\"" : "'";
    String block = kotlin ? KOTLIN : GROOVY;
    return block
        .replace(
            "JUNIT5",
            byCatalog ? Catalog.JUNIT5 : quote + MARK + ":leakcheck-junit5:" + version + quote)
        .replace(
            "CORE", byCatalog ? Catalog.CORE : quote + MARK + ":leakcheck-core:" + version + quote);
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
