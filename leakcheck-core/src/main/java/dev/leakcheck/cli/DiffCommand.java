package dev.leakcheck.cli;

import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.dump.DiffText;
import dev.leakcheck.cli.dump.DumpDiff;
import dev.leakcheck.cli.dump.DumpJson;
import java.io.PrintWriter;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what came, went and grew between two thread dumps. */
@Command(
    name = "diff",
    description = {
      "Tells what came, went and grew between two thread dumps of a JVM, of whatever formats: groups"
          + " of threads that are alike, and executors.",
      "Files are read as by scan. Threads that are known to be nobody's leak are left out.",
      "The exit code is 0, or 1 if --max-growth is given and something grew by more."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "BEFORE", description = "the first dump")
  private @Nullable Path before;

  @Parameters(index = "1", paramLabel = "AFTER", description = "the second dump")
  private @Nullable Path after;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "write it as JSON as well; with - only that, on the standard output")
  private @Nullable String json;

  @Option(
      names = "--max-growth",
      paramLabel = "N",
      description = "exit with 1 if a group of threads or of executors grew by more than N")
  private @Nullable Integer maxGrowth;

  @Mixin private Top top = new Top();

  @Mixin private DumpReading dumps = new DumpReading();

  @Override
  public Integer call() {
    CommandSpec command = Objects.requireNonNull(spec);
    int most = top.groups(command);
    if (maxGrowth != null && maxGrowth < 0) {
      throw new ParameterException(command.commandLine(), "--max-growth can't be negative");
    }
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    Path first = Objects.requireNonNull(before);
    Path second = Objects.requireNonNull(after);
    DumpDiff diff = DumpDiff.between(dumps.read(first, err), dumps.read(second, err));
    List<String> crossed =
        maxGrowth != null && diff.growth() > maxGrowth
            ? List.of("a group grew by " + diff.growth() + ", --max-growth " + maxGrowth)
            : List.of();
    String one = first.toString();
    String two = second.toString();
    OutputTarget.write(json, out, writer -> DumpJson.write(diff, one, two, crossed, writer));
    if (!OutputTarget.isStandard(json)) {
      DiffText.write(diff, one, two, crossed, most, out);
    }
    return crossed.isEmpty() ? ExitCode.CLEAN : ExitCode.LEAKS;
  }
}
