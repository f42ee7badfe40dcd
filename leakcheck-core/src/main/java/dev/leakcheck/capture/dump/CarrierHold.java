package dev.leakcheck.capture.dump;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives every carrier a virtual thread of LeakCheck's own, which waits on it and does not let it
 * go: it waits below native code, which the JVM cannot unmount. Those that get no carrier are there
 * for the next time.
 *
 * <p>Used by one thread at a time. What it starts takes no lock, for which it would be unmounted.
 */
final class CarrierHold {

  private static final String NAME = "leakcheck-hold";
  private static final String NO_CLASS = "leakcheck hold";

  /** Whatever becomes of who holds them, no carrier is kept for longer. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final ThreadCounter counter;
  private final Waiting waiting = new Waiting();
  private final List<Holder> started = new ArrayList<>();
  private volatile @Nullable Held held;

  CarrierHold(ThreadCounter counter) {
    this.counter = counter;
  }

  /**
   * Asks for all carriers; they are had a little later.
   *
   * @param carriers how many there are
   * @return what is to be released
   */
  Held take(int carriers) {
    Held taken = new Held(carriers);
    held = taken; // before it is looked at who did not begin: whoever begins later sees it
    started.removeIf(holder -> holder.hasBegun);
    try {
      while (started.size() < carriers) {
        Holder holder = new Holder();
        holder.thread = counter.startOwnVirtual(NAME, holder);
        started.add(holder);
      }
    } catch (RuntimeException | Error noRoom) {
      release(taken);
      throw noRoom;
    }
    return taken;
  }

  /** Lets the carriers go on. */
  void release(Held taken) {
    held = null;
    taken.over = true;
    taken.entered.forEach(LockSupport::unpark);
  }

  /** Ids of the threads that have a carrier or wait for one. */
  Set<Long> ids(Held taken) {
    return Stream.concat(started.stream().map(holder -> holder.thread), taken.entered.stream())
        .map(LiveThreads::id)
        .collect(Collectors.toSet());
  }

  /** The carriers, as far as they are had. */
  static final class Held {
    private final Set<Thread> entered = ConcurrentHashMap.newKeySet();
    private final CountDownLatch missing;
    private final long since = System.nanoTime();
    private volatile boolean over;

    private Held(int carriers) {
      missing = new CountDownLatch(carriers);
    }

    /** Waits until all carriers are had; false if that takes longer. */
    boolean await(long millis) throws InterruptedException {
      return missing.await(millis, TimeUnit.MILLISECONDS);
    }

    private void enter() {
      entered.add(Thread.currentThread());
      missing.countDown();
      for (long left; !over && (left = MOST_NANOS - (System.nanoTime() - since)) > 0; ) {
        LockSupport.parkNanos(this, left);
      }
    }
  }

  private final class Holder implements Runnable {
    private Thread thread = Thread.currentThread(); // until it is started
    private volatile boolean hasBegun;

    @Override
    public void run() {
      hasBegun = true;
      if (held != null) {
        try {
          Class.forName(NO_CLASS, false, waiting);
        } catch (ClassNotFoundException released) {
          // Nothing was looked for.
        }
      }
    }
  }

  /** The JVM itself asks it for a class that nobody has: that is the native code. */
  private final class Waiting extends ClassLoader {
    static {
      registerAsParallelCapable(); // or the JVM would let in one after the other
    }

    Waiting() {
      super(null);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      Held now = held;
      if (now != null) {
        now.enter();
      }
      throw new ClassNotFoundException(name);
    }
  }
}
