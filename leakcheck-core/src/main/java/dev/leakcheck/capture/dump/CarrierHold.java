package dev.leakcheck.capture.dump;

import dev.leakcheck.capture.threads.ThreadCounter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
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

  /** More than the JDK makes in place of carriers that wait for input, unless told otherwise. */
  private static final int MOST_STRANGERS = 256;

  /** Enough to come upon each of its queues, most of the time. */
  private static final int QUEUES = 16;

  private final ThreadCounter counter;
  private final Waiting waiting = new Waiting();
  private final Collection<Holder> queued = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Held held;

  CarrierHold(ThreadCounter counter) {
    this.counter = counter;
  }

  /**
   * Asks for all carriers; they are had a little later.
   *
   * @param carriers how many there are
   * @return what is to be released
   * @throws IOException if there is no room for so many threads
   */
  Held take(int carriers) throws IOException {
    Held taken = new Held(carriers);
    held = taken; // before it is looked at who did not begin: whoever begins later sees it
    if (!queue(taken, carriers)) {
      release(taken);
      throw new IOException("no room for virtual threads");
    }
    return taken;
  }

  /**
   * Sees that enough wait for a carrier which others have, or which comes back from an input that
   * it waited for.
   *
   * @param waiting how many
   * @return false if there is no room for so many threads
   */
  boolean queue(Held taken, int waiting) {
    queued.removeIf(holder -> holder.hasBegun);
    boolean room = true;
    while (room && queued.size() < waiting && mayHaveMore(taken)) {
      room = start();
    }
    return room;
  }

  /**
   * Queues more of them, all over the scheduler: it puts what one thread gives it into one queue,
   * and a carrier takes from another one as long as there is something in it. What gave it to them
   * has ended then: the JVM does not survive it if a thread ends just as it is dumped.
   *
   * @throws InterruptedException if the calling thread was interrupted; all has been done
   */
  void spread(Held taken) throws InterruptedException {
    List<Thread> starting = new ArrayList<>();
    for (int i = 0; i < QUEUES && mayHaveMore(taken); i++) {
      Thread thread = counter.startOwn(NAME, this::start);
      if (thread != null) {
        starting.add(thread);
      }
    }
    boolean interrupted = false;
    while (!starting.isEmpty()) {
      try {
        starting.get(0).join();
        starting.remove(0);
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      throw new InterruptedException();
    }
  }

  private boolean mayHaveMore(Held taken) {
    return queued.size() + taken.entered.size() < taken.carriers + MOST_STRANGERS;
  }

  private boolean start() {
    Holder holder = new Holder();
    queued.add(holder);
    boolean started = counter.startOwnVirtual(NAME, holder);
    if (!started) {
      queued.remove(holder);
    }
    return started;
  }

  /** Lets the carriers go on. */
  void release(Held taken) {
    held = null;
    taken.over = true;
    taken.entered.forEach(LockSupport::unpark);
  }

  /** The carriers, as far as they are had. */
  static final class Held {
    private final Set<Thread> entered = ConcurrentHashMap.newKeySet();
    private final int carriers;
    private final CountDownLatch missing;
    private final long since = System.nanoTime();
    private volatile boolean over;

    private Held(int carriers) {
      this.carriers = carriers;
      missing = new CountDownLatch(carriers);
    }

    /** How many may work at a time. */
    int carriers() {
      return carriers;
    }

    /** The identities of the threads that have a carrier. */
    Set<Integer> identities() {
      return entered.stream().map(System::identityHashCode).collect(Collectors.toSet());
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
