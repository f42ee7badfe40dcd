package dev.leakcheck.inspect;

import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import java.util.ArrayList;
import java.util.List;

/**
 * The scope's own thread was left interrupted.
 *
 * @param thread the thread's name
 * @param threadId the thread's id
 * @param episode tells this interrupt from others of the same thread
 * @param seen when it was seen
 * @param cleared whether it is cleared once it was told
 */
record StrayInterrupt(String thread, long threadId, long episode, Seen seen, boolean cleared)
    implements Symptom {

  /** When an interrupt was seen. */
  public enum Seen {
    /** When the scope was checked. */
    AT_THE_END,
    /** When a scope inside this one opened: something before, such as a fixture, left it. */
    WHEN_AN_INNER_SCOPE_OPENED
  }

  @Override
  public String identity() {
    return LeakKind.STRAY_INTERRUPT.id() + " " + threadId + " " + episode;
  }

  @Override
  public Finding explain(Evidence evidence) {
    List<Fact> facts = new ArrayList<>();
    boolean atTheEnd = seen == Seen.AT_THE_END;
    facts.add(
        Fact.of(
            "why",
            (atTheEnd ? "it was not when this began" : "it was when a test began, not before")
                + "; the next sleep(), join() or take() on this thread fails at once"));
    facts.add(
        new Fact(
            "usually",
            List.of(
                "a helper caught InterruptedException and restored the flag with"
                    + " Thread.currentThread().interrupt(),",
                (atTheEnd ? "the test" : "the fixture")
                    + " interrupted its own thread and nothing took note of it,",
                "or a cancel(true), shutdownNow() or watchdog interrupted it too late")));
    if (cleared) {
      facts.add(
          Fact.of(
              "flag",
              atTheEnd
                  ? "cleared after this check, so that the next test does not get it"
                  : "the first test got it; the test runner cleared it after that"));
    }
    Fingerprint fingerprint = new Fingerprint(LeakKind.STRAY_INTERRUPT).in(evidence);
    return Symptom.finding(
        LeakKind.STRAY_INTERRUPT,
        CauseWriter.named(thread) + " was left interrupted",
        facts,
        "where the interrupt is meant, assert and clear it: assertTrue(Thread.interrupted());"
            + " otherwise let whoever interrupts this thread be done before "
            + (atTheEnd ? "this" : "the fixture")
            + " ends",
        List.of(),
        Origin.Unknown.NOT_RECORDED,
        fingerprint);
  }
}
