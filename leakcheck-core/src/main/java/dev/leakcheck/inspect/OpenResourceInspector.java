package dev.leakcheck.inspect;

import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.scope.Probe;
import dev.leakcheck.engine.scope.Probes;
import dev.leakcheck.model.OpenResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what the user's probes show open and did not when the scope opened. Who opened it is not
 * told where scopes overlap: then the scope around them answers.
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
    List<Probes.Asked> probes = check.scope().memories().probes().answering();
    if (probes.isEmpty() || check.isFieldsOnly() || check.born().isOverlapped()) {
      return List.of();
    }
    List<Symptom> symptoms = new ArrayList<>();
    for (Probes.Asked asked : probes) {
      Probe.Answer answer = asked.probe().ask();
      if (answer.gap() != null) {
        check.limitedBy(answer.gap());
      }
      for (Map.Entry<Long, OpenResource> open : answer.open().entrySet()) {
        Object object = open.getValue().object();
        if (!asked.before().contains(open.getKey())
            && (object == null || !check.isOfOthers(List.of(object)))) {
          symptoms.add(LeftOpen.of(asked.probe().kind(), open.getKey(), open.getValue()));
        }
      }
    }
    return symptoms;
  }
}
