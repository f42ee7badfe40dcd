package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Fatal;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.ScopeOptions.ProofUse;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.proof.virtual.Answer;
import dev.leakcheck.proof.virtual.VirtualProof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for a proof that nobody alive can wake the virtual threads of findings that fail, and adds
 * what came of it. All that there is to say of the threads was written down before: a proved one is
 * gone afterwards.
 */
final class ProofFacts {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private ProofFacts() {}

  static List<Finding> added(Suspicion check, List<Finding> failing) {
    ProofUse use = check.scope().options().proof();
    if (!Jdk.HAS_CONTAINERS || use == ProofUse.OFF) {
      return failing;
    }
    List<Thread> threads = threads(check, failing);
    if (threads.isEmpty()) {
      return failing;
    }
    check.collected().collectAnew();
    try {
      Map<Long, Answer> answers = VirtualProof.ask(threads, PATIENCE, use == ProofUse.ON);
      return failing.stream().map(finding -> with(finding, answers)).toList();
    } catch (RuntimeException | Error notProved) {
      Fatal.rethrow(notProved); // a finding without a proof is better than none
      return failing;
    }
  }

  /** Found anew, by their ids, as evidence holds none. Without an agent they are not known. */
  private static List<Thread> threads(Suspicion check, List<Finding> failing) {
    Set<Long> virtual = new HashSet<>();
    for (Finding finding : failing) {
      finding.threads().stream()
          .filter(ThreadRecord::virtual)
          .forEach(thread -> virtual.add(thread.id()));
    }
    List<Thread> threads = new ArrayList<>();
    if (!virtual.isEmpty()) {
      for (Thread thread : check.born().alive()) {
        if (virtual.contains(LiveThreads.id(thread))) {
          threads.add(thread);
        }
      }
    }
    return threads;
  }

  /** What is not proved is no news, but for a weak reference, which nobody would think of. */
  private static Finding with(Finding finding, Map<Long, Answer> answers) {
    long proved = count(finding, answers, Answer.PROVED);
    long weak = count(finding, answers, Answer.WEAK);
    int all = finding.threads().size();
    if (proved > 0) {
      String whom = all == 1 ? "it" : proved == all ? "these " + all : proved + " of these " + all;
      return finding.with(
          Fact.of(
              "proof",
              "proved: nobody alive could ever wake "
                  + whom
                  + " (nothing else led there, and the garbage collector has taken "
                  + (proved == 1 ? "it" : "them")
                  + " away)"));
    }
    return weak == 0
        ? finding
        : finding.with(Fact.of("proof", "reachable: " + Answer.WEAK.because()));
  }

  private static long count(Finding finding, Map<Long, Answer> answers, Answer answer) {
    return finding.threads().stream()
        .filter(thread -> answer.equals(answers.get(thread.id())))
        .count();
  }
}
