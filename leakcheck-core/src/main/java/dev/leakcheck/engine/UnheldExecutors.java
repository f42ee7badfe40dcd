package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.ExecutorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Executors without threads that a dump lists and no field in sight holds: the test's if one was
 * abandoned, some static's if something still refers to it. A collection tells; it is asked for
 * only here. One that terminated while it was listed has left the list before that.
 */
final class UnheldExecutors {

  private UnheldExecutors() {}

  /**
   * Drops those that are not the scope's.
   *
   * @param executors by identity; changed
   * @param held which of them something was found to hold
   * @return what could not be told
   */
  static Coverage drop(Map<String, ExecutorRecord> executors, Set<String> held, Suspicion check) {
    List<String> unheld =
        executors.values().stream()
            .filter(record -> record.threads().isEmpty() && !held.contains(record.id()))
            .map(ExecutorRecord::id)
            .toList();
    if (unheld.isEmpty()) {
      return Coverage.FULL;
    }
    if (check.scope().options().isBrief() || httpClientsAlive()) {
      executors.keySet().removeAll(unheld);
      return Coverage.FULL;
    }
    // What a library's static drops meanwhile was not abandoned.
    Set<String> statics = KnownThreads.staticExecutors();
    executors.keySet().removeIf(id -> unheld.contains(id) && statics.contains(id));
    Set<String> listedBefore = listed(check);
    if (!Garbage.collect()) {
      executors.keySet().removeAll(unheld);
      return Coverage.limitedBy(
          Limit.NO_COLLECTION,
          unheld.size()
              + " executors without threads were left alone: no garbage collection could be"
              + " had to tell abandoned ones from shared ones");
    }
    Set<String> stillListed = listed(check);
    executors
        .keySet()
        .removeIf(
            id -> unheld.contains(id) && (!listedBefore.contains(id) || stillListed.contains(id)));
    return Coverage.FULL;
  }

  private static Set<String> listed(Suspicion check) {
    return check.tier().dump(id -> false).containerNames();
  }

  /** A {@code java.net.http.HttpClient} has an executor that may have no thread. */
  private static boolean httpClientsAlive() {
    List<Thread> named = new ArrayList<>(LiveThreads.all());
    named.removeIf(thread -> !thread.getName().startsWith("HttpClient-"));
    return LiveThreads.describe(named).stream()
        .map(KnownThreads::match)
        .flatMap(Optional::stream)
        .anyMatch(rule -> rule.id().equals("HTTP_CLIENT"));
  }
}
