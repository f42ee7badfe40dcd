package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.WeakKey;
import java.lang.Thread.State;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks questions whose answer may never come, since somebody may hold the lock that it takes: on a
 * thread of LeakCheck's own, for which it waits some milliseconds. A thread that got no answer is
 * left to its fate, a daemon that ends when the lock is given back, and the object that it asked is
 * asked no more until then. Thread-safe.
 */
public final class Helper {

  private static final String NAME = "leakcheck-helper";

  /** How often a helper is looked at. */
  private static final long LOOK_MILLIS = 10;

  /** After so many looks in a row at which it waited for a lock there is no answer. */
  private static final int PATIENCE_LOOKS = 5;

  /**
   * How long it may compute: time of the processor, as a loaded machine is no reason for no answer.
   */
  private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** How long it may take in any case. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LINGER_MILLIS = 2_000;

  /** So many helpers may wait for ever, or compute: then nobody is asked any more. */
  private static final int MOST_UNANSWERED = 8;

  private static final Helper JVM = new Helper(ThreadCounter.jvm(), false);

  private static final Helper OF_USERS = new Helper(ThreadCounter.jvm(), true);

  private final ThreadCounter counter;
  private final boolean patient;
  private final Map<WeakKey, Errand> unanswered = new HashMap<>();
  private @Nullable Worker worker;

  private Helper(ThreadCounter counter, boolean patient) {
    this.counter = counter;
    this.patient = patient;
  }

  /**
   * The helper of this JVM.
   *
   * @return the one instance
   */
  public static Helper jvm() {
    return JVM;
  }

  /**
   * The helper that runs what the user gave to be run: that may wait for others as it likes, and
   * has all of five seconds.
   *
   * @return the one instance
   */
  public static Helper ofUsersCode() {
    return OF_USERS;
  }

  /** A question on its way. */
  private static final class Errand {
    private final Supplier<? extends @Nullable Object> question;
    private @Nullable Thread askedBy;
    private long worked;
    private @Nullable Object answer;
    private boolean done;

    /** Set before the lock is taken that whoever awaits the answer may hold. */
    private volatile boolean returned;

    Errand(Supplier<? extends @Nullable Object> question) {
      this.question = question;
    }

    void run() {
      synchronized (this) {
        askedBy = Thread.currentThread();
        worked = LiveThreads.cpuNanos(Thread.currentThread());
      }
      Object answered = null;
      try {
        answered = question.get();
      } catch (RuntimeException | Error notAnswered) {
        // Of a lack of memory nobody is told here either: whoever asked waits for this thread.
      }
      returned = true;
      synchronized (this) {
        answer = answered;
        done = true;
        notifyAll();
      }
    }

    synchronized boolean isDone() {
      return done;
    }

    /**
     * Whether the question was put and waits for something, which a helper has no other reason to.
     */
    private boolean isWaiting() {
      State state = askedBy == null ? State.NEW : AskThread.state(askedBy);
      return !returned
          && (state == State.WAITING || state == State.TIMED_WAITING || state == State.BLOCKED);
    }

    private boolean worksTooLong() {
      return askedBy != null && LiveThreads.cpuNanos(askedBy) - worked > WORK_NANOS;
    }

    synchronized Optional<String> holder() {
      return askedBy == null || done
          ? Optional.empty()
          : Optional.of(LockHolder.ownerName(askedBy)).filter(name -> !name.isEmpty());
    }

    synchronized @Nullable Object answer() {
      return answer;
    }
  }

  /** A thread that runs errands, one after the other, and ends when there was none for a while. */
  private static final class Worker {
    private @Nullable Errand next;
    private boolean over;

    /** False if it has ended. */
    synchronized boolean take(Errand errand) {
      if (over) {
        return false;
      }
      next = errand;
      notifyAll();
      return true;
    }

    synchronized void leave() {
      over = true;
      notifyAll();
    }

    void run() {
      for (Errand errand; (errand = await()) != null; ) {
        errand.run();
      }
    }

    private synchronized @Nullable Errand await() {
      long begin = System.nanoTime();
      while (next == null && !over) {
        long left = LINGER_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        if (left <= 0) {
          over = true;
        } else {
          try {
            wait(left);
          } catch (InterruptedException nobodyKnowsItToDoThat) {
            over = true;
          }
        }
      }
      Errand errand = next;
      next = null;
      return errand;
    }
  }

  /**
   * Asks a question.
   *
   * @param about whom it is about
   * @param question the question; it may wait for a lock
   * @return the answer, or null if it did not come in time or could not be asked
   */
  @SuppressWarnings("unchecked")
  public <T> @Nullable T ask(Object about, Supplier<? extends @Nullable T> question) {
    WeakKey key = new WeakKey(about);
    synchronized (this) {
      Errand earlier = unanswered.get(key);
      if (earlier != null && !earlier.isDone()) {
        return null;
      }
      unanswered.remove(key);
      unanswered.entrySet().removeIf(other -> other.getValue().isDone());
      if (unanswered.size() >= MOST_UNANSWERED) {
        return null;
      }
      Errand errand = new Errand(question);
      Worker helper = start(errand);
      if (helper != null && await(errand)) {
        return (T) errand.answer();
      }
      if (helper != null) {
        unanswered.put(key, errand);
        helper.leave();
        worker = null;
      }
      return null;
    }
  }

  /**
   * Whether an object did not answer, and still does not.
   *
   * @param about the object
   * @return true if a helper waits for it
   */
  public synchronized boolean isWaitingFor(Object about) {
    Errand errand = unanswered.get(new WeakKey(about));
    return errand != null && !errand.isDone();
  }

  private @Nullable Worker start(Errand errand) {
    Worker helper = worker;
    if (helper != null && helper.take(errand)) {
      return helper;
    }
    Worker fresh = new Worker();
    fresh.take(errand);
    if (counter.startOwn(NAME, fresh::run) == null) {
      return null;
    }
    worker = fresh;
    return fresh;
  }

  /** Waits until the errand is done, or its thread waits for something that nobody said it may. */
  private boolean await(Errand errand) {
    long begin = System.nanoTime();
    int waiting = 0;
    boolean interrupted = false;
    try {
      synchronized (errand) {
        while (!errand.done) {
          waiting = errand.isWaiting() ? waiting + 1 : 0;
          if ((!patient && (waiting >= PATIENCE_LOOKS || errand.worksTooLong()))
              || System.nanoTime() - begin > MOST_NANOS) {
            return false;
          }
          try {
            errand.wait(LOOK_MILLIS);
          } catch (InterruptedException later) {
            interrupted = true;
          }
        }
        return true;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Who holds the lock that an object's answer takes.
   *
   * @param about an object that did not answer
   * @return a thread's name, or empty if that is not known
   */
  public synchronized Optional<String> holder(Object about) {
    Errand errand = unanswered.get(new WeakKey(about));
    return errand == null ? Optional.empty() : errand.holder();
  }
}
