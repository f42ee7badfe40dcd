package dev.leakcheck.cli;

import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.fleet.DuckDb;
import dev.leakcheck.cli.fleet.FleetReader.Summary;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes what many JVMs have left as rows of one table. */
@Command(
    name = "rows",
    description = {
      "Writes thread dumps, what watch --json wrote, and reports of many JVMs as rows of one table,"
          + " for DuckDB, Spark or any other engine: leakcheck explain fleet tells the columns, and"
          + " the SQL that ranks them.",
      "The exit code is 2 if a file could not be read: the others are written all the same."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class RowsCommand implements Callable<Integer> {

  private static final String PARQUET = ".parquet";
  private static final String JSON_LINES = ".jsonl";

  @Spec private @Nullable CommandSpec spec;

  @Mixin private FleetPlaces places = new FleetPlaces();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description =
          "where to: .jsonl for JSON Lines, .parquet for Parquet, which takes DuckDB; - for JSON"
              + " Lines on the standard output")
  private String output = "";

  @Mixin private DuckDbDriver duckDb = new DuckDbDriver();

  @Override
  public Integer call() throws IOException {
    CommandSpec command = Objects.requireNonNull(spec);
    String ending = output.toLowerCase(Locale.ROOT);
    boolean parquet = ending.endsWith(PARQUET);
    boolean standard = OutputTarget.isStandard(output);
    if (!parquet && !standard && !ending.endsWith(JSON_LINES)) {
      throw new ParameterException(
          command.commandLine(), "--output takes a file that ends with .jsonl or .parquet, or -");
    }
    if (places.isEmpty()) {
      throw new ParameterException(command.commandLine(), "give at least one directory");
    }
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    Path file = standard ? null : Path.of(output);
    Summary[] summary = new Summary[1];
    if (parquet) {
      try (DuckDb duck = duckDb.open()) {
        summary[0] = parquet(duck, Objects.requireNonNull(file), err);
      }
    } else {
      OutputTarget.write(output, out, writer -> summary[0] = places.read(file, err, writer));
    }
    Summary written = Objects.requireNonNull(summary[0]);
    if (!standard) {
      out.println("wrote " + Printable.escape(output) + ": " + sentence(written));
    }
    return written.unread().isEmpty() ? ExitCode.CLEAN : ExitCode.BAD_INPUT;
  }

  private Summary parquet(DuckDb duck, Path file, PrintWriter err) throws IOException {
    try (RowsFile rows = RowsFile.of(places, file, err)) {
      OutputFile.fill(file, temporary -> duck.writeParquet(rows.path(), temporary));
      return rows.summary();
    }
  }

  private static String sentence(Summary summary) {
    return GateResult.count(summary.rows(), "row")
        + " of "
        + GateResult.count(summary.captures(), "capture")
        + " of "
        + GateResult.count(summary.instances(), "instance")
        + " of "
        + GateResult.count(summary.services(), "service");
  }
}
