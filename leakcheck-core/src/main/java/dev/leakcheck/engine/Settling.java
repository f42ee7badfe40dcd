package dev.leakcheck.engine;

import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.classify.Classifier;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.engine.tier.Tier;
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

  private final Suspicion suspicion;
  private final Suspects suspects;
  private final OpenThings openThings;
  private final Inspectors inspectors;
  private final Shared shared;
  private final Tier tier;
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
      Coverage coverage) {

    /** Whether something is wrong that may pass by itself. */
    boolean mayPass() {
      return evidence.symptoms().stream().anyMatch(Symptom::mayPass);
    }

    /** The same, where somebody waited on. */
    public Outcome after(Duration longer) {
      return new Outcome(evidence, longer, early, benign, coverage);
    }
  }

  private Settling(Suspicion suspicion, Inspectors inspectors, BooleanSupplier overlapped) {
    this.overlapped = overlapped;
    this.suspicion = suspicion;
    this.suspects = suspicion.suspects();
    this.openThings = suspicion.open();
    this.inspectors = inspectors;
    this.shared = suspicion.shared();
    this.tier = suspicion.tier();
    this.stillness = new Stillness(suspicion);
    this.settleNanos = suspicion.scope().options().settle().toNanos();
  }

  /**
   * Waits.
   *
   * @param suspicion what the check suspects
   * @param inspectors look for what is not simply left alive
   * @param overlapped whether to give up, since other code runs meanwhile
   * @return what was left, or null if it gave up
   */
  public static @Nullable Outcome await(
      Suspicion suspicion, Inspectors inspectors, BooleanSupplier overlapped) {
    Settling settling = new Settling(suspicion, inspectors, overlapped);
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
      LookDump dump = new LookDump(tier);
      boolean roughly = elapsed < FIRST_LOOK;
      List<Thread> threads = suspects.look(roughly);
      if (!roughly) {
        threads = suspects.withoutOthers(suspects.withoutBenign(threads), dump);
      }
      List<Birth> born = openThings.recorded(roughly);
      boolean open = hasOpenThings() || !born.isEmpty();
      boolean passing = inspectors.mayPass(suspicion);
      if (threads.isEmpty() && !open && !passing && !virtualLeft()) {
        Outcome outcome = nothingLeft();
        boolean cameUp = !outcome.evidence().threads().isEmpty() || outcome.mayPass();
        if (!cameUp || elapsed >= settleNanos) {
          return outcome;
        }
        // What came up while executors were listed was not waited for yet.
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
          && !hasOpenThings()) {
        Outcome outcome = outcome(collect(null), true);
        if (!outcome.mayPass()) {
          return outcome;
        }
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
          if (look.reading().sameAs(shared.counter().read()) && !outcome.mayPass()) {
            return outcome;
          }
          first = null; // what came up while the evidence was gathered was not waited for yet
        }
      }
      long next = first != null ? firstAt + proof.toNanos() : System.nanoTime() + betweenLooks;
      pauseUntil(Math.min(next, start + settleNanos), threads, open, born);
      betweenLooks =
          Math.max(Math.min(LONGEST_BETWEEN_LOOKS, betweenLooks * 2), shared.lastDumpNanos());
      if (threads.isEmpty() && !open && !passing) {
        betweenLooks = Math.max(betweenLooks, 2 * shared.lastDumpNanos());
      }
    }
  }

  private boolean hasOpenThings() {
    return !openThings.inFields().isEmpty();
  }

  /** What is gone can not be stopped any more: there is nothing to wait for. */
  private static boolean isPastHelp(Birth birth) {
    return birth instanceof ExecutorBirth executor && executor.isAbandoned();
  }

  /** Virtual threads cannot be watched, only listed; they are asked for when all else has ended. */
  private boolean virtualLeft() {
    if (!suspects.mayHaveVirtual()) {
      return false;
    }
    ThreadDump dump = tier.dump(suspects::isNewVirtual);
    lastDump = dump;
    suspicion.looked(dump);
    return !suspects.virtual(dump).isEmpty();
  }

  private boolean wasFoundBefore(Stillness.Look look) {
    return shared.ledger().knowsAll(Classifier.classify(collect(look.dump()).evidence()));
  }

  private void pauseUntil(long until, List<Thread> threads, boolean open, List<Birth> born) {
    long pause = SHORTEST_PAUSE;
    boolean watching = !threads.isEmpty() || open;
    while (System.nanoTime() < until) {
      if (watching
          && threads.stream().noneMatch(Thread::isAlive)
          && born.stream().noneMatch(OpenThings::isStillOpen)
          && (!open || !hasOpenThings())) {
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
    if (!suspicion.newcomers().mayHaveThreadless()) {
      List<Symptom> symptoms = inspectors.inspect(suspicion);
      if (symptoms.isEmpty()) {
        Coverage coverage = lastDump == null ? tier.coverage() : lastDump.coverage();
        return new Outcome(
            Evidence.NONE, waited(), false, Evidences.count(suspects.benign()), coverage);
      }
    }
    return outcome(collect(lastDump), false);
  }

  private Evidences collect(@Nullable ThreadDump dump) {
    return Evidences.collect(
        suspicion, inspectors, dump == null ? tier.dump(suspects::isNewVirtual) : dump);
  }

  private Outcome outcome(Evidences evidences, boolean early) {
    return new Outcome(
        evidences.evidence(), waited(), early, evidences.benign(), evidences.coverage());
  }

  private Duration waited() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
