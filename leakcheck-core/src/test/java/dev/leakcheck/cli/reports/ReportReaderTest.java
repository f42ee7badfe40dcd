package dev.leakcheck.cli.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.JvmReport;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportReaderTest {

  private static final String JVM = EntryJson.line(SampleReports.jvm(1)) + "\n";
  private static final String END = EntryJson.line(SampleReports.end(0)) + "\n";

  @TempDir Path directory;

  @Test
  void what_was_written_is_read() {
    SampleReports.write(directory);

    Reports read = ReportReader.read(List.of(directory));

    assertThat(read.groups()).isEqualTo(SampleReports.reports().groups());
    assertThat(read.jvms())
        .extracting(JvmReport::jvm)
        .containsExactly(SampleReports.jvm(1), SampleReports.jvm(2), SampleReports.jvm(3));
    assertThat(read.jvms())
        .usingRecursiveComparison()
        .ignoringFields("file")
        .isEqualTo(SampleReports.reports().jvms());
  }

  @Test
  void hostile_names_are_read_as_they_are() {
    SampleReports.write(directory, Map.of("leakcheck-x.jsonl", SampleReports.hostileEntries()));

    Leak leak = ReportReader.read(List.of(directory)).groups().get(0).first();

    // A lone surrogate has no form in UTF-8.
    assertThat(leak.title()).isEqualTo(SampleReports.HOSTILE.replace('\ud800', '?'));
  }

  @Test
  void the_order_of_places_does_not_matter() {
    SampleReports.write(directory);
    Path first = directory.resolve("shard-1");
    Path second = directory.resolve("shard-2");

    assertThat(ReportReader.read(List.of(second, first)))
        .isEqualTo(ReportReader.read(List.of(first, second)))
        .isEqualTo(ReportReader.read(List.of(directory, first, second, directory)));
  }

  @Test
  void other_files_are_passed_over_unless_they_are_named() throws IOException {
    Files.writeString(directory.resolve("leakcheck.txt"), "x");
    Files.writeString(directory.resolve("leakcheck-1.jsonl.gz"), "x");
    Path named = Files.writeString(directory.resolve("artefact"), JVM + END);

    assertThatThrownBy(() -> ReportReader.read(List.of(directory)))
        .isInstanceOf(BadInput.class)
        .hasMessage("no report (leakcheck-*.jsonl) is in " + directory);
    assertThat(ReportReader.read(List.of(directory, named)))
        .satisfies(reports -> assertThat(reports.jvms()).hasSize(1))
        .satisfies(
            reports ->
                assertThat(reports.problems()).containsExactly("no report is in " + directory));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void links_are_followed_and_a_file_that_two_lead_to_counts_once() throws IOException {
    SampleReports.write(directory.resolve("a"));
    Files.createSymbolicLink(directory.resolve("b"), directory.resolve("a"));
    Files.createSymbolicLink(directory.resolve("a/loop"), directory);

    assertThat(ReportReader.read(List.of(directory)).problems())
        .singleElement()
        .asString()
        .contains("JVM 4713");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_named_pipe_is_read() throws Exception {
    Path pipe = directory.resolve("pipe");
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(made.waitFor()).isZero();
    Thread writer =
        new Thread(
            () -> {
              try {
                Files.writeString(pipe, JVM + END);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    writer.setDaemon(true); // nobody may come to read
    writer.start();

    assertThat(ReportReader.read(List.of(pipe)).jvms()).hasSize(1);
    writer.join();
  }

  @Test
  void a_copy_counts_once_and_the_longer_one() throws IOException {
    SampleReports.write(directory.resolve("1"));
    SampleReports.write(directory.resolve("3"));
    Path torn = directory.resolve("2/shard-1/" + SampleReports.fileName(1));
    Files.createDirectories(torn.getParent());
    Files.write(
        torn, SampleReports.text(SampleReports.all().values().iterator().next().subList(0, 9)));

    Reports read = ReportReader.read(List.of(directory));

    assertThat(read.groups()).isEqualTo(SampleReports.reports().groups());
    assertThat(read.problems())
        .hasSize(5)
        .contains(
            directory.resolve("3/shard-1/" + SampleReports.fileName(1))
                + " and "
                + directory.resolve("1/shard-1/" + SampleReports.fileName(1))
                + " are reports of the same JVM 4711 (fork 1): the second counts");

    Reports tornFirst =
        ReportReader.read(List.of(directory.resolve("2"), directory.resolve("3/shard-1")));

    assertThat(tornFirst.jvms())
        .singleElement()
        .satisfies(jvm -> assertThat(jvm.end()).isNotNull());
    assertThat(tornFirst.groups()).hasSize(LeakKind.values().length);
    assertThat(tornFirst.groups()).allSatisfy(group -> assertThat(group.occurrences()).hasSize(1));
    assertThat(tornFirst.problems()).singleElement().asString().endsWith("the first counts");
  }

  @Test
  void a_last_line_that_was_cut_off_is_mentioned_and_the_rest_is_used() throws IOException {
    Path file = file(JVM + line("m") + line("n").substring(0, 300));

    Reports read = ReportReader.read(List.of(directory));

    assertThat(read.groups()).hasSize(1);
    assertThat(read.problems())
        .containsExactly(
            file + ", line 3: cut off, as a crash leaves it; what came before it is used",
            file
                + ": JVM 4711 (fork 1) did not get to its end, so what it left behind after the"
                + " last entry is not known");
  }

  @Test
  void a_last_line_without_its_line_break_counts() throws IOException {
    file(JVM + line("m") + END.strip());

    Reports read = ReportReader.read(List.of(directory));

    assertThat(read.groups()).hasSize(1);
    assertThat(read.problems()).isEmpty();
  }

  @Test
  void blank_lines_and_line_breaks_of_other_systems_are_fine() throws IOException {
    file("\n" + (JVM + "\n" + line("m") + END).replace("\n", "\r\n") + "\n\n");

    assertThat(ReportReader.read(List.of(directory)).problems()).isEmpty();
  }

  @Test
  void members_may_have_any_order_and_unknown_ones_are_passed_over() throws IOException {
    String end = END.strip();
    file(
        JVM
            + end.replace("{\"entry\":\"end\",", "{\"new\":[{\"a\":[1]}],\"fork\":null,")
                .replace("}", ",\"entry\":\"end\"}")
                .replace("[1],\"entry\":\"end\"}", "[1]}"));

    assertThat(ReportReader.read(List.of(directory)).jvms().get(0).end())
        .isEqualTo(SampleReports.end(0));
  }

  @Test
  void concatenated_reports_are_several() throws IOException {
    file(JVM + line("m") + JVM.replace("1".repeat(32), "2".repeat(32)) + line("m") + END);

    Reports read = ReportReader.read(List.of(directory));

    assertThat(read.jvms()).hasSize(2);
    assertThat(read.groups()).singleElement().extracting(g -> g.occurrences().size()).isEqualTo(2);
  }

  @Test
  void a_newer_schema_is_refused() throws IOException {
    Path file =
        file(JVM.replace("\"schema\":1", "\"schema\":2").replace("\"pid\":4711", "\"pid\":{}"));

    assertThatThrownBy(() -> ReportReader.read(List.of(directory)))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ", line 1: schema 2, and LeakCheck ")
        .hasMessageEndingWith(
            " reads up to 1: take the command line of the LeakCheck that wrote it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON | x",
        "no JSON | {\"entry\":\"end\",",
        "no JSON | {\"entry\":\"end\"]",
        "no JSON | {\"entry\":\"end\",\"at\":\"\u0001\"}",
        "no JSON object | []",
        "no JSON object | \"x\"",
        "no JSON object | 1",
        "more than one JSON object | {\"entry\":\"end\",\"at\":\"2026-01-01T00:00:00Z\",\"checks\":1} {}",
        "'entry' is missing | {}",
        "'entry': no text | {\"entry\":7}",
        "entry 'dance' is not known to LeakCheck | {\"entry\":\"dance\"}",
        "'at' is missing | {\"entry\":\"end\",\"checks\":1}",
        "'at': no time: 'today' | {\"entry\":\"end\",\"at\":\"today\",\"checks\":1}",
        "'at': no time: '+1000000-01-01T00:00:00Z' |"
            + " {\"entry\":\"end\",\"at\":\"+1000000-01-01T00:00:00Z\",\"checks\":1}",
        "'checks': no whole number |"
            + " {\"entry\":\"end\",\"at\":\"2026-01-01T00:00:00Z\",\"checks\":1.5}",
        "'checks': negative: -1 |"
            + " {\"entry\":\"end\",\"at\":\"2026-01-01T00:00:00Z\",\"checks\":-1}",
        "no JSON: Numeric value |"
            + " {\"entry\":\"end\",\"at\":\"2026-01-01T00:00:00Z\",\"checks\":99999999999999999999}",
        "'kind': 'New kind' is not known to LeakCheck | {\"entry\":\"leak\",\"kind\":\"New kind\"}",
        "'verdict': not known: 'NEWS' | {\"entry\":\"leak\",\"verdict\":\"NEWS\"}",
        "'created': no list | {\"entry\":\"leak\",\"created\":{}}",
        "'created': 'class' is missing | {\"entry\":\"leak\",\"created\":[{}]}",
        "'created': no JSON object where one belongs | {\"entry\":\"leak\",\"created\":[[]]}",
        "'facts': 'lines' is empty | {\"entry\":\"leak\",\"facts\":[{\"key\":\"a\",\"lines\":[]}]}",
        "'threads': 'id' is missing | {\"entry\":\"leak\",\"threads\":[{}]}",
      })
  void a_line_that_is_no_entry_is_refused(String messageAndLine) throws IOException {
    String[] parts = messageAndLine.split(" \\| ", 2);
    Path file = file(JVM + line("m") + parts[1] + "\n" + END);

    assertThatThrownBy(() -> ReportReader.read(List.of(directory)))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ", line 3: " + parts[0])
        .message()
        .hasLineCount(1);
  }

  @Test
  void what_is_nested_too_deeply_is_refused() throws IOException {
    Path file = file(JVM + "{\"entry\":\"end\",\"x\":" + "[".repeat(1_000_000) + "\n" + END);

    assertThatThrownBy(() -> ReportReader.read(List.of(directory)))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ", line 2: no JSON: Document nesting depth")
        .message()
        .hasLineCount(1);
  }

  @Test
  void a_line_that_is_too_long_is_refused_without_being_kept() throws IOException {
    Path file = directory.resolve("leakcheck-1.jsonl");
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(JVM.getBytes(StandardCharsets.UTF_8));
      byte[] megabyte = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 33; i++) {
        out.write(megabyte);
      }
    }

    assertThatThrownBy(() -> ReportReader.read(List.of(file)))
        .isInstanceOf(BadInput.class)
        .hasMessage(file + ", line 2: longer than 32 MB");
  }

  @Test
  void what_is_no_report_is_refused() throws IOException {
    Path file = directory.resolve("leakcheck-1.jsonl");
    byte[] garbage = new byte[100_000];
    new Random(1).nextBytes(garbage);
    for (byte[] content : List.of(garbage, END.getBytes(StandardCharsets.UTF_8), new byte[500])) {
      Files.write(file, content);
      assertThatThrownBy(() -> ReportReader.read(List.of(directory)))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith(file + ", line 1: ")
          .message()
          .hasLineCount(1);
    }
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> ReportReader.read(List.of(directory)))
        .isInstanceOf(BadInput.class)
        .hasMessage(file + " is empty");
    assertThatThrownBy(() -> ReportReader.read(List.of(directory.resolve("none"))))
        .isInstanceOf(BadInput.class)
        .hasMessage(directory.resolve("none") + " does not exist");
  }

  @Test
  void occurrences_are_all_counted_and_the_first_are_whole() throws IOException {
    int count = 1_000;
    List<ReportEntry> entries = new ArrayList<>();
    for (int i = count; i > 0; i--) { // the order in the file is not that of time
      entries.add(
          SampleReports.leak(LeakKind.GROWTH, "com.acme.ATest", "m" + i, i, Verdict.NEW, null));
    }
    List<ReportEntry> first = new ArrayList<>(entries.subList(0, 500));
    first.add(0, SampleReports.jvm(1));
    List<ReportEntry> second = new ArrayList<>(entries.subList(500, count));
    second.add(0, SampleReports.jvm(2));
    SampleReports.write(directory, Map.of("leakcheck-1.jsonl", first, "leakcheck-2.jsonl", second));

    Group group = ReportReader.read(List.of(directory)).groups().get(0);

    assertThat(group.occurrences()).hasSize(count);
    assertThat(group.occurrences())
        .extracting(occurrence -> occurrence.leak().method())
        .startsWith("m1", "m2", "m3")
        .endsWith("m999", "m1000");
    for (int i = 0; i < count; i++) {
      Leak leak = group.occurrences().get(i).leak();
      assertThat(leak.threads()).hasSize(i < Group.DETAILED ? 1 : 0);
      assertThat(leak.message().isEmpty()).isEqualTo(i >= Group.DETAILED);
      assertThat(leak.threadCount()).isEqualTo(1);
    }
  }

  private static String line(String method) {
    return EntryJson.line(
            SampleReports.leak(LeakKind.GROWTH, "com.acme.ATest", method, 1, Verdict.NEW, null))
        + "\n";
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("leakcheck-1.jsonl"), content);
  }
}
