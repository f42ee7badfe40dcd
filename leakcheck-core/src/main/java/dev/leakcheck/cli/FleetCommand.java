package dev.leakcheck.cli;

import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.fleet.DuckDb;
import dev.leakcheck.cli.fleet.Ranking;
import dev.leakcheck.cli.fleet.RankingText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Ranks the groups of threads of many JVMs. */
@Command(
    name = "fleet",
    description = {
      "Ranks the groups of threads that many JVMs have: by their size over all instances of a"
          + " service, with their growth, and when and with which version they were seen first. It"
          + " takes DuckDB; leakcheck explain fleet tells more.",
      "The exit code is 2 if a file could not be read: the others are ranked all the same. A group"
          + " that is ranked is no error."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class FleetCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private FleetPlaces places = new FleetPlaces();

  @Option(
      names = "--rows",
      paramLabel = "FILE",
      description = "rank what rows --output wrote, instead of directories; repeatable")
  private List<Path> rows = List.of();

  @Option(
      names = "--threshold",
      paramLabel = "N",
      defaultValue = "" + Ranking.THRESHOLD,
      description =
          "rank groups that have N threads or more in one capture (default: ${DEFAULT-VALUE}); what"
              + " reports found is ranked in any case")
  private int threshold;

  @Mixin private Top top = new Top();

  @Mixin private DuckDbDriver duckDb = new DuckDbDriver();

  @Override
  public Integer call() throws IOException {
    CommandSpec command = Objects.requireNonNull(spec);
    int most = top.groups(command);
    if (threshold < 1) {
      throw new ParameterException(command.commandLine(), "--threshold must be at least 1");
    }
    if (places.isEmpty() == rows.isEmpty()) {
      throw new ParameterException(command.commandLine(), "give either directories or --rows FILE");
    }
    try (DuckDb duck = duckDb.open()) {
      if (!rows.isEmpty()) {
        rank(duck, rows, most, command);
        return ExitCode.CLEAN;
      }
      try (RowsFile read = RowsFile.of(places, null, command.commandLine().getErr())) {
        rank(duck, List.of(read.path()), most, command);
        return read.summary().unread().isEmpty() ? ExitCode.CLEAN : ExitCode.BAD_INPUT;
      }
    }
  }

  private void rank(DuckDb duck, List<Path> files, int most, CommandSpec command) {
    duck.takeFleet(files);
    RankingText.write(Ranking.of(duck, threshold), most, command.commandLine().getOut());
  }
}
