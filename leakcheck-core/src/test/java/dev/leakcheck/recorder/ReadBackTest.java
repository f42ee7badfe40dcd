package dev.leakcheck.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.agent.AgentJvm;
import dev.leakcheck.cli.formats.Format;
import dev.leakcheck.cli.formats.JUnitXml;
import dev.leakcheck.cli.formats.Markdown;
import dev.leakcheck.cli.formats.Sarif;
import dev.leakcheck.cli.reports.ReportReader;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.SampleReports;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Leak;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded is what the command line reads. */
class ReadBackTest {

  @TempDir private Path directory;

  @Test
  void every_entry_is_read_as_it_was_recorded() throws IOException {
    Map<String, List<ReportEntry>> samples = SampleReports.all();
    for (Map.Entry<String, List<ReportEntry>> sample : samples.entrySet()) {
      record(sample.getKey(), sample.getValue());
    }

    Reports read = ReportReader.read(List.of(directory));

    assertThat(read.groups()).isEqualTo(SampleReports.reports().groups());
    assertThat(read.jvms())
        .usingRecursiveComparison()
        .ignoringFields("file")
        .isEqualTo(SampleReports.reports().jvms());
  }

  @Test
  void hostile_names_are_read_as_they_were_recorded() throws IOException {
    record("leakcheck-hostile.jsonl", SampleReports.hostileEntries());

    Leak read = ReportReader.read(List.of(directory)).groups().get(0).first();

    String repaired = EntryWriter.wellFormed(SampleReports.HOSTILE);
    assertThat(read.title()).isEqualTo(repaired);
    assertThat(read.threads().get(0).name()).isEqualTo(repaired);
    assertThat(read.created().get(0).getFileName()).isEqualTo(repaired);
  }

  @Test
  void a_JVM_reports_what_it_left_behind() throws Exception {
    Leak leak = leakOf(List.of());

    assertThat(leak.created()).isEmpty();
    assertThat(leak.creator()).isNull();
  }

  @Test
  void a_JVM_with_the_agent_reports_where_that_was_created() throws Exception {
    String agent = AgentJvm.option(directory);

    Leak leak = leakOf(List.of(agent));

    assertThat(leak.created())
        .anyMatch(frame -> frame.getClassName().equals(ReadBackChild.class.getName()))
        .contains(leak.creator());
    assertThat(sarif(ReportReader.read(List.of(directory))))
        .contains("dev/leakcheck/recorder/ReadBackChild.java\"");
  }

  private Leak leakOf(List<String> flags) throws Exception {
    List<String> all = new ArrayList<>(flags);
    all.add("-Dleakcheck.report.dir=" + directory.resolve("reports"));
    new AgentJvm(directory, ReadBackChild.class).run(all);

    Reports reports = ReportReader.read(List.of(directory));

    assertThat(reports.problems()).isEmpty();
    assertThat(reports.jvms()).hasSize(1);
    assertThat(reports.jvms().get(0).end()).isNotNull();
    assertThat(reports.jvms().get(0).checks())
        .extracting(ReportEntry.Check::failing)
        .containsExactly(0, 1);
    assertThat(reports.groups()).hasSize(1);
    assertThat(reports.groups().get(0).kind()).isEqualTo(LeakKind.STRAY_THREAD);
    for (Format format : List.of(new Sarif(List.of()), new Markdown(), new JUnitXml())) {
      StringWriter out = new StringWriter();
      format.write(reports, out);
      assertThat(out.toString()).contains("stray-thread");
    }
    return reports.groups().get(0).first();
  }

  private static String sarif(Reports reports) throws IOException {
    StringWriter out = new StringWriter();
    new Sarif(List.of()).write(reports, out);
    return out.toString();
  }

  private void record(String name, List<ReportEntry> entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EntryWriter writer = new EntryWriter(out);
    for (ReportEntry entry : entries) {
      writer.write(entry);
    }
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, out.toByteArray());
  }
}
