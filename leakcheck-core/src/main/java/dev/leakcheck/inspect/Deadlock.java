package dev.leakcheck.inspect;

import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.ThreadRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Threads that wait for each other.
 *
 * @param parties each waits for what the next holds, and the last for what the first holds
 * @param behind other threads that wait for one of them, directly or not
 */
public record Deadlock(List<Party> parties, List<ThreadRecord> behind) implements Symptom {

  /**
   * A thread of the cycle.
   *
   * @param thread the thread
   * @param wants what it waits for
   * @param holdsIn the frame in which it took what the thread before it wants, or null if that is
   *     not known
   */
  public record Party(ThreadRecord thread, Blocker wants, @Nullable StackTraceElement holdsIn) {}

  /** Copies the lists. */
  public Deadlock {
    parties = List.copyOf(parties);
    behind = List.copyOf(behind);
  }

  @Override
  public String identity() {
    return LeakKind.DEADLOCK.id()
        + " "
        + parties.stream()
            .map(party -> String.valueOf(party.thread().id()))
            .sorted()
            .collect(Collectors.joining(" "));
  }

  @Override
  public Finding explain(Evidence evidence) {
    return DeadlockWriter.write(this, evidence);
  }

  @Override
  public Set<Long> threads() {
    Set<Long> ids = new HashSet<>();
    parties.forEach(party -> ids.add(party.thread().id()));
    behind.forEach(thread -> ids.add(thread.id()));
    return ids;
  }
}
