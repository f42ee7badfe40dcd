package dev.leakcheck.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One cause, with what it left behind.
 *
 * @param kind what sort of leak it is
 * @param title what was left, in one line
 * @param facts the evidence, most telling first
 * @param fix what to do about it
 * @param threads the threads that it explains; may be empty
 * @param executors the executors that it explains; may be empty
 * @param queue the queue that it explains, or null
 * @param origin where it was created, or why that is not known
 * @param fingerprint stable id of the cause: the same in every run, whatever ids, addresses and
 *     line numbers there are
 */
public record Finding(
    LeakKind kind,
    String title,
    List<Fact> facts,
    String fix,
    List<ThreadRecord> threads,
    List<ExecutorRecord> executors,
    @Nullable QueueRecord queue,
    Origin origin,
    String fingerprint) {

  /** Copies the lists. */
  public Finding {
    facts = List.copyOf(facts);
    threads = List.copyOf(threads);
    executors = List.copyOf(executors);
  }

  /**
   * The fact with a key.
   *
   * @param key the key
   * @return its lines joined by line breaks, or empty if there is no such fact
   */
  public Optional<String> fact(String key) {
    return facts.stream()
        .filter(fact -> fact.key().equals(key))
        .findFirst()
        .map(fact -> String.join("\n", fact.lines()));
  }
}
