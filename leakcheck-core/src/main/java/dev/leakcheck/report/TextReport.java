package dev.leakcheck.report;

import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/** The failure message: findings as text for a person. Thread-safe. */
public final class TextReport {

  private static final int KEY_WIDTH = 10;
  private static final int MAX_SHOWN = 20;
  private static final int SHORTEST_PREFIX = 4;
  private static final int FRAMES_SHOWN = 6;
  private static final int STATICS_SHOWN = 5;
  private static final Set<String> TEST_THREADS = Set.of("main", "Test worker");
  private static final String PLAIN_TIER =
      "plain tier: where things were created is not recorded, add"
          + " -javaagent:leakcheck-core.jar";
  private static final String INDENT = "     ";
  private static final String VERSION = version();

  private final StringBuilder out = new StringBuilder();

  private TextReport() {}

  /**
   * The whole report. Control characters in names are escaped.
   *
   * @param findings what was found
   * @return several lines without a trailing line break
   */
  public static String render(Findings findings) {
    TextReport report = new TextReport();
    report.headline(findings);
    int number = 1;
    for (Finding finding :
        findings.list().subList(0, Math.min(MAX_SHOWN, findings.list().size()))) {
      report.out.append('\n');
      report.block(number++, finding, findings);
    }
    if (findings.list().size() > MAX_SHOWN) {
      report.line("");
      report.line("and " + (findings.list().size() - MAX_SHOWN) + " more findings");
    }
    report.footer(findings);
    return report.out.toString().stripTrailing();
  }

  /**
   * What a scope's threads are stuck in while it is open.
   *
   * @param scope the scope's name
   * @param after how long it has been open
   * @param deadlocks the deadlocks; may be empty
   * @param doing what threads are doing, if there is no deadlock
   * @return several lines without a trailing line break
   */
  public static String hang(
      String scope, Duration after, List<Finding> deadlocks, List<Fact> doing) {
    TextReport report = new TextReport();
    Findings all = Findings.none(scope, List.of(), Coverage.FULL, false);
    report.line(
        "LeakCheck: "
            + Printable.escape(scope)
            + " has not ended after "
            + seconds(after)
            + (deadlocks.isEmpty() ? "; no deadlock was seen" : ": " + what(deadlocks)));
    int number = 1;
    for (Finding deadlock : deadlocks) {
      report.line("");
      report.block(number++, deadlock, all);
    }
    doing.forEach(fact -> report.fact(fact.key(), fact.lines()));
    return report.out.toString().stripTrailing();
  }

  private static String seconds(Duration time) {
    return time.toMillis() < 1000
        ? time.toMillis() + " ms"
        : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  /**
   * One thing that went wrong, in the same shape as a finding.
   *
   * @param headline what went wrong, in a clause
   * @param facts what there is to say of it
   * @return several lines without a trailing line break
   */
  public static String render(String headline, List<Fact> facts) {
    TextReport report = new TextReport();
    report.line("LeakCheck: " + Printable.escape(headline));
    facts.forEach(fact -> report.fact(fact.key(), fact.lines()));
    report.line("");
    report.line("JDK " + Runtime.version().feature() + " · LeakCheck " + VERSION);
    return report.out.toString().stripTrailing();
  }

  private void headline(Findings findings) {
    String verdict =
        findings.isEmpty()
            ? " left nothing behind"
            : grows(findings)
                ? " leaves more behind with its repetitions"
                : " left " + what(findings.list()) + " behind";
    line(
        "LeakCheck: "
            + Printable.escape(findings.scope())
            + verdict
            + " ("
            + waited(findings)
            + ")");
  }

  private static boolean grows(Findings findings) {
    return findings.list().stream().allMatch(finding -> finding.kind() == LeakKind.GROWTH);
  }

  /** Such as {@code 1 executor, 2 threads and 1 queue}. */
  private static String what(List<Finding> findings) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    findings.forEach(finding -> counts.merge(noun(finding), number(finding), Integer::sum));
    List<String> parts = new ArrayList<>();
    counts.forEach((noun, count) -> parts.add(count + " " + (count == 1 ? noun : plural(noun))));
    return parts.size() == 1
        ? parts.get(0)
        : String.join(", ", parts.subList(0, parts.size() - 1))
            + " and "
            + parts.get(parts.size() - 1);
  }

  private static String noun(Finding finding) {
    return switch (finding.kind()) {
      case UNCLOSED_EXECUTOR -> "executor";
      case UNCANCELLED_TIMER -> "timer";
      case DEADLOCK -> "deadlock";
      case UNCAUGHT_EXCEPTION -> "uncaught exception";
      case UNCLOSED_TASK_SCOPE -> "open task scope";
      case HELD_LOCK -> "held lock";
      case BUSY_COMMON_POOL -> "busy common pool";
      case CHILD_PROCESS -> "child process";
      case SHUTDOWN_HOOK -> "shutdown hook";
      case THREAD_LOCAL_RESIDUE -> "thread-local value";
      case STRAY_INTERRUPT -> "interrupt";
      case GROWTH -> "growth";
      case LEFTOVER_QUEUE -> "queue";
      case STRAY_THREAD, STRAY_VIRTUAL_THREAD, STUCK_ON_QUEUE ->
          finding.threads().stream().allMatch(ThreadRecord::virtual) ? "virtual thread" : "thread";
    };
  }

  private static int number(Finding finding) {
    return switch (finding.kind()) {
      case UNCLOSED_EXECUTOR -> Math.max(1, finding.executors().size());
      case STRAY_THREAD, STRAY_VIRTUAL_THREAD, STUCK_ON_QUEUE -> finding.threads().size();
      default -> 1;
    };
  }

  private static String plural(String noun) {
    return noun + (noun.endsWith("s") ? "es" : "s");
  }

  private static String waited(Findings findings) {
    Duration waited = findings.waited();
    String time = seconds(waited);
    return findings.settledEarly()
        ? "waited " + time + ": nothing alive can change this any more"
        : "waited " + time;
  }

  private void block(int number, Finding finding, Findings all) {
    line(number + ") " + finding.kind().id() + "   " + Printable.escape(finding.title()));
    all.expiry(finding).ifPresent(known -> fact("accepted", List.of(expired(known))));
    origin(finding, all);
    for (Fact fact : finding.facts()) {
      fact(fact.key(), fact.lines());
    }
    fact("fix", List.of(finding.fix()));
    fact("allow", List.of(allow(finding)));
    fact("id", List.of(finding.fingerprint()));
  }

  private static String expired(Findings.Expired known) {
    return "until "
        + known.until()
        + (known.owner() == null ? "" : " by " + known.owner())
        + ": expired ("
        + known.reason()
        + ")";
  }

  private static String deed(Finding finding) {
    return switch (finding.kind()) {
      case CHILD_PROCESS -> "started";
      case SHUTDOWN_HOOK -> "added";
      // A finding of this kind has its threads, unless it is about tasks.
      case UNCAUGHT_EXCEPTION -> finding.threads().isEmpty() ? "given" : "started";
      default ->
          finding.executors().isEmpty() && !finding.threads().isEmpty() ? "started" : "created";
    };
  }

  private void origin(Finding finding, Findings all) {
    String deed = deed(finding);
    if (finding.origin() instanceof Origin.Known known) {
      fact(deed + " at", Stacks.shown(known.stack(), FRAMES_SHOWN));
      if (known.shared()) {
        fact(
            deed + " by",
            List.of(
                thread(known)
                    + ", which works for several tests at once: which of them asked for it cannot"
                    + " be told"));
        return;
      }
      if (!isTestThread(known)) {
        fact(deed + " by", List.of(thread(known)));
      }
      if (!known.scope().isEmpty() && !known.scope().equals(all.scope())) {
        fact(deed + " in", List.of(known.scope()));
      }
    } else if (all.recorded()
        && finding.origin() instanceof Origin.Unknown unknown
        && !unknown.equals(Origin.Unknown.NOT_RECORDED)) {
      fact(deed + " at", List.of("not known: " + unknown.reason()));
    }
  }

  private static String thread(Origin.Known origin) {
    return "thread \"" + Printable.name(origin.thread()) + "\"";
  }

  /** That the thread which runs the tests made it goes without saying. */
  private static boolean isTestThread(Origin.Known origin) {
    return TEST_THREADS.contains(origin.thread())
        || origin.stack().stream().anyMatch(Stacks::isTestRunner);
  }

  /** The annotation that accepts the finding, ready to be pasted. */
  private static String allow(Finding finding) {
    String which = createdBy(finding.origin());
    if (which.isEmpty()) {
      which = thread(finding);
    }
    return "@AllowLeaks(kind = " + finding.kind().name() + which + ", reason = \"…\")";
  }

  /** The class that made it, whatever nested class of it that was. */
  private static String createdBy(Origin origin) {
    return origin instanceof Origin.Known known
        ? Stacks.firstOwnFrame(known.stack())
            .map(frame -> ", createdBy = \"" + javaString(outermost(frame)) + "\"")
            .orElse("")
        : "";
  }

  private static String outermost(StackTraceElement frame) {
    String type = frame.getClassName();
    int nested = type.indexOf('$', type.lastIndexOf('.') + 2);
    return nested < 0 ? type : type.substring(0, nested);
  }

  private static String thread(Finding finding) {
    List<String> patterns =
        finding.threads().stream()
            .map(thread -> Printable.pattern(thread.name()))
            .distinct()
            .sorted()
            .toList();
    String thread = common(patterns);
    return thread.isEmpty() ? "" : ", thread = \"" + javaString(thread) + "\"";
  }

  /** One pattern for all of the names, or empty if they have too little in common for one. */
  private static String common(List<String> patterns) {
    if (patterns.size() < 2) {
      return patterns.isEmpty() ? "" : patterns.get(0);
    }
    String first = patterns.get(0);
    String last = patterns.get(patterns.size() - 1); // sorted: the others lie between
    int length = 0;
    while (length < Math.min(first.length(), last.length())
        && first.charAt(length) == last.charAt(length)) {
      length++;
    }
    String prefix = first.substring(0, length);
    return length < SHORTEST_PREFIX ? "" : prefix.endsWith("*") ? prefix : prefix + "*";
  }

  private static String javaString(String text) {
    return Printable.escape(text).replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private void fact(String key, List<String> lines) {
    String head = INDENT + String.format(Locale.ROOT, "%-" + KEY_WIDTH + "s ", key);
    String next = " ".repeat(head.length());
    for (String text : lines) {
      line(head + Printable.escape(text));
      head = next;
    }
  }

  private void footer(Findings findings) {
    line("");
    known(findings).forEach(this::line);
    findings.allowed().stream()
        .filter(allowed -> !allowed.known())
        .forEach(allowed -> line("allowed: " + accepted(allowed)));
    for (String unused : findings.unusedAllowances()) {
      line(
          "allowance that matched nothing: "
              + Printable.escape(Allowance.mention(unused, findings.recorded())));
    }
    for (Coverage.Note note : findings.coverage().notes()) {
      line("not seen: " + Printable.escape(note.text()));
    }
    findings.statics().stream()
        .limit(STATICS_SHOWN)
        .forEach(thing -> line("static: " + Printable.escape(thing)));
    if (findings.statics().size() > STATICS_SHOWN) {
      line("static: and " + (findings.statics().size() - STATICS_SHOWN) + " more");
    }
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
    parts.add("LeakCheck " + VERSION);
    line(String.join(" · ", parts));
  }

  /**
   * The known leaks, which do not fail.
   *
   * @param findings what was found
   * @return a line that counts them and one for each; empty if there is none
   */
  public static List<String> known(Findings findings) {
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

  private void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }

  /**
   * LeakCheck's own version.
   *
   * @return such as {@code 1.0.0}
   */
  public static String version() {
    Properties properties = new Properties();
    try (InputStream in =
        TextReport.class.getResourceAsStream("/dev/leakcheck/version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException unreadable) {
      return "of unknown version";
    }
    return properties.getProperty("version", "of unknown version");
  }
}
