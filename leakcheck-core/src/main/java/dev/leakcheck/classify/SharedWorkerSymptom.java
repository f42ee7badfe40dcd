package dev.leakcheck.classify;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Workers of something that all share run code of the test's.
 *
 * @param shared what they are workers of, such as {@code Kotlin's shared dispatcher}
 * @param workers the workers, which stand at one place
 */
public record SharedWorkerSymptom(String shared, List<ThreadRecord> workers) implements Symptom {

  /** Copies the list. */
  public SharedWorkerSymptom {
    workers = List.copyOf(workers);
  }

  @Override
  public String identity() {
    return LeakKind.STRAY_THREAD.id()
        + " of "
        + shared
        + " "
        + threads().stream().sorted().toList();
  }

  /**
   * What tells a worker with the task that it runs from the same worker with another.
   *
   * @param worker its id
   * @param code class name of the user's code that it runs
   * @return a text
   */
  public static String busy(long worker, String code) {
    return "thread " + worker + " runs " + Stacks.withoutLambda(code);
  }

  /**
   * All that a worker runs: its task, and what calls that or is called by it.
   *
   * @param worker the worker
   * @return such texts
   */
  public static Set<String> busy(ThreadRecord worker) {
    return Stacks.own(worker.stack()).stream()
        .map(frame -> busy(worker.id(), frame.getClassName()))
        .collect(Collectors.toSet());
  }

  /**
   * The workers of what all share among the threads that symptoms are about.
   *
   * @param symptoms of any sort
   * @return thread ids
   */
  public static Set<Long> workers(List<Symptom> symptoms) {
    return symptoms.stream()
        .filter(SharedWorkerSymptom.class::isInstance)
        .flatMap(symptom -> symptom.threads().stream())
        .collect(Collectors.toSet());
  }

  @Override
  public Set<Long> threads() {
    return workers.stream().map(ThreadRecord::id).collect(Collectors.toSet());
  }

  @Override
  public Finding explain(Evidence evidence) {
    Classifier.Cause cause = new Classifier.Cause();
    cause.threads.addAll(workers);
    return new Writer(cause, evidence).write(this);
  }

  private static final class Writer extends CauseWriter {

    Writer(Classifier.Cause cause, Evidence evidence) {
      super(cause, evidence);
    }

    Finding write(SharedWorkerSymptom symptom) {
      int workers = symptom.workers.size();
      addThreads();
      addPlaces("doing", symptom.workers);
      addWaitsFor();
      addWhy(
          "the worker is nobody's to stop, but what it runs here was given to it in the test and"
              + " has not come to an end");
      return finding(
          LeakKind.STRAY_THREAD,
          (workers == 1 ? "a worker of " : workers + " workers of ")
              + symptom.shared
              + (workers == 1 ? " runs" : " run")
              + " code of the test's",
          "cancel what the test gave to it and wait until that has ended, or let it end; or give the"
              + " test's code an executor of its own that the test closes",
          new Fingerprint(LeakKind.STRAY_THREAD).word(symptom.shared).at(symptom.workers));
    }
  }
}
