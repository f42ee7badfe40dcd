package dev.leakcheck;

import dev.leakcheck.classify.Symptom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All inspectors, and what they remember of one scope. Thread-safe. */
final class Inspectors {

  private static final List<Inspector> ALL =
      List.of(new StrayInterrupts(), new TaskScopesLeft(), new BusyCommonPools());

  private final @Nullable Object[] opened = new @Nullable Object[ALL.size()];

  private Inspectors() {}

  /** Those of a scope that the current thread opens inside another, or inside none. */
  static Inspectors opening(@Nullable LeakScope around) {
    Inspectors inspectors = new Inspectors();
    for (int i = 0; i < ALL.size(); i++) {
      inspectors.opened[i] = ALL.get(i).opening(around);
    }
    return inspectors;
  }

  /** What an inspector remembers of the scope. */
  @Nullable Object openedFor(Inspector inspector) {
    int i = ALL.indexOf(inspector);
    return i < 0 ? null : opened[i];
  }

  /** Whether any of them wants a closer look. */
  boolean suspect(LeakScope scope) {
    for (int i = 0; i < ALL.size(); i++) {
      if (ALL.get(i).suspects(scope, opened[i])) {
        return true;
      }
    }
    return false;
  }

  /** What is wrong right now and was not reported by another scope. */
  List<Symptom> inspect(Suspicion suspicion) {
    List<Symptom> symptoms = new ArrayList<>();
    for (int i = 0; i < ALL.size(); i++) {
      symptoms.addAll(ALL.get(i).inspect(suspicion, opened[i]));
    }
    symptoms.removeIf(
        symptom -> suspicion.engine().ledger().hasSymptom(symptom.identity(), suspicion.scope()));
    return symptoms;
  }
}
