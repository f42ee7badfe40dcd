package dev.leakcheck.engine;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Workers of what all share, such as a library's dispatcher, that are older than a scope and run
 * code of a class that it watches. Whose code it is tells that it came in the scope: before the
 * class's tests nobody runs it. Brief scopes do not look: the class's check does, once.
 */
final class OlderWorkers {

  private OlderWorkers() {}

  /** Those of a check's scope, as of now. */
  static List<Thread> of(Suspicion check) {
    Scope scope = check.scope();
    List<Class<?>> classes = scope.options().isBrief() ? List.of() : scope.classes();
    if (classes.isEmpty() || check.isFieldsOnly()) {
      return List.of();
    }
    List<Thread> workers = new ArrayList<>(LiveThreads.all());
    workers.removeIf(
        thread ->
            !KnownThreads.isNamedAsWorker(thread.getName())
                || !check.isOurs(LiveThreads.id(thread)));
    if (workers.isEmpty()) {
      return workers;
    }
    Set<Long> fresh = new HashSet<>();
    check.newcomers().threads().forEach(thread -> fresh.add(LiveThreads.id(thread)));
    workers.removeIf(thread -> fresh.contains(LiveThreads.id(thread)));
    Set<Long> busy = new HashSet<>();
    for (ThreadRecord worker : LiveThreads.describe(workers)) {
      if (runsCodeOf(worker, classes) && KnownThreads.busyWorkerOf(worker).isPresent()) {
        busy.add(worker.id());
      }
    }
    workers.removeIf(thread -> !busy.contains(LiveThreads.id(thread)));
    return workers;
  }

  private static boolean runsCodeOf(ThreadRecord worker, List<Class<?>> classes) {
    return worker.stack().stream().anyMatch(frame -> isIn(frame, classes))
        && Stacks.own(worker.stack()).stream().anyMatch(frame -> isIn(frame, classes));
  }

  private static boolean isIn(StackTraceElement frame, List<Class<?>> classes) {
    for (Class<?> own : classes) {
      if (Stacks.isIn(frame.getClassName(), own.getName())) {
        return true;
      }
    }
    return false;
  }
}
