package dev.leakcheck.classify;

import dev.leakcheck.model.Fact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** How much a cause consists of, and what there is besides threads and executors. */
final class Contents {

  private final Classifier.Cause cause;

  Contents(Classifier.Cause cause) {
    this.cause = cause;
  }

  static Stream<Symptom.Part> parts(Classifier.Cause cause) {
    return cause.symptoms.stream().map(Symptom::part).filter(Objects::nonNull);
  }

  /** Each sort of thing under the last word of what it is called. */
  void addTo(List<Fact> facts) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    parts(cause)
        .forEach(
            part ->
                names
                    .computeIfAbsent(
                        part.noun().substring(part.noun().lastIndexOf(' ') + 1),
                        key -> new ArrayList<>())
                    .add(part.name()));
    names.forEach((key, lines) -> facts.add(Math.max(0, facts.size() - 1), new Fact(key, lines)));
  }

  /**
   * Such as {@code 2 executors, 1 thread and 1 shutdown hook}.
   *
   * @param threads how many threads are counted
   */
  String words(int threads) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    counts.put("executor", cause.executors.size());
    counts.put("thread", threads);
    parts(cause).forEach(part -> counts.merge(part.noun(), 1, Integer::sum));
    List<String> words = new ArrayList<>();
    counts.forEach(
        (noun, number) -> {
          if (number > 0) {
            words.add(CauseWriter.count(number, noun));
          }
        });
    int last = words.size() - 1;
    return last == 0
        ? words.get(0)
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }
}
