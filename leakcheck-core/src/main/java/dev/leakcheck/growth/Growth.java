package dev.leakcheck.growth;

import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Names;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;

/**
 * What grows with the repetitions of some code.
 *
 * @param resource what it is that grows
 * @param counts how much was left before the first and after each repetition
 * @param bound how many bytes may be kept with each repetition, or {@link #UNBOUNDED}
 * @param threads the threads that the repetitions left
 * @param executors the executors that the repetitions left
 * @param queues the queues that hold more with each repetition
 */
public record Growth(
    Resource resource,
    List<Long> counts,
    long bound,
    List<ThreadRecord> threads,
    List<ExecutorRecord> executors,
    List<QueueRecord> queues) {

  /** There is no bound. */
  static final long UNBOUNDED = -1;

  /** What is counted. */
  enum Resource {
    /** Platform threads. */
    THREADS("thread"),
    /** Virtual threads. */
    VIRTUAL_THREADS("virtual thread"),
    /** Executors that are not shut down. */
    EXECUTORS("executor"),
    /** Elements of blocking queues. */
    ELEMENTS("queued element"),
    /** Bytes of the live heap. */
    HEAP("byte");

    final String noun;

    Resource(String noun) {
      this.noun = noun;
    }
  }

  /** Copies the lists. */
  public Growth {
    counts = List.copyOf(counts);
    threads = List.copyOf(threads);
    executors = List.copyOf(executors);
    queues = List.copyOf(queues);
  }

  /**
   * What the names of threads like this one have in common.
   *
   * @param thread the thread
   * @return its name in which every number has become a star
   */
  public static String pattern(ThreadRecord thread) {
    return Names.pattern(thread.name());
  }

  /**
   * Explains it.
   *
   * @param evidence all that is known besides
   * @return the finding
   */
  public Finding explain(Evidence evidence) {
    return new GrowthWriter(this, evidence).growth();
  }
}
