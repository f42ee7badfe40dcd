package dev.leakcheck.cli;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.base.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description =
        "Tells what a kind of leak is and how to fix it, or prints a page of the guide; without"
            + " a name, lists all kinds and pages.")
final class ExplainCommand implements Callable<Integer> {

  private static final int NARROWEST = 40;
  private static final int WIDEST = 100;
  private static final int NAME_WIDTH = 22;

  /** Not a page, as it tells what is in force here. */
  private static final String RULES = "rules";

  private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{16}");

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "PAGE",
      description =
          "A kind as a finding names it, such as unclosed-executor or UNCLOSED_EXECUTOR, or a page"
              + " of the guide, such as adopting; or rules for all that is left alone.")
  private @Nullable String name;

  @Option(names = "--markdown", description = "The page as it is written.")
  private boolean markdown;

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("picocli did not set the command up");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (name == null) {
      list(ExplainedPage.ofKinds(), out);
      out.println();
      out.println("The guide");
      list(ExplainedPage.ofGuide(), out);
      out.println();
      out.printf(
          "%-" + NAME_WIDTH + "s%s%n", RULES, "what is left alone: every rule that is in force");
    } else if (name.equals(RULES)) {
      RulesText.write(out);
    } else if (markdown) {
      out.println(page(name).stripTrailing());
    } else {
      int width = spec.usageMessage().autoWidth(true).width();
      TerminalPage.lines(
              page(name),
              Math.max(NARROWEST, Math.min(width, WIDEST)),
              spec.commandLine().getColorScheme().ansi())
          .forEach(out::println);
    }
    return ExitCode.CLEAN;
  }

  private static void list(List<ExplainedPage> pages, PrintWriter out) {
    for (ExplainedPage page : pages) {
      out.printf("%-" + NAME_WIDTH + "s%s%n", page.id(), page.summary());
    }
  }

  private static String page(String name) {
    String id = name.strip().toLowerCase(Locale.ROOT).replace('_', '-');
    List<ExplainedPage> all =
        Stream.concat(ExplainedPage.ofKinds().stream(), ExplainedPage.ofGuide().stream()).toList();
    for (ExplainedPage page : all) {
      if (page.id().equals(id)) {
        return page.markdown().get();
      }
    }
    if (FINGERPRINT.matcher(id).matches()) {
      throw new BadInput(
          "'" + id + "' is the id of one finding: give the kind that stands before it");
    }
    String near =
        String.join(" or ", Similarity.near(id, all.stream().map(ExplainedPage::id).toList()));
    throw new BadInput(
        "there is no kind or page '"
            + name
            + "'; "
            + (near.isEmpty() ? "'leakcheck explain' lists them" : "did you mean " + near + "?"));
  }
}
