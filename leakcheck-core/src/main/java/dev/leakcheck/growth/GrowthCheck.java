package dev.leakcheck.growth;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Series;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.engine.Settling;
import dev.leakcheck.engine.Suspicion;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Puts what is left after all repetitions to the repetitions that made it, and tells what grows.
 *
 * <p>It looks once without any wait. What does not grow then will not grow by waiting, so that only
 * a failure waits for things to end. Idle workers of a pool that is older than the repetitions do
 * not count: how many there are depends on how much ran at once, and the pool bounds them. A worker
 * of such a pool that is still at work does.
 */
final class GrowthCheck {

  private static final long PAUSE_NANOS = 20_000_000;

  private final Engine engine;
  private final Repetitions repetitions;
  private final Scope scope;
  private final Thread checker = Thread.currentThread();
  private final long start = System.nanoTime();

  /** What is left of one sort, by the repetitions that left it. */
  private static final class Group {
    final Growth.Resource resource;
    final long[] left;
    final List<ThreadRecord> threads = new ArrayList<>();
    final List<ExecutorRecord> executors = new ArrayList<>();
    final List<QueueRecord> queues = new ArrayList<>();
    boolean ofOlderPools;

    Group(Growth.Resource resource, int repetitions) {
      this.resource = resource;
      this.left = new long[repetitions + 1];
    }
  }

  private record Look(List<Growth> growing, boolean mayEnd) {}

  GrowthCheck(Engine engine, Repetitions repetitions) {
    this.engine = engine;
    this.repetitions = repetitions;
    this.scope = repetitions.scope();
  }

  Findings findings() {
    if (repetitions.options().overlapped().getAsBoolean()) {
      return engine.nothing(scope, repetitions.overlappedCoverage());
    }
    Evidence evidence = engine.look(new Suspicion(engine, scope, false)).evidence();
    if (look(evidence).growing.isEmpty()) {
      return engine.nothing(scope, engine.tier().coverage().and(repetitions.coverage()));
    }
    Garbage.collect(); // an executor without a thread that nobody refers to is not left
    Suspicion suspicion = new Suspicion(engine, scope, false);
    Settling.Outcome settled = engine.settle(suspicion, repetitions.options().overlapped());
    if (settled == null) {
      return engine.nothing(scope, repetitions.overlappedCoverage());
    }
    Look last = lookUntilSettled(settled.evidence());
    if (repetitions.options().overlapped().getAsBoolean()) {
      return engine.nothing(scope, repetitions.overlappedCoverage());
    }
    if (last.growing.isEmpty()) {
      return engine.nothing(scope, settled.coverage().and(repetitions.coverage()));
    }
    return report(suspicion, settled, last.growing).with(repetitions.coverage());
  }

  private Findings report(Suspicion suspicion, Settling.Outcome settled, List<Growth> growing) {
    List<Finding> findings =
        growing.stream().map(growth -> growth.explain(settled.evidence())).toList();
    Findings told = engine.report(suspicion, settled.after(waited()), List.of(), findings);
    growing.forEach(
        growth -> growth.queues().forEach(queue -> engine.shared().ledger().report(queue, scope)));
    return told;
  }

  private Duration waited() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Tasks in older pools are no suspects of the scope, so that they are waited for here. */
  private Look lookUntilSettled(Evidence evidence) {
    boolean interrupted = false;
    try {
      Look look = look(evidence);
      while (look.mayEnd && waited().compareTo(scope.options().settle()) < 0) {
        interrupted |= Thread.interrupted();
        LockSupport.parkNanos(PAUSE_NANOS);
        look = look(evidence);
      }
      return look;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Look look(Evidence evidence) {
    Map<String, Group> groups = new LinkedHashMap<>();
    addExecutors(evidence, groups);
    addThreads(evidence, groups);
    addTasksOfOlderPools(evidence, groups);
    addQueues(evidence, groups);
    List<Growth> growing = new ArrayList<>();
    boolean mayEnd = false;
    groups.values().removeIf(group -> !Series.grows(counts(group)));
    for (Group group : groups.values()) {
      mayEnd |= group.ofOlderPools;
      growing.add(
          new Growth(
              group.resource,
              Arrays.stream(counts(group)).boxed().toList(),
              Growth.UNBOUNDED,
              group.threads,
              group.executors,
              group.queues));
    }
    if (repetitions.hasHeap()) {
      addHeap(growing);
    }
    return new Look(growing, mayEnd);
  }

  private static long[] counts(Group group) {
    long[] left = group.left.clone();
    if (group.resource == Growth.Resource.ELEMENTS) {
      return Series.kept(left);
    }
    left[0] = 0; // from before the first repetition
    return Series.summed(left);
  }

  private void addExecutors(Evidence evidence, Map<String, Group> groups) {
    for (ExecutorRecord executor : evidence.executors()) {
      if (isOpen(executor)) {
        Origin origin = evidence.origins().executors().get(executor.id());
        Group group = group(groups, Growth.Resource.EXECUTORS, key(origin, executor.type()));
        group.left[repetitionOf(executor)]++;
        if (repetitionOf(executor) > 0) {
          group.executors.add(executor);
          evidence.threads().stream()
              .filter(thread -> executor.id().equals(thread.executor()))
              .forEach(group.threads::add);
        }
      }
    }
  }

  /** One that nobody refers to and that has no thread is gone, and adds up to nothing. */
  private boolean isOpen(ExecutorRecord executor) {
    return engine.tier().isThere(executor)
        && (executor.state() == null || !executor.state().shutdown());
  }

  /** Where executors are not listed, one is as old as its oldest worker. */
  private int repetitionOf(ExecutorRecord executor) {
    int listed = repetitions.ofExecutor(executor.id());
    return listed >= 0
        ? listed
        : executor.threads().stream().mapToInt(repetitions::ofThread).min().orElse(0);
  }

  private void addThreads(Evidence evidence, Map<String, Group> groups) {
    Map<String, ExecutorRecord> executors = new HashMap<>();
    evidence.executors().stream()
        .filter(this::isOpen)
        .forEach(executor -> executors.put(executor.id(), executor));
    for (ThreadRecord thread : evidence.threads()) {
      ExecutorRecord executor = thread.executor() == null ? null : executors.get(thread.executor());
      boolean counted = executor == null || (repetitionOf(executor) == 0 && !isIdle(thread));
      if (counted) {
        addThread(thread, evidence, groups, false);
      }
    }
  }

  private void addThread(
      ThreadRecord thread, Evidence evidence, Map<String, Group> groups, boolean ofOlderPool) {
    int repetition = repetitions.ofThread(thread.id());
    if (repetition == 0) {
      return;
    }
    Growth.Resource resource =
        thread.virtual() ? Growth.Resource.VIRTUAL_THREADS : Growth.Resource.THREADS;
    Group group =
        group(groups, resource, key(evidence.origins().threads().get(thread.id()), place(thread)));
    group.left[repetition]++;
    group.threads.add(thread);
    group.ofOlderPools |= ofOlderPool;
  }

  /** What one of many threads that do the same has in common with the others. */
  private static String place(ThreadRecord thread) {
    List<StackTraceElement> own = Stacks.own(thread.stack());
    if (own.isEmpty()) {
      return thread.type() + " " + Growth.pattern(thread);
    }
    StackTraceElement outermost = own.get(own.size() - 1);
    return thread.type() + " " + outermost.getClassName() + "." + outermost.getMethodName();
  }

  private static boolean isIdle(ThreadRecord worker) {
    return WorkerStacks.isIdlePoolWorker(worker.stack())
        || WorkerStacks.isIdleForkJoinWorker(worker.stack());
  }

  /** The scope leaves these alone, as the pool is not its own; but each repetition adds a task. */
  private void addTasksOfOlderPools(Evidence evidence, Map<String, Group> groups) {
    Set<Long> known = new HashSet<>();
    evidence.threads().forEach(thread -> known.add(thread.id()));
    known.add(LiveThreads.id(checker));
    List<ThreadRecord> records =
        new Suspicion(engine, scope, false).newcomers().alive(id -> isNew(id, known));
    for (ThreadRecord record : records) {
      if (isTask(record) && KnownThreads.match(record).filter(r -> r.most() == 0).isEmpty()) {
        addThread(record, evidence, groups, true);
      }
    }
  }

  private boolean isNew(long id, Set<Long> known) {
    return repetitions.ofThread(id) > 0
        && !known.contains(id)
        && !engine.shared().ledger().hasThread(id, scope)
        && !engine.shared().outside().contains(id);
  }

  private static boolean isTask(ThreadRecord record) {
    return record.virtual()
        ? record.executor() != null
        : !isIdle(record) && WorkerStacks.isPoolWorker(record.stack());
  }

  private void addQueues(Evidence evidence, Map<String, Group> groups) {
    for (QueueRecord queue : evidence.leftovers()) {
      Origin origin = evidence.origins().queues().get(queue.identity());
      Group group = group(groups, Growth.Resource.ELEMENTS, key(origin, queue.where()));
      long[] sizes = Series.kept(repetitions.ofQueue(queue.type(), queue.identity(), queue.size()));
      for (int i = 0; i < sizes.length; i++) {
        group.left[i] += sizes[i];
      }
      group.queues.add(queue);
    }
  }

  private void addHeap(List<Growth> growing) {
    long[] sizes = repetitions.heap();
    long bound = repetitions.options().heapBound();
    if (Series.slope(sizes) > bound) {
      growing.add(
          new Growth(
              Growth.Resource.HEAP,
              Arrays.stream(sizes).boxed().toList(),
              bound,
              List.of(),
              List.of(),
              List.of()));
    }
  }

  private Group group(Map<String, Group> groups, Growth.Resource resource, String key) {
    return groups.computeIfAbsent(
        resource + " " + key, any -> new Group(resource, repetitions.count()));
  }

  /** Made at the same place; where that is not known, alike. */
  private static String key(@Nullable Origin origin, String otherwise) {
    if (origin instanceof Origin.Known known) {
      List<StackTraceElement> own = Stacks.own(known.stack());
      if (!own.isEmpty()) {
        return own.toString();
      }
    }
    return otherwise;
  }
}
