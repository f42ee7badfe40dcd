package dev.leakcheck.engine;

import dev.leakcheck.classify.SharedWorkerSymptom;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * New workers of what all share, such as a library's dispatcher, that run code of the test's. The
 * worker is nobody's leak; what it runs is the test's. Used by one thread.
 *
 * <p>A callback that runs now and then is not told: a worker that is not blocked has to be found
 * with such code at every one of the last looks.
 */
final class SharedWorkers {

  static final int LOOKS = 2;

  private final Suspects suspects;
  private final List<ThreadRecord> threads = new ArrayList<>();
  private final Map<Place, List<ThreadRecord>> alike = new LinkedHashMap<>();

  /** What is told as one. */
  private record Place(String shared, List<StackTraceElement> code) {}

  SharedWorkers(Suspects suspects) {
    this.suspects = suspects;
  }

  /** Takes a thread that no rule knows; false if it is no such worker. */
  boolean add(ThreadRecord thread) {
    String shared = KnownThreads.busyWorkerOf(thread).orElse(null);
    if (shared == null) {
      return false;
    }
    if (suspects.isToldOf(thread)) {
      return true;
    }
    boolean stuck = thread.state() == Thread.State.WAITING;
    if (stuck || suspects.looksBusy(thread.id()) >= LOOKS) {
      ThreadRecord worker = thread.inExecutor(null);
      threads.add(worker);
      alike
          .computeIfAbsent(new Place(shared, Stacks.own(thread.stack())), key -> new ArrayList<>())
          .add(worker);
    }
    return true;
  }

  List<ThreadRecord> threads() {
    return threads;
  }

  /** Other symptoms, and those of the workers that none of these explains. */
  List<Symptom> and(List<Symptom> others) {
    List<Symptom> all = new ArrayList<>(others);
    Set<Long> explained = new HashSet<>();
    others.forEach(symptom -> explained.addAll(symptom.threads()));
    alike.forEach(
        (place, workers) -> {
          workers.removeIf(worker -> explained.contains(worker.id()));
          if (!workers.isEmpty()) {
            all.add(new SharedWorkerSymptom(place.shared, workers));
          }
        });
    return all;
  }
}
