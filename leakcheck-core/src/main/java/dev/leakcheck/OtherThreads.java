package dev.leakcheck;

import dev.leakcheck.capture.Jdk;
import dev.leakcheck.capture.LiveThreads;
import dev.leakcheck.capture.ThreadDump;
import dev.leakcheck.capture.VirtualThreads;
import dev.leakcheck.capture.Wakers;
import dev.leakcheck.model.ThreadRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the threads that others wait for, wherever they were started. Each is looked at once; a
 * dump is taken only if the thread may be a virtual one that cannot be listed otherwise. Used by
 * one thread.
 */
final class OtherThreads {

  private final Engine engine;
  private final ThreadDump dump;
  private final Map<Long, Optional<ThreadRecord>> found = new HashMap<>();

  OtherThreads(Engine engine, ThreadDump dump) {
    this.engine = engine;
    this.dump = dump;
  }

  /** The thread; with the state TERMINATED if it has ended, null if that can't be told. */
  @Nullable ThreadRecord find(long id) {
    Optional<ThreadRecord> known = found.get(id);
    if (known == null) {
      known = Optional.ofNullable(look(id));
      found.put(id, known);
    }
    return known.orElse(null);
  }

  private @Nullable ThreadRecord look(long id) {
    for (Thread thread : LiveThreads.all()) {
      if (LiveThreads.id(thread) == id) {
        return Wakers.describe(thread);
      }
    }
    if (!Jdk.HAS_CONTAINERS) {
      return Wakers.ended(id, "", false);
    }
    Optional<List<Thread>> virtual =
        engine.isExact() ? VirtualThreads.all() : Optional.<List<Thread>>empty();
    if (virtual.isPresent()) {
      return virtual.get().stream()
          .filter(thread -> LiveThreads.id(thread) == id)
          .findFirst()
          .map(Wakers::describe)
          .orElseGet(() -> Wakers.ended(id, "", false));
    }
    return inDump(dump, id).orElseGet(() -> inNewDump(id));
  }

  private @Nullable ThreadRecord inNewDump(long id) {
    if (!engine.dumper().available()) {
      return null;
    }
    ThreadDump taken = engine.dumper().take(other -> other == id);
    boolean complete = taken.coverage().notes().isEmpty();
    return inDump(taken, id).orElse(complete ? Wakers.ended(id, "", false) : null);
  }

  private static Optional<ThreadRecord> inDump(ThreadDump dump, long id) {
    return dump.threads().stream().filter(thread -> thread.id() == id).findFirst();
  }
}
