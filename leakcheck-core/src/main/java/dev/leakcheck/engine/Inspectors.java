package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Fatal;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.scope.Memories;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Printable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The inspectors that an engine was given, asked one after the other. Thread-safe. */
final class Inspectors {

  private final List<Inspector> all;

  Inspectors(List<Inspector> all) {
    this.all = List.copyOf(all);
  }

  /** What they remember of a scope that the current thread opens. */
  Memories opening(Inspector.Opening opening) {
    Memories memories = new Memories(all);
    for (int i = 0; i < all.size(); i++) {
      try {
        memories.put(i, all.get(i).opening(opening));
      } catch (RuntimeException | Error ofUserCode) {
        Fatal.rethrow(ofUserCode);
        memories.failed(i, failed(all.get(i), ofUserCode));
      }
    }
    return memories;
  }

  /** What there is now is for a scope around that one to answer for. */
  void leaveToOuter(Scope scope) {
    for (int i = 0; i < all.size(); i++) {
      Object opened = scope.memories().get(i);
      if (opened != null) {
        all.get(i).leaveToOuter(opened);
      }
    }
  }

  /** Whether any of them wants a closer look. */
  boolean suspect(Check check) {
    Memories memories = check.scope().memories();
    for (int i = 0; i < all.size(); i++) {
      try {
        if (!memories.hasFailed(i) && all.get(i).suspects(check, memories.get(i))) {
          return true;
        }
      } catch (RuntimeException | Error ofUserCode) {
        Fatal.rethrow(ofUserCode);
        return true; // the closer look says what it is
      }
    }
    return false;
  }

  /** What is wrong right now and was not reported by another scope. */
  List<Symptom> inspect(Check check) {
    return inspect(check, true);
  }

  /** Whether something that is wrong right now may pass by itself, or is about to come. */
  boolean mayPass(Check check) {
    return inspect(check, false).stream().anyMatch(Symptom::mayPass) || awaits(check);
  }

  private boolean awaits(Check check) {
    Memories memories = check.scope().memories();
    for (int i = 0; i < all.size(); i++) {
      try {
        if (!memories.hasFailed(i) && all.get(i).awaits(check, memories.get(i))) {
          return true;
        }
      } catch (RuntimeException | Error ofUserCode) {
        Fatal.rethrow(ofUserCode);
        check.limitedBy(failed(all.get(i), ofUserCode));
      }
    }
    return false;
  }

  private List<Symptom> inspect(Check check, boolean lasting) {
    Memories memories = check.scope().memories();
    List<Symptom> symptoms = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!memories.hasFailed(i) && (lasting || !all.get(i).isLasting())) {
        symptoms.addAll(inspect(all.get(i), check, memories.get(i)));
      }
    }
    symptoms.removeIf(symptom -> check.isTold(symptom.identity()));
    return symptoms;
  }

  /** Whatever one fails of, the others look. */
  private static List<Symptom> inspect(Inspector inspector, Check check, @Nullable Object opened) {
    try {
      return inspector.inspect(check, opened);
    } catch (RuntimeException | Error ofUserCode) {
      Fatal.rethrow(ofUserCode);
      check.limitedBy(failed(inspector, ofUserCode));
      return List.of();
    }
  }

  private static Coverage failed(Inspector inspector, Throwable failure) {
    return Coverage.limitedBy(
        Coverage.Limit.LOOK_FAILED,
        inspector.kind() + " was not looked for: that failed with " + text(failure));
  }

  /** What was thrown, though it may throw when it is asked. */
  static String text(Throwable failure) {
    try {
      return Printable.escape(failure.toString());
    } catch (RuntimeException | Error e) {
      Fatal.rethrow(e);
      return failure.getClass().getName();
    }
  }
}
