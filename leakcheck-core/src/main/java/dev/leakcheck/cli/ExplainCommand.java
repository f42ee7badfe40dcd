package dev.leakcheck.cli;

import dev.leakcheck.model.LeakKind;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Tells what a kind of leak is and how to fix it; without a kind, lists them all.")
final class ExplainCommand implements Callable<Integer> {

  private static final int NARROWEST = 40;
  private static final int WIDEST = 100;
  private static final int KIND_WIDTH = 22;
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{16}");

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "KIND",
      description = "As a finding names it, such as unclosed-executor or UNCLOSED_EXECUTOR.")
  private @Nullable String kind;

  @Option(names = "--markdown", description = "The page as it is written.")
  private boolean markdown;

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("picocli did not set the command up");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (kind == null) {
      for (LeakKind each : LeakKind.values()) {
        out.printf("%-" + KIND_WIDTH + "s%s%n", each.id(), each.summary());
      }
    } else if (markdown) {
      out.println(kind(kind).page().stripTrailing());
    } else {
      int width = spec.usageMessage().autoWidth(true).width();
      TerminalPage.lines(
              kind(kind).page(),
              Math.max(NARROWEST, Math.min(width, WIDEST)),
              spec.commandLine().getColorScheme().ansi())
          .forEach(out::println);
    }
    return ExitCode.CLEAN;
  }

  private static LeakKind kind(String name) {
    String id = name.strip().toLowerCase(Locale.ROOT).replace('_', '-');
    for (LeakKind kind : LeakKind.values()) {
      if (kind.id().equals(id)) {
        return kind;
      }
    }
    if (FINGERPRINT.matcher(id).matches()) {
      throw new BadInput(
          "'" + id + "' is the id of one finding: give the kind that stands before it");
    }
    String near =
        String.join(
            " or ",
            Similarity.near(id, Arrays.stream(LeakKind.values()).map(LeakKind::id).toList()));
    throw new BadInput(
        "there is no kind '"
            + name
            + "'; "
            + (near.isEmpty() ? "'leakcheck explain' lists them" : "did you mean " + near + "?"));
  }
}
