package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.cli.reports.SampleReports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  @Test
  void all_formats_are_written_at_once_and_leaks_are_no_failure() throws IOException {
    SampleReports.write(directory.resolve("in"));

    int code =
        report(
            "in",
            "--html",
            at("x.html"),
            "--sarif",
            at("a/b/x.sarif"),
            "--markdown",
            at("x.md"),
            "--junit",
            at("x.xml"));

    assertThat(code).isZero();
    String totals = ": 18 leaks, 2 accepted (25 checks in 3 JVMs)\n";
    assertThat(out)
        .hasToString(
            ("wrote " + at("x.html") + totals)
                + ("wrote " + at("a/b/x.sarif") + totals)
                + ("wrote " + at("x.md") + totals)
                + ("wrote " + at("x.xml") + totals));
    assertThat(err.toString())
        .matches("leakcheck: .*4713-33333333\\.jsonl: JVM 4713 \\(fork 3\\) did not .*\n");
    assertThat(directory.resolve("x.html")).content().startsWithIgnoringCase("<!DOCTYPE html>");
    assertThat(directory.resolve("a/b/x.sarif")).content().startsWith("{").endsWith("}\n");
    assertThat(directory.resolve("x.md")).content().startsWith("## LeakCheck");
    assertThat(directory.resolve("x.xml")).content().startsWith("<?xml");
  }

  @Test
  void the_standard_output_has_the_format_and_nothing_else() {
    SampleReports.write(directory.resolve("in"));

    assertThat(report("in", "--markdown", "-", "--junit", at("x.xml"))).isZero();

    assertThat(out.toString()).startsWith("## LeakCheck").doesNotContain("wrote");
    assertThat(err.toString()).contains("wrote " + at("x.xml"));
  }

  @Test
  void a_file_is_replaced_whole_and_nothing_is_left_beside_it() throws IOException {
    SampleReports.write(directory.resolve("in"));
    Files.writeString(directory.resolve("x.md"), "STALE".repeat(100_000));

    assertThat(report("in", "--markdown", at("x.md"))).isZero();

    assertThat(directory.resolve("x.md")).content().startsWith("## ").doesNotContain("STALE");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("in", "x.md");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_link_is_written_through_and_a_pipe_is_written_to() throws IOException {
    SampleReports.write(directory.resolve("in"));
    Files.writeString(directory.resolve("real.md"), "old");
    Files.createSymbolicLink(directory.resolve("link.md"), directory.resolve("real.md"));

    assertThat(report("in", "--markdown", at("link.md"), "--junit", "/dev/null")).isZero();

    assertThat(directory.resolve("link.md")).isSymbolicLink();
    assertThat(directory.resolve("real.md")).content().startsWith("## ");
    assertThat(Path.of("/dev/null")).exists();
  }

  @Test
  void no_format_is_a_mistake() {
    assertThat(report("in")).isEqualTo(2);

    assertThat(err)
        .hasToString(
            "leakcheck: give at least one format, such as --html FILE\n"
                + "try: leakcheck report --help\n");
  }

  @Test
  void two_formats_in_one_file_are_a_mistake() {
    assertThat(report("in", "--markdown", "x", "--junit", "./x")).isEqualTo(2);

    assertThat(err.toString())
        .startsWith("leakcheck: --junit: another format is written to ./x already\n");
  }

  @Test
  void no_report_is_bad_input() throws IOException {
    Files.createDirectories(directory.resolve("in"));

    assertThat(report("in", "--markdown", at("x.md"))).isEqualTo(2);

    assertThat(err)
        .hasToString("leakcheck: no report (leakcheck-*.jsonl) is in " + at("in") + "\n");
    assertThat(out).hasToString("");
    assertThat(directory.resolve("x.md")).doesNotExist();
  }

  @Test
  void a_place_that_can_not_be_written_is_one_line() throws IOException {
    SampleReports.write(directory.resolve("in"));
    Files.writeString(directory.resolve("file"), "");

    assertThat(report("in", "--markdown", at("in"))).isEqualTo(2);
    assertThat(report("in", "--markdown", at("file/x.md"))).isEqualTo(2);

    assertThat(err.toString().lines().filter(line -> !line.contains("did not get")))
        .hasSize(2)
        .allMatch(line -> line.contains(" can't be written: "));
  }

  @Test
  void help_says_that_the_gate_judges() {
    assertThat(report("--help")).isZero();

    assertThat(out.toString()).contains("even if there are leaks").contains("--source-root");
  }

  private String at(String path) {
    return directory.resolve(path).toString();
  }

  private int report(String first, String... more) {
    String[] args = new String[more.length + 2];
    args[0] = "report";
    args[1] = first.startsWith("-") ? first : at(first);
    System.arraycopy(more, 0, args, 2, more.length);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
