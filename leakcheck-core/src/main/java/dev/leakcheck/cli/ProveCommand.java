package dev.leakcheck.cli;

import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.dump.LiveJvm;
import dev.leakcheck.cli.dump.Progress;
import dev.leakcheck.cli.prove.ProofText;
import dev.leakcheck.cli.prove.Proving;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
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

/** Tells which threads nobody can ever wake, from a heap dump. */
@Command(
    name = "prove",
    description = {
      "Tells of each platform thread that waits without a time limit whether anybody alive can still"
          + " wake it, and who: of a JVM of JDK 17 or later that runs on this machine, or of a heap"
          + " dump in a file.",
      "A JVM stops while it writes the dump, into its temporary directory, from which the file is"
          + " deleted afterwards. Of a file it is not known which methods were compiled, unless"
          + " --compiled says so: without that hardly anything is proved, and paths are told all the"
          + " same.",
      "The exit code is 1 if a thread is proved to be stuck for good, and 0 otherwise."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ProveCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "PID",
      arity = "0..1",
      description = "process id of the JVM; it must run as the same user, unless you are root")
  private @Nullable Long pid;

  @Option(names = "--heap", paramLabel = "FILE", description = "look at a heap dump (.hprof)")
  private @Nullable Path file;

  @Option(
      names = "--compiled",
      paramLabel = "FILE",
      description = "what jcmd PID Compiler.codelist printed when that dump was taken")
  private @Nullable Path compiled;

  @Mixin private Top top = new Top();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description =
          "how long a JVM may take to write the dump before it is given up (default:"
              + " ${DEFAULT-VALUE})")
  private int timeout;

  @Override
  public Integer call() {
    CommandSpec command = Objects.requireNonNull(spec);
    if ((pid == null) == (file == null)) {
      throw new ParameterException(
          command.commandLine(), "give either the process id of a JVM or --heap FILE");
    }
    if (compiled != null && file == null) {
      throw new ParameterException(command.commandLine(), "--compiled goes with --heap");
    }
    if (timeout < 1) {
      throw new ParameterException(command.commandLine(), "--timeout must be at least 1");
    }
    int most = top.groups(command);
    PrintWriter terminal = Progress.isTerminal() ? command.commandLine().getErr() : null;
    Proving.Told told = file == null ? live(terminal) : Proving.of(file, compiled, terminal);
    ProofText.write(
        told,
        file == null ? "process " + pid : file.toString(),
        most,
        command.commandLine().getOut());
    return told.platform().stream().anyMatch(ProofText::isProved) ? ExitCode.LEAKS : ExitCode.CLEAN;
  }

  private Proving.Told live(@Nullable PrintWriter terminal) {
    try (LiveJvm jvm =
        LiveJvm.attach(Objects.requireNonNull(pid), Duration.ofSeconds(timeout), false)) {
      return Proving.of(jvm, terminal);
    }
  }
}
