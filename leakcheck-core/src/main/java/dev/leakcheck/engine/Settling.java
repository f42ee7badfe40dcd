package dev.leakcheck.engine;

import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.record.ThreadBirth;
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
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The bounded wait in which a thread that is about to end may end.
 *
 * <p>It watches the suspects themselves and returns within a millisecond of the last one's end.
 * {@code Thread.join} would not do: it takes the thread's monitor, which a leaked thread may hold
 * for ever. It gives up early when nothing alive can change the outcome any more ({@link
 * Stillness}) and that has been so for a while ({@link Unmoved}). Used by one thread.
 *
 * <p>The settle time is a limit. No look is begun that would not be over by then, as far as the
 * last one tells; once it is over there is one more look, or as many as it takes to tell what a
 * shared worker does, and one gathering of evidence.
 */
public final class Settling {

  private static final long FIRST_LOOK = 1_000_000;
  private static final long LONGEST_BETWEEN_LOOKS = 50_000_000;
  private static final long LONGEST_PAUSE = 500_000;
  private static final int PATIENCE_PART = 10;
  private static final int MOST_GATHERINGS = 10;

  private final Suspicion suspicion;
  private final Suspects suspects;
  private final OpenThings openThings;
  private final Inspectors inspectors;
  private final Shared shared;
  private final Tier tier;
  private final Stillness stillness;
  private final Unmoved unmoved = new Unmoved(this::harmlessBeside);
  private final BooleanSupplier overlapped;
  private final long start = System.nanoTime();
  private final long settleNanos;

  /**
   * Most threads end soon: it costs no more to wait for that than to look up whose they are, which
   * is much where a fixture leads to a great many objects.
   */
  private final long untilCloseLook;

  private @Nullable ThreadDump lastDump;
  private boolean interrupted;

  /** Looks at what threads do. */
  private int closeLooks;

  /**
   * What was left when the wait was over.
   *
   * @param evidence what is new and was not filtered away
   * @param waited how long the check waited
   * @param early whether it gave up since nothing could change any more
   * @param beside threads of leaks that were told before, which ticked for all of the settle time
   * @param benign how many new threads each benign rule matched
   * @param coverage what could not be seen
   */
  public record Outcome(
      Evidence evidence,
      Duration waited,
      boolean early,
      Set<Long> beside,
      Map<String, Integer> benign,
      Coverage coverage) {

    /** Whether something is wrong that may pass by itself. */
    boolean mayPass() {
      return evidence.symptoms().stream().anyMatch(Symptom::mayPass);
    }

    /** The same, where somebody waited on. */
    public Outcome after(Duration longer) {
      return new Outcome(evidence, longer, early, beside, benign, coverage);
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
    suspicion.newcomers().successors().begin();
    this.settleNanos = suspicion.scope().options().settle().toNanos();
    this.untilCloseLook =
        Math.max(FIRST_LOOK, Math.min(shared.lastWalkNanos(), settleNanos / PATIENCE_PART));
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
    long betweenLooks = FIRST_LOOK;
    while (true) {
      long elapsed = elapsed();
      lastDump = null;
      LookDump dump = new LookDump(tier);
      boolean roughly = elapsed < untilCloseLook;
      List<Thread> threads = suspects.look(roughly);
      if (roughly && elapsed >= FIRST_LOOK && suspects.employers().areToldBy(threads)) {
        roughly = false; // nothing has to be looked up
      }
      if (!roughly) {
        closeLooks++;
        threads = suspects.withoutOthers(suspects.withoutBenign(threads), dump);
        threads = suspicion.ending().without(threads, dump);
        endTimers(threads);
        openThings.clearOthers();
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
        // What came up while a dump was taken was not waited for yet.
      }
      if (overlapped.getAsBoolean()) {
        return null;
      }
      if (elapsed >= settleNanos && closeLooks < SharedWorkers.LOOKS && suspects.areAnyBusy()) {
        LockSupport.parkNanos(FIRST_LOOK); // a busy machine left no time for the looks it takes
        continue;
      }
      if (elapsed >= settleNanos) {
        suspicion.newcomers().successors().settled();
        suspicion.ending().settled(threads, !open && !passing);
        return outcome(elapsed, dump.isTaken() ? dump.get() : lastDump, false);
      }
      if (threads.isEmpty()
          && !born.isEmpty()
          && born.stream().allMatch(Settling::isPastHelp)
          && !passing
          && !hasOpenThings()) {
        Outcome outcome = outcome(elapsed, null, true);
        if (!outcome.mayPass()) {
          return outcome;
        }
      }
      if (passing) {
        unmoved.restart(); // what may pass by itself is not waited for by looking at threads
      } else if (!roughly) {
        Stillness.Look look = look(threads, dump);
        if (unmoved.takes(look) && look != null) {
          Outcome outcome = outcome(elapsed(), look.dump(), true);
          if (stillness.holds(look, threads) && !outcome.mayPass()) {
            return outcome;
          }
          unmoved.restart(); // what moved while the evidence was gathered was not waited for yet
        }
      }
      long next = unmoved.first() != null ? unmoved.end() : System.nanoTime() + betweenLooks;
      long end = start + settleNanos;
      long cost = elapsed() - elapsed;
      pauseUntil(next + cost < end ? next : end, threads, open, born);
      betweenLooks =
          Math.max(Math.min(LONGEST_BETWEEN_LOOKS, betweenLooks * 2), shared.lastDumpNanos());
      if (threads.isEmpty() && !open && !passing) {
        betweenLooks = Math.max(betweenLooks, 2 * shared.lastDumpNanos());
      }
    }
  }

  private void endTimers(List<Thread> threads) {
    if (!suspicion.collected().endTimers(threads)) {
      suspicion.limitedBy(
          Coverage.limitedBy(
              Coverage.Limit.NO_COLLECTION,
              "whether anything refers to a timer was not seen: no garbage collection could be"
                  + " had"));
    }
  }

  private boolean hasOpenThings() {
    return !openThings.inFields().isEmpty();
  }

  /** What is gone can not be stopped any more: there is nothing to wait for. */
  private static boolean isPastHelp(Birth birth) {
    return birth instanceof ExecutorBirth executor
        ? executor.isAbandoned()
        : birth instanceof ThreadBirth;
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

  private Stillness.@Nullable Look look(List<Thread> threads, LookDump dump) {
    Stillness.Look first = unmoved.first();
    Stillness.Look again =
        first != null && unmoved.isAgain() ? stillness.lookAgain(threads, dump, first) : null;
    return again != null ? again : stillness.look(threads, dump, settleNanos - elapsed());
  }

  private @Nullable Set<Long> harmlessBeside(Stillness.Look look) {
    if (shared.lastGatheringNanos() > settleNanos - elapsed()) {
      return null;
    }
    return shared.ledger().harmlessBeside(Classifier.classify(collect(look.dump()).evidence()));
  }

  private void pauseUntil(long until, List<Thread> threads, boolean open, List<Birth> born) {
    long pause = Unmoved.SHORTEST_TURN.toNanos();
    boolean watching = !threads.isEmpty() || open;
    while (System.nanoTime() < until) {
      if (watching
          && threads.stream().noneMatch(Thread::isAlive)
          && born.stream().noneMatch(OpenThings::isStillOpen)
          && (!open || !hasOpenThings())) {
        return;
      }
      long before = System.nanoTime();
      LockSupport.parkNanos(Math.min(pause, Math.max(1, until - before)));
      unmoved.paused(System.nanoTime() - before);
      interrupted |= Thread.interrupted();
      pause = Math.min(LONGEST_PAUSE, pause * 2);
    }
  }

  /**
   * Nearly always that is all. Where only a dump tells of task scopes without a thread, there is
   * one more look.
   */
  private Outcome nothingLeft() {
    if (!suspicion.newcomers().mayHaveTaskScopes()) {
      List<Symptom> symptoms = inspectors.inspect(suspicion);
      if (symptoms.isEmpty()) {
        Coverage coverage = lastDump == null ? tier.coverage() : lastDump.coverage();
        return new Outcome(
            Evidence.NONE,
            Duration.ofNanos(elapsed()),
            false,
            Set.of(),
            Evidences.count(suspects.benign()),
            coverage);
      }
    }
    return outcome(elapsed(), lastDump, false);
  }

  private Evidences collect(@Nullable ThreadDump dump) {
    long begin = System.nanoTime();
    Evidences evidences =
        Evidences.collect(
            suspicion, inspectors, dump == null ? tier.dump(suspects::isNewVirtual) : dump);
    shared.gatheredFor(System.nanoTime() - begin);
    return evidences;
  }

  /**
   * A thread may have started another meanwhile and have ended before it was described: then there
   * is less than was seen a moment ago, and it is gathered anew.
   */
  private Evidences collectAll(@Nullable ThreadDump dump) {
    Evidences evidences = collect(dump);
    for (int again = 1; again < MOST_GATHERINGS && evidences.missed(); again++) {
      evidences = collect(dump);
    }
    return evidences;
  }

  /** What is gathered now is what was left when the wait was over. */
  private Outcome outcome(long waited, @Nullable ThreadDump dump, boolean early) {
    Evidences evidences = collectAll(dump);
    return new Outcome(
        evidences.evidence(),
        Duration.ofNanos(waited),
        early,
        early ? Set.of() : stillness.ticked(),
        evidences.benign(),
        evidences.coverage());
  }

  private long elapsed() {
    return System.nanoTime() - start;
  }
}
