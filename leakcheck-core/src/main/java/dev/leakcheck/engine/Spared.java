package dev.leakcheck.engine;

import dev.leakcheck.classify.Classifier;
import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.model.ThreadRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Threads that a rule leaves alone up to a number, as they end by themselves. Used by one thread.
 */
final class Spared {

  private final Map<ThreadRecord, KnownThread> threads = new LinkedHashMap<>();

  void add(ThreadRecord thread, KnownThread rule) {
    if (rule.most() > 0) {
      threads.put(thread, rule);
    }
  }

  /**
   * Such a thread goes with its library where more of that is told: it is one leak, and no check
   * around this one tells it again. That there are too many of its kind is no more.
   *
   * @param told what is told, to which these are added
   * @param benign the rules of what is left alone, one for each thread
   */
  void joinTold(List<ThreadRecord> told, List<KnownThread> benign, Suspects suspects) {
    List<ThreadRecord> others = told.stream().filter(it -> !suspects.isBeyond(it.id())).toList();
    threads.forEach(
        (thread, rule) -> {
          if (others.stream().anyMatch(it -> Classifier.areOfOneLibrary(it, thread))) {
            told.add(thread);
            benign.remove(rule);
          }
        });
  }
}
