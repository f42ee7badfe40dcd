package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.base.JdkField;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells at the cost of a microsecond whether anybody created or started a thread.
 *
 * <p>Every {@code Thread} object, platform or virtual, started or not, takes the next id from one
 * counter, and ids are never reused (JDK source, {@code Thread.ThreadIdentifiers}). Before Java 19
 * that counter is read. From then on an unstarted probe thread tells how many were created so far;
 * the probes themselves are subtracted.
 *
 * <p>Thread-safe: one thing at a time, so that a probe is never counted as somebody's thread. Who
 * waits for its turn spins for the microseconds that another takes. For a monitor a virtual thread
 * would be unmounted, and then be the next to have it: nobody could, as long as {@linkplain
 * dev.leakcheck.capture.dump.ThreadDumper a dump} keeps it from going on.
 */
public final class ThreadCounter {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final ThreadCounter JVM = new ThreadCounter();

  /** Nobody has it from Java 19 on; before, a probe would wait for {@code Thread.class}'s lock. */
  private static final JdkField LAST_ID = JdkField.of("java.lang.Thread", "threadSeqNumber");

  /** So often in a row is looked whether it is one's turn. */
  private static final int SPINS = 100;

  private final Consumer<Thread> starter;
  private final AtomicBoolean busy = new AtomicBoolean();
  private long probes;
  private long ownStarted;

  /** One for this JVM. */
  public ThreadCounter() {
    this(Thread::start);
  }

  /** The same, whose own threads are started in another way. */
  public ThreadCounter(Consumer<Thread> starter) {
    this.starter = starter;
  }

  /**
   * The counters at one instant.
   *
   * @param lastId a thread id; every thread created later has a greater one
   * @param created how many {@code Thread} objects others had created, up to a constant
   * @param started how many platform threads had been started since the JVM began
   */
  public record Reading(long lastId, long created, long started) {

    /**
     * Whether nobody created or started a thread in between.
     *
     * @param later a later reading
     * @return true if both counters stand still
     */
    public boolean sameAs(Reading later) {
      return created == later.created && started == later.started;
    }

    /**
     * Whether threads other than started platform threads may have been created in between: virtual
     * threads, or platform threads that were not started.
     *
     * @param later a later reading
     * @return true if the counters moved apart
     */
    public boolean mayHaveVirtualSince(Reading later) {
      return later.created - created != later.started - started;
    }
  }

  /**
   * The counter that LeakCheck's own threads of this JVM are left out of.
   *
   * @return the one instance
   */
  public static ThreadCounter jvm() {
    return JVM;
  }

  /**
   * Reads the counters.
   *
   * @return the reading
   */
  public Reading read() {
    begin();
    try {
      long id = LAST_ID.readStatic() instanceof Long last ? last : idOfProbe();
      return new Reading(id, id - probes, THREADS.getTotalStartedThreadCount() - ownStarted);
    } finally {
      busy.set(false);
    }
  }

  private void begin() {
    for (int spins = 1; !busy.compareAndSet(false, true); spins++) {
      if (spins % SPINS == 0) {
        LockSupport.parkNanos(1_000); // whoever has its turn may have no processor
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private long idOfProbe() {
    // Without inherited thread-locals: their childValue is the user's code.
    Thread probe = new Thread(OwnThread.GROUP, null, "leakcheck-probe", 0, false);
    probes++;
    return LiveThreads.id(probe);
  }

  /**
   * Makes and starts a thread of LeakCheck's own, which no reading counts.
   *
   * @param name its name
   * @param body what it runs
   * @return the thread, or null if the system has no room for another one; that is nobody's
   *     failure, and a later call may find some
   */
  public @Nullable Thread startOwn(String name, Runnable body) {
    begin();
    try {
      Thread thread = new OwnThread(name, body);
      probes++;
      starter.accept(thread);
      ownStarted++;
      return thread;
    } catch (OutOfMemoryError noRoom) { // "unable to create native thread"
      return null;
    } finally {
      busy.set(false);
    }
  }

  /**
   * Makes and starts a virtual thread of LeakCheck's own, which no reading counts.
   *
   * @param name its name
   * @param body what it runs
   * @return false if there is no room for another one; a later call may find some
   * @throws UnsupportedOperationException before Java 21
   */
  public boolean startOwnVirtual(String name, Runnable body) {
    begin();
    try {
      Thread thread = OwnThreads.virtual(name, body);
      probes++;
      try {
        starter.accept(thread);
      } catch (OutOfMemoryError noRoom) {
        OwnThreads.forget(thread);
        return false;
      }
      return true;
    } finally {
      busy.set(false);
    }
  }

  /**
   * Has a thread of LeakCheck's own run when the JVM ends, which no reading counts. Does nothing if
   * the JVM is ending already, or refuses.
   *
   * @param name its name
   * @param body what it runs
   */
  public void addShutdownHook(String name, Runnable body) {
    Thread thread;
    begin();
    try {
      thread = new OwnThread(name, body);
      probes++;
    } finally {
      busy.set(false);
    }
    try {
      Runtime.getRuntime().addShutdownHook(thread);
    } catch (IllegalStateException | SecurityException refused) {
      // The JVM is ending, or does not let anybody know when it does.
    }
  }
}
