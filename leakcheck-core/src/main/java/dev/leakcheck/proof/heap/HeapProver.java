package dev.leakcheck.proof.heap;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.engine.Prover;
import dev.leakcheck.engine.Subjects;
import dev.leakcheck.engine.scope.ProofUse;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Hold;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.walk.HoldQuestion;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the platform threads of a check's findings to one heap dump, if they wait without a time
 * limit, all of them; and asks the same dump who holds what was left. A test class gets one dump at
 * the most and a JVM a few, unless it was asked for more: a suite that fails everywhere must not
 * take twice the time. Thread-safe.
 */
public final class HeapProver implements Prover {

  private static final int MOST_DUMPS = 5;

  /** Of so many findings of a check it is told who holds them: each takes a walk of its own. */
  private static final int MOST_HELD = 5;

  /** The heap is not measured exactly where it was far too large at the last collection. */
  private static final int FAR_TOO_LARGE = 4;

  private final HeapProof proof;
  private int dumps;
  private boolean tooLarge;
  private @Nullable String lastClass;

  /** With a way to ask. */
  public HeapProver(HeapProof proof) {
    this.proof = proof;
  }

  @Override
  public Findings prove(Scope scope, Findings findings, Subjects subjects) {
    ProofUse use = scope.options().proof();
    Set<Long> threads = new LinkedHashSet<>();
    findings.list().stream()
        .filter(HeapProver::isAsked)
        .forEach(finding -> finding.threads().forEach(thread -> threads.add(thread.id())));
    boolean asks =
        switch (use.when()) {
          case OFF -> false;
          case AUTO ->
              !threads.isEmpty() || findings.list().stream().anyMatch(HeapProver::lacksOwner);
          case ON -> !findings.isEmpty();
        };
    if (!asks) {
      return findings;
    }
    synchronized (this) {
      String refused = use.when() == ProofUse.When.AUTO ? refused(scope, use) : null;
      if (refused != null) {
        return threads.isEmpty() ? findings : findings.with(use.notAsked(refused));
      }
      long live = Garbage.liveBytes();
      if (use.when() == ProofUse.When.AUTO && live > use.heapBytes()) {
        tooLarge = true;
        return threads.isEmpty() ? findings : findings.with(use.notAsked(use.tooLarge()));
      }
      return asked(scope, findings, threads, subjects, live);
    }
  }

  private Findings asked(
      Scope scope, Findings findings, Set<Long> threads, Subjects subjects, long live) {
    List<Finding> held = new ArrayList<>();
    List<HeapProof.Subject> left = new ArrayList<>();
    for (Finding finding : findings) {
      if (held.size() == MOST_HELD) {
        break;
      }
      HeapProof.Subject subject = subject(finding, subjects);
      if (subject != null) {
        held.add(finding);
        left.add(subject);
      }
    }
    if (threads.isEmpty() && left.isEmpty()) {
      return findings;
    }
    dumps++;
    HeapProof.Answers answers =
        proof.of(
            new HeapProof.Asked(threads, scope.watched().passing(), scope.instances(), left), live);
    return findings.failing(
        finding -> {
          Finding told =
              isAsked(finding) ? finding.withProof(joined(finding, answers.proofs())) : finding;
          int place = held.indexOf(finding);
          Hold hold = place < 0 ? null : answers.holds().get(place);
          return hold == null ? told : told.withHold(hold);
        });
  }

  /** What of a finding a dump can be asked about; null if it has neither objects nor threads. */
  private static HeapProof.@Nullable Subject subject(Finding finding, Subjects subjects) {
    List<Object> objects = subjects.of(finding);
    Set<Long> threads = new LinkedHashSet<>();
    Set<String> types = new LinkedHashSet<>();
    finding.threads().forEach(thread -> threads.add(thread.id()));
    finding.executors().forEach(executor -> types.add(executor.type()));
    return objects.isEmpty() && threads.isEmpty()
        ? null
        : new HeapProof.Subject(objects, new HoldQuestion.Subject(threads, types));
  }

  private @Nullable String refused(Scope scope, ProofUse use) {
    Scope around = scope.parent() == null ? scope : scope.parent();
    String name = around.options().name();
    if (tooLarge || collectedBytes() > FAR_TOO_LARGE * use.heapBytes()) {
      return use.tooLarge();
    }
    if (ManagementFactory.getThreadMXBean().getThreadCount() > ProofUse.MOST_THREADS) {
      return ProofUse.tooMany();
    }
    if (name.equals(lastClass)) {
      return "one heap dump was taken for this class, and that was before";
    }
    if (dumps >= MOST_DUMPS) {
      return MOST_DUMPS + " heap dumps were taken in this JVM";
    }
    lastClass = name;
    return null;
  }

  /** What was left of the heap when it was last collected. */
  private static long collectedBytes() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage usage = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
      bytes += usage == null ? 0 : usage.getUsed();
    }
    return bytes;
  }

  /** Whether its advice would be better if it were known who holds it. */
  private static boolean lacksOwner(Finding finding) {
    return finding.fix().contains(Hold.OF_UNKNOWN_OWNER);
  }

  private static boolean isAsked(Finding finding) {
    return !finding.threads().isEmpty()
        && finding.threads().stream()
            .allMatch(thread -> !thread.virtual() && thread.waitsForEver());
  }

  private static Proof joined(Finding finding, Map<Long, Proof> proofs) {
    Proof ended = new Proof.Unknown("it has ended");
    return Proof.joined(finding.threads(), id -> proofs.getOrDefault(id, ended));
  }
}
