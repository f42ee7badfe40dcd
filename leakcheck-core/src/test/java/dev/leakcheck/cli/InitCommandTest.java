package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.report.TextReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Builds as resources, {@code <name>.build} with what is said of each in {@code <name>.txt}. To see
 * what is said now: {@code leakcheck init} on a copy.
 */
class InitCommandTest extends InitTestBase {

  private static final String NOTHING_TO_ADD =
      "next:\n  run the tests: all lines are there already\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maven-single",
        "maven-argline",
        "maven-modules",
        "maven-mixed",
        "maven-outer-parent",
        "gradle-kotlin",
        "gradle-groovy",
      })
  void printsTheLinesAndWritesThemOnlyIfAsked(String name) throws IOException {
    build.lay(resource(name + ".build"));
    Map<String, String> before = files();

    Cli printed = Cli.run("init", directory);

    assertThat(printed.err()).isEmpty();
    assertThat(printed.code()).isZero();
    assertThat(normal(printed.out())).isEqualTo(resource(name + ".txt"));
    assertThat(files()).isEqualTo(before);

    Cli applied = Cli.run("init", "--apply", directory);

    assertThat(applied.code()).isZero();
    assertThat(applied.out().lines().filter(line -> line.startsWith("wrote ")))
        .hasSameSizeAs(printed.out().lines().filter(line -> line.startsWith("+++ ")).toList());
    assertThat(lines(files()))
        .as("what was written is what was printed")
        .isEqualTo(patched(lines(before), printed.out()));
    assertThat(Cli.run("init", directory).out()).doesNotContain("+++").endsWith(NOTHING_TO_ADD);
  }

  private static List<String> lines(Map<String, String> files) {
    return files.values().stream().flatMap(String::lines).sorted().toList();
  }

  /** By lines alone, wherever they stand. */
  private static List<String> patched(List<String> before, String patch) {
    List<String> lines = new ArrayList<>(before);
    for (String line : patch.lines().filter(text -> !text.matches("(---|\\+\\+\\+) .*")).toList()) {
      if (line.startsWith("-")) {
        lines.remove(line.substring(1));
      } else if (line.startsWith("+")) {
        lines.add(line.substring(1));
      }
    }
    lines.sort(null);
    return lines;
  }

  @Test
  void keepsTheEndsOfLinesThatAFileHas() throws IOException {
    build.lay(resource("maven-single.build"));
    Path pom = directory.resolve("pom.xml");
    String lines = Files.readString(pom);
    Cli.run("init", "--apply", directory);
    String expected = Files.readString(pom);
    Files.writeString(pom, lines.replace("\n", "\r\n"));

    Cli.run("init", "--apply", directory);

    assertThat(Files.readString(pom)).isEqualTo(expected.replace("\n", "\r\n"));
  }

  @Test
  void takesModulesWithBackslashesAsMavenDoes() throws IOException {
    build.lay(resource("maven-modules.build").replace("apps/web</module>", "apps\\web</module>"));

    assertThat(normal(Cli.run("init", directory).out()))
        .isEqualTo(
            resource("maven-modules.txt").replace("apps/web</module>", "apps\\web</module>"));
  }

  @Test
  void saysWhatIsWrongWithADirectoryThatIsNoBuildWithTests() throws IOException {
    assertThat(Cli.run("init", directory).err()).contains("neither a pom.xml nor a build.gradle");
    Files.writeString(directory.resolve("pom.xml"), "<project>\n  <build>\n</project>");
    assertThat(Cli.run("init", directory).err()).contains("pom.xml: no tag is open for </project>");
    Files.writeString(
        directory.resolve("pom.xml"), "<project><artifactId>a</artifactId></project>");
    assertThat(Cli.run("init", directory).err()).contains("has no tests");
    new InitBuild(directory)
        .lay("==> src/test/java/ATest.java\nimport org.testng.annotations.Test;\n");

    Cli others = Cli.run("init", "--apply", directory);

    assertThat(others.code()).isEqualTo(2);
    assertThat(others.err()).contains("its tests are not of JUnit Jupiter");
    assertThat(Files.readString(directory.resolve("pom.xml"))).doesNotContain("leakcheck");
  }

  private String normal(String out) {
    return out.replace(directory.toString(), "DIR")
        .replace(TextReport.version(), "VERSION")
        .replaceAll("(?m)^  .*LeakCheck VERSION is.*\n", ""); // only while it is a snapshot
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(directory.relativize(path).toString(), Files.readString(path));
      }
    }
    return files;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = InitCommandTest.class.getResourceAsStream("init/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
  }
}
