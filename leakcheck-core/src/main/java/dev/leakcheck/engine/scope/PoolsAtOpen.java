package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.OwnThreads;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * How many workers the pools had that others' fields lead to when a scope opened. It is asked only
 * where the JDK does not list executors, so that what came on top of that need not be the scope's.
 * Immutable.
 */
public final class PoolsAtOpen {

  private final Map<Object, Integer> sizes = new IdentityHashMap<>();
  private final ThreadIds live;

  private PoolsAtOpen(ThreadIds live) {
    this.live = live;
  }

  static PoolsAtOpen of(Collection<?> owners, Collection<Class<?>> statics) {
    PoolsAtOpen pools = new PoolsAtOpen(ThreadIds.of(perhapsWorkers()));
    for (Holding held : ObjectGraph.reach(owners, statics)) {
      if (held.object() instanceof ThreadPoolExecutor pool) {
        int size = ExecutorProbe.poolSize(pool);
        if (size >= 0) {
          pools.sizes.put(pool, size);
        }
      }
    }
    return pools;
  }

  /** No pool has LeakCheck's own threads, which end when they have had nothing to do. */
  private static List<Thread> perhapsWorkers() {
    return LiveThreads.all().stream().filter(thread -> !OwnThreads.has(thread)).toList();
  }

  /**
   * How many of a pool's workers may have come since.
   *
   * @param size how many it has now
   * @param alive the threads that are alive now; who has ended may have been replaced
   */
  public int mayHaveCome(ThreadPoolExecutor pool, int size, List<Thread> alive) {
    Integer before = sizes.get(pool);
    return before == null ? size : Math.min(size, size - before + live.countWithout(alive));
  }
}
