package dev.leakcheck.engine;

import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.classify.Classifier;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Coverage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The bounded wait in which a thread that is about to end may end.
 *
 * <p>It watches the suspects themselves and returns within a millisecond of the last one's end.
 * {@code Thread.join} would not do: it takes the thread's monitor, which a leaked thread may hold
 * for ever. It gives up early when nothing alive can change the outcome any more ({@link
 * Stillness}): the JVM has to stand still for {@link #PROOF}, or, where every cause was found
 * before in this run, for {@link #PROOF_AGAIN}. Used by one thread.
 */
public final class Settling {

  static final Duration PROOF = Duration.ofMillis(150);
  static final Duration PROOF_AGAIN = Duration.ofMillis(15);

  private static final long FIRST_LOOK = 1_000_000;
  private static final long LONGEST_BETWEEN_LOOKS = 50_000_000;
  private static final long SHORTEST_PAUSE = 50_000;
  private static final long LONGEST_PAUSE = 500_000;

  private final Engine engine;
  private final Suspicion suspicion;
  private final Stillness stillness;
  private final BooleanSupplier overlapped;
  private final long start = System.nanoTime();
  private final long settleNanos;

  private @Nullable ThreadDump lastDump;
  private boolean interrupted;

  /**
   * What was left when the wait was over.
   *
   * @param evidence what is new and was not filtered away
   * @param waited how long the check waited
   * @param early whether it gave up since nothing could change any more
   * @param benign how many new threads each benign rule matched
   * @param coverage what could not be seen
   */
  public record Outcome(
      Evidence evidence,
      Duration waited,
      boolean early,
      Map<String, Integer> benign,
      Coverage coverage) {}

  private Settling(Suspicion suspicion, BooleanSupplier overlapped) {
    this.overlapped = overlapped;
    this.engine = suspicion.engine();
    this.suspicion = suspicion;
    this.stillness = new Stillness(engine, suspicion);
    this.settleNanos = suspicion.scope().options().settle().toNanos();
  }

  /**
   * Waits.
   *
   * @param suspicion what the check suspects
   * @param overlapped whether to give up, since other code runs meanwhile
   * @return what was left, or null if it gave up
   */
  public static @Nullable Outcome await(Suspicion suspicion, BooleanSupplier overlapped) {
    Settling settling = new Settling(suspicion, overlapped);
    // A pending interrupt would end every pause at once; it is given back.
    settling.interrupted = Thread.interrupted();
    try {
      return settling.run();
    } finally {
      if (settling.interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private @Nullable Outcome run() {
    Stillness.Look first = null;
    long firstAt = 0;
    boolean known = false;
    Duration proof = PROOF;
    long betweenLooks = FIRST_LOOK;
    while (true) {
      long elapsed = System.nanoTime() - start;
      LookDump dump = new LookDump(engine);
      boolean roughly = elapsed < FIRST_LOOK;
      List<Thread> threads = suspicion.suspects(roughly);
      if (!roughly) {
        threads = suspicion.withoutOthers(suspicion.withoutBenign(threads), dump);
      }
      List<Birth> born = suspicion.bornOpen(roughly);
      boolean open = suspicion.hasOpenThings() || !born.isEmpty();
      boolean passing = suspicion.scope().inspectors().mayPass(suspicion);
      if (threads.isEmpty() && !open && !passing && !virtualLeft()) {
        Outcome outcome = nothingLeft();
        if (outcome.evidence().threads().isEmpty() || elapsed >= settleNanos) {
          return outcome;
        }
        // A thread that came up while executors were listed was not waited for yet.
      }
      if (overlapped.getAsBoolean()) {
        return null;
      }
      if (elapsed >= settleNanos) {
        return outcome(collect(null), false);
      }
      if (threads.isEmpty()
          && !born.isEmpty()
          && born.stream().allMatch(Settling::isPastHelp)
          && !passing
          && !suspicion.hasOpenThings()) {
        return outcome(collect(null), true);
      }
      if (passing) {
        first = null; // what may pass by itself is not waited for by looking at threads
      } else if (!roughly) {
        Stillness.Look look = null;
        if (first != null && known) {
          look = stillness.lookAgain(threads, first);
        }
        if (look == null) {
          look = stillness.look(threads, dump, settleNanos - elapsed);
        }
        if (look == null || first == null || !first.sameAs(look)) {
          first = look;
          firstAt = System.nanoTime();
          known = first != null && wasFoundBefore(first);
          proof = known ? PROOF_AGAIN : PROOF;
        } else if (System.nanoTime() - firstAt >= proof.toNanos()) {
          Outcome outcome = outcome(collect(look.dump()), true);
          if (look.reading().sameAs(engine.counter().read())) {
            return outcome;
          }
          first = null; // what came up while the evidence was gathered was not waited for yet
        }
      }
      long next = first != null ? firstAt + proof.toNanos() : System.nanoTime() + betweenLooks;
      pauseUntil(Math.min(next, start + settleNanos), threads, open, born);
      betweenLooks =
          Math.max(Math.min(LONGEST_BETWEEN_LOOKS, betweenLooks * 2), engine.lastDumpNanos());
      if (threads.isEmpty() && !open && !passing) {
        betweenLooks = Math.max(betweenLooks, 2 * engine.lastDumpNanos());
      }
    }
  }

  /** What is gone can not be stopped any more: there is nothing to wait for. */
  private static boolean isPastHelp(Birth birth) {
    return birth instanceof ExecutorBirth executor && executor.isAbandoned();
  }

  /** Virtual threads cannot be watched, only listed; they are asked for when all else has ended. */
  private boolean virtualLeft() {
    if (!suspicion.mayHaveVirtual()) {
      return false;
    }
    ThreadDump dump = engine.dump(suspicion::isNewVirtual);
    lastDump = dump;
    suspicion.looked(dump);
    return !suspicion.virtual(dump).isEmpty();
  }

  private boolean wasFoundBefore(Stillness.Look look) {
    return engine.ledger().knowsAll(Classifier.classify(collect(look.dump()).evidence()));
  }

  private void pauseUntil(long until, List<Thread> threads, boolean open, List<Birth> born) {
    long pause = SHORTEST_PAUSE;
    boolean watching = !threads.isEmpty() || open;
    while (System.nanoTime() < until) {
      if (watching
          && threads.stream().noneMatch(Thread::isAlive)
          && born.stream().noneMatch(Suspicion::isStillOpen)
          && (!open || !suspicion.hasOpenThings())) {
        return;
      }
      LockSupport.parkNanos(Math.min(pause, Math.max(1, until - System.nanoTime())));
      interrupted |= Thread.interrupted();
      pause = Math.min(LONGEST_PAUSE, pause * 2);
    }
  }

  /**
   * A brief scope is done, and one that an agent tells all; another still looks for executors that
   * have no thread.
   */
  private Outcome nothingLeft() {
    if (suspicion.scope().options().isBrief() || engine.isExact()) {
      List<Symptom> symptoms = suspicion.symptoms();
      if (symptoms.isEmpty()) {
        Coverage coverage = lastDump == null ? engine.coverage() : lastDump.coverage();
        return new Outcome(
            Evidence.NONE, waited(), false, Evidences.count(suspicion.benign()), coverage);
      }
    }
    return outcome(collect(lastDump), false);
  }

  private Evidences collect(@Nullable ThreadDump dump) {
    return Evidences.collect(suspicion, dump == null ? engine.dump(suspicion::isNewVirtual) : dump);
  }

  private Outcome outcome(Evidences evidences, boolean early) {
    return new Outcome(
        evidences.evidence(), waited(), early, evidences.benign(), evidences.coverage());
  }

  private Duration waited() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
