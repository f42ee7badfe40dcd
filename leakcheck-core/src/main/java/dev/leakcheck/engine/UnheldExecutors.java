package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.ExecutorRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
    if (check.scope().options().isBrief() || (!unheld.isEmpty() && httpClientsAlive())) {
      executors.keySet().removeAll(unheld);
      return Coverage.FULL;
    }
    if (!unheld.isEmpty()) { // the statics of all rules take long to find
      // What a library's static drops meanwhile was not abandoned.
      Set<String> statics = KnownThreads.staticExecutors();
      executors.keySet().removeIf(id -> unheld.contains(id) && statics.contains(id));
    }
    List<String> leftAlone = leftAlone(check);
    if (unheld.isEmpty() && leftAlone.isEmpty()) {
      return Coverage.FULL;
    }
    Set<String> abandoned = withoutThreads(check);
    boolean collected = Garbage.collect();
    ThreadDump after = check.tier().dump(id -> false);
    if (!collected || isWithoutExecutors(after)) {
      executors.keySet().removeAll(unheld);
      return Coverage.limitedBy(
          collected ? Limit.DUMP_FAILED : Limit.NO_COLLECTION,
          (unheld.size() + leftAlone.size())
              + " executors without threads were left alone: "
              + (collected
                  ? "the JDK did not list executors after a garbage collection"
                  : "no garbage collection could be had")
              + " to tell abandoned ones from shared ones");
    }
    abandoned.removeAll(after.containerNames());
    executors.keySet().removeIf(id -> unheld.contains(id) && !abandoned.contains(id));
    return doubt("found", unheld, abandoned, check)
        .and(doubt("left alone", leftAlone, abandoned, check));
  }

  /** Those that may have been made while the scope was paused. */
  private static List<String> leftAlone(Suspicion check) {
    ThreadDump dump = check.lastDump();
    if (dump == null) {
      return List.of();
    }
    Set<String> older = check.scope().baseline().executors();
    return dump.containers().stream()
        .filter(container -> container.threads().isEmpty())
        .map(ThreadDump.Container::name)
        .filter(name -> check.outside().contains(name) && check.outside().isDoubtful(name))
        .filter(name -> !older.contains(name))
        .toList();
  }

  private static Coverage doubt(
      String verdict, List<String> some, Set<String> abandoned, Suspicion check) {
    Set<String> types = new TreeSet<>();
    int count = 0;
    for (String executor : some) {
      if (abandoned.contains(executor) && check.outside().isDoubtful(executor)) {
        types.add(new ThreadDump.Container(executor, null, List.of()).type());
        count++;
      }
    }
    if (count == 0) {
      return Coverage.FULL;
    }
    return Coverage.limitedBy(
        Limit.MAKER_UNKNOWN,
        (count == 1 ? "1 executor" : count + " executors")
            + " without threads ("
            + String.join(", ", types)
            + ") may have been made by the tests or, between these, by another extension: "
            + verdict);
  }

  /** One with a thread is none that the collector could take: if it goes, it was shut down. */
  private static Set<String> withoutThreads(Suspicion check) {
    Set<String> names = new HashSet<>();
    for (ThreadDump.Container container : check.tier().dump(id -> false).containers()) {
      if (container.threads().isEmpty()) {
        names.add(container.name());
      }
    }
    return names;
  }

  /** What a dump does not list that was not to be had has not gone. */
  private static boolean isWithoutExecutors(ThreadDump dump) {
    return dump.coverage().has(Limit.DUMP_FAILED)
        || dump.coverage().has(Limit.DUMP_WITHOUT_EXECUTORS);
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
