package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Fatal;
import dev.leakcheck.classify.Classifier;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * What a check goes through, in this order:
 *
 * <pre>
 * capture ──► diff ──► filter ──► classify ──► report
 * </pre>
 *
 * <p>The first three are done again and again while the scope {@linkplain Settling settles}: each
 * look captures what is alive ({@code capture}, and dumps of the {@link
 * dev.leakcheck.engine.tier.Tier}), keeps what the scope did not open with ({@link
 * dev.leakcheck.engine.tier.Newcomers}), and drops what is benign ({@link Suspects}) or somebody
 * else's ({@link Owners}). What is left in the end is {@linkplain Evidences evidence}, of which
 * {@link Classifier} makes a finding for each cause. {@link Reporting} remembers what was told and
 * sets apart what is accepted; a {@link Prover} asks whether what is left to fail can ever go on;
 * {@link Stopping} ends that, if the user asks for it. Thread-safe.
 */
final class Pipeline {

  private final Shared shared;
  private final Inspectors inspectors;
  private final Reporting reporting;
  private final Prover prover;
  private final BiConsumer<String, Throwable> lost;

  /**
   * What checks go through.
   *
   * @param lost is told which check failed, and of what: there is no verdict then
   */
  Pipeline(
      Shared shared,
      Inspectors inspectors,
      Reporting reporting,
      Prover prover,
      BiConsumer<String, Throwable> lost) {
    this.shared = shared;
    this.inspectors = inspectors;
    this.reporting = reporting;
    this.prover = prover;
    this.lost = lost;
  }

  /**
   * Goes through with one check.
   *
   * @param overlapped whether to give up, since other code turned out to run meanwhile
   * @return what was left behind, or empty if it gave up
   */
  Optional<Findings> run(Suspicion check, BooleanSupplier overlapped) {
    try {
      return look(check, overlapped);
    } catch (RuntimeException | Error ofUserCode) { // such as that of a field's class
      Fatal.rethrow(ofUserCode);
      lost.accept(check.scope().options().name(), ofUserCode);
      return Optional.of(
          reporting.nothing(
              check.scope(),
              check
                  .tier()
                  .coverage()
                  .and(check.gaps())
                  .and(
                      Coverage.limitedBy(
                          Coverage.Limit.LOOK_FAILED,
                          "nothing was looked for: that failed with "
                              + Inspectors.text(ofUserCode)))));
    }
  }

  private Optional<Findings> look(Suspicion check, BooleanSupplier overlapped) {
    if (check.nothingMoved() && !inspectors.suspect(check)) {
      return Optional.of(
          reporting.nothing(check.scope(), check.tier().coverage().and(check.gaps())));
    }
    long start = System.nanoTime();
    try {
      return settleAndClassify(check, overlapped);
    } finally {
      shared.checkedFor(System.nanoTime() - start);
    }
  }

  private Optional<Findings> settleAndClassify(Suspicion check, BooleanSupplier overlapped) {
    Settling.Outcome left = Settling.await(check, inspectors, overlapped);
    if (left == null) {
      return Optional.empty();
    }
    List<Allowance> allowances = check.scope().options().allowances();
    List<Finding> findings =
        Classifier.classify(
            left.evidence(),
            finding -> allowances.stream().anyMatch(allowance -> allowance.matches(finding)));
    // Asked after everything was gathered: who began before that may have made some of it.
    if (!left.evidence().isEmpty() && overlapped.getAsBoolean()) {
      return Optional.empty();
    }
    check.ending().entrust();
    Findings told = reporting.report(check, left, left.evidence().symptoms(), findings);
    left.evidence().leftovers().forEach(queue -> shared.ledger().report(queue, check.scope()));
    Subjects subjects = new Subjects(check, left.evidence());
    Findings proved = Contested.decide(told, all -> prover.ask(check.scope(), all, subjects));
    return Optional.of(
        check.stops()
            ? Stopping.stop(check, proved, left.evidence().symptoms(), subjects)
            : proved);
  }
}
