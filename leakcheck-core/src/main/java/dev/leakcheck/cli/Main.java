package dev.leakcheck.cli;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.model.Printable;
import dev.leakcheck.report.TextReport;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code java -jar leakcheck-core-…-cli.jar COMMAND …} */
@Command(
    name = "leakcheck",
    description = "Finds concurrency leaks: merges reports, gates a build, looks at a live JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      BaselineCommand.class,
      DiffCommand.class,
      DoctorCommand.class,
      ExplainCommand.class,
      FleetCommand.class,
      GateCommand.class,
      InitCommand.class,
      ProveCommand.class,
      ReportCommand.class,
      RowsCommand.class,
      ScanCommand.class,
      WatchCommand.class,
    },
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:nothing is wrong",
      " 1:there are leaks, or a limit that was given is crossed",
      " 2:the input is bad, or there was none: nothing was checked"
    })
final class Main implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  /** LeakCheck's version and the JDK's. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"LeakCheck " + TextReport.version(), "JDK ${java.version}"};
    }
  }

  /**
   * Runs a command and ends the JVM.
   *
   * @param args the command and its arguments
   */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code;
    try {
      code = run(out, err, args);
    } catch (OutOfMemoryError e) {
      err.println("leakcheck: the heap is too small for this input: give Java more with -Xmx");
      code = ExitCode.BAD_INPUT;
    }
    out.flush();
    err.flush();
    System.exit(code);
  }

  /** Runs a command. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return run(Clock.system(ZoneId.systemDefault()), out, err, args);
  }

  /** Runs a command on a day. */
  static int run(Clock clock, PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Main(), new Commands(clock))
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::misused)
        .setExecutionExceptionHandler(Main::failed)
        .execute(args);
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "give a command");
    }
  }

  private static int misused(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String message =
        e instanceof UnmatchedArgumentException unknown ? unknown(unknown) : e.getMessage();
    err.println("leakcheck: " + Printable.escape(String.valueOf(message)));
    err.println("try: leakcheck " + words(command.getCommandSpec()) + "--help");
    return ExitCode.BAD_INPUT;
  }

  private static String unknown(UnmatchedArgumentException e) {
    String given = e.getUnmatched().get(0).replaceFirst("=.*", "");
    CommandSpec spec = e.getCommandLine().getCommandSpec();
    boolean option = given.startsWith("-");
    Set<String> known = option ? spec.optionsMap().keySet() : spec.subcommands().keySet();
    String near = String.join(" or ", Similarity.near(given, List.copyOf(known)));
    return known.isEmpty()
        ? String.valueOf(e.getMessage())
        : "there is no "
            + (option ? "option" : "command")
            + (" '" + given + "'")
            + (near.isEmpty() ? "" : "; did you mean " + near + "?");
  }

  private static String words(CommandSpec spec) {
    return spec.parent() == null ? "" : words(spec.parent()) + spec.name() + " ";
  }

  /** One line, whatever it was: a stack trace tells a user nothing. */
  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    String message = e instanceof BadInput ? String.valueOf(e.getMessage()) : e.toString();
    command.getErr().println("leakcheck: " + Printable.escape(message));
    return ExitCode.BAD_INPUT;
  }
}
