package dev.leakcheck.cli;

import dev.leakcheck.cli.reports.ReportReader;
import dev.leakcheck.cli.reports.Reports;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Where a command finds the reports that it is about. */
final class ReportPlaces {

  @Parameters(
      paramLabel = "DIR",
      arity = "1..*",
      description =
          "directories that are searched, with all below them, for leakcheck-*.jsonl; or such"
              + " files")
  private List<Path> places = List.of();

  Reports read() {
    return ReportReader.read(places);
  }
}
