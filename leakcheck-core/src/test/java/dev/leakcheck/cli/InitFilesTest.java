package dev.leakcheck.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code leakcheck init} leaves what it does not add to: byte by byte. */
class InitFilesTest extends InitTestBase {

  private static final String SETTINGS = InitBuild.TEST_SETTINGS;

  @BeforeEach
  void layABuild() throws IOException {
    build.pom("  <version>1</version>\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=1\r\n", "a=1\r\nb=2\n", "a=1\nb=2\r\n", "a=1", "a=1\n\n\n"})
  void aPrintedPatchFitsAFileWithAnyEndsOfLines(String text) throws Exception {
    build.lay("==> " + SETTINGS + "\n" + text);
    Path patch = directory.resolve("init.patch");
    Files.writeString(patch, Cli.run("init", directory).out());

    Process git =
        new ProcessBuilder("git", "apply", "--whitespace=nowarn", patch.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(git.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(git.waitFor()).isZero();
    assertThat(build.read(SETTINGS)).startsWith(text).contains("leakcheck.baseline=");
    assertThat(build.print()).doesNotContain("+++");
  }

  @Test
  void addsLinesWithTheEndOfTheFirstOneAndLeavesThoseThatAreThere() throws IOException {
    String pom = "<project>\r\n  <version>1</version>\n  <name>a</name>\r\n</project>\n";
    Files.writeString(directory.resolve("pom.xml"), pom);
    build.lay("==> " + SETTINGS + "\na=1\r\nb=2\n");

    build.apply();

    assertThat(build.read(SETTINGS))
        .startsWith("a=1\r\nb=2\njunit.jupiter.extensions.autodetection.enabled=true\r\n");
    assertThat(build.read("pom.xml"))
        .startsWith("<project>\r\n  <version>1</version>\n  <name>a</name>\r\n  <properties>\r\n")
        .endsWith("  </build>\r\n</project>\n");
  }

  @Test
  void addsToFilesThatAreNotInUtf8AndSaysThatAPatchDoesNotFitThem() throws IOException {
    byte[] pom =
        "<?xml version='1.0' encoding='ISO-8859-1'?>\n<project><name>Bücher</name></project>\n"
            .getBytes(ISO_8859_1);
    Files.write(directory.resolve("pom.xml"), pom);
    build.lay("==> " + SETTINGS + "\n");
    Files.write(directory.resolve(SETTINGS), "# für alle\n".getBytes(ISO_8859_1));

    assertThat(build.print())
        .contains("pom.xml is not in UTF-8, so what is printed does not fit: use --apply")
        .contains("junit-platform.properties is not in UTF-8");
    build.apply();

    assertThat(Files.readString(directory.resolve("pom.xml"), ISO_8859_1))
        .contains("<name>Bücher</name>")
        .contains("leakcheck-junit5");
    assertThat(Files.readString(directory.resolve(SETTINGS), ISO_8859_1))
        .startsWith("# für alle\njunit.jupiter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=1\\", "a=1\\\n", "a=1\\\r\n", "a=1\\\\\n", "a=1\\\\\\\n"})
  void aLineThatGoesOnInTheNextDoesNotSwallowTheKey(String text) throws IOException {
    build.lay("==> " + SETTINGS + "\n" + text);

    build.apply();

    String applied = build.read(SETTINGS);
    assertThat(applied).startsWith(text);
    assertThat(properties(applied))
        .containsEntry("junit.jupiter.extensions.autodetection.enabled", "true")
        .containsAllEntriesOf(properties(text));
    build.apply();
    assertThat(build.read(SETTINGS)).isEqualTo(applied);
  }

  private static Properties properties(String text) throws IOException {
    Properties properties = new Properties();
    properties.load(new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
    return properties;
  }
}
