package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.base.Jdk;
import java.util.AbstractSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's list of the virtual threads that were started directly: a set in a static field of
 * {@code jdk.internal.vm.ThreadContainers}, which is all that keeps a forgotten one alive. The
 * agent has the JDK read the set through this class. So threads can be taken out of the set and
 * still be listed: a thread dump, another scope's check and the JDK's own count find every live
 * thread at every moment, and each once.
 *
 * <p>While threads are moved, which takes microseconds, readers wait for their turn. Thread-safe.
 */
public final class VirtualRegistry implements UnaryOperator<Object> {

  private static final long SHORT_NANOS = 10_000;

  private static final VirtualRegistry JVM = new VirtualRegistry();

  private volatile @Nullable Listing listing;

  /** In the order in which they were taken out; not changed. */
  private volatile List<Withheld> withheld = List.of();

  /** Odd while threads are on the move. */
  private final AtomicInteger moves = new AtomicInteger();

  private volatile boolean connected;

  VirtualRegistry() {}

  /**
   * The registry of this JVM.
   *
   * @return the one instance
   */
  public static VirtualRegistry jvm() {
    return JVM;
  }

  /** The agent has the JDK read its set through {@link #apply}. */
  public void connect() {
    connected = true;
  }

  /**
   * Whether threads can be withheld.
   *
   * @return false without the agent, and where the JDK keeps its list in another way
   */
  public boolean isConnected() {
    return connected;
  }

  /**
   * What the JDK gets in place of its set. Called whenever a virtual thread starts or ends: takes
   * no lock and loads no class.
   *
   * @param set the JDK's set
   * @return a set that lists the same threads and those that are withheld
   */
  @Override
  @SuppressWarnings("unchecked") // the JDK's field says so
  public Object apply(Object set) {
    Listing known = listing;
    if (known == null || known.set != set) {
      known = new Listing((Set<Thread>) set);
      listing = known;
    }
    return known;
  }

  /**
   * Takes threads out of the JDK's set. From now on the registry lists them and does not hold them.
   *
   * @param threads threads that were started directly; the list is not changed any more
   */
  public synchronized void withhold(List<Withheld> threads) {
    putBack(); // what an earlier one could not
    Set<Thread> set = set();
    moves.incrementAndGet();
    try {
      withheld = threads;
      for (Withheld each : threads) {
        remove(each, set);
      }
    } finally {
      moves.incrementAndGet();
    }
  }

  private static void remove(Withheld each, Set<Thread> set) {
    Thread thread = each.get();
    if (thread == null) {
      each.end(); // until now the set held it
    } else {
      set.remove(thread);
      if (each.hasEnded()) {
        each.end();
      }
    }
  }

  /** Puts back all that are still there and have not ended. */
  public synchronized void putBack() {
    if (withheld.isEmpty()) {
      return;
    }
    // Held first: whatever goes wrong from here on, they are listed and not taken away.
    for (Withheld each : withheld) {
      each.keep();
    }
    Set<Thread> set = set();
    moves.incrementAndGet();
    try {
      for (Withheld each : withheld) {
        add(each, set);
      }
      withheld = List.of();
    } finally {
      moves.incrementAndGet();
    }
  }

  /** One that ends meanwhile looks for itself in the set before or after it was added. */
  private static void add(Withheld each, Set<Thread> set) {
    Thread thread = each.get();
    if (thread != null && !each.hasEnded()) {
      set.add(thread);
      if (each.hasEnded()) {
        set.remove(thread);
      }
    }
    each.release();
  }

  private Set<Thread> set() {
    Listing known = listing;
    if (known == null) {
      throw new IllegalStateException("no virtual thread was started");
    }
    return known.set;
  }

  private void ended(@Nullable Object thread) {
    if (thread instanceof Thread virtual) {
      long id = Jdk.threadId(virtual);
      for (Withheld each : withheld) {
        if (each.id() == id) {
          each.end();
        }
      }
    }
  }

  /** All threads, at one moment. */
  private Set<Thread> all(Set<Thread> set) {
    while (true) {
      int before = moves.get();
      if (before % 2 == 0) {
        Set<Thread> all = new HashSet<>(set);
        for (Withheld each : withheld) {
          Thread thread = each.get();
          if (thread != null && !each.hasEnded()) {
            all.add(thread);
          }
        }
        if (moves.get() == before) {
          return all;
        }
      }
      LockSupport.parkNanos(SHORT_NANOS);
    }
  }

  /** The set as the JDK sees it. */
  private final class Listing extends AbstractSet<Thread> {
    private final Set<Thread> set;

    Listing(Set<Thread> set) {
      this.set = set;
    }

    @Override
    public boolean add(Thread thread) {
      return set.add(thread);
    }

    @Override
    public boolean remove(@Nullable Object thread) {
      if (!withheld.isEmpty()) {
        ended(thread);
      }
      return set.remove(thread);
    }

    @Override
    public Iterator<Thread> iterator() {
      return all(set).iterator();
    }

    @Override
    public int size() {
      return all(set).size();
    }
  }
}
