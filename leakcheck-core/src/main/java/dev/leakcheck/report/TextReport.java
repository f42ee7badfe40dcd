package dev.leakcheck.report;

import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Printable;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The failure message: findings as text for a person. Thread-safe. */
public final class TextReport {

  /** LeakCheck's own version, read once. */
  static final String VERSION = version();

  private static final int MAX_SHOWN = 20;

  /** What no check of this JVM can see, as far as somebody was told. */
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private TextReport() {}

  /**
   * The whole report. Control characters in names are escaped.
   *
   * @param findings what was found
   * @return several lines without a trailing line break
   */
  public static String render(Findings findings) {
    return render(findings, note -> true);
  }

  /**
   * The whole report as one of the messages of this JVM: what no check of it can see is said in the
   * first one that is told.
   *
   * @param findings what was found
   * @return several lines without a trailing line break
   */
  public static String tell(Findings findings) {
    return render(findings, note -> !note.limit().isOfTheJvm() || TOLD.add(note.text()));
  }

  private static String render(Findings findings, Predicate<Coverage.Note> shown) {
    FactText out = new FactText();
    out.line(headline(findings));
    List<List<Finding>> all = byId(findings.list());
    blocks(all.subList(0, Math.min(MAX_SHOWN, all.size())), findings, out);
    if (all.size() > MAX_SHOWN) {
      out.line("");
      out.line("and " + (all.size() - MAX_SHOWN) + " more findings");
    }
    Footer.write(findings, shown, out);
    return out.text();
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
    FactText out = new FactText();
    Findings all = Findings.none(scope, List.of(), Coverage.FULL, false);
    out.line(
        "LeakCheck: "
            + Printable.escape(scope)
            + " has not ended after "
            + seconds(after)
            + (deadlocks.isEmpty() ? "; no deadlock was seen" : ": " + CountText.of(deadlocks)));
    blocks(byId(deadlocks), all, out);
    doing.forEach(out::fact);
    return out.text();
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
    FactText out = new FactText();
    out.line("LeakCheck: " + Printable.escape(headline));
    facts.forEach(out::fact);
    out.line("");
    out.line("JDK " + Runtime.version().feature() + " · LeakCheck " + VERSION);
    return out.text();
  }

  private static void blocks(List<List<Finding>> shown, Findings all, FactText out) {
    int number = 1;
    for (List<Finding> same : shown) {
      out.line("");
      FindingBlock.write(number++, same, all, out);
    }
  }

  /** Findings of one id are one leak that came several times. */
  private static List<List<Finding>> byId(List<Finding> findings) {
    Map<String, List<Finding>> byId = new LinkedHashMap<>();
    findings.forEach(
        finding ->
            byId.computeIfAbsent(finding.fingerprint(), id -> new ArrayList<>()).add(finding));
    return List.copyOf(byId.values());
  }

  private static String headline(Findings findings) {
    String verdict =
        findings.isEmpty()
            ? " left nothing behind"
            : grows(findings)
                ? " leaves more behind with its repetitions"
                : " left " + CountText.of(findings.list()) + " behind";
    return "LeakCheck: "
        + Printable.escape(findings.scope())
        + verdict
        + " ("
        + waited(findings)
        + ")";
  }

  private static boolean grows(Findings findings) {
    return findings.list().stream().allMatch(finding -> finding.kind() == LeakKind.GROWTH);
  }

  private static String waited(Findings findings) {
    Duration waited = findings.waited();
    String time = seconds(waited);
    return findings.settledEarly()
        ? "waited " + time + ": nothing is seen that would change this"
        : "waited " + time;
  }

  /**
   * The known leaks, which do not fail.
   *
   * @param findings what was found
   * @return a line that counts them and one for each; empty if there is none
   */
  public static List<String> known(Findings findings) {
    return Footer.known(findings);
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
