package dev.leakcheck.engine;

import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.QueueProbe;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.QueueBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.waits.QueueBlockers;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is known of blocking queues: the leftover ones, and those that threads wait on. */
final class QueueEvidence {

  private final Suspicion check;
  private final Scope scope;
  private final List<Holding> reachable;
  private final Supplier<Set<Object>> shared;
  private @Nullable List<Holding> everywhere;

  /**
   * Of a check.
   *
   * @param reachable what the scope's objects lead to
   * @param shared what the objects of scopes around it lead to
   */
  QueueEvidence(Suspicion check, List<Holding> reachable, Supplier<Set<Object>> shared) {
    this.check = check;
    this.scope = check.scope();
    this.reachable = reachable;
    this.shared = shared;
  }

  /** Queues that hold more than when the scope opened. */
  List<QueueRecord> leftovers() {
    List<QueueRecord> leftovers = new ArrayList<>();
    Set<Object> workQueues = workQueues();
    for (Holding held : check.open().inFields()) {
      if (held.object() instanceof BlockingQueue<?> queue
          && !shared.get().contains(queue)
          && !workQueues.contains(queue)) {
        add(QueueProbe.record(queue, held.holder().path(), scope.sizeAtOpen(queue)), leftovers);
      }
    }
    for (QueueBirth birth : check.open().leftovers()) {
      BlockingQueue<?> queue = birth.queue();
      if (queue != null) {
        add(QueueProbe.record(queue, madeAt(birth), 0), leftovers);
      }
    }
    return leftovers;
  }

  private static void add(@Nullable QueueRecord queue, List<QueueRecord> leftovers) {
    if (queue != null && queue.size() > queue.sizeAtOpen()) {
      leftovers.add(queue);
    }
  }

  private Set<Object> workQueues() {
    Set<Object> workQueues = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Holding held : reachable) {
      BlockingQueue<?> queue = ExecutorProbe.workQueue(held.object());
      if (queue != null) {
        workQueues.add(queue);
      }
    }
    return workQueues;
  }

  /**
   * All queues that the scope's objects lead to. Where a thread waits on one it is to be named:
   * then it is looked further.
   */
  List<QueueRecord> all(List<ThreadRecord> threads) {
    List<Holding> holdings = new ArrayList<>(reachable);
    List<ThreadRecord> waiting =
        threads.stream().filter(thread -> Wait.of(thread).kind() == Wait.Kind.QUEUE).toList();
    if (!waiting.isEmpty()) {
      holdings.addAll(everywhere());
    }
    OwnCode code = new OwnCode(waiting);
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<QueueRecord> queues = new ArrayList<>();
    for (Holding held : holdings) {
      if (held.object() instanceof BlockingQueue<?> queue && seen.add(queue)) {
        QueueRecord record = QueueProbe.record(queue, held.holder().path(), 0);
        if (record != null) {
          queues.add(record.knownTo(code.of(held)));
        }
      }
    }
    return queues;
  }

  /** Which queue each thread waits on, where the JDK lets that be seen. */
  Map<Long, QueueRecord> waitedOnBy(List<Thread> threads) {
    Map<QueueBirth, Optional<QueueRecord>> records = new IdentityHashMap<>();
    Map<Long, QueueRecord> waitsOn = new HashMap<>();
    waitedOn(threads, check.born().queues())
        .forEach(
            (thread, birth) ->
                records
                    .computeIfAbsent(birth, made -> Optional.ofNullable(record(made)))
                    .ifPresent(queue -> waitsOn.put(LiveThreads.id(thread), queue)));
    return waitsOn;
  }

  private @Nullable QueueRecord record(QueueBirth birth) {
    BlockingQueue<?> queue = birth.queue();
    return queue == null
        ? null
        : QueueProbe.record(queue, holder(queue).orElseGet(() -> madeAt(birth)), 0);
  }

  /** What holds a queue: an object of this scope or of one around it. */
  private Optional<String> holder(BlockingQueue<?> queue) {
    return Stream.of(reachable, everywhere())
        .flatMap(List::stream)
        .filter(held -> held.object() == queue)
        .map(held -> held.holder().path())
        .findFirst();
  }

  /** What objects of this scope and of those around it lead to, loggers not left out. */
  private List<Holding> everywhere() {
    if (everywhere == null) {
      List<Object> instances = new ArrayList<>();
      List<Class<?>> classes = new ArrayList<>();
      for (Scope outer = scope; outer != null; outer = outer.parent()) {
        instances.addAll(outer.instances());
        classes.addAll(outer.classes());
      }
      everywhere = ObjectGraph.reachThroughLoggers(instances, classes);
    }
    return everywhere;
  }

  private static String madeAt(Birth birth) {
    return Stacks.firstOwnFrame(birth.stack())
        .map(frame -> "made at " + frame)
        .orElse("made by the JDK");
  }

  /** Which of these queues threads wait on, where the JDK lets that be seen, by thread. */
  static Map<Thread, QueueBirth> waitedOn(List<Thread> threads, List<QueueBirth> queues) {
    Map<Object, QueueBirth> blockers = new IdentityHashMap<>();
    for (QueueBirth birth : queues) {
      BlockingQueue<?> queue = birth.queue();
      if (queue != null) {
        QueueBlockers.of(queue).forEach(blocker -> blockers.putIfAbsent(blocker, birth));
      }
    }
    Map<Thread, QueueBirth> waitedOn = new IdentityHashMap<>();
    for (Thread thread : threads) {
      QueueBirth birth = blockers.get(LockSupport.getBlocker(thread));
      if (birth != null) {
        waitedOn.put(thread, birth);
      }
    }
    return waitedOn;
  }
}
