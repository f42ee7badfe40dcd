package dev.leakcheck.cli.doctor;

import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What was seen in each tier, beside what has to be. Immutable. */
public final class Diagnosis {

  private final int feature;
  private final Map<Tier, Chart> charts;

  Diagnosis(int feature, Map<Tier, Chart> charts) {
    this.feature = feature;
    this.charts = new EnumMap<>(charts);
  }

  /**
   * Looks at a JVM for each tier, one after the other.
   *
   * @param tiers the tiers; at least one
   * @param jvm how JVMs are started
   * @return what was seen
   * @throws ChildJvm.FailedException if a JVM did not start or did not come to its end
   * @throws IOException if files can't be written
   * @throws InterruptedException if this thread was interrupted
   */
  public static Diagnosis of(Set<Tier> tiers, ChildJvm jvm)
      throws ChildJvm.FailedException, IOException, InterruptedException {
    Map<Tier, Chart> charts = new EnumMap<>(Tier.class);
    for (Tier tier : tiers) {
      charts.put(tier, jvm.lookAt(tier));
    }
    return new Diagnosis(Runtime.version().feature(), charts);
  }

  /**
   * What is not as it should be.
   *
   * @return a line for each; empty if all is well
   */
  public List<String> troubles() {
    List<String> troubles = new ArrayList<>();
    charts.forEach(
        (tier, chart) -> {
          if (tier == Tier.AGENT && !chart.fact(Chart.RECORDED).equals(Optional.of("true"))) {
            troubles.add("agent: it was loaded, but LeakCheck does not use it");
          }
          chart
              .fact(Chart.PROOF)
              .filter(proof -> proof.startsWith(PlantedProof.WRONG))
              .map(proof -> proof.substring(PlantedProof.WRONG.length()))
              .ifPresent(proof -> troubles.add(tier + ": " + proof));
          for (LeakKind kind : LeakKind.values()) {
            trouble(kind, tier, chart).ifPresent(text -> troubles.add(tier + ": " + text));
          }
        });
    return troubles;
  }

  private Optional<String> trouble(LeakKind kind, Tier tier, Chart chart) {
    Trial trial = chart.trials().get(kind);
    boolean expected = whyNot(kind, tier, chart).isEmpty();
    if (trial == null) {
      return expected ? Optional.of(kind.id() + " was not tried") : Optional.empty();
    }
    if (!trial.problem().isEmpty()) {
      return Optional.of(kind.id() + " could not be tried: " + trial.problem());
    }
    if (!trial.accused().isEmpty()) {
      return Optional.of(
          "clean code beside " + kind.id() + " was accused: " + ids(trial.accused()));
    }
    if (trial.found().equals(Set.of(kind)) || (trial.found().isEmpty() && !expected)) {
      return Optional.empty();
    }
    return Optional.of(
        trial.found().isEmpty()
            ? kind.id() + " was planted and not found"
            : kind.id() + " was planted and found as " + ids(trial.found()));
  }

  private static String ids(Set<LeakKind> kinds) {
    return kinds.stream().sorted().map(LeakKind::id).collect(Collectors.joining(", "));
  }

  private Optional<String> whyNot(LeakKind kind, Tier tier, Chart chart) {
    return Claims.whyNot(kind, tier, feature, chart.coverage());
  }

  Set<Tier> tiers() {
    return charts.keySet();
  }

  /** Whether the planted leak was found as what it is. */
  boolean isFound(LeakKind kind, Tier tier) {
    Trial trial = chart(tier).trials().get(kind);
    return trial != null && trial.found().contains(kind);
  }

  /** Whether the planted leak should have been found, or the clean code left alone. */
  boolean isTrouble(LeakKind kind, Tier tier) {
    return trouble(kind, tier, chart(tier)).isPresent();
  }

  /** Why a kind was not found where nobody claims it is. */
  String whyNot(LeakKind kind) {
    Set<String> reasons = new LinkedHashSet<>();
    charts.forEach(
        (tier, chart) -> {
          if (!isFound(kind, tier)) {
            whyNot(kind, tier, chart).ifPresent(reasons::add);
          }
        });
    return String.join("; ", reasons);
  }

  long found(Tier tier) {
    return java.util.Arrays.stream(LeakKind.values()).filter(kind -> isFound(kind, tier)).count();
  }

  long accused(Tier tier) {
    return chart(tier).trials().values().stream()
        .filter(trial -> !trial.accused().isEmpty())
        .count();
  }

  int tried(Tier tier) {
    return chart(tier).trials().size();
  }

  Coverage coverage(Tier tier) {
    return chart(tier).coverage();
  }

  Optional<String> fact(Tier tier, String name) {
    return charts.containsKey(tier) ? chart(tier).fact(name) : Optional.empty();
  }

  private Chart chart(Tier tier) {
    Chart chart = charts.get(tier);
    if (chart == null) {
      throw new IllegalArgumentException(tier + " was not looked at");
    }
    return chart;
  }
}
