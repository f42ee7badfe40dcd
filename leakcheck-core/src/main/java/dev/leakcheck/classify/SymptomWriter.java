package dev.leakcheck.classify;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.Maker;
import java.util.Comparator;
import java.util.List;

/** Writes findings about things of one owner that are neither threads nor executors. */
final class SymptomWriter extends CauseWriter {

  SymptomWriter(Classifier.Cause cause, Evidence evidence) {
    super(cause, evidence);
  }

  /** Of the first kind of them. */
  Finding owned(Maker maker) {
    Finding first =
        cause.symptoms.stream()
            .map(symptom -> symptom.explain(evidence))
            .min(Comparator.comparing(Finding::kind, Kind.ORDER))
            .orElseThrow();
    contents.addTo(facts);
    ownersCall.addTo(facts);
    addWhy("they stay until it is told to stop");
    return new Finding(
        first.kind(),
        OwnerWords.title(maker, ownersCall.isMade()) + ": " + contents.words(0),
        facts,
        String.valueOf(ownersFix("made them")),
        List.of(),
        List.of(),
        null,
        first.origin(),
        first.fingerprint(),
        first.plainFingerprint());
  }
}
