package dev.leakcheck.engine;

import dev.leakcheck.baseline.Allowances;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.engine.tier.Tiers;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What becomes of findings: told once, and set apart from what the user accepts. Thread-safe. */
final class Reporting {

  private final Shared shared;
  private final Tiers tiers;
  private final UnreadFields unread = new UnreadFields();

  Reporting(Shared shared, Tiers tiers) {
    this.shared = shared;
    this.tiers = tiers;
  }

  /** Nothing was left behind. */
  Findings nothing(Scope scope, Coverage coverage) {
    List<String> unused = new ArrayList<>();
    for (Allowance allowance : scope.options().allowances()) {
      unused.add(allowance.toString());
    }
    return Findings.none(
        scope.options().name(),
        unused,
        coverage.and(scope.memories().gaps()).and(shared.ledger().gaps()).and(unread.of(scope)),
        tiers.records());
  }

  /** Remembers what is told, and tells it. */
  Findings report(
      Suspicion check, Settling.Outcome left, List<Symptom> symptoms, List<Finding> findings) {
    Scope scope = check.scope();
    if (findings.isEmpty() && symptoms.isEmpty()) {
      return findings(check, left, findings);
    }
    List<Finding> fresh = shared.ledger().notToldOfOwner(findings, symptoms, scope);
    shared.toldTasks().report(symptoms, scope);
    shared.ledger().report(findings, symptoms, left.beside(), scope);
    if (scope.options().isByEntry()
        && findings.stream().anyMatch(finding -> finding.kind() == LeakKind.STRAY_INTERRUPT)) {
      Thread.interrupted(); // the thread goes on to other tests
    }
    check.newcomers().successors().tell(findings);
    Findings told = findings(check, left, fresh);
    check.born().report(told.list());
    return told;
  }

  private Findings findings(Suspicion check, Settling.Outcome left, List<Finding> all) {
    Scope scope = check.scope();
    Allowances allowances =
        new Allowances(
            scope.options().allowances(),
            scope.options().known(),
            // In UTC, as the default zone is the user's to set first; a test may mock LocalDate.
            Math.floorDiv(System.currentTimeMillis(), TimeUnit.DAYS.toMillis(1)));
    List<Finding> failing = allowances.notAllowed(all);
    return new Findings(
        scope.options().name(),
        failing,
        left.waited(),
        left.early(),
        left.benign(),
        allowances.allowed(),
        allowances.unused(),
        left.coverage()
            .and(LiveThreads.coverage())
            .and(check.gaps())
            .and(shared.ledger().gaps())
            .and(unread.afterLook(scope, !failing.isEmpty())),
        tiers.records(),
        leftAlone(check),
        allowances.expired());
  }

  private static List<String> leftAlone(Suspicion check) {
    List<String> leftAlone = new ArrayList<>(check.born().statics());
    leftAlone.addAll(check.owners().mentioned());
    leftAlone.addAll(check.newcomers().successors().mentioned());
    return leftAlone;
  }
}
