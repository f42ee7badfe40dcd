package dev.leakcheck.cli;

import dev.leakcheck.classify.Trend;
import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.dump.LiveJvm;
import dev.leakcheck.cli.dump.Progress;
import dev.leakcheck.cli.watch.AgentOrigins;
import dev.leakcheck.cli.watch.Limits;
import dev.leakcheck.cli.watch.Watch;
import dev.leakcheck.cli.watch.WatchRun;
import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.Population;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code leakcheck watch PID} */
@Command(
    name = "watch",
    description =
        "Samples the threads of a live JVM, groups those that are alike, and shows which groups grow"
            + " and which sit unchanged.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:no limit that was given is crossed",
      " 1:a limit that was given is crossed: it is said which",
      " 2:there is no such JVM, it can't be asked, or an option makes no sense"
    })
final class WatchCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "PID", description = "process id of the JVM")
  private long pid;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Time.class,
      description = "time between samples, such as 500ms, 5s or 1m (default: 5s)")
  private Duration every = Duration.ofSeconds(5);

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Time.class,
      description = "how long to watch (default: until the process ends, or Ctrl-C)")
  private @Nullable Duration duration;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "12",
      description =
          "from how many samples after the first it is told what grows or sits unchanged (default:"
              + " 12, at least 4)")
  private int rounds = 12;

  @Option(
      names = "--max-growth",
      paramLabel = "N",
      description = "exit 1 if a group that grows has grown by more than N threads")
  private @Nullable Integer maxGrowth;

  @Option(
      names = "--max-threads",
      paramLabel = "N",
      description = "exit 1 if there are more than N threads, platform and virtual")
  private @Nullable Integer maxThreads;

  @Option(
      names = "--max-unchanged",
      paramLabel = "N",
      description = "exit 1 if more than N threads of one group sit unchanged")
  private @Nullable Integer maxUnchanged;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "write each sample to a file as well, one JSON object a line")
  private @Nullable Path json;

  @Option(
      names = "--agent",
      description =
          "load LeakCheck's agent into that JVM, which then tells where threads are created from now"
              + " on; it stays there, and records as long as this watch runs")
  private boolean agent;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Time.class,
      description = "how long to wait for an answer of the JVM (default: 60s)")
  private Duration timeout = Duration.ofSeconds(60);

  @Mixin private VirtualRisk risk = new VirtualRisk();

  /** A number with a unit. */
  static final class Time implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    @Override
    public Duration convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
        throw new TypeConversionException("'" + value + "' is not a time such as 500ms, 5s or 1m");
      }
      long number = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        default -> Duration.ofHours(number);
      };
    }
  }

  /** A JVM that is asked for thread dumps. */
  private record Live(LiveJvm jvm, @Nullable AgentOrigins agent) implements Watch.Target {
    @Override
    public Population population() {
      if (agent != null) {
        agent.refresh();
      }
      return jvm.population();
    }

    @Override
    public List<String> origins(Cohort group) {
      return agent == null ? List.of() : agent.of(group);
    }

    @Override
    public boolean isAlive() {
      return ProcessHandle.of(jvm.pid()).map(ProcessHandle::isAlive).orElse(false);
    }
  }

  @Override
  public Integer call() {
    CommandSpec command = java.util.Objects.requireNonNull(spec);
    Limits limits = new Limits(maxGrowth, maxThreads, maxUnchanged);
    requireSense(command, limits);
    Watch.Options options =
        new Watch.Options(pid, every, duration, rounds, limits, Progress.isTerminal());
    try (LiveJvm jvm = LiveJvm.attach(pid, timeout, risk.isTaken());
        AgentOrigins origins = agent ? load(command) : null) {
      boolean crossed =
          WatchRun.run(options, new Live(jvm, origins), command.commandLine().getOut(), json);
      return crossed ? ExitCode.LEAKS : ExitCode.CLEAN;
    }
  }

  private AgentOrigins load(CommandSpec command) {
    command
        .commandLine()
        .getErr()
        .println("leakcheck: loading LeakCheck's agent into process " + pid + ", as --agent asks");
    return AgentOrigins.load(pid);
  }

  private void requireSense(CommandSpec command, Limits limits) {
    if (rounds < Trend.FEWEST_ROUNDS) {
      throw new ParameterException(
          command.commandLine(),
          "--rounds " + rounds + " tells nothing: at least " + Trend.FEWEST_ROUNDS + " are needed");
    }
    negative(command, "--max-growth", maxGrowth);
    negative(command, "--max-threads", maxThreads);
    negative(command, "--max-unchanged", maxUnchanged);
    Duration time = duration;
    if (time != null && limits.needRounds()) {
      long samples = 1 + time.toMillis() / every.toMillis();
      if (samples <= rounds) {
        throw new ParameterException(
            command.commandLine(),
            samples
                + (samples == 1 ? " sample fits" : " samples fit")
                + " into --for, and the limits take "
                + (rounds + 1)
                + " (--rounds and one more): watch longer, or sample more often with --every");
      }
    }
  }

  private static void negative(CommandSpec command, String option, @Nullable Integer value) {
    if (value != null && value < 0) {
      throw new ParameterException(command.commandLine(), option + " " + value + " is below 0");
    }
  }
}
