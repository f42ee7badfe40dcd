package dev.leakcheck.inspect;

import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.classify.Activity;
import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.classify.OwnerWords;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A lock that nobody is left to unlock.
 *
 * @param type class name of the lock
 * @param lockId its identity hash code
 * @param where how it was reached, such as {@code field OrderServiceTest.lock}, or where it was
 *     made
 * @param inField whether a field leads to it
 * @param mode how it is held
 * @param owner who holds it
 * @param thread name of the thread that holds it, or null where the lock does not record that
 * @param holds how often, 0 if that is not known
 * @param holdsAtOpen how often it was held when the scope opened
 * @param waiting how many threads queue for it, -1 if that is not known
 * @param waiters those of them that are known
 * @param origin where it was made
 * @param subject the lock
 */
record HeldLock(
    String type,
    int lockId,
    String where,
    boolean inField,
    Mode mode,
    Owner owner,
    @Nullable String thread,
    int holds,
    int holdsAtOpen,
    int waiting,
    List<ThreadRecord> waiters,
    Origin origin,
    OwnReference<Object> subject)
    implements Symptom {

  private static final int PLACES_SHOWN = 3;

  private static final String STAMPED = "java.util.concurrent.locks.StampedLock";

  /** How a lock is held. */
  public enum Mode {
    /** It has one mode only. */
    EXCLUSIVE,
    /** For writing. */
    WRITE,
    /** For reading. */
    READ
  }

  /** Who holds a lock. */
  public enum Owner {
    /** The thread that checks. */
    CHECKER,
    /** A thread that has ended. */
    ENDED,
    /** The thread that JUnit ran the test in for a time limit, which is about to end. */
    ENDING,
    /** The lock does not record it, and nobody is left who could unlock it. */
    UNKNOWN
  }

  @Override
  public String identity() {
    return LeakKind.HELD_LOCK.id()
        + " "
        + type
        + "@"
        + Integer.toHexString(lockId)
        + " "
        + mode
        + " "
        + holds;
  }

  @Override
  public boolean mayPass() {
    return owner == Owner.ENDING;
  }

  @Override
  public Finding explain(Evidence evidence) {
    List<Fact> facts = new ArrayList<>();
    facts.add(Fact.of("held by", heldBy()));
    if (holds > 0) {
      facts.add(Fact.of("holds", holds + " (" + holdsAtOpen + " when the scope opened)"));
    }
    if (waiting >= 0) {
      facts.add(new Fact("waiting", waitingThreads()));
    }
    facts.add(Fact.of("why", why()));
    Fingerprint fingerprint =
        new Fingerprint(LeakKind.HELD_LOCK)
            .type(type)
            .name(where)
            .word(mode.name().toLowerCase(Locale.ROOT))
            .createdBy(origin);
    return Symptom.finding(
        LeakKind.HELD_LOCK, title(), facts, fix(), List.of(), origin, fingerprint);
  }

  @Override
  public Set<Long> heldUp() {
    return waiters.stream().map(ThreadRecord::id).collect(Collectors.toSet());
  }

  private List<String> waitingThreads() {
    if (waiters.isEmpty()) {
      return List.of(waiting == 0 ? "no thread yet" : CauseWriter.count(waiting, "thread"));
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        CauseWriter.count(Math.max(waiting, waiters.size()), "thread")
            + ": "
            + CauseWriter.names(waiters)
            + CauseWriter.daemonNote(waiters));
    waiters.stream()
        .map(waiter -> Activity.where(waiter.stack()))
        .distinct()
        .limit(PLACES_SHOWN)
        .flatMap(List::stream)
        .forEach(frame -> lines.add("  at " + frame));
    return lines;
  }

  private String title() {
    String held =
        switch (mode) {
          case EXCLUSIVE -> "held";
          case WRITE -> "write-locked";
          case READ -> "read-locked";
        };
    return CauseWriter.simple(type)
        + (inField ? " in " : " ")
        + where
        + " is still "
        + held
        + (thread == null ? "" : " by " + CauseWriter.named(thread))
        + (holds > 0 ? " (" + CauseWriter.count(holds, "hold") + ")" : "");
  }

  private String heldBy() {
    return switch (owner) {
      case CHECKER -> CauseWriter.named(String.valueOf(thread)) + ", the scope's own";
      case ENDED -> CauseWriter.named(String.valueOf(thread)) + ", which has ended";
      case ENDING ->
          CauseWriter.named(String.valueOf(thread))
              + ", in which JUnit ran the test for its time limit";
      case UNKNOWN -> "not known: this lock does not record its thread";
    };
  }

  private String why() {
    String free = "whoever locks it next waits for ever";
    return switch (owner) {
      case CHECKER ->
          "only the thread that locked it can unlock it, and "
              + (OwnerWords.ofLibrarysLock(origin) == null
                  ? "the scope's code"
                  : "a library's code")
              + " left it locked: any other thread that locks it waits for ever";
      case ENDED -> "only the thread that locked it could unlock it, and that is gone: " + free;
      case ENDING -> "only the thread that locked it can unlock it: " + free;
      case UNKNOWN -> "no thread of the test is left that could unlock it: " + free;
    };
  }

  private String fix() {
    String librarys = OwnerWords.ofLibrarysLock(origin);
    if (librarys != null) {
      return librarys;
    }
    if (isStamped()) {
      String unlock = mode == Mode.READ ? "unlockRead(stamp)" : "unlockWrite(stamp)";
      return "call " + unlock + " in a finally block right after the lock was taken";
    }
    String view =
        switch (mode) {
          case EXCLUSIVE -> "";
          case WRITE -> "writeLock().";
          case READ -> "readLock().";
        };
    return "call "
        + view
        + "unlock() in a finally block right after "
        + view
        + "lock(), as often as it was locked";
  }

  private boolean isStamped() {
    return type.equals(STAMPED) || owner == Owner.UNKNOWN;
  }
}
