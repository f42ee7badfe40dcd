package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.cli.init.Init;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code leakcheck init} makes of builds of Gradle that are not plain. */
class InitGradleTest extends InitTestBase {

  private static final String CATALOG = "gradle/libs.versions.toml";
  private static final String NAMED_CATALOG =
      """
      dependencyResolutionManagement {
        versionCatalogs {
          create("deps") { from(files("gradle/libs.versions.toml")) }
        }
      }
      """;

  /** Lays a project with a test and a catalog. */
  private void catalog(String settings, String catalog) throws IOException {
    build.lay(
        "==> settings.gradle.kts\n"
            + (settings + "==> build.gradle.kts\ntasks.test { useJUnitPlatform() }\n")
            + InitBuild.TEST
            + ("==> " + CATALOG + "\n" + catalog));
  }

  /** Lays a build whose root has this script. */
  private void script(String script, String more) throws IOException {
    build.lay("==> build.gradle\n" + script + "test { useJUnitPlatform() }\n" + more);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[versions] # ours", "[ versions ]", "  [versions]\t", "[\"versions\"]"})
  void findsATableOfTheCatalogHoweverItIsWritten(String table) throws IOException {
    catalog("", table + "\njunit = \"5\" # newest\n\n[libraries] # theirs\n");

    build.apply();

    assertThat(build.read(CATALOG))
        .startsWith(table + "\njunit = \"5\" # newest\nleakcheck = \"")
        .doesNotContain("\n[versions]")
        .contains("[libraries] # theirs\nleakcheck-junit5 = ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"versions = { junit = \"5\" }", "libraries.junit = \"org.junit:junit:4\""})
  void leavesACatalogAloneWhoseTablesAreNoTables(String line) throws IOException {
    catalog("", line + "\n");

    assertThat(build.apply())
        .contains(
            CATALOG
                + " has no tables that lines can be added to, so each script names the version");
    assertThat(build.read(CATALOG)).isEqualTo(line + "\n");
    assertThat(build.read("build.gradle.kts")).contains("\"dev.leakcheck:leakcheck-junit5:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        NAMED_CATALOG,
        "dependencyResolutionManagement { defaultLibrariesExtensionName.set(\"deps\") }\n",
        "dependencyResolutionManagement { defaultLibrariesExtensionName = 'deps' }\n"
      })
  void callsACatalogAsTheSettingsDo(String settings) throws IOException {
    catalog(settings, "[versions]\n");

    build.apply();

    assertThat(build.read("build.gradle.kts"))
        .contains("(deps.leakcheck.junit5)", "(deps.leakcheck.core)")
        .doesNotContain("libs.");
    assertThat(build.print()).doesNotContain("+++");
  }

  @Test
  void aCatalogOfAnotherFileLeavesTheNameOfTheUsualOne() throws IOException {
    catalog(NAMED_CATALOG.replace("libs.versions", "deps.versions"), "[versions]\n");

    build.apply();

    assertThat(build.read("build.gradle.kts")).contains("(libs.leakcheck.junit5)");
  }

  @Test
  void saysWhereASnapshotHasToBe() throws IOException {
    script("", InitBuild.TEST);

    assertThat(Init.plan(directory, "1-SNAPSHOT").hints())
        .contains(
            "LeakCheck 1-SNAPSHOT is in no public repository: install a checkout of it in the"
                + " local one (leakcheck explain junit)");
    assertThat(Init.plan(directory, "1-SNAPSHOT").notAdded())
        .containsExactly(
            "the local repository, where alone LeakCheck 1-SNAPSHOT is:"
                + " repositories { mavenLocal() }");
    assertThat(Init.plan(directory, "1").hints()).noneMatch(hint -> hint.contains("repository"));
    assertThat(Init.plan(directory, "1").notAdded()).isEmpty();
    script("repositories { mavenLocal() }\n", "");
    assertThat(Init.plan(directory, "1-SNAPSHOT").notAdded()).isEmpty();
  }

  @Test
  void namesSuitesOfTestsThatItDoesNotKnow() throws IOException {
    String suite = "==> src/integrationTest/java/A.java\nimport org.junit.jupiter.api.Test;\n";
    script("", InitBuild.TEST + suite);

    assertThat(build.print())
        .contains(
            "  src/integrationTest uses JUnit Jupiter, but the lines are for src/test alone: add"
                + " the same where it is run\n");
  }

  @Test
  void namesSuitesOfAProjectThatHasNoOtherTests() throws IOException {
    script("", "==> src/integrationTest/java/A.java\nimport org.junit.jupiter.api.Test;\n");

    assertThat(build.print()).startsWith("leakcheck: src/integrationTest uses JUnit Jupiter");
  }

  @Test
  void saysNothingOfOtherSourcesWithoutJUnit() throws IOException {
    script("", InitBuild.TEST + "==> src/jmh/java/A.java\nclass A {}\n");

    assertThat(build.print()).doesNotContain("src/jmh");
  }

  @Test
  void saysThatKotlinMultiplatformIsNotUnderstood() throws IOException {
    build.lay(
        "==> build.gradle.kts\nplugins { kotlin(\"multiplatform\") }\n"
            + "==> src/commonTest/kotlin/A.kt\nimport kotlin.test.Test\n");

    assertThat(build.print())
        .contains(". is a Kotlin multiplatform project, whose test tasks these lines do not know")
        .doesNotContain("has no tests");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include(*projects)",
        "file('x').list().each { include it }",
        "include(\"core\", name)",
        "include \"$prefix-core\"",
        "includeFlat 'core'"
      })
  void saysThatComputedProjectsAreNotLookedFor(String settings) throws IOException {
    build.lay("==> settings.gradle\n" + settings + "\n");

    assertThat(build.print())
        .contains("the settings include projects that they do not name in quotes")
        .doesNotContain("has no tests");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include 'core', 'web'",
        "include('web',\n  ':core',\n)",
        "include 'core' // ours",
        "settings.apply { include('core'); include 'web' }",
        "include(\"core\")\nincludeBuild(\"x\")"
      })
  void saysNothingOfProjectsThatAreNamed(String settings) throws IOException {
    build.lay(
        "==> settings.gradle\n"
            + settings
            + "\n==> core/build.gradle\n"
            + InitBuild.TEST.replace("src", "core/src"));

    assertThat(build.print()).contains("+++ b/core/build.gradle").doesNotContain("in quotes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "languageVersion = JavaLanguageVersion.of(11)| build.gradle asks for JDK 11",
        "kotlin { jvmToolchain(8) }| build.gradle asks for JDK 8",
        "systemProperty 'leakcheck.mode', 'off'| build.gradle sets leakcheck.mode=off",
        "systemProperty(\"junit.jupiter.extensions.autodetection.enabled\", false)| switches auto",
      })
  void saysWhatKeepsTestsFromBeingChecked(String line, String said) throws IOException {
    script(line + "\n", InitBuild.TEST);

    assertThat(build.print()).contains(said);
    script("languageVersion = JavaLanguageVersion.of(17)\n", "");
    assertThat(build.print()).doesNotContain("asks for", "auto-detection off", "mode=off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"build.gradle", "pom.xml"})
  void saysWhereTestNgIsTreated(String file) throws IOException {
    build.lay(
        "==> " + file + "\n<project/>\n==> src/test/java/A.java\nimport org.testng.Assert;\n");

    assertThat(build.print())
        .contains(
            "leakcheck explain junit tells of other engines, leakcheck explain code of TestNG");
  }
}
