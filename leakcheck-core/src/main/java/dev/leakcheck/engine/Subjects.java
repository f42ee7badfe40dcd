package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.record.QueueBirth;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.tier.LiveExecutors;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.QueueRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Finds again the objects that findings are about, which hold none of them. An executor that only
 * its threads tell of may not be found. Used by one thread.
 */
public final class Subjects {

  private final Suspicion check;
  private final Evidence evidence;
  private @Nullable Set<Object> things;

  Subjects(Suspicion check, Evidence evidence) {
    this.check = check;
    this.evidence = evidence;
  }

  /**
   * The executors, the queue, or what else a finding is about, but for its threads.
   *
   * @param finding one of the check
   * @return what was found; empty if nothing was
   */
  public List<Object> of(Finding finding) {
    List<Object> found = new ArrayList<>();
    if (!finding.executors().isEmpty() || finding.queue() != null) {
      for (Object thing : things()) {
        if (isAbout(finding, thing)) {
          found.add(thing);
        }
      }
    }
    List<Symptom> symptoms =
        evidence.symptoms().stream()
            .filter(symptom -> symptom.subject() != null)
            .filter(symptom -> symptom.explain(evidence).equals(finding))
            .toList();
    // Of two that are told in the same words it is not known which is which.
    if (symptoms.size() == 1 && symptoms.get(0).subject() != null) {
      Object subject = symptoms.get(0).subject().get();
      if (subject != null) {
        found.add(subject);
      }
    }
    return found;
  }

  /**
   * An executor: by its identity, by a thread that works for it, or by the field that it was found
   * in.
   *
   * @param record what is known of it
   * @param workers some of its threads
   * @return null if nothing leads to it
   */
  @Nullable ExecutorService executor(ExecutorRecord record, Collection<Thread> workers) {
    for (Object thing : things()) {
      if (thing instanceof ExecutorService executor && Identity.of(executor).equals(record.id())) {
        return executor;
      }
    }
    for (Thread worker : workers) {
      ExecutorService executor = LiveExecutors.of(worker, ThreadDump.NONE);
      if (executor != null) {
        return executor;
      }
    }
    for (Holding held : check.owners().reachable()) {
      if (held.direct()
          && held.object() instanceof ExecutorService executor
          && held.holder().path().equals(record.heldBy())) {
        return executor;
      }
    }
    return null;
  }

  private static boolean isAbout(Finding finding, Object thing) {
    QueueRecord queue = finding.queue();
    if (thing instanceof BlockingQueue<?>) {
      return queue != null
          && System.identityHashCode(thing) == queue.identity()
          && thing.getClass().getName().equals(queue.type());
    }
    String id = Identity.of(thing);
    return finding.executors().stream().map(ExecutorRecord::id).anyMatch(id::equals);
  }

  /** All executors and queues that are known of. */
  private Set<Object> things() {
    if (things == null) {
      Set<Object> all = Collections.newSetFromMap(new IdentityHashMap<>());
      List<Holding> held = new ArrayList<>(check.owners().reachable());
      held.addAll(check.open().inFields());
      for (Holding each : held) {
        add(each.object(), all);
      }
      for (ExecutorBirth birth : check.born().executors()) {
        add(birth.executor(), all);
      }
      for (QueueBirth birth : check.born().queues()) {
        add(birth.queue(), all);
      }
      for (Thread thread : check.suspects().threads()) {
        add(LiveExecutors.of(thread, ThreadDump.NONE), all);
      }
      things = all;
    }
    return things;
  }

  private static void add(@Nullable Object thing, Set<Object> all) {
    if (thing instanceof ExecutorService executor) {
      all.add(WorkerExecutors.unwrap(executor));
    } else if (thing instanceof BlockingQueue<?>) {
      all.add(thing);
    }
  }
}
