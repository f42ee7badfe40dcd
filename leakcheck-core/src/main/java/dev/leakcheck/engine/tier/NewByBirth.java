package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.failures.Failure;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.record.Owner;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/** What was recorded as made in the scope. */
final class NewByBirth implements Newcomers {

  private final Born born;
  private final Successors successors;

  /** Ids of the threads that were looked at so far, and of those among them that are new. */
  private final Set<Long> seen = new HashSet<>();

  private final Set<Long> fresh = new HashSet<>();

  NewByBirth(Born born, Successors successors) {
    this.born = born;
    this.successors = successors;
  }

  @Override
  public boolean nothing() {
    return born.isEmpty();
  }

  @Override
  public Successors successors() {
    return successors;
  }

  @Override
  public List<Thread> threads() {
    return born.threads();
  }

  /** To ask the rules, stacks have to be decoded. */
  @Override
  public Optional<List<Thread>> roughly() {
    return Optional.of(born.alive());
  }

  /**
   * A thread of a scope beside this one is as new as this scope's own: it tells of no old pool.
   * What was seen once does not change, but more may be born at any time, also while the check
   * waits.
   */
  @Override
  public boolean isNewPlatform(long id) {
    if (!seen.contains(id)) {
      for (Thread thread : LiveThreads.all()) {
        long each = LiveThreads.id(thread);
        if (seen.add(each) && (born.has(thread) || born.isBeside(thread))) {
          fresh.add(each);
        }
      }
      seen.add(id); // it may have ended, and is not asked for again
    }
    return fresh.contains(id);
  }

  @Override
  public boolean isNewVirtual(long id) {
    return false; // they are among the threads
  }

  @Override
  public boolean mayHaveVirtual() {
    return false;
  }

  @Override
  public boolean isNew(String executor) {
    return born.hasExecutor(executor);
  }

  @Override
  public boolean isOlder(ExecutorService executor) {
    return !born.hasMade(executor);
  }

  /** Every executor of a usual kind is recorded; others may not have been seen being made. */
  @Override
  public boolean mayBeNew(ExecutorService executor) {
    return !ExecutorProbe.isRecorded(executor) || isNew(Identity.of(executor));
  }

  @Override
  public boolean isMadeHere(ThreadRecord record) {
    return born.alive().stream().anyMatch(thread -> LiveThreads.id(thread) == record.id());
  }

  @Override
  public boolean isMadeElsewhere(long id) {
    return all().stream().anyMatch(thread -> LiveThreads.id(thread) == id && born.isBeside(thread));
  }

  /** Of both kinds. */
  private static List<Thread> all() {
    List<Thread> threads = new ArrayList<>(LiveThreads.all());
    threads.addAll(VirtualThreads.all().orElse(List.of()));
    return threads;
  }

  @Override
  public boolean isStartedHere(Failure failure) {
    Owner owner = failure.owner();
    return owner != null && born.answersFor(owner);
  }

  @Override
  public boolean isOverlapped() {
    return born.isOverlapped();
  }

  @Override
  public boolean isAlone() {
    return born.isAlone();
  }

  @Override
  public ThreadDump workers(Supplier<ThreadDump> dump) {
    return ThreadDump.NONE;
  }

  @Override
  public Optional<String> executorOf(Thread thread) {
    return born.executorOf(thread).map(ExecutorBirth::identity);
  }

  @Override
  public List<ExecutorBirth> executors() {
    return born.executors();
  }

  @Override
  public boolean tellsCollected() {
    return true;
  }

  @Override
  public boolean mayHaveTaskScopes() {
    return false;
  }

  @Override
  public List<Thread> told(Supplier<List<Thread>> suspects) {
    return born.threads();
  }

  @Override
  public Collection<ExecutorService> unrecorded() {
    return List.of();
  }

  @Override
  public List<ThreadRecord> alive(LongPredicate wanted) {
    List<Thread> threads = all();
    threads.removeIf(thread -> !wanted.test(LiveThreads.id(thread)) || born.isBeside(thread));
    return LiveThreads.describe(threads);
  }

  @Override
  public List<Thread> mayHold() {
    return born.alive();
  }
}
