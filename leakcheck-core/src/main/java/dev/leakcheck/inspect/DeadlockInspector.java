package dev.leakcheck.inspect;

import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.waits.Deadlocks;
import dev.leakcheck.capture.waits.Deadlocks.Cycle;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.inspect.Deadlock.Party;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds threads that wait for each other.
 *
 * <p>A deadlock is a scope's if one of its threads is new in the scope, as the cycle is then. One
 * among older threads is a scope's only if the scope looked when it opened, which takes too long
 * for a brief one, and did not see it then: what a test does to the workers of an older pool is
 * found at the end of its class.
 */
public final class DeadlockInspector implements Inspector {

  @Override
  public @Nullable Object opening(Opening opening) {
    return opening.options().isBrief() ? null : identities(Deadlocks.ofPlatform());
  }

  /** A brief scope is looked at only where its check looks closer anyway. */
  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    return !check.scope().options().isBrief() && opened != null && Deadlocks.platformSuspected();
  }

  @Override
  public boolean isLasting() {
    return true;
  }

  @Override
  public List<Symptom> inspect(Check check, @Nullable Object opened) {
    if (check.isFieldsOnly()
        || check.scope().options().isUnattributed()
        || (opened == null && !check.hasThreadsLeft())) {
      return List.of();
    }
    Supplier<List<Cycle>> look = look(check.dumper(), check.mayHoldVirtualLocks());
    List<Cycle> seen = look.get().stream().filter(cycle -> isOurs(cycle, check, opened)).toList();
    return Deadlocks.verified(seen, look).stream()
        .<Symptom>map(DeadlockInspector::symptom)
        .toList();
  }

  private static boolean isOurs(Cycle cycle, Check check, @Nullable Object opened) {
    String identity = symptom(cycle).identity();
    // When the scope opened, virtual threads were not looked at.
    boolean arose =
        opened instanceof Set<?> known
            && !known.contains(identity)
            && cycle.parties().stream().noneMatch(party -> party.thread().virtual());
    return !check.isTold(identity)
        && (cycle.threads().stream().anyMatch(check.newcomers()::isMadeHere)
            || (arose && cycle.ids().stream().noneMatch(check.newcomers()::isMadeElsewhere)));
  }

  /** A look at who waits for whom, virtual threads included or not. */
  public static Supplier<List<Cycle>> look(ThreadDumper dumper, boolean withVirtual) {
    return withVirtual ? () -> Deadlocks.all(dumper) : Deadlocks::ofPlatform;
  }

  /** The symptom that a cycle is. */
  public static Deadlock symptom(Cycle cycle) {
    return new Deadlock(
        cycle.parties().stream()
            .map(party -> new Party(party.thread(), party.wants(), party.holdsIn()))
            .toList(),
        cycle.behind());
  }

  private static Set<String> identities(List<Cycle> cycles) {
    Set<String> identities = new HashSet<>();
    cycles.forEach(cycle -> identities.add(symptom(cycle).identity()));
    return identities;
  }
}
