package dev.leakcheck.cli;

import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.formats.Format;
import dev.leakcheck.cli.formats.JUnitXml;
import dev.leakcheck.cli.formats.Markdown;
import dev.leakcheck.cli.formats.Sarif;
import dev.leakcheck.cli.formats.Totals;
import dev.leakcheck.cli.html.HtmlReport;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.model.Printable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes what all JVMs reported, in the formats that are asked for. */
@Command(
    name = "report",
    description = {
      "Merges the reports of all forks and shards, and writes them as files for people and tools.",
      "At least one format must be given. FILE may be - for the standard output. The exit code is"
          + " 0 once all is written, even if there are leaks: to fail a build is the gate's task."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ReportPlaces places = new ReportPlaces();

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "HTML for people: one file that needs nothing else")
  private @Nullable String html;

  @Option(names = "--sarif", paramLabel = "FILE", description = "SARIF 2.1.0, for code scanning")
  private @Nullable String sarif;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Markdown, for the summary of a CI job")
  private @Nullable String markdown;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "JUnit XML: a test case for each check")
  private @Nullable String junit;

  @Option(
      names = "--source-root",
      paramLabel = "DIR",
      description =
          "where --sarif looks for the sources; repeatable (default: the current directory)")
  private List<Path> sourceRoots = List.of();

  /** What is to be written where. */
  private record Output(String option, String target, Format format) {}

  @Override
  public Integer call() {
    CommandSpec command = Objects.requireNonNull(spec);
    List<Output> outputs = outputs();
    check(outputs, command);
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    Reports reports = places.read();
    reports.problems().forEach(problem -> err.println("leakcheck: " + problem));
    boolean outIsTaken =
        outputs.stream().anyMatch(output -> OutputTarget.isStandard(output.target()));
    for (Output output : outputs) {
      write(output, reports, out, outIsTaken ? err : out);
    }
    return ExitCode.CLEAN;
  }

  private List<Output> outputs() {
    List<Output> outputs = new ArrayList<>();
    add(outputs, "--html", html, HtmlReport::write);
    add(outputs, "--sarif", sarif, new Sarif(sourceRoots));
    add(outputs, "--markdown", markdown, new Markdown());
    add(outputs, "--junit", junit, new JUnitXml());
    return outputs;
  }

  private static void add(
      List<Output> outputs, String option, @Nullable String target, Format format) {
    if (target != null) {
      outputs.add(new Output(option, target, format));
    }
  }

  private static void check(List<Output> outputs, CommandSpec command) {
    if (outputs.isEmpty()) {
      throw new ParameterException(
          command.commandLine(), "give at least one format, such as --html FILE");
    }
    Set<Object> targets = new HashSet<>();
    for (Output output : outputs) {
      Object target =
          OutputTarget.isStandard(output.target())
              ? output.target()
              : Path.of(output.target()).toAbsolutePath().normalize();
      if (!targets.add(target)) {
        throw new ParameterException(
            command.commandLine(),
            output.option() + ": another format is written to " + output.target() + " already");
      }
    }
  }

  private static void write(Output output, Reports reports, PrintWriter out, PrintWriter log) {
    OutputTarget.write(output.target(), out, writer -> output.format().write(reports, writer));
    if (!OutputTarget.isStandard(output.target())) {
      log.println(
          "wrote " + Printable.escape(output.target()) + ": " + Totals.of(reports).sentence());
    }
  }
}
