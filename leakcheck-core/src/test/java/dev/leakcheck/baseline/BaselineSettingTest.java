package dev.leakcheck.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineSettingTest {

  private static final String KEY = "leakcheck.baseline";

  @TempDir private Path directory;

  private static Path find(String setting, @Nullable String basedir) {
    return BaselineSetting.find(KEY, setting, basedir);
  }

  @Test
  void relativePathIsOneOfTheModuleBeforeOneOfTheWorkingDirectory() throws Exception {
    Path file = Files.createFile(directory.resolve("baseline.json"));

    assertThat(find("baseline.json", directory.toString())).isEqualTo(file);
    assertThat(find("pom.xml", directory.toString()))
        .isEqualTo(Path.of("pom.xml").toAbsolutePath());
    assertThat(find("pom.xml", null)).isEqualTo(Path.of("pom.xml").toAbsolutePath());
    assertThatThrownBy(() -> find("none.json", directory.toString()))
        .hasMessage(
            "leakcheck.baseline is 'none.json', but there is no such file: neither "
                + directory.resolve("none.json")
                + " nor "
                + Path.of("none.json").toAbsolutePath());
  }
}
