package dev.leakcheck.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPlaceTest {

  private static final String KEY = "leakcheck.report.dir";

  @TempDir private Path base;
  private final Map<String, String> properties = new HashMap<>();

  private ReportPlace place(String setting) {
    return ReportPlace.of(KEY, setting, properties::get).orElseThrow();
  }

  private void underMaven() {
    properties.put("basedir", base.toString());
    properties.put("surefire.test.class.path", "a.jar");
  }

  @Test
  void underMavenItIsInTarget() {
    underMaven();

    assertThat(place(null)).isEqualTo(new ReportPlace(base.resolve("target/leakcheck"), false));
  }

  @Test
  void basedirAloneIsNotMavens() {
    properties.put("basedir", base.toString());

    assertThat(ReportPlace.of(KEY, null, properties::get)).isEmpty();
  }

  @Test
  void underGradleItIsInTheBuildDirectoryWhateverTheWorkingDirectoryIs() {
    properties.put("org.gradle.test.worker", "3");
    properties.put(
        "org.gradle.internal.worker.tmpdir", base.resolve("out/tmp/test/work").toString());

    assertThat(place(null)).isEqualTo(new ReportPlace(base.resolve("out/leakcheck"), false));
  }

  @Test
  void underAGradleThatTellsNoDirectoryItIsInBuild() {
    properties.put("org.gradle.test.worker", "3");

    assertThat(place(null).directory()).isEqualTo(Path.of("build/leakcheck").toAbsolutePath());
  }

  @Test
  void elsewhereThereIsNone() {
    assertThat(ReportPlace.of(KEY, null, properties::get)).isEmpty();
  }

  @Test
  void offIsNone() {
    underMaven();

    assertThat(ReportPlace.of(KEY, "off", properties::get)).isEmpty();
    assertThat(ReportPlace.of(KEY, "OFF", properties::get)).isEmpty();
  }

  @Test
  void relativePathIsOneOfTheModuleOrOfTheWorkingDirectory() {
    assertThat(place("reports").directory()).isEqualTo(Path.of("reports").toAbsolutePath());
    underMaven();
    assertThat(place("a/../reports")).isEqualTo(new ReportPlace(base.resolve("reports"), true));
  }

  @Test
  void absolutePathIsTakenAsItIs() {
    underMaven();
    Path other = base.resolve("elsewhere").toAbsolutePath();

    assertThat(place(other.toString()).directory()).isEqualTo(other);
  }

  @Test
  void fileIsRejected() throws IOException {
    Path file = Files.createFile(base.resolve("report.txt"));

    assertThatThrownBy(() -> place(file.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(KEY + " is '" + file + "', which is a file: it takes a directory, or off");
  }

  @Test
  void reportsOfAnEarlierBuildAreDeletedAndThoseOfThisOneAreNot() throws IOException {
    Path old = report("leakcheck-20200101-000000-1-00000000.jsonl", beforeThisBuild());
    Path fresh = report("leakcheck-20260101-000000-1-00000000.jsonl", Instant.now());
    Path others = report("somebody.jsonl", beforeThisBuild());
    Path text = report("leakcheck.txt", beforeThisBuild());

    new ReportPlace(base, false).clean();

    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
    assertThat(others).exists();
    assertThat(text).exists();
  }

  @Test
  void nothingIsDeletedInADirectoryThatWasNamed() throws IOException {
    Path old = report("leakcheck-20200101-000000-1-00000000.jsonl", beforeThisBuild());

    new ReportPlace(base, true).clean();

    assertThat(old).exists();
  }

  @Test
  void directoryThatIsNotThereIsClean() {
    new ReportPlace(base.resolve("missing"), false).clean();

    assertThat(base.resolve("missing")).doesNotExist();
  }

  private Path report(String name, Instant written) throws IOException {
    Path file = Files.writeString(base.resolve(name), "{}\n");
    Files.setLastModifiedTime(file, FileTime.from(written));
    return file;
  }

  /** No build takes years. */
  private static Instant beforeThisBuild() {
    return Instant.now().minus(2000, ChronoUnit.DAYS);
  }
}
