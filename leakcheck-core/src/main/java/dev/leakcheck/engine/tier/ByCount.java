package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.scope.Baseline;
import dev.leakcheck.engine.scope.Baseline.Listed;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.engine.scope.ThreadIds;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.ThreadRecord;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The plain tier: what came after the baseline is new, whoever made it. The JVM's thread counters
 * tell whether anything came, and thread dumps list virtual threads and executors.
 */
final class ByCount implements Tier {

  private final Shared shared;
  private final Supplier<Coverage> ofAgent;

  private volatile Live live = new Live(new Reading(-1, -1, -1), ThreadIds.none());
  private volatile @Nullable Reading pausedAt;
  private volatile Listed seenExecutors = Listed.NONE;
  private volatile Set<String> listedBefore = Set.of();

  /** The platform threads that were alive at a reading. */
  private record Live(Reading reading, ThreadIds ids) {}

  ByCount(Shared shared, Supplier<Coverage> ofAgent) {
    this.shared = shared;
    this.ofAgent = ofAgent;
  }

  @Override
  public Baseline baseline() {
    Reading reading = shared.counter().read();
    Live known = live;
    if (!known.reading.sameAs(reading)) {
      // Nothing was started since the last look: whoever is alive now was alive then.
      known = new Live(reading, ThreadIds.live());
      live = known;
    }
    return new Baseline(
        reading,
        known.ids,
        seenExecutors,
        shared.tracked().next(),
        Baseline.Others.now(shared.outside()),
        shared.chains().now(shared.counter(), id -> shared.ledger().tells(id)));
  }

  /** What is made in a pause is nobody's, so that its beginning tells as much as a new reading. */
  @Override
  public Reading reading() {
    Reading paused = pausedAt;
    return paused == null ? shared.counter().read() : paused;
  }

  /**
   * A pause began, or ended.
   *
   * @param began its reading, or null
   */
  void paused(@Nullable Reading began) {
    pausedAt = began;
  }

  @Override
  public Newcomers newcomers(Scope scope, Born born, Ours ours) {
    return new NewByCount(this, shared, scope, born, ours);
  }

  @Override
  public boolean isExact() {
    return false;
  }

  @Override
  public boolean isExact(Scope scope) {
    return false;
  }

  @Override
  public Coverage coverage() {
    return shared.dumper().coverage().and(ofAgent.get());
  }

  @Override
  public void listExecutors() {
    dump(id -> false);
  }

  @Override
  public Set<String> executorsIn(Scope scope) {
    return dump(id -> false).containerNames();
  }

  @Override
  public ThreadDump dump(LongPredicate wanted) {
    ThreadDump dump = shared.dump(wanted).limitedBy(ofAgent.get());
    if (listsVirtual()) {
      listed(dump);
    }
    return dump;
  }

  private synchronized void listed(ThreadDump dump) {
    Set<String> before = seenExecutors.names();
    if (dump.coverage().has(Limit.DUMP_FAILED)
        || dump.coverage().has(Limit.DUMP_WITHOUT_EXECUTORS)) {
      seenExecutors = new Listed(before, false);
    } else {
      seenExecutors = new Listed(dump.containerNames(), true);
      listedBefore = before;
    }
  }

  /** Whether an executor was listed by the last dump but one. */
  boolean wasListedBefore(String executor) {
    return listedBefore.contains(executor);
  }

  @Override
  public boolean isFailed(ThreadDump dump) {
    return dump.threads().isEmpty() && dump.containers().isEmpty();
  }

  @Override
  public boolean dumpsMonitors() {
    return true;
  }

  @Override
  public boolean listsVirtual() {
    return shared.dumper().available();
  }

  @Override
  public Optional<List<Thread>> virtualThreads() {
    return Optional.empty();
  }

  @Override
  public Optional<List<ThreadRecord>> allVirtual() {
    if (!Jdk.HAS_CONTAINERS) {
      return Optional.of(List.of());
    }
    ThreadDump dump = shared.dumper().take(id -> true);
    return dump.coverage().notes().isEmpty()
        ? Optional.of(dump.threads().stream().filter(ThreadRecord::virtual).toList())
        : Optional.empty();
  }

  @Override
  public Optional<Set<Long>> aliveVirtual(Set<Long> ids) {
    return alive(shared.dumper().take(ids::contains), ids);
  }

  /** Which of some threads a dump lists; empty if it lists none since it failed. */
  static Optional<Set<Long>> alive(ThreadDump dump, Set<Long> ids) {
    if (dump.coverage().has(Limit.DUMP_FAILED) || dump.coverage().has(Limit.NO_THREAD_DUMP)) {
      return Optional.empty();
    }
    Set<Long> alive = new HashSet<>();
    dump.threads().stream().map(ThreadRecord::id).filter(ids::contains).forEach(alive::add);
    return Optional.of(alive);
  }

  /** One that nobody refers to and that has no thread is gone, and adds up to nothing. */
  @Override
  public boolean isThere(ExecutorRecord executor) {
    return !executor.threads().isEmpty() || executor.heldBy() != null;
  }

  @Override
  public boolean tellsProcesses() {
    return false; // it cannot be told for whom a thread started one that is not known itself
  }

  @Override
  public void leaveToOuter(Scope scope, Object built) {
    new BuiltIn(scope, built).rebase(shared.counter().read(), dump(id -> false));
  }

  @Override
  public Pause pause(Scope scope, Collection<?> owners) {
    return new ScopePause(this, shared, scope, owners);
  }
}
