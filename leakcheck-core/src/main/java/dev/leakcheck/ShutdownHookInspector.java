package dev.leakcheck;

import dev.leakcheck.capture.Birth;
import dev.leakcheck.capture.LiveThreads;
import dev.leakcheck.classify.ShutdownHook;
import dev.leakcheck.classify.Symptom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds shutdown hooks that were registered in a scope and still are. Needs an agent. */
final class ShutdownHookInspector implements Inspector {

  @Override
  public boolean suspects(LeakScope scope, @Nullable Object opened) {
    return scope.hasMade(Birth.OfShutdownHook.class, birth -> birth.registered() != null);
  }

  @Override
  public List<Symptom> inspect(Suspicion suspicion, @Nullable Object opened) {
    Born born = suspicion.born();
    if (born == null || suspicion.isFieldsOnly()) {
      return List.of();
    }
    List<Symptom> symptoms = new ArrayList<>();
    for (Birth.OfShutdownHook birth : born.shutdownHooks()) {
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
