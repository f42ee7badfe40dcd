package dev.leakcheck.junit5.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.lifecycle.Run;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Proof;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vendor.stuck.ProvedTestCase;

/**
 * Whether anybody can wake what a test left. By itself, since a heap is dumped for each answer: the
 * less lives there, the sooner it is read.
 */
class ProofTest {

  @AfterEach
  void end() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().matches("order-handler|sleeper")) {
        thread.interrupt();
      }
    }
  }

  private static Proof proof(Class<?> testCase) {
    List<Finding> findings =
        Run.configured().with("leakcheck.proof", "on").over(testCase).leaks("leaves");
    return findings.stream()
        .filter(finding -> finding.threads().get(0).name().equals("order-handler"))
        .findFirst()
        .orElseThrow()
        .proof();
  }

  @Test
  void fields_of_the_instance_do_not_count_if_only_junit_has_it() {
    Proof proof = proof(ProvedTestCase.ForgottenTestCase.class);

    assertThat(proof)
        .isInstanceOfSatisfying(
            Proof.Proved.class, proved -> assertThat(proved.barring()).hasSize(1));
    assertThat(proof.lines())
        .contains("(and as long as nobody uses the test's instance again, which JUnit holds)");
  }

  @Test
  void fields_of_the_instance_count_if_a_thread_has_it() {
    assertThat(proof(ProvedTestCase.UsedTestCase.class))
        .isInstanceOfSatisfying(
            Proof.Reachable.class,
            reachable -> assertThat(reachable.path().steps().get(0)).contains("\"sleeper\""));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        ProvedTestCase.KeptTestCase.class,
        ProvedTestCase.StoredTestCase.class,
        ProvedTestCase.StoredInListTestCase.class,
        ProvedTestCase.StoredItselfTestCase.class,
        ProvedTestCase.ContextTestCase.class
      })
  void fields_of_the_instance_count_if_an_extension_of_the_users_leads_to_it(Class<?> testCase) {
    assertThat(proof(testCase)).isInstanceOf(Proof.Reachable.class);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {ProvedTestCase.NearTestCase.class, ProvedTestCase.StoredNextToItTestCase.class})
  void fields_of_the_instance_do_not_count_if_what_an_extension_stored_does_not_lead_to_it(
      Class<?> testCase) {
    assertThat(proof(testCase)).isInstanceOf(Proof.Proved.class);
  }

  @Test
  void what_only_a_probe_has_counts() {
    assertThat(proof(ProvedTestCase.ProbedTestCase.class)).isInstanceOf(Proof.Reachable.class);
  }

  @Test
  void what_is_accepted_unless_proved_fails_if_it_is_and_only_then() {
    Run run =
        Run.configured().with("leakcheck.proof", "on").over(ProvedTestCase.AcceptedTestCase.class);

    assertThat(run.leaks("leaves"))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.fact("accepted"))
                    .hasValue(
                        "unless it is proved stuck for good, as it is (ends with its owner)"));
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "leaves() left stuck-on-queue",
            "leavesWhatIsHeld() passed",
            "leavesBoth() left stuck-on-queue");
    assertThat(run.leaks("leavesBoth"))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.fact("accepted"))
                    .hasValue(
                        "unless it is proved stuck for good, as some of its threads are (ends with"
                            + " its owner)"));
  }

  @Test
  void what_is_accepted_unless_proved_is_accepted_where_that_is_not_asked() {
    Run run =
        Run.configured().with("leakcheck.proof", "off").over(ProvedTestCase.AcceptedTestCase.class);

    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "leaves() passed", "leavesWhatIsHeld() passed", "leavesBoth() passed");
  }

  @Test
  void what_an_extension_holds_counts() {
    assertThat(proof(ProvedTestCase.FedTestCase.class)).isInstanceOf(Proof.Reachable.class);
  }
}
