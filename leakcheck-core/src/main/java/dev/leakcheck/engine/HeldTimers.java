package dev.leakcheck.engine;

import dev.leakcheck.capture.objects.HiddenTimers;
import dev.leakcheck.capture.threads.LiveThreads;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
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
}
