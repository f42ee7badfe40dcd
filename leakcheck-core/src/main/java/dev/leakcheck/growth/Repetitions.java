package dev.leakcheck.growth;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.QueueProbe;
import dev.leakcheck.capture.record.QueueBirth;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Findings;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;

/**
 * Runs a body again and again, and notes at the end of each repetition what tells later which
 * repetition made what.
 *
 * <p>Threads and executors are not counted after each repetition, when some are about to end. They
 * are told at the end, when all had time to: each of those that are left is put to the repetition
 * that made it. Thread ids grow and are never reused, so that one id for each repetition is enough.
 * Used by one thread.
 */
public final class Repetitions {

  /** Code to repeat, which may throw anything. */
  @FunctionalInterface
  public interface Body {
    void run() throws Throwable;
  }

  private final Engine engine;
  private final GrowthPlan options;
  private final Scope scope;
  private final int count;
  private final long[] lastIds;
  private final long[] heap;

  /**
   * The executors that exist, by identity, with the repetition after which they were first seen.
   */
  private final Map<String, Integer> executors = new HashMap<>();

  /** How much queues held after each repetition; by identity, as they may be collected. */
  private final Map<String, long[]> queues = new HashMap<>();

  private boolean collected = true;

  private Repetitions(Engine engine, GrowthPlan options) {
    this.engine = engine;
    this.options = options;
    this.count = options.repetitions();
    this.lastIds = new long[count + 1];
    this.heap = new long[options.measuresHeap() ? count + 1 : 0];
    this.scope = engine.openForGrowth(options.check());
  }

  /** Runs the body and tells what grows; throws what the body throws. */
  public static Findings run(Engine engine, GrowthPlan options, Body body) throws Throwable {
    Repetitions repetitions = new Repetitions(engine, options);
    try {
      options.owners().forEach(repetitions.scope::watch);
      for (int i = 0; i < options.warmUp(); i++) {
        body.run();
      }
      repetitions.note(0);
      for (int i = 1; i <= repetitions.count; i++) {
        body.run();
        repetitions.note(i);
      }
      repetitions.scope.returned();
      return new GrowthCheck(engine, repetitions).findings();
    } finally {
      repetitions.scope.end();
    }
  }

  private void note(int repetition) {
    lastIds[repetition] = engine.shared().counter().read().lastId();
    Set<String> listed = engine.tier().executorsIn(scope);
    executors.keySet().retainAll(listed);
    listed.forEach(executor -> executors.putIfAbsent(executor, repetition));
    noteQueues(repetition);
    if (options.measuresHeap()) {
      collected &= Garbage.collect();
      Runtime runtime = Runtime.getRuntime();
      heap[repetition] = runtime.totalMemory() - runtime.freeMemory();
    }
  }

  private void noteQueues(int repetition) {
    Map<String, Integer> sizes = new HashMap<>();
    scope.queues().forEach((queue, size) -> sizes.put(key(queue), size));
    for (Holding held : engine.shared().tracked().since(0)) {
      if (held.object() instanceof BlockingQueue<?> queue) {
        sizes.put(key(queue), QueueProbe.size(queue));
      }
    }
    for (QueueBirth birth : engine.born(scope).queues()) {
      BlockingQueue<?> queue = birth.isFilled() ? birth.queue() : null;
      if (queue != null) {
        sizes.put(key(queue), QueueProbe.size(queue));
      }
    }
    // What is empty now has kept nothing of what it held before.
    queues.keySet().removeIf(queue -> sizes.getOrDefault(queue, 0) == 0);
    sizes.forEach(
        (queue, size) -> {
          if (size > 0) {
            queues.computeIfAbsent(queue, key -> new long[count + 1])[repetition] = size;
          }
        });
  }

  private static String key(Object queue) {
    return key(queue.getClass().getName(), System.identityHashCode(queue));
  }

  private static String key(String type, int identity) {
    return type + "@" + identity;
  }

  Scope scope() {
    return scope;
  }

  GrowthPlan options() {
    return options;
  }

  int count() {
    return count;
  }

  /** After which repetition a thread was there: 0 if it is older than the first one. */
  int ofThread(long id) {
    int repetition = 0;
    while (repetition < count && id > lastIds[repetition]) {
      repetition++;
    }
    return repetition;
  }

  /** After which repetition an executor was first seen, or -1 if executors are not listed. */
  int ofExecutor(String identity) {
    return executors.getOrDefault(identity, -1);
  }

  /** What a queue held after each repetition, as of now at the end. */
  long[] ofQueue(String type, int identity, int sizeNow) {
    long[] sizes = queues.getOrDefault(key(type, identity), new long[count + 1]).clone();
    sizes[count] = sizeNow;
    return sizes;
  }

  /** The live heap after each repetition, in bytes. */
  long[] heap() {
    return heap.clone();
  }

  /** Whether the sizes of the heap are those of what is alive. */
  boolean hasHeap() {
    return options.measuresHeap() && collected;
  }

  /** What was to be measured and could not be. */
  Coverage coverage() {
    return collected
        ? Coverage.FULL
        : Coverage.limitedBy(
            Coverage.Limit.NO_COLLECTION,
            "growth of the heap was not judged: no garbage collection could be had");
  }

  /** A verdict that is none. */
  Coverage overlappedCoverage() {
    return Coverage.limitedBy(
        Coverage.Limit.PARALLEL,
        "growth was not judged: other tests ran at the same time, and what they start cannot be"
            + " told from what the repetitions start");
  }
}
