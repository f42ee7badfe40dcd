package dev.leakcheck.inspect;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.QueueProbe;
import dev.leakcheck.capture.objects.TaskProbe;
import dev.leakcheck.engine.Check;
import dev.leakcheck.model.Coverage;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;

/**
 * What is in the queues of executors, each asked once until it is forgotten. Used by one thread.
 */
final class WorkQueues {

  private final Check check;
  private final Map<ExecutorService, Set<Object>> queues = new IdentityHashMap<>();

  WorkQueues(Check check) {
    this.check = check;
  }

  Set<Object> of(ExecutorService executor) {
    return queues.computeIfAbsent(executor, this::ask);
  }

  boolean has(Object task, ExecutorService executor) {
    Set<Object> queued = of(executor);
    return queued.contains(task)
        || queued.stream().anyMatch(one -> TaskProbe.scheduled(one) == task);
  }

  /** It is asked again when it is wanted. */
  void forget(ExecutorService executor) {
    queues.remove(executor);
  }

  private Set<Object> ask(ExecutorService executor) {
    Set<Object> queued = Collections.newSetFromMap(new IdentityHashMap<>());
    BlockingQueue<?> queue = ExecutorProbe.workQueue(executor);
    if (queue != null) {
      List<Object> elements = QueueProbe.elements(queue);
      if (elements == null) {
        check.limitedBy(
            Coverage.limitedBy(
                Coverage.Limit.NO_ANSWER,
                "tasks in the queue of "
                    + Identity.of(executor)
                    + " were not seen: "
                    + QueueProbe.whyUnknown(queue)));
      } else {
        queued.addAll(elements);
      }
    }
    return queued;
  }
}
