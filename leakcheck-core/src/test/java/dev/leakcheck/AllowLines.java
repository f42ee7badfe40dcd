package dev.leakcheck;

import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of a message that are to be pasted above a test, taken for what they say. */
public final class AllowLines {

  private static final Pattern LINE =
      Pattern.compile(
          " {5}allow {6}@AllowLeaks\\((?:kind = LeakKind\\.(\\w+)|ownKind = \"[^\"]*\")(.*), reason ="
              + " \"…\"\\).*\\R {5}id {9}(\\w+)");

  private static final Pattern TEXT = Pattern.compile("(\\w+) = \"((?:[^\"\\\\]|\\\\.)*)\"");

  private AllowLines() {}

  /**
   * What is told in a message and its own line does not accept.
   *
   * @return titles; should be empty
   */
  public static List<String> refused(String message, List<Finding> told) {
    Map<String, Allowance> lines = new HashMap<>();
    Matcher line = LINE.matcher(message);
    while (line.find()) {
      if (line.group(1) != null) {
        lines.put(line.group(3), allowance(LeakKind.valueOf(line.group(1)), line.group(2)));
      }
    }
    return told.stream()
        .filter(finding -> finding.kind() instanceof LeakKind)
        .filter(finding -> message.contains(finding.fingerprint()))
        .filter(
            finding -> {
              Allowance pasted = lines.get(finding.fingerprint());
              return pasted == null || !pasted.matches(finding);
            })
        .map(Finding::title)
        .toList();
  }

  private static Allowance allowance(LeakKind kind, String given) {
    Map<String, String> texts = new HashMap<>();
    Matcher text = TEXT.matcher(given);
    while (text.find()) {
      texts.put(text.group(1), text.group(2).replace("\\\"", "\"").replace("\\\\", "\\"));
    }
    return Allowance.of(
        Set.of(kind),
        texts.getOrDefault("thread", ""),
        texts.getOrDefault("createdBy", ""),
        texts.getOrDefault("threadLocal", ""),
        "pasted");
  }
}
