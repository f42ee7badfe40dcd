package dev.leakcheck.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One answer for all threads of a finding, which says as well which of them are stuck for good. */
final class JoinedProof {

  private static final int NAMED = 5;

  private JoinedProof() {}

  static Proof of(Map<ThreadRecord, Proof> answers) {
    Proof open = null;
    for (Proof answer : answers.values()) {
      if (open == null || rank(answer) > rank(open)) {
        open = answer;
      }
    }
    List<String> stuck = stuck(answers);
    if (open instanceof Proof.Reachable reachable) {
      return new Proof.Reachable(reachable.path(), stuck);
    }
    return open instanceof Proof.Unknown unknown
        ? new Proof.Unknown(unknown.reason(), stuck)
        : open == null ? new Proof.Unknown("it has no threads") : open;
  }

  /** The more is left open, the higher. */
  private static int rank(Proof proof) {
    return proof instanceof Proof.Proved ? 0 : proof instanceof Proof.Unknown ? 1 : 2;
  }

  private static List<String> stuck(Map<ThreadRecord, Proof> answers) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> barring = new TreeSet<>();
    int count = 0;
    for (Map.Entry<ThreadRecord, Proof> each : answers.entrySet()) {
      if (each.getValue() instanceof Proof.Proved proved) {
        ThreadRecord thread = each.getKey();
        names.add(thread.name().isEmpty() ? "#" + thread.id() : thread.label());
        barring.addAll(proved.barring());
        count++;
      }
    }
    if (count == 0) {
      return List.of();
    }
    String named = String.join(", ", names.stream().limit(NAMED).toList());
    List<String> lines = new ArrayList<>();
    lines.add(
        "but nobody alive leads to what could wake "
            + (count == 1 ? "one of them: it is" : count + " of them: they are")
            + " stuck for good ("
            + named
            + (names.size() > NAMED ? ", …" : "")
            + ")");
    barring.forEach(assumption -> lines.add("(" + assumption + ")"));
    return lines;
  }
}
