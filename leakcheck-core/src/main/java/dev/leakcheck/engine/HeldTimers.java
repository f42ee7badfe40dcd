package dev.leakcheck.engine;

import dev.leakcheck.capture.objects.HiddenTimers;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.ThreadRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Threads of timers that others hold, where no timer leads to its thread: of the new ones as many,
 * the oldest first, as others hold timers that they did not hold when the scope opened.
 */
final class HeldTimers {

  private HeldTimers() {}

  /**
   * Ids of the new threads that are theirs.
   *
   * @param live the live threads
   * @param others what others hold
   */
  static Set<Long> threads(
      Check check, List<Thread> live, Supplier<? extends Collection<?>> others) {
    List<Long> came =
        live.stream()
            .filter(HiddenTimers::isThread)
            .filter(thread -> !others.get().contains(thread)) // an HTTP server's
            .map(LiveThreads::id)
            .filter(id -> check.newcomers().isNewPlatform(id) && check.isOurs(id))
            .sorted()
            .toList();
    if (came.isEmpty()) {
      return Set.of();
    }
    long held =
        others.get().stream()
            .filter(HiddenTimers::isOne)
            .filter(timer -> !check.scope().isOlder(timer))
            .count();
    return new HashSet<>(came.subList(0, (int) Math.min(held, came.size())));
  }

  /**
   * Who holds the threads of new timers, where the scope's own objects hold as many timers: a timer
   * does not tell whether it was cancelled. So it is said only of an owner who has more that goes
   * on.
   *
   * @param threads what is left, of which some are held
   * @param reachable what the scope's objects lead to that is nobody else's
   * @param holders who holds what goes on
   * @return by thread id
   */
  static Map<Long, Holder> holders(
      List<ThreadRecord> threads, List<Holding> reachable, Collection<Holder> holders) {
    List<Holder> timers =
        reachable.stream()
            .filter(held -> HiddenTimers.isOne(held.object()))
            .map(Holding::holder)
            .toList();
    List<Long> came =
        threads.stream()
            .filter(thread -> thread.type().equals(CauseWriter.TIMER))
            .map(ThreadRecord::id)
            .sorted()
            .toList();
    Holder.Owner owner = timers.isEmpty() ? null : timers.get(0).owner();
    if (owner == null
        || timers.size() != came.size()
        || !timers.stream().allMatch(timer -> owner.equals(timer.owner()))
        || holders.stream().noneMatch(holder -> owner.equals(holder.owner()))) {
      return Map.of();
    }
    Map<Long, Holder> found = new HashMap<>();
    for (int i = 0; i < came.size(); i++) {
      found.put(came.get(i), timers.get(i));
    }
    return found;
  }
}
