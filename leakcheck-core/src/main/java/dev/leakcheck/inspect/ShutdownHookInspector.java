package dev.leakcheck.inspect;

import dev.leakcheck.LeakScope;
import dev.leakcheck.capture.record.ShutdownHookBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.Suspicion;
import dev.leakcheck.engine.tier.Born;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds shutdown hooks that were registered in a scope and still are. Needs an agent. */
public final class ShutdownHookInspector implements Inspector {

  @Override
  public boolean suspects(LeakScope scope, @Nullable Object opened) {
    return scope.hasMade(ShutdownHookBirth.class, birth -> birth.registered() != null);
  }

  @Override
  public List<Symptom> inspect(Suspicion suspicion, @Nullable Object opened) {
    Born born = suspicion.born();
    if (born == null || suspicion.isFieldsOnly()) {
      return List.of();
    }
    List<Symptom> symptoms = new ArrayList<>();
    for (ShutdownHookBirth birth : born.shutdownHooks()) {
      Thread hook = birth.registered();
      if (hook != null) {
        symptoms.add(
            new ShutdownHook(
                LiveThreads.id(hook), hook.getName(), hook.getClass().getName(), birth.origin()));
      }
    }
    return symptoms;
  }
}
