package dev.leakcheck.proof.virtual;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.engine.Prover;
import dev.leakcheck.engine.Subjects;
import dev.leakcheck.engine.scope.ProofUse;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Proof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts the virtual threads of a check's findings to the collector, if they wait without a time
 * limit, all of them. All that there is to say of them was written down before: a proved one is
 * gone afterwards. Thread-safe.
 */
public final class VirtualProver implements Prover {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How often it is asked in a JVM, unless it was asked for more. */
  private static final int MOST = 20;

  private final VirtualProof proof;
  private final AtomicInteger asked = new AtomicInteger();

  /** With a way to ask. */
  public VirtualProver(VirtualProof proof) {
    this.proof = proof;
  }

  @Override
  public Findings prove(Scope scope, Findings findings, Subjects subjects) {
    ProofUse use = scope.options().proof();
    if (use.when() == ProofUse.When.OFF
        || findings.list().stream().noneMatch(VirtualProver::isAsked)) {
      return findings;
    }
    String never = VirtualProof.whyNever();
    if (never != null) {
      Proof unknown = new Proof.Unknown(never);
      return findings.failing(finding -> isAsked(finding) ? finding.withProof(unknown) : finding);
    }
    boolean auto = use.when() == ProofUse.When.AUTO;
    if (auto && asked.incrementAndGet() > MOST) {
      return findings.with(
          use.notAsked("virtual threads were put to the collector " + MOST + " times in this JVM"));
    }
    long live = Garbage.liveBytes();
    if (auto && live > use.heapBytes()) {
      return findings.with(use.notAsked(use.tooLarge()));
    }
    Map<Long, Proof> answers = proof.of(threads(findings), live, PATIENCE);
    return findings.failing(finding -> isAsked(finding) ? with(finding, answers) : finding);
  }

  private static boolean isAsked(Finding finding) {
    return !finding.threads().isEmpty()
        && finding.threads().stream().allMatch(thread -> thread.virtual() && thread.waitsForEver());
  }

  /** Found anew, by their ids, as findings hold none. */
  private static List<Thread> threads(Findings findings) {
    Set<Long> ids = new HashSet<>();
    for (Finding finding : findings.list()) {
      if (isAsked(finding)) {
        finding.threads().forEach(thread -> ids.add(thread.id()));
      }
    }
    List<Thread> threads = new ArrayList<>(VirtualThreads.all().orElse(List.of()));
    threads.removeIf(thread -> !ids.contains(LiveThreads.id(thread)));
    return threads;
  }

  private static Finding with(Finding finding, Map<Long, Proof> answers) {
    Proof gone =
        new Proof.Unknown(
            "it is gone meanwhile: it has ended, or nobody had it and the garbage collector has"
                + " taken it");
    return finding.withProof(Proof.joined(finding.threads(), id -> answers.getOrDefault(id, gone)));
  }
}
