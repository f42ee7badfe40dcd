package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Chains;
import dev.leakcheck.engine.scope.Chains.Family;
import dev.leakcheck.engine.scope.Chains.Sort;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What goes on of {@linkplain Chains chains of threads} that another scope told, where it is not
 * recorded who made what. It is no leak of this scope's, though every link is new.
 *
 * <p>That a thread is like those links proves nothing: the scope may have left one of its own. But
 * what that is was there when the scope's code had ended. So a link is left alone only if it came
 * after that, if each that came earlier has ended meanwhile, and if there are no more of them than
 * links that were told, or were alive when the scope opened, have ended within it. What the scope
 * began besides makes one more. Used by one thread.
 */
public final class Successors {

  private static final long NEVER = Long.MAX_VALUE;

  private final Shared shared;
  private final Chains chains;
  private final Scope scope;
  private final Ours ours;
  private final boolean recorded;

  private final Map<Long, Family> seen = new HashMap<>();

  /** How few threads of a family there were at any look. */
  private final Map<Family, Integer> fewest = new HashMap<>();

  private final Map<Sort, Look> looks = new HashMap<>();
  private final Set<Long> goOn = new HashSet<>();
  private final Collection<String> mentioned = new TreeSet<>();
  private long endOfCode = NEVER;
  private boolean settled;

  /**
   * At links of one sort.
   *
   * @param earlier those of the scope that were there when its code had ended
   * @param more how many more came after that than may go on, at the look at which that was least
   *     among those that saw the same earlier ones
   * @param goOn how many go on
   */
  private record Look(Set<Long> earlier, int more, int goOn) {}

  /**
   * Of a check.
   *
   * @param recorded whether it is recorded who made what: then there is nothing to tell by this
   */
  Successors(Shared shared, Scope scope, Ours ours, boolean recorded) {
    this.shared = shared;
    this.chains = shared.chains();
    this.scope = scope;
    this.ours = ours;
    this.recorded = recorded;
  }

  /** The scope's code has ended: what is made from now on is not its own doing. */
  public void begin() {
    if (!recorded) {
      endOfCode = shared.counter().read().lastId();
    }
  }

  /** The wait is over: what was there when it began has not ended. */
  public void settled() {
    settled = true;
  }

  /** Whether a thread is a link of a chain that was told, as far as that is known by now. */
  public boolean isLink(long thread) {
    return goOn.contains(thread)
        || scope.baseline().links().values().stream().anyMatch(ids -> ids.contains(thread));
  }

  /** Sentences about what is left alone. */
  public Collection<String> mentioned() {
    return mentioned;
  }

  boolean goesOn(long thread) {
    return goOn.contains(thread);
  }

  /**
   * Those of all live threads that came in the scope and do not go on from what was told.
   *
   * @param live the threads as of one instant
   */
  List<Thread> without(List<Thread> live) {
    List<Thread> fresh = new ArrayList<>(live);
    fresh.removeIf(thread -> !scope.baseline().isNewPlatformThread(LiveThreads.id(thread)));
    if (endOfCode != NEVER && !fresh.isEmpty()) {
      List<Thread> own = new ArrayList<>(fresh);
      own.removeIf(thread -> !ours.may(LiveThreads.id(thread)));
      count(own);
      Map<Sort, Set<Long>> links = chains.among(own);
      if (!links.isEmpty()) {
        Set<Long> alive = ids(live);
        links.forEach((sort, ids) -> look(sort, ids, alive));
        fresh.removeIf(thread -> goOn.contains(LiveThreads.id(thread)));
      }
    }
    return fresh;
  }

  private static Set<Long> ids(List<Thread> threads) {
    Set<Long> ids = new HashSet<>();
    threads.forEach(thread -> ids.add(LiveThreads.id(thread)));
    return ids;
  }

  private void count(List<Thread> threads) {
    Map<Family, Integer> counts = new HashMap<>();
    for (Thread thread : threads) {
      Family family =
          seen.computeIfAbsent(
              LiveThreads.id(thread), id -> Family.of(LiveThreads.withoutStack(thread)));
      counts.merge(family, 1, Integer::sum);
    }
    counts.forEach((family, count) -> fewest.merge(family, count, Math::min));
  }

  private void look(Sort sort, Set<Long> links, Set<Long> alive) {
    Set<Long> earlier = new TreeSet<>();
    Set<Long> later = new TreeSet<>();
    links.forEach(id -> (id <= endOfCode ? earlier : later).add(id));
    int goneOn = goneOn(sort, alive);
    Look before = looks.get(sort);
    int more = later.size() - goneOn;
    if (before != null && before.earlier.equals(earlier)) {
      more = Math.min(more, before.more);
    }
    looks.put(sort, new Look(earlier, more, Math.min(later.size(), goneOn)));
    if (!later.isEmpty() && goneOn > 0 && (settled || (earlier.isEmpty() && more <= 0))) {
      later.stream().limit(more <= 0 ? later.size() : goneOn).forEach(goOn::add);
      mentioned.add(
          "thread \""
              + sort.family().name()
              + "\" that goes on from what "
              + chains.scope(sort)
              + " left");
    }
  }

  /**
   * How many chains have gone on to links that came in the scope: those that had a link when it
   * opened, or were told in it, without those of which such a link is still there. Of one chain two
   * may have been, as one ends after the next has begun.
   */
  private int goneOn(Sort sort, Set<Long> alive) {
    Set<Long> before = new HashSet<>(chains.links(sort));
    before.removeIf(id -> id <= scope.baseline().reading().lastId());
    before.addAll(scope.baseline().links().getOrDefault(sort, Set.of()));
    int chainsThen = Math.min(chains.count(sort), before.size());
    before.retainAll(alive);
    return Math.max(0, chainsThen - before.size());
  }

  /**
   * The scope tells findings. A thread that took the place of another since the scope's code ended
   * is a link of a chain; of these there are as many as there were threads at each look.
   */
  public void tell(List<Finding> findings) {
    Map<Family, List<ThreadRecord>> later = new HashMap<>();
    Map<Family, Integer> chainsOf = new HashMap<>(fewest);
    Map<Long, Family> gone = new HashMap<>(seen);
    LiveThreads.all().forEach(thread -> gone.remove(LiveThreads.id(thread)));
    for (Finding finding : findings) {
      for (ThreadRecord thread : finding.threads()) {
        Family family = Family.of(thread);
        gone.remove(thread.id());
        if (thread.id() <= endOfCode) {
          chainsOf.merge(family, -1, Integer::sum);
        } else if (!thread.virtual()) {
          later.computeIfAbsent(family, key -> new ArrayList<>()).add(thread);
        }
      }
    }
    looks.forEach((sort, look) -> chainsOf.merge(sort.family(), -look.goOn, Integer::sum));
    Set<Family> ended = new HashSet<>(gone.values());
    later.forEach(
        (family, threads) ->
            threads.stream()
                .limit(ended.contains(family) ? Math.max(0, chainsOf.getOrDefault(family, 0)) : 0)
                .forEach(thread -> chains.tell(thread, scope.options().name())));
  }
}
