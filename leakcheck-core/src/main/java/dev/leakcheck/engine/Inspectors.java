package dev.leakcheck.engine;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.inspect.BusyCommonPoolInspector;
import dev.leakcheck.inspect.ChildProcessInspector;
import dev.leakcheck.inspect.DeadlockInspector;
import dev.leakcheck.inspect.HeldLockInspector;
import dev.leakcheck.inspect.ShutdownHookInspector;
import dev.leakcheck.inspect.StrayInterruptInspector;
import dev.leakcheck.inspect.ThreadLocalResidueInspector;
import dev.leakcheck.inspect.UncaughtExceptionInspector;
import dev.leakcheck.inspect.UnclosedTaskScopeInspector;
import dev.leakcheck.model.Coverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** All inspectors, and what they remember of one scope. Thread-safe. */
public final class Inspectors {

  private static final List<Inspector> ALL =
      List.of(
          new DeadlockInspector(),
          new UncaughtExceptionInspector(),
          new HeldLockInspector(),
          new ChildProcessInspector(),
          new ShutdownHookInspector(),
          new ThreadLocalResidueInspector(),
          new StrayInterruptInspector(),
          new UnclosedTaskScopeInspector(),
          new BusyCommonPoolInspector());

  private final @Nullable Object[] opened = new @Nullable Object[ALL.size()];

  private Inspectors() {}

  /** Those of a scope that the current thread opens. */
  public static Inspectors opening(LeakCheckOptions options, @Nullable BirthScope births) {
    Inspectors inspectors = new Inspectors();
    for (int i = 0; i < ALL.size(); i++) {
      inspectors.opened[i] = ALL.get(i).opening(options, births);
    }
    return inspectors;
  }

  /** What an inspector remembers of the scope. */
  public @Nullable Object openedFor(Inspector inspector) {
    int i = ALL.indexOf(inspector);
    return i < 0 ? null : opened[i];
  }

  /** Whether any of them wants a closer look. */
  boolean suspect(LeakScope scope) {
    for (int i = 0; i < ALL.size(); i++) {
      try {
        if (ALL.get(i).suspects(scope, opened[i])) {
          return true;
        }
      } catch (RuntimeException | LinkageError | StackOverflowError ofUserCode) {
        return true; // the closer look says what it is
      }
    }
    return false;
  }

  /** What is wrong right now and was not reported by another scope. */
  List<Symptom> inspect(Suspicion suspicion) {
    return inspect(suspicion, true);
  }

  /** Whether something that is wrong right now may pass by itself. */
  boolean mayPass(Suspicion suspicion) {
    return inspect(suspicion, false).stream().anyMatch(Symptom::mayPass);
  }

  private List<Symptom> inspect(Suspicion suspicion, boolean lasting) {
    List<Symptom> symptoms = new ArrayList<>();
    for (int i = 0; i < ALL.size(); i++) {
      if (lasting || !ALL.get(i).isLasting()) {
        symptoms.addAll(inspect(ALL.get(i), suspicion, opened[i]));
      }
    }
    symptoms.removeIf(symptom -> suspicion.isTold(symptom.identity()));
    return symptoms;
  }

  /** Looking calls methods of the user's classes, such as {@code getState()} of a thread. */
  private static List<Symptom> inspect(
      Inspector inspector, Suspicion suspicion, @Nullable Object opened) {
    try {
      return inspector.inspect(suspicion, opened);
    } catch (RuntimeException | LinkageError | StackOverflowError ofUserCode) {
      suspicion.limitedBy(
          Coverage.limitedBy(
              Coverage.Limit.LOOK_FAILED,
              name(inspector) + " was not looked for: that failed with " + text(ofUserCode)));
      return List.of();
    }
  }

  /** The id of its kind, which its class is named after. */
  static String name(Inspector inspector) {
    return inspector
        .getClass()
        .getSimpleName()
        .replace("Inspector", "")
        .replaceAll("(?<=.)(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  private static String text(Throwable failure) {
    try {
      return failure.toString();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return failure.getClass().getName();
    }
  }

  /** The ids of the kinds that they find. */
  public static List<String> names() {
    return ALL.stream().map(Inspectors::name).toList();
  }
}
