package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.ask.Answers;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.KnownWay;
import dev.leakcheck.capture.threads.LiveThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * How others' objects led to threads when that was last looked for. To look for it is to go through
 * all that they lead to, while the next thread of a server's pool is at the end of a way that is
 * known. Thread-safe.
 */
public final class KnownWays {

  private static final int MOST = 100;

  private final List<KnownWay> ways = new ArrayList<>();

  /**
   * Adds the ways to threads, but for those that are known.
   *
   * @param found what others' objects lead to
   * @param isRoot whether something is what others' objects begin with
   */
  public synchronized void add(List<Holding> found, Predicate<Object> isRoot) {
    ways.removeIf(KnownWay::isGone);
    for (Holding held : found) {
      if (held.object() instanceof Thread thread
          && !Answers.isMock(thread)
          && !held.isElement()
          && isRoot.test(held.way().get(held.way().size() - 1))) {
        KnownWay way = KnownWay.of(held.way(), LiveThreads.id(thread), held.holder().path());
        ways.removeIf(way::isLike);
        ways.add(way);
      }
    }
    if (ways.size() > MOST) {
      ways.subList(0, ways.size() - MOST).clear();
    }
  }

  /** Those that are known now. */
  public synchronized List<KnownWay> all() {
    return List.copyOf(ways);
  }
}
