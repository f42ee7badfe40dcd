package dev.leakcheck.inspect;

import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.scope.Probe;
import dev.leakcheck.engine.scope.Probes;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.OpenResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
      List<Symptom> left = left(check, asked, answer);
      if (left.isEmpty() || !check.born().isOverlapped()) {
        symptoms.addAll(left);
      } else {
        check.limitedBy(notTold(asked.probe()));
      }
    }
    return symptoms;
  }

  private static List<Symptom> left(Check check, Probes.Asked asked, Probe.Answer answer) {
    List<Symptom> left = new ArrayList<>();
    for (Map.Entry<Long, OpenResource> open : answer.open().entrySet()) {
      Object object = open.getValue().object();
      if (!asked.before().contains(open.getKey())
          && (object == null || !check.isOfOthers(List.of(object)))) {
        left.add(LeftOpen.of(asked.probe().kind(), open.getKey(), open.getValue()));
      }
    }
    return left;
  }

  private static Coverage notTold(Probe probe) {
    return Coverage.limitedBy(
        Coverage.Limit.MAKER_UNKNOWN,
        probe.kind().id()
            + " was not looked for: code of other scopes ran at the same time, and which of them"
            + " opened what is open is not known; the scope around them answers");
  }
}
