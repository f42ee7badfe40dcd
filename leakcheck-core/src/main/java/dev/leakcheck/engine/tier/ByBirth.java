package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.record.Part;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.engine.scope.Baseline;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/**
 * The agent tier: what was made in the scope is new, however many things are alive, and whatever
 * others make at the same time. Virtual threads are listed by the JVM itself, which the agent
 * opens.
 */
final class ByBirth implements Tier {

  private final Shared shared;
  private final Supplier<Coverage> ofAgent;

  ByBirth(Shared shared, Supplier<Coverage> ofAgent) {
    this.shared = shared;
    this.ofAgent = ofAgent;
  }

  @Override
  public Baseline baseline() {
    return Baseline.trackedFrom(shared.tracked().next(), Baseline.Others.now(shared.outside()));
  }

  @Override
  public Reading reading() {
    return shared.counter().read();
  }

  @Override
  public Newcomers newcomers(Scope scope, Born born, Ours ours) {
    return new NewByBirth(born, new Successors(shared, scope, ours, true));
  }

  @Override
  public boolean isExact() {
    return true;
  }

  @Override
  public boolean isExact(Scope scope) {
    return scope.births() != null;
  }

  @Override
  public Coverage coverage() {
    return ofAgent.get();
  }

  @Override
  public void listExecutors() {
    // Each is recorded as it is made.
  }

  @Override
  public Set<String> executorsIn(Scope scope) {
    BirthScope record = scope.births();
    Set<String> executors = new HashSet<>();
    if (record != null) {
      shared
          .births()
          .in(record, ExecutorBirth.class, birth -> birth.executor() != null)
          .forEach(birth -> executors.add(birth.identity()));
    }
    return executors;
  }

  @Override
  public ThreadDump dump(LongPredicate wanted) {
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (Thread thread : VirtualThreads.all().orElse(List.of())) {
      if (wanted.test(LiveThreads.id(thread))) {
        threads.add(thread);
      }
    }
    List<ThreadRecord> virtual = LiveThreads.describe(threads);
    long nanos = System.nanoTime() - start;
    shared.tookNanos(nanos);
    return new ThreadDump(virtual, List.of(), coverage(), nanos);
  }

  @Override
  public boolean isFailed(ThreadDump dump) {
    return false;
  }

  @Override
  public boolean dumpsMonitors() {
    return false;
  }

  @Override
  public boolean listsVirtual() {
    return VirtualThreads.all().isPresent();
  }

  @Override
  public Optional<List<Thread>> virtualThreads() {
    return VirtualThreads.all();
  }

  @Override
  public Optional<List<ThreadRecord>> allVirtual() {
    return Jdk.HAS_CONTAINERS
        ? VirtualThreads.all().map(LiveThreads::describe)
        : Optional.of(List.of());
  }

  @Override
  public Optional<Set<Long>> aliveVirtual(Set<Long> ids) {
    return ByCount.alive(dump(ids::contains), ids);
  }

  @Override
  public boolean isThere(ExecutorRecord executor) {
    return !executor.collected();
  }

  @Override
  public boolean tellsProcesses() {
    return shared.births().records(Part.PROCESSES);
  }

  /** The stacks tell. */
  @Override
  public void leaveToOuter(Scope scope, Object built) {}

  /** It is recorded who makes everything, but for processes perhaps. */
  @Override
  public Pause pause(Scope scope, Collection<?> owners) {
    return tellsProcesses() ? () -> {} : new ProcessPause(shared);
  }
}
