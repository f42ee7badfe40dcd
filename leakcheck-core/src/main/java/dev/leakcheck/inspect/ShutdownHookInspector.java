package dev.leakcheck.inspect;

import dev.leakcheck.capture.record.ShutdownHookBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds shutdown hooks that were registered in a scope and still are, without those that are a
 * fixture's: its scope tells. Needs an agent.
 */
final class ShutdownHookInspector implements Inspector {

  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    return check.scope().hasMade(ShutdownHookBirth.class, birth -> birth.registered() != null);
  }

  @Override
  public List<Symptom> inspect(Check check, @Nullable Object opened) {
    if (check.isFieldsOnly()) {
      return List.of();
    }
    List<Symptom> symptoms = new ArrayList<>();
    for (ShutdownHookBirth birth : check.born().shutdownHooks()) {
      Thread hook = birth.registered();
      if (hook != null && !check.isOfFixture(birth)) {
        symptoms.add(
            new ShutdownHook(
                LiveThreads.id(hook),
                hook.getName(),
                hook.getClass().getName(),
                check.madeBy(birth.origin())));
      }
    }
    return symptoms;
  }
}
