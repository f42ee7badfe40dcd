package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.Symptom;
import java.util.ArrayList;
import java.util.List;

/**
 * Tasks that were told as left in an executor. Whoever shuts that down later leaves the thread that
 * such a task does not let go: this is no other leak. Holds no object of the user's but weakly, and
 * no more tasks than the {@link Ledger}. Thread-safe.
 */
public final class ToldTasks {

  private record Run(Symptom.Run run, long scope) {}

  private volatile List<Run> told = List.of();

  /** A scope tells of symptoms. */
  public synchronized void report(List<Symptom> symptoms, Scope by) {
    List<Run> all = new ArrayList<>(told);
    all.removeIf(known -> known.run.isOver());
    for (Symptom symptom : symptoms) {
      symptom.runs().forEach(run -> all.add(new Run(run, by.number())));
    }
    told = List.copyOf(all.subList(Math.max(0, all.size() - Ledger.MOST), all.size()));
  }

  /** Whether a thread is there only for the sake of a task that another scope told. */
  public boolean keep(long thread, Scope asking) {
    for (Run known : told) {
      Thread kept = known.scope == asking.number() ? null : known.run.kept();
      if (kept != null && LiveThreads.id(kept) == thread) {
        return true;
      }
    }
    return false;
  }
}
