package dev.leakcheck.cli;

import dev.leakcheck.baseline.KnownLeak;
import dev.leakcheck.baseline.KnownLeaks;
import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.reports.Reports;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
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
import picocli.CommandLine.Spec;

/**
 * Fails a build for new leaks. It is green only if it saw that something was checked and nothing
 * new was left: a report that is missing is no good news.
 */
@Command(
    name = "gate",
    description = {
      "Merges the reports of all forks and shards and fails if they hold a leak that neither an"
          + " annotation nor the baseline accepts, or one whose day in the baseline is past.",
      "With --baseline the file decides what is known, whatever the runs themselves knew; without"
          + " it, what they knew stays known. A day counts as past after it has ended in the time"
          + " zone of this machine."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:no new leak, and none whose day is past",
      " 1:new or expired leaks, whatever else is wrong",
      " 2:no such leak was seen, but the input is bad, or not all was checked: there is no report,"
          + " no check, a JVM that did not end or checked nothing (--allow-incomplete), or fewer"
          + " JVMs or checks than are asked for"
    },
    footerHeading = "%nThe summary of --json:%n",
    footer = {
      "  leakcheckGate  1, the version of this form; members may be added to it",
      "  verdict        clean, leaks or unchecked; and exitCode: 0, 1 or 2",
      "  unchecked      why not all was checked, in sentences",
      "  date, jvms, checks, baseline (whether one was given)",
      "  counts         how many are new, expired, known, allowed, gone, unseen and pruned",
      "  leaks          one for each cause: verdict (new, expired, known or allowed), kind,"
          + " fingerprint, place, title, createdAt, reason, owner, expires, occurrences, jvms,"
          + " scopes",
      "  gone           what the baseline knows and did not occur: kind, fingerprint, place, reason",
      "  unseen         what only a run with the agent can see, if there was none",
      "  incomplete, problems (sentences), coverage (text, times)",
      "If the input is bad, only the first four are there."
    })
final class GateCommand implements Callable<Integer> {

  private final Clock clock;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ReportPlaces places = new ReportPlaces();

  @Option(names = "--baseline", paramLabel = "FILE", description = "the leaks that are known")
  private @Nullable Path baseline;

  @Option(
      names = "--prune",
      description =
          "take out of the baseline what does not occur any more; refused unless all JVMs ended")
  private boolean prune;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "write a summary for machines; - for the standard output, the text goes to the standard"
              + " error then")
  private @Nullable String json;

  @Option(
      names = "--allow-incomplete",
      description = "accept JVMs that did not end, or checked nothing")
  private boolean allowIncomplete;

  @Option(
      names = "--expect-jvms",
      paramLabel = "N",
      description = "fail if fewer JVMs reported, such as when a shard was lost")
  private int expectedJvms;

  @Option(names = "--min-checks", paramLabel = "N", description = "fail if fewer checks were done")
  private long leastChecks;

  GateCommand(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    CommandSpec command = Objects.requireNonNull(spec);
    if (prune && baseline == null) {
      throw new ParameterException(command.commandLine(), "--prune needs --baseline FILE");
    }
    if (expectedJvms < 0 || leastChecks < 0) {
      throw new ParameterException(
          command.commandLine(), "--expect-jvms and --min-checks can't be negative");
    }
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    try {
      return judge(OutputTarget.isStandard(json) ? err : out, out);
    } catch (BadInput e) {
      // Or a summary of an earlier run would go on to say that all is well.
      writeJson(GateJson.unreadable(String.valueOf(e.getMessage())), out);
      throw e;
    }
  }

  private int judge(PrintWriter text, PrintWriter out) {
    Reports reports = places.read();
    KnownLeaks known = baseline == null ? null : Baselines.read(baseline);
    GateResult result = GateResult.of(reports, known, LocalDate.now(clock));
    List<String> unchecked = unchecked(result);
    List<KnownLeak> pruned = List.of();
    if (prune && known != null && baseline != null) {
      if (!result.incomplete().isEmpty() || !unchecked.isEmpty()) {
        unchecked.add("nothing was pruned: what was not found may be in what was not checked");
      } else {
        pruned = result.gone();
        List<KnownLeak> kept = new ArrayList<>(known.list());
        kept.removeAll(pruned);
        Baselines.write(baseline, new KnownLeaks(kept));
      }
    }
    int exitCode =
        result.hasLeaks()
            ? ExitCode.LEAKS
            : unchecked.isEmpty() ? ExitCode.CLEAN : ExitCode.BAD_INPUT;
    GateText.print(result, unchecked, pruned.size(), text);
    writeJson(GateJson.of(result, exitCode, unchecked, pruned), out);
    return exitCode;
  }

  private List<String> unchecked(GateResult result) {
    List<String> reasons = new ArrayList<>();
    if (result.checks() == 0) {
      reasons.add("the reports hold no check");
    } else if (result.checks() < leastChecks) {
      reasons.add(
          GateResult.count(result.checks(), "check") + " done, --min-checks is " + leastChecks);
    }
    if (result.jvms() < expectedJvms) {
      reasons.add(
          GateResult.count(result.jvms(), "JVM") + " reported, --expect-jvms is " + expectedJvms);
    }
    if (!result.incomplete().isEmpty() && !allowIncomplete) {
      reasons.add(
          GateResult.count(result.incomplete().size(), "JVM")
              + (result.incomplete().size() == 1 ? " is" : " are")
              + " incomplete (--allow-incomplete accepts that)");
    }
    return reasons;
  }

  private void writeJson(String summary, PrintWriter out) {
    OutputTarget.write(json, out, writer -> writer.write(summary));
  }
}
