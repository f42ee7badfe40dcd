package dev.leakcheck.engine;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Findings.Allowed;
import dev.leakcheck.model.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Findings that the user accepts unless their threads are proved stuck for good. */
final class Contested {

  private Contested() {}

  /**
   * Has these proved beside those that fail anyway.
   *
   * @param findings what a check found
   * @param prover is asked of all that may fail
   * @return what fails, and what is accepted, now that it was asked
   */
  static Findings decide(Findings findings, UnaryOperator<Findings> prover) {
    List<Allowed> contested = findings.allowed().stream().filter(Allowed::unlessProved).toList();
    List<Finding> mayFail = new ArrayList<>(findings.list());
    contested.forEach(allowed -> mayFail.add(allowed.finding()));
    Findings asked = prover.apply(findings.split(mayFail, findings.allowed()));
    if (contested.isEmpty()) {
      return asked;
    }
    int fail = findings.list().size();
    List<Finding> failing = new ArrayList<>(asked.list().subList(0, fail));
    List<Allowed> accepted = new ArrayList<>(findings.allowed());
    accepted.removeAll(contested);
    for (int i = 0; i < contested.size(); i++) {
      Finding finding = asked.list().get(fail + i);
      Allowed allowed = contested.get(i);
      Proof proof = finding.proof();
      if (proof != null && proof.isProvedOfAny()) {
        failing.add(
            finding.with(
                Fact.of(
                    "accepted",
                    "unless it is proved stuck for good, as "
                        + (proof instanceof Proof.Proved ? "it is" : "some of its threads are")
                        + " ("
                        + allowed.reason()
                        + ")")));
      } else {
        accepted.add(new Allowed(finding, allowed.reason(), false, true));
      }
    }
    return asked.split(failing, accepted);
  }
}
