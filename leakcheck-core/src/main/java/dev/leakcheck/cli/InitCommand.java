package dev.leakcheck.cli;

import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.init.Change;
import dev.leakcheck.cli.init.Init;
import dev.leakcheck.cli.init.Patch;
import dev.leakcheck.cli.init.Plan;
import dev.leakcheck.model.Printable;
import dev.leakcheck.report.TextReport;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the lines that set LeakCheck up in a build of Maven or Gradle, as a patch: the"
          + " dependency, auto-detection, the agent and an empty baseline.",
      "Nothing is written without --apply, and nothing that is there is taken away."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:the lines were printed or written, or all of them are there",
      " 2:there is no build with tests of JUnit Jupiter, or a file can't be read or written"
    })
final class InitCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The root of the build.")
  private Path directory = Path.of("");

  @Option(names = "--apply", description = "Write the lines into the files.")
  private boolean apply;

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("picocli did not set the command up");
    }
    PrintWriter out = spec.commandLine().getOut();
    Plan plan = Init.plan(directory, TextReport.version());
    Path root = directory.toAbsolutePath().normalize();
    for (Change change : plan.changes()) {
      if (apply) {
        OutputFile.fill(
            change.file(), file -> Files.writeString(file, change.text(), change.charset()));
        out.println("wrote " + Printable.escape(root.relativize(change.file()).toString()));
      } else {
        Patch.of(root, change).forEach(line -> out.print(line + "\n"));
      }
    }
    list(out, "not added:", plan.notAdded());
    list(out, "to know:", plan.hints());
    list(out, "next:", next(plan));
    return ExitCode.CLEAN;
  }

  private List<String> next(Plan plan) {
    if (plan.changes().isEmpty()) {
      return List.of("run the tests: all lines are there already");
    }
    return apply
        ? List.of(
            "run the tests: one that leaves something running fails, and says what to do",
            "leakcheck explain adopting, where they leave too much to mend it at once")
        : List.of("leakcheck init --apply " + Printable.escape(directory.toString()));
  }

  private static void list(PrintWriter out, String title, List<String> sentences) {
    if (!sentences.isEmpty()) {
      out.println(title);
      sentences.forEach(sentence -> out.println("  " + Printable.escape(sentence)));
    }
  }
}
