package dev.leakcheck.classify;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the things of a cause were made. */
final class CauseOrigins {

  private static final int PLACES_SHOWN = 3;

  private CauseOrigins() {}

  /** Of its executors, or else its threads, or else what else there is, as far as it is known. */
  static List<Origin> of(Classifier.Cause cause, Evidence evidence) {
    Evidence.Origins all = evidence.origins();
    Stream<Origin> made =
        cause.executors.isEmpty()
            ? cause.threads.stream().map(thread -> all.threads().get(thread.id()))
            : cause.executors.stream().map(executor -> all.executors().get(executor.id()));
    if (cause.executors.isEmpty() && cause.threads.isEmpty()) {
      made = Contents.parts(cause).map(Symptom.Part::origin);
    }
    return made.filter(Objects::nonNull).toList();
  }

  /**
   * Those that tell a cause from others: of what several calls made that of the call which made the
   * object, since the others may make nothing another time.
   */
  static Stream<Origin> telling(Classifier.Cause cause, Evidence evidence) {
    Stream<Origin> all = of(cause, evidence).stream();
    return cause.isOfLibrarysObject()
        ? all.filter(it -> it instanceof Origin.Known known && cause.maker == known.maker())
            .limit(1)
        : all;
  }

  /** The first that was seen. */
  static Origin first(List<Origin> origins) {
    return origins.stream()
        .filter(Origin.Known.class::isInstance)
        .findFirst()
        .orElse(origins.isEmpty() ? Origin.Unknown.NOT_RECORDED : origins.get(0));
  }

  /** The code that made all of it, if it is one place: parts may be made at others. */
  static Optional<StackTraceElement> onlyPlace(List<Origin> origins) {
    List<StackTraceElement> makers =
        origins.stream().map(CauseWriter::maker).flatMap(Optional::stream).toList();
    return makers.stream().map(Stacks::place).distinct().count() == 1
        ? Optional.of(makers.get(0))
        : Optional.empty();
  }

  /** At which other places something was made. */
  static Optional<Fact> others(List<Origin> origins) {
    List<String> others =
        origins.stream()
            .map(CauseOrigins::whose)
            .filter(place -> !place.isEmpty())
            .distinct()
            .skip(1)
            .map(place -> Stacks.text(place.get(0)))
            .distinct()
            .toList();
    if (others.isEmpty()) {
      return Optional.empty();
    }
    List<String> lines = new ArrayList<>(others.subList(0, Math.min(PLACES_SHOWN, others.size())));
    if (others.size() > PLACES_SHOWN) {
      lines.add("and " + CauseWriter.count(others.size() - PLACES_SHOWN, "other place"));
    }
    return Optional.of(new Fact("and at", lines));
  }

  /** The line that had it made: the user's own, where a library or an owner is known. */
  private static List<StackTraceElement> whose(Origin origin) {
    return origin instanceof Origin.Known known && known.maker() != null
        ? known.users().stream().toList()
        : Classifier.place(origin);
  }
}
