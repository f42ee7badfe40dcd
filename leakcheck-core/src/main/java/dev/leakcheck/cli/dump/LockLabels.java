package dev.leakcheck.cli.dump;

import dev.leakcheck.model.Blocker;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names by which a dump itself calls locks, so that they can be found in it. */
final class LockLabels {

  private static final Pattern IDENTITY = Pattern.compile("@([0-9a-f]{1,8})\\b");

  private final int most;
  private final Map<Integer, String> labels = new HashMap<>();

  /** Keeps so many at the most. */
  LockLabels(int most) {
    this.most = most;
  }

  void add(Blocker lock, String label) {
    if (labels.size() < most) {
      labels.putIfAbsent(lock.identity(), label);
    }
  }

  /** The line, with labels in the place of hash codes. */
  String in(String line) {
    return labels.isEmpty()
        ? line
        : IDENTITY
            .matcher(line)
            .replaceAll(
                match -> {
                  String label = labels.get(Integer.parseUnsignedInt(match.group(1), 16));
                  return Matcher.quoteReplacement(label == null ? match.group() : " " + label);
                });
  }
}
