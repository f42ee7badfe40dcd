package dev.leakcheck.inspect;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.ask.LockProbe;
import dev.leakcheck.capture.ask.LockProbe.Held;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.objects.LockWalk;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.LockBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.waits.Deadlocks;
import dev.leakcheck.capture.waits.LockOwners;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.tier.Born;
import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.inspect.HeldLock.Mode;
import dev.leakcheck.inspect.HeldLock.Owner;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds locks that are held more than when the scope opened, by a thread that will not unlock them:
 * the one that checks, or one that has ended.
 *
 * <p>What a live thread holds is never told: it is at work, or it is a leak of its own. Who holds a
 * {@link StampedLock} is recorded nowhere, and any thread may unlock it; so that is told only if no
 * other thread is left that runs any code but the JDK's and test runners' and is not deadlocked.
 */
final class HeldLockInspector implements Inspector {

  /** Rules about threads on which JUnit runs code with a time limit. */
  private static final Set<String> TIME_LIMITS = Set.of("JUNIT_TIMEOUT", "JUNIT4_TIMEOUT");

  /** Rules about threads of LeakCheck's own, which unlock nothing of the user's. */
  private static final Set<String> OWN = Set.of("LEAKCHECK", "LEAKCHECK_MONITOR");

  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    Scope scope = check.scope();
    if (scope.options().isUnattributed()) {
      return false;
    }
    for (LockWalk.Found found : LockWalk.find(scope.instances(), scope.classes())) {
      if (isHeldMore(found.lock(), scope)) {
        return true;
      }
    }
    return scope.hasMade(LockBirth.class, LockBirth::isHeld);
  }

  private static boolean isHeldMore(Object lock, Scope scope) {
    Held now = LockProbe.held(lock);
    return now != Held.FREE && now.isMoreThan(scope.heldAtOpen(lock));
  }

  @Override
  public List<Symptom> inspect(Check check, @Nullable Object opened) {
    if (check.scope().options().isUnattributed()) {
      return List.of();
    }
    Map<Birth, Symptom> elsewhere = elsewhere(check);
    elsewhere.keySet().removeIf(birth -> birth.refersTo(null));
    List<Symptom> symptoms = inFields(check);
    symptoms.addAll(elsewhere.values());
    return symptoms;
  }

  private static List<Symptom> inFields(Check check) {
    Scope scope = check.scope();
    Born born = check.born();
    List<Symptom> symptoms = new ArrayList<>();
    for (LockWalk.Found found : LockWalk.find(scope.instances(), scope.classes())) {
      Object lock = found.lock();
      if (isHeldMore(lock, scope) && scope.knows(lock) && !check.isShared(lock)) {
        Origin origin =
            born.birth(lock).map(birth -> origin(birth, check)).orElse(Origin.Unknown.NOT_RECORDED);
        judge(lock, found.path(), true, origin, check).ifPresent(symptoms::add);
      }
    }
    return symptoms;
  }

  /**
   * What an agent saw being made in the scope and no field leads to. Only a garbage collection
   * tells what nobody reaches any more: it was dropped together with what it guards, and hinders
   * nobody.
   */
  private static Map<Birth, Symptom> elsewhere(Check check) {
    Map<Birth, Symptom> symptoms = judgeElsewhere(check);
    return symptoms.isEmpty() || (check.scope().hasReturned() && check.collect())
        ? symptoms
        : new HashMap<>();
  }

  private static Map<Birth, Symptom> judgeElsewhere(Check check) {
    Map<Birth, Symptom> symptoms = new LinkedHashMap<>();
    if (check.isFieldsOnly()) {
      return symptoms;
    }
    Scope scope = check.scope();
    List<LockBirth> held = check.born().heldLocks();
    if (held.isEmpty()) {
      return symptoms;
    }
    Set<Object> inFields = Collections.newSetFromMap(new IdentityHashMap<>());
    LockWalk.find(scope.instances(), scope.classes()).forEach(found -> inFields.add(found.lock()));
    for (LockBirth birth : held) {
      Object lock = birth.get();
      if (lock != null && !inFields.contains(lock) && !check.isShared(lock)) {
        judge(lock, madeAt(birth), false, origin(birth, check), check)
            .ifPresent(symptom -> symptoms.put(birth, symptom));
      }
    }
    return symptoms;
  }

  /** Where a lock was made; and by whom, if only a library can lock it. */
  private static Origin origin(Birth birth, Check check) {
    return birth instanceof LockBirth lock && check.born().isLibrarys(lock)
        ? check.madeBy(birth.origin())
        : birth.origin();
  }

  private static String madeAt(Birth birth) {
    return Stacks.firstOwnFrame(birth.stack())
        .map(frame -> "made at " + Stacks.text(frame))
        .orElse("made in the scope");
  }

  /** What is wrong with a lock that is held, if anything is. */
  private static Optional<HeldLock> judge(
      Object lock, String where, boolean inField, Origin origin, Check check) {
    Scope scope = check.scope();
    Held then = scope.heldAtOpen(lock);
    Held now = LockProbe.held(lock);
    Mode exclusive = lock instanceof ReentrantLock ? Mode.EXCLUSIVE : Mode.WRITE;
    Owner owner = null;
    String thread = null;
    Mode mode = exclusive;
    int holds = 0;
    int before = 0;
    if (then != Held.FREE && !scope.isOpenedHere()) {
      return Optional.empty(); // whose holds these were then is not known
    }
    if (now.own() > then.own()) {
      owner = Owner.CHECKER;
      holds = now.own();
      before = then.own();
    } else if (now.ownReads() > then.ownReads()) {
      owner = Owner.CHECKER;
      mode = Mode.READ;
      holds = now.ownReads();
      before = then.ownReads();
    } else if (lock instanceof StampedLock) {
      boolean written = now.byOther() && !then.byOther();
      if ((written || now.otherReads() > then.otherReads()) && nobodyIsLeft(check)) {
        owner = Owner.UNKNOWN;
        mode = written ? exclusive : Mode.READ;
        holds = written ? 0 : now.otherReads();
        before = then.otherReads();
      }
    } else if (now.byOther() && !then.isExclusive()) {
      Thread known = LockOwners.owner(lock);
      thread = known == null ? LockProbe.ownerName(lock) : known.getName();
      owner = known == null ? fate(thread, check) : fate(known);
      holds = LockOwners.holds(lock);
    } else if (now.otherReads() > then.otherReads() && then.otherReads() == 0) {
      Thread known = LockOwners.firstReader(lock);
      if (known != null) {
        thread = known.getName();
        owner = fate(known);
        mode = Mode.READ;
      }
    }
    // What was let go meanwhile was not for ever.
    if (owner == null || !now.equals(LockProbe.held(lock))) {
      return Optional.empty();
    }
    if (owner == Owner.CHECKER) {
      thread = Thread.currentThread().getName();
    }
    return Optional.of(
        new HeldLock(
            lock.getClass().getName(),
            System.identityHashCode(lock),
            where,
            inField,
            mode,
            owner,
            thread,
            holds,
            before,
            LockProbe.waiting(lock),
            LiveThreads.describe(LockProbe.waiting(lock, LiveThreads.all())),
            origin,
            new OwnReference<>(lock)));
  }

  /** What of an owner is to be told; null if it is alive. */
  private static @Nullable Owner fate(Thread owner) {
    if (AskThread.state(owner) == Thread.State.TERMINATED) {
      return Owner.ENDED;
    }
    return isEnding(owner) ? Owner.ENDING : null;
  }

  /** The same, if no more is known of an owner than its name: no live thread may have that. */
  private static @Nullable Owner fate(@Nullable String owner, Check check) {
    if (owner == null) {
      return null;
    }
    for (Thread thread : LiveThreads.all()) {
      if (thread != Thread.currentThread() && thread.getName().equals(owner)) {
        return isEnding(thread) ? Owner.ENDING : null;
      }
    }
    return check
        .tier()
        .allVirtual()
        .filter(virtual -> virtual.stream().noneMatch(thread -> thread.name().equals(owner)))
        .map(seen -> Owner.ENDED)
        .orElse(null);
  }

  /** JUnit has been given the result of such a thread, and does not wait until it has ended. */
  private static boolean isEnding(Thread owner) {
    return !Jdk.isVirtual(owner)
        && LiveThreads.describe(List.of(owner)).stream()
            .map(KnownThreads::match)
            .flatMap(Optional::stream)
            .anyMatch(rule -> TIME_LIMITS.contains(rule.id()));
  }

  /** Whether no other thread is left that could unlock what any thread may unlock. */
  private static boolean nobodyIsLeft(Check check) {
    List<Thread> others = new ArrayList<>(LiveThreads.all());
    others.removeIf(thread -> thread == Thread.currentThread());
    Set<Long> left = new HashSet<>();
    for (ThreadRecord thread : LiveThreads.describe(others)) {
      if (mayUnlock(thread)) {
        left.add(thread.id());
      }
    }
    if (!left.isEmpty()) {
      left.removeAll(deadlocked());
    }
    if (!left.isEmpty()) {
      return false;
    }
    return check
        .tier()
        .allVirtual()
        .filter(all -> all.stream().noneMatch(thread -> !isChecker(thread) && mayUnlock(thread)))
        .isPresent();
  }

  /** Threads that wait for each other, and so do nothing any more. */
  private static List<Long> deadlocked() {
    return Deadlocks.verified(Deadlocks.ofPlatform(), Deadlocks::ofPlatform).stream()
        .flatMap(cycle -> cycle.ids().stream())
        .toList();
  }

  private static boolean isChecker(ThreadRecord thread) {
    return thread.id() == LiveThreads.id(Thread.currentThread());
  }

  private static boolean mayUnlock(ThreadRecord thread) {
    List<StackTraceElement> stack = thread.stack();
    // A worker of a scheduled pool that waits without a time limit has nothing that is due.
    if (WorkerStacks.isUnscheduledIdlePoolWorker(stack)
        || WorkerStacks.isIdleForkJoinWorker(stack)
        || (thread.state() == Thread.State.WAITING && WorkerStacks.isIdlePoolWorker(stack))) {
      return false;
    }
    Optional<KnownThread> known = KnownThreads.match(thread);
    return known.isEmpty()
        || (!OWN.contains(known.get().id()) && stack.stream().anyMatch(Stacks::isOwn));
  }
}
