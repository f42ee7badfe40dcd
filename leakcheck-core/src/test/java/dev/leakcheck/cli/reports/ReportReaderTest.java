package dev.leakcheck.cli.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportReaderTest {

  @TempDir Path directory;

  @Test
  void what_was_written_is_read() {
    SampleReports.write(directory);

    Reports read = ReportReader.read(List.of(directory));

    assertThat(read.groups()).isEqualTo(SampleReports.reports().groups());
    assertThat(read.jvms())
        .extracting(Reports.JvmReport::jvm)
        .containsExactly(SampleReports.jvm(1), SampleReports.jvm(2), SampleReports.jvm(3));
    assertThat(read.jvms())
        .usingRecursiveComparison()
        .ignoringFields("file")
        .isEqualTo(SampleReports.reports().jvms());
  }
}
