package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.objects.ShutdownHooks;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.OwnThread;
import dev.leakcheck.classify.MadeWhile;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A thread that is there when all tests have run: one that keeps the JVM from ending, or a shutdown
 * hook. Immutable.
 *
 * @param name its name
 * @param made when it was made, such as {@code in OrderServiceTest.places()}; null if that is not
 *     known
 */
public record Lingering(String name, @Nullable String made) {

  /**
   * Threads that are no daemons, and that no rule knows as benign.
   *
   * @param after the id of a thread: those that are older are not meant
   */
  public static List<Lingering> threads(Engine engine, long after) {
    Map<Long, Thread> alive = new HashMap<>();
    for (Thread thread : LiveThreads.all()) {
      if (LiveThreads.id(thread) > after && !(thread instanceof OwnThread)) {
        alive.put(LiveThreads.id(thread), thread);
      }
    }
    List<Lingering> lingering = new ArrayList<>();
    List<ThreadRecord> records = new ArrayList<>(LiveThreads.describe(alive.values()));
    records.sort(Comparator.comparingLong(ThreadRecord::id));
    for (ThreadRecord record : records) {
      Thread thread = alive.get(record.id());
      if (thread != null && !record.daemon() && KnownThreads.match(record).isEmpty()) {
        lingering.add(new Lingering(record.name(), made(engine.shared(), thread)));
      }
    }
    return lingering;
  }

  /** Shutdown hooks of which an agent recorded in which scope they were added. */
  public static List<Lingering> hooks(Engine engine) {
    List<Lingering> hooks = new ArrayList<>();
    for (Thread hook : ShutdownHooks.registered()) {
      String scope = engine.shared().births().hooks().addedIn(hook);
      if (scope != null) {
        hooks.add(new Lingering(hook.getName(), "in " + scope));
      }
    }
    return hooks;
  }

  private static @Nullable String made(Shared shared, Thread thread) {
    String recorded = recorded(shared, thread);
    return recorded != null
        ? recorded
        : shared
            .testTimes()
            .of(Jdk.threadId(thread))
            .map(MadeWhile::words)
            .map("while "::concat)
            .orElse(null);
  }

  private static @Nullable String recorded(Shared shared, Thread thread) {
    String scope = shared.births().madeIn(thread);
    return scope == null ? null : "in " + scope;
  }
}
