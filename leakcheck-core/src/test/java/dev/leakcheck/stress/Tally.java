package dev.leakcheck.stress;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.report.TextReport;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what was planted, found, missed and accused wrongly. Thread-safe. */
final class Tally {

  private static final int MOST_MISTAKES = 5;

  private final AtomicLong scopes = new AtomicLong();
  private final AtomicLong planted = new AtomicLong();
  private final AtomicLong found = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private final AtomicLong accused = new AtomicLong();
  private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();

  /**
   * Holds what a scope reported against the truth.
   *
   * @param truth each leak: its kind and its identity
   */
  void judge(Set<String> truth, Findings findings) {
    Set<String> reported = new HashSet<>();
    findings.forEach(finding -> addTo(reported, finding));
    Set<String> right = new HashSet<>(truth);
    right.retainAll(reported);
    scopes.incrementAndGet();
    planted.addAndGet(truth.size());
    found.addAndGet(right.size());
    missed.addAndGet(truth.size() - right.size());
    accused.addAndGet(reported.size() - right.size());
    if ((!reported.equals(truth)) && mistakes.size() < MOST_MISTAKES) {
      Set<String> wrong = new HashSet<>(reported);
      wrong.removeAll(truth);
      Set<String> lost = new HashSet<>(truth);
      lost.removeAll(reported);
      mistakes.add(
          findings.scope()
              + " missed "
              + lost
              + " and accused "
              + wrong
              + "\n"
              + TextReport.render(findings));
    }
  }

  private static void addTo(Set<String> reported, Finding finding) {
    String kind = finding.kind().id() + " ";
    QueueRecord queue = finding.queue();
    switch ((LeakKind) finding.kind()) {
      case UNCLOSED_EXECUTOR -> finding.executors().forEach(e -> reported.add(kind + e.id()));
      case LEFTOVER_QUEUE -> reported.add(kind + (queue == null ? "?" : queue.identity()));
      default -> finding.threads().forEach(thread -> reported.add(kind + thread.id()));
    }
  }

  boolean isRight() {
    return missed.get() == 0 && accused.get() == 0;
  }

  void print(PrintStream out) {
    out.println("scopes " + scopes);
    out.println("planted " + planted);
    out.println("found " + found);
    out.println("missed " + missed);
    out.println("accused " + accused);
    mistakes.forEach(out::println);
  }
}
