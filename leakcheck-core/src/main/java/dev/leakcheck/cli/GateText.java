package dev.leakcheck.cli;

import static dev.leakcheck.cli.GateResult.count;

import dev.leakcheck.baseline.KnownLeak;
import dev.leakcheck.cli.GateResult.Judged;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.model.Printable;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The gate's answer for a person: what fails comes first, and the verdict last. */
final class GateText {

  private static final int SCOPES_SHOWN = 3;
  private static final int COVERAGE_SHOWN = 10;

  private final GateResult result;
  private final PrintWriter out;

  private GateText(GateResult result, PrintWriter out) {
    this.result = result;
    this.out = out;
  }

  static void print(GateResult result, List<String> reasons, int pruned, PrintWriter out) {
    new GateText(result, out).print(reasons, pruned);
    out.flush();
  }

  private void print(List<String> reasons, int pruned) {
    result.with(Verdict.NEW).forEach(leak -> failing("new", leak));
    result.with(Verdict.EXPIRED).forEach(leak -> failing("expired", leak));
    section("known, in the " + (result.hasBaseline() ? "baseline" : "runs' baseline"), known());
    section("allowed by annotations and options", lines(Verdict.ALLOWED));
    section(
        "in the baseline and not found any more"
            + (pruned > 0 ? ", now removed from it" : result.gone().isEmpty() ? "" : " (--prune)"),
        result.gone().stream().map(GateText::line).toList());
    section(
        "in the baseline and not looked for: only a run with the agent can see them",
        result.unseen().stream().map(GateText::line).toList());
    notes();
    reasons.forEach(reason -> line("not checked: " + reason));
    line(headline(reasons));
  }

  private void failing(String verdict, Judged judged) {
    Leak leak = judged.leak();
    line(verdict + ": " + leak.kind().id() + ", " + Place.of(leak));
    KnownLeak known = judged.known();
    if (judged.verdict() == Verdict.EXPIRED) {
      line(
          "  accepted "
              + (known == null
                  ? "until a day that was past when it ran: "
                  : "until "
                      + known.expires()
                      + (known.owner() == null ? "" : " by " + known.owner())
                      + ": ")
              + "expired ("
              + judged.reason()
              + ")");
    }
    line("  found in " + scopes(judged));
    line("  id " + leak.fingerprint());
    line("");
    (leak.message().isEmpty() ? leak.title() : leak.message())
        .lines()
        .forEach(text -> line(text.isEmpty() ? "" : "  " + text));
    line("");
  }

  private static String scopes(Judged judged) {
    List<Occurrence> all = judged.group().occurrences();
    List<String> names =
        all.stream().map(occurrence -> occurrence.leak().scope()).distinct().toList();
    long jvms = all.stream().map(Occurrence::jvm).distinct().count();
    return names.stream().limit(SCOPES_SHOWN).collect(Collectors.joining(", "))
        + (names.size() > SCOPES_SHOWN ? " and " + (names.size() - SCOPES_SHOWN) + " more" : "")
        + (all.size() > 1 ? " (" + all.size() + " times, " + count(jvms, "JVM") + ")" : "");
  }

  private List<String> known() {
    List<String> lines = new java.util.ArrayList<>(lines(Verdict.KNOWN));
    long plain = result.leaks().stream().filter(Judged::isByPlainFingerprint).count();
    if (plain > 0) {
      lines.add(
          "("
              + plain
              + " of the baseline's leaks "
              + (plain == 1 ? "was" : "were")
              + " told without who created "
              + (plain == 1 ? "it" : "them")
              + ": the baseline or the run is without the agent)");
    }
    return lines;
  }

  private List<String> lines(Verdict verdict) {
    return result.with(verdict).stream()
        .map(
            judged ->
                judged.leak().kind().id()
                    + ", "
                    + Place.of(judged.leak())
                    + ": "
                    + judged.reason()
                    + (judged.known() == null ? "" : terms(judged.known())))
        .toList();
  }

  private static String line(KnownLeak leak) {
    return leak.kind().id() + ", " + leak.place() + ": " + leak.reason() + terms(leak);
  }

  private static String terms(KnownLeak leak) {
    return (leak.owner() == null ? "" : ", " + leak.owner())
        + (leak.expires() == null ? "" : ", until " + leak.expires());
  }

  private void section(String title, List<String> lines) {
    if (!lines.isEmpty()) {
      line(title + ":");
      lines.forEach(text -> line("  " + text));
      line("");
    }
  }

  private void notes() {
    int before = 0;
    for (Map.Entry<String, Integer> note : result.coverage().entrySet()) {
      if (before++ == COVERAGE_SHOWN) {
        line("not seen: and " + (result.coverage().size() - COVERAGE_SHOWN) + " more");
        break;
      }
      line(
          "not seen: "
              + note.getKey()
              + (note.getValue() > 1 ? " (" + note.getValue() + " times)" : ""));
    }
    result.problems().forEach(problem -> line("report: " + problem));
    result.incomplete().forEach(sentence -> line("incomplete: " + sentence));
  }

  private String headline(List<String> reasons) {
    int fresh = result.with(Verdict.NEW).size();
    int expired = result.with(Verdict.EXPIRED).size();
    String verdict =
        result.hasLeaks()
            ? "failed: "
                + (fresh > 0 ? count(fresh, "new leak") : "")
                + (fresh > 0 && expired > 0 ? ", " : "")
                + (expired > 0 ? count(expired, "expired leak") : "")
            : reasons.isEmpty() ? "passed: no new leak" : "failed: not all was checked";
    return "LeakCheck gate "
        + verdict
        + " ("
        + count(result.with(Verdict.KNOWN).size(), "known leak")
        + ", "
        + result.with(Verdict.ALLOWED).size()
        + " allowed, "
        + result.gone().size()
        + " gone; "
        + count(result.checks(), "check")
        + " in "
        + count(result.jvms(), "JVM")
        + ")";
  }

  private void line(String text) {
    out.println(Printable.escape(text));
  }
}
