package dev.leakcheck.inspect;

import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.scope.Probe;
import dev.leakcheck.engine.scope.Probes;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.OpenResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what the user's probes show open and did not when the scope opened. Who opened it is not
 * known where scopes overlap: then the scope around them answers, and theirs say so.
 */
final class OpenResourceInspector implements Inspector {

  @Override
  public String kind() {
    return "what probes show";
  }

  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    for (Probes.Asked asked : check.scope().memories().probes().answering()) {
      Probe.Answer answer = asked.probe().ask();
      if (answer.gap() != null || !asked.before().containsAll(answer.open().keySet())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<Symptom> inspect(Check check, @Nullable Object opened) {
    if (check.isFieldsOnly()) {
      return List.of();
    }
    List<Symptom> symptoms = new ArrayList<>();
    for (Probes.Asked asked : check.scope().memories().probes().answering()) {
      Probe.Answer answer = asked.probe().ask();
      if (answer.gap() != null) {
        check.limitedBy(answer.gap());
      }
      Map<Long, OpenResource> open = new LinkedHashMap<>(answer.open());
      open.keySet().removeAll(asked.before());
      if (!open.isEmpty() && !isKnownAgain(asked.probe(), open)) {
        check.limitedBy(unstable(asked.probe()));
      }
      List<Symptom> left = left(check, asked.probe(), open);
      if (left.isEmpty() || !check.born().isOverlapped()) {
        symptoms.addAll(left);
      } else {
        check.limitedBy(notTold(asked.probe()));
      }
    }
    return symptoms;
  }

  /**
   * Asks once more, and keeps what is still open.
   *
   * @return false if nothing is, and as much is open under other ids
   */
  private static boolean isKnownAgain(Probe probe, Map<Long, OpenResource> open) {
    Set<Long> again = probe.ask().open().keySet();
    int first = open.size();
    open.keySet().retainAll(again);
    return !open.isEmpty() || again.size() < first;
  }

  private static List<Symptom> left(Check check, Probe probe, Map<Long, OpenResource> opened) {
    List<Symptom> left = new ArrayList<>();
    opened.forEach(
        (number, open) -> {
          Object object = open.object();
          if (object == null || !check.isOfOthers(List.of(object))) {
            left.add(LeftOpen.of(probe.kind(), number, open));
          }
        });
    return left;
  }

  private static Coverage unstable(Probe probe) {
    return Coverage.limitedBy(
        Coverage.Limit.NO_ANSWER,
        probe.kind().id()
            + " was not looked for: what is open has other ids each time that the probe is asked");
  }

  private static Coverage notTold(Probe probe) {
    return Coverage.limitedBy(
        Coverage.Limit.MAKER_UNKNOWN,
        probe.kind().id()
            + " was not looked for: code of other scopes ran at the same time, and which of them"
            + " opened what is open is not known; the scope around them answers");
  }
}
