package dev.leakcheck.cli;

import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.dump.Dump;
import dev.leakcheck.cli.dump.DumpJson;
import dev.leakcheck.cli.dump.LiveJvm;
import dev.leakcheck.cli.dump.ScanText;
import dev.leakcheck.model.Cohort;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

/** Tells what the threads of a JVM do, from a thread dump of it. */
@Command(
    name = "scan",
    description = {
      "Tells what the threads of a JVM do, what is deadlocked and what waits for what: of one that"
          + " runs on this machine, or of a thread dump in a file.",
      "A file may hold what jstack, jcmd Thread.print or kill -3 print, also amid a log, or what"
          + " jcmd Thread.dump_to_file writes, of JDK 8 to 25, zipped or not. Of several dumps in"
          + " one file the last whole one counts. One that is cut short is bad input, unless"
          + " --partial is given.",
      "The exit code is 1 if there is a deadlock or a limit is crossed, and 0 otherwise: threads"
          + " that merely wait are no error."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ScanCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "PID",
      arity = "0..1",
      description = "process id of the JVM; it must run as the same user, unless you are root")
  private @Nullable Long pid;

  @Option(names = "--dump", paramLabel = "FILE", description = "look at a file, not at a process")
  private @Nullable Path file;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "write all groups as JSON as well; with - only that, on the standard output")
  private @Nullable String json;

  @Option(
      names = "--max-threads",
      paramLabel = "N",
      description = "exit with 1 if there are more threads than that, virtual ones included")
  private @Nullable Integer maxThreads;

  @Option(
      names = "--max-group",
      paramLabel = "N",
      description =
          "exit with 1 if a group has more threads than that; those set aside do not count")
  private @Nullable Integer maxGroup;

  @Mixin private Top top = new Top();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "how long a JVM may take to answer before it is given up (default: ${DEFAULT-VALUE})")
  private int timeout;

  @Mixin private VirtualRisk risk = new VirtualRisk();

  @Mixin private DumpReading dumps = new DumpReading();

  @Override
  public Integer call() {
    CommandSpec command = Objects.requireNonNull(spec);
    int most = top.groups(command);
    check(command);
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    Dump dump = file == null ? live() : dumps.read(file, err);
    String source = file == null ? "process " + pid : file.toString();
    List<String> crossed = crossed(dump);
    OutputTarget.write(json, out, writer -> DumpJson.write(dump, source, crossed, writer));
    if (!OutputTarget.isStandard(json)) {
      ScanText.write(dump, source, crossed, most, out);
    }
    return dump.deadlocks().isEmpty() && crossed.isEmpty() ? ExitCode.CLEAN : ExitCode.LEAKS;
  }

  private void check(CommandSpec command) {
    if ((pid == null) == (file == null)) {
      throw new ParameterException(
          command.commandLine(), "give either the process id of a JVM or --dump FILE");
    }
    if (timeout < 1) {
      throw new ParameterException(command.commandLine(), "--timeout must be at least 1");
    }
    if (isNegative(maxThreads) || isNegative(maxGroup)) {
      throw new ParameterException(command.commandLine(), "a limit can't be negative");
    }
  }

  private static boolean isNegative(@Nullable Integer limit) {
    return limit != null && limit < 0;
  }

  private Dump live() {
    Duration patience = Duration.ofSeconds(timeout);
    try (LiveJvm jvm = LiveJvm.attach(Objects.requireNonNull(pid), patience, risk.isTaken())) {
      return jvm.dump();
    }
  }

  private List<String> crossed(Dump dump) {
    List<String> crossed = new ArrayList<>();
    int threads = dump.population().threads();
    if (maxThreads != null && threads > maxThreads) {
      crossed.add(threads + " threads, --max-threads " + maxThreads);
    }
    int largest =
        dump.population().cohorts().stream()
            .filter(cohort -> cohort.benign() == null)
            .mapToInt(Cohort::count)
            .max()
            .orElse(0);
    if (maxGroup != null && largest > maxGroup) {
      crossed.add(largest + " threads in one group, --max-group " + maxGroup);
    }
    return crossed;
  }
}
