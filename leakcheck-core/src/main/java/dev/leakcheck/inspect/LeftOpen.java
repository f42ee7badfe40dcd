package dev.leakcheck.inspect;

import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.OpenResource;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.OwnKind;
import java.util.List;

/**
 * Something that a probe of the user's showed open, and that was not when the scope opened.
 *
 * @param kind what the probe finds
 * @param number what tells it from others of the probe
 * @param title what it is
 * @param facts what the probe says of it
 * @param fix what closes it
 * @param origin where it was opened
 */
record LeftOpen(
    OwnKind kind, long number, String title, List<Fact> facts, String fix, Origin origin)
    implements Symptom {

  static LeftOpen of(OwnKind kind, long number, OpenResource open) {
    return new LeftOpen(
        kind,
        number,
        open.title(),
        open.facts(),
        open.fix(),
        open.openedAt().isEmpty()
            ? Origin.Unknown.NOT_RECORDED
            : new Origin.Known(open.openedAt(), "", "", false));
  }

  @Override
  public String identity() {
    return kind.id() + " " + number;
  }

  @Override
  public boolean mayPass() {
    return true; // somebody may be about to close it
  }

  @Override
  public Finding explain(Evidence evidence) {
    return Symptom.finding(
        kind,
        title,
        facts,
        fix,
        List.of(),
        origin,
        new Fingerprint(kind).name(title).in(evidence).createdBy(origin));
  }
}
