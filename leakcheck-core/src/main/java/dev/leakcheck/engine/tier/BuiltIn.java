package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.scope.Baseline;
import dev.leakcheck.engine.scope.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A scope in which an object was built whose class was initialised by that, as the class of the
 * first test is. Time does not tell what the initialiser made from what the constructor did: what
 * the object alone leads to is the scope's, and for the rest the one around it answers, which
 * watches the class.
 */
final class BuiltIn {

  private final Scope scope;
  private final Object built;

  BuiltIn(Scope scope, Object built) {
    this.scope = scope;
    this.built = built;
  }

  /**
   * Takes out what the initialiser may have made.
   *
   * @param now the counters
   * @param dump lists the executors
   */
  void rebase(Reading now, ThreadDump dump) {
    Baseline before = scope.baseline();
    HeldThings own = own();
    Set<Long> threads = new HashSet<>(own.threads(dump));
    Set<String> executors = new HashSet<>(dump.containerNames());
    executors.removeAll(own.executors());
    if (!own.hidesAnExecutor()) {
      scope.recordOlder();
    } else { // any of those that are new may be inside, and those of statics are told by number
      for (ThreadDump.Container container : dump.containers()) {
        if (!before.executors().names().contains(container.name())) {
          executors.remove(container.name());
          threads.addAll(container.threads());
        }
      }
    }
    scope.rebase(before.without(new Baseline.Left(now.lastId(), Set.copyOf(threads)), executors));
  }

  private HeldThings own() {
    List<Object> others = new ArrayList<>();
    List<Class<?>> statics = new ArrayList<>();
    for (Scope outer = scope.parent(); outer != null; outer = outer.parent()) {
      others.addAll(outer.instances());
      statics.addAll(outer.classes());
    }
    return new HeldThings(List.of(built), scope.classes()).without(new HeldThings(others, statics));
  }
}
