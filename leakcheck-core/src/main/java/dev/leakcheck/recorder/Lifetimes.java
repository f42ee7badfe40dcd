package dev.leakcheck.recorder;

import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry.Lifetime;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The threads that were left behind, to tell how long they lived. Holds them weakly: a thread that
 * is not there any more has ended. Not thread-safe.
 */
final class Lifetimes {

  /** Of how many threads it is asked again whether they are alive. */
  static final int MAX_WATCHED = 10_000;

  private final Map<Long, Left> watched = new LinkedHashMap<>();

  /** Known by its class for LeakCheck's own, where it is looked for what leads to a thread. */
  private static final class LeftThread extends WeakReference<Thread> {
    LeftThread(Thread thread) {
      super(thread);
    }
  }

  private static final class Left {
    final @Nullable WeakReference<Thread> thread;
    Lifetime lifetime;

    Left(@Nullable Thread thread, Lifetime lifetime) {
      this.thread = thread == null ? null : new LeftThread(thread);
      this.lifetime = lifetime;
    }
  }

  /**
   * A thread was found.
   *
   * @param thread the thread, or null if only the JVM's dumps show it
   * @return what is known of it now
   */
  Lifetime found(
      ThreadRecord record,
      @Nullable Thread thread,
      String fingerprint,
      Instant since,
      Instant now) {
    Lifetime lifetime =
        new Lifetime(record.id(), record.name(), record.virtual(), fingerprint, since, now, true);
    if (watched.size() < MAX_WATCHED) {
      watched.putIfAbsent(record.id(), new Left(thread, lifetime));
    }
    return lifetime;
  }

  /** Those of which only a dump tells whether they are alive. */
  Set<Long> unseen() {
    Set<Long> unseen = new HashSet<>();
    watched.forEach(
        (id, left) -> {
          if (left.thread == null) {
            unseen.add(id);
          }
        });
    return unseen;
  }

  /** Looks at all threads again, and returns those that have ended since. */
  List<Lifetime> ended(Instant now) {
    List<Lifetime> ended = new ArrayList<>();
    watched
        .values()
        .removeIf(left -> left.thread != null && hasEnded(left, isAlive(left.thread), now, ended));
    return ended;
  }

  /**
   * The same for those that only a dump shows.
   *
   * @param asked which of them were asked for
   * @param alive those of them that are alive
   */
  List<Lifetime> ended(Instant now, Set<Long> asked, Set<Long> alive) {
    List<Lifetime> ended = new ArrayList<>();
    watched
        .values()
        .removeIf(
            left -> {
              long id = left.lifetime.thread();
              return asked.contains(id) && hasEnded(left, alive.contains(id), now, ended);
            });
    return ended;
  }

  private static boolean isAlive(WeakReference<Thread> left) {
    Thread thread = left.get();
    return thread != null && thread.isAlive();
  }

  private static boolean hasEnded(Left left, boolean alive, Instant now, List<Lifetime> ended) {
    if (alive) {
      left.lifetime = with(left.lifetime, now, true);
      return false;
    }
    ended.add(with(left.lifetime, left.lifetime.until(), false));
    return true;
  }

  /** Those that were alive when they were last looked at. */
  List<Lifetime> alive() {
    return watched.values().stream().map(left -> left.lifetime).toList();
  }

  private static Lifetime with(Lifetime known, Instant until, boolean alive) {
    return new Lifetime(
        known.thread(),
        known.name(),
        known.virtual(),
        known.fingerprint(),
        known.since(),
        until,
        alive);
  }
}
