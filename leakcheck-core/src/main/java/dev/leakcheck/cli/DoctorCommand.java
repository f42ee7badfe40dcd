package dev.leakcheck.cli;

import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.doctor.ChildJvm;
import dev.leakcheck.cli.doctor.Diagnosis;
import dev.leakcheck.cli.doctor.DiagnosisTable;
import dev.leakcheck.cli.doctor.Tier;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what LeakCheck finds on this JDK and machine, with and without its agent.",
      "It plants a leak of each kind in a JVM of its own, beside clean code that comes close to it."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:all is found that LeakCheck claims to find here, and nothing clean is accused",
      " 1:that is not so",
      " 2:the JVM could not be started or did not come to its end"
    })
final class DoctorCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--agent",
      negatable = true,
      description = "Look only with the agent, or only without it. Both unless given.")
  private @Nullable Boolean agent;

  @Option(
      names = "-J",
      paramLabel = "FLAG",
      description = "A flag for the JVM, as your tests have it: -J-Djdk.trackAllThreads=false.")
  private List<String> flags = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "How long each JVM may take; ${DEFAULT-VALUE} unless given.")
  private String timeout = "60s";

  @Override
  public Integer call() throws IOException, InterruptedException {
    Diagnosis diagnosis = look();
    PrintWriter out = spec().commandLine().getOut();
    DiagnosisTable.lines(diagnosis).forEach(out::println);
    return diagnosis.troubles().isEmpty() ? ExitCode.CLEAN : ExitCode.LEAKS;
  }

  private Diagnosis look() throws IOException, InterruptedException {
    try {
      return Diagnosis.of(tiers(), new ChildJvm(flags, limit()));
    } catch (ChildJvm.FailedException e) {
      throw new BadInput(String.valueOf(e.getMessage()), e);
    }
  }

  private Set<Tier> tiers() {
    return agent == null ? EnumSet.allOf(Tier.class) : EnumSet.of(agent ? Tier.AGENT : Tier.PLAIN);
  }

  private Duration limit() {
    try {
      return LeakCheckSettings.duration("--timeout", timeout);
    } catch (IllegalArgumentException e) {
      throw new BadInput(String.valueOf(e.getMessage()), e);
    }
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("picocli did not set the command up");
    }
    return spec;
  }
}
