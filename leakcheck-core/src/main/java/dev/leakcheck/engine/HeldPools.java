package dev.leakcheck.engine;

import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.engine.scope.PoolsAtOpen;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Pools that others hold, for threads of which nothing but a stack tells that they are some pool's
 * workers. Such threads may be theirs if a pool of the same sort got as many since the scope
 * opened. Used by one thread.
 */
final class HeldPools {

  /**
   * One of them.
   *
   * @param scheduled whether it is one for delayed tasks
   * @param came how many workers it may have got
   */
  private record Pool(boolean scheduled, int came) {}

  private final List<Pool> pools = new ArrayList<>();

  HeldPools(Collection<?> others, @Nullable PoolsAtOpen before, List<Thread> live) {
    for (Object other : others) {
      if (other instanceof ExecutorService executor) {
        ExecutorService inner = WorkerExecutors.unwrap(executor);
        boolean scheduled = inner instanceof ScheduledExecutorService;
        if (inner instanceof ThreadPoolExecutor pool) {
          int size = ExecutorProbe.poolSize(pool);
          int came =
              size < 0
                  ? Integer.MAX_VALUE
                  : before == null ? size : before.mayHaveCome(pool, size, live);
          pools.add(new Pool(scheduled, came));
        } else if (WorkerExecutors.hidesAnother(inner)) {
          pools.add(new Pool(scheduled, Integer.MAX_VALUE)); // for all that is seen
        }
      }
    }
  }

  /**
   * Whether new workers of one pool may be those of one that others hold.
   *
   * @param scheduled whether they work for a pool for delayed tasks; null if that is not known
   * @param workers how many they are
   */
  boolean mayHave(@Nullable Boolean scheduled, int workers) {
    return pools.stream()
        .anyMatch(
            pool -> pool.came >= workers && (scheduled == null || pool.scheduled == scheduled));
  }
}
