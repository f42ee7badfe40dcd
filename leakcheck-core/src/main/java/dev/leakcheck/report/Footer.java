package dev.leakcheck.report;

import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What stands below the findings: what was accepted, what was not seen, and how it was looked. */
final class Footer {

  private static final int STATICS_SHOWN = 5;
  private static final String PLAIN_TIER =
      "plain tier: where things were created is not recorded, add"
          + " -javaagent:leakcheck-core.jar";

  private Footer() {}

  static void write(Findings findings, Predicate<Coverage.Note> shown, FactText out) {
    out.line("");
    known(findings).forEach(out::line);
    findings.allowed().stream()
        .filter(allowed -> !allowed.known())
        .forEach(allowed -> out.line("allowed: " + accepted(allowed)));
    for (String unused : findings.unusedAllowances()) {
      out.line(
          "allowance that matched nothing: "
              + Printable.escape(Allowance.mention(unused, findings.recorded())));
    }
    findings.coverage().notes().stream()
        .filter(shown)
        .forEach(note -> out.line("not seen: " + Printable.escape(note.text())));
    findings.statics().stream()
        .limit(STATICS_SHOWN)
        .forEach(thing -> out.line("left alone: " + Printable.escape(thing)));
    if (findings.statics().size() > STATICS_SHOWN) {
      out.line("left alone: and " + (findings.statics().size() - STATICS_SHOWN) + " more");
    }
    out.line(String.join(" · ", about(findings)));
  }

  /** What the last line says. */
  private static List<String> about(Findings findings) {
    List<String> parts = new ArrayList<>();
    if (!findings.benign().isEmpty()) {
      int threads = findings.benign().values().stream().mapToInt(Integer::intValue).sum();
      parts.add(
          threads
              + (threads == 1 ? " benign thread" : " benign threads")
              + " left alone by "
              + findings.benign().keySet().stream().collect(Collectors.joining(", ")));
    }
    parts.add(findings.recorded() ? "agent tier" : PLAIN_TIER);
    parts.add("JDK " + Runtime.version().feature());
    parts.add("LeakCheck " + TextReport.VERSION);
    return parts;
  }

  /** A line that counts the known leaks and one for each; empty if there is none. */
  static List<String> known(Findings findings) {
    List<String> lines = new ArrayList<>();
    findings.allowed().stream()
        .filter(Findings.Allowed::known)
        .forEach(known -> lines.add("known: " + accepted(known)));
    if (!lines.isEmpty()) {
      lines.add(
          0,
          lines.size()
              + (lines.size() == 1 ? " known leak is" : " known leaks are")
              + " in the baseline");
    }
    return lines;
  }

  private static String accepted(Findings.Allowed allowed) {
    return allowed.finding().kind().id()
        + " "
        + Printable.escape(allowed.finding().title())
        + " ("
        + Printable.escape(allowed.reason())
        + ")";
  }
}
