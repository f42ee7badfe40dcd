package dev.leakcheck.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.LeakKind;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosisTest {

  @Test
  void everyKindIsPlantedOnce() {
    assertThat(Plants.all()).extracting(Plant::kind).containsExactlyInAnyOrder(LeakKind.values());
  }

  private static Map<LeakKind, Trial> asClaimed(Tier tier) {
    Map<LeakKind, Trial> trials = new EnumMap<>(LeakKind.class);
    for (LeakKind kind : LeakKind.values()) {
      boolean found = Claims.whyNot(kind, tier, 25, Coverage.FULL).isEmpty();
      trials.put(kind, new Trial(kind, found ? Set.of(kind) : Set.of(), Set.of(), ""));
    }
    return trials;
  }

  private static Diagnosis diagnosis(Tier tier, Trial... deviating) {
    Map<LeakKind, Trial> trials = asClaimed(tier);
    for (Trial trial : deviating) {
      trials.put(trial.kind(), trial);
    }
    return new Diagnosis(
        25,
        Map.of(tier, new Chart(trials, Map.of(Chart.RECORDED, "true"), Coverage.FULL, "", true)));
  }

  @Test
  void whatIsAsClaimedIsNoTrouble() {
    assertThat(diagnosis(Tier.PLAIN).troubles()).isEmpty();
    assertThat(diagnosis(Tier.AGENT).troubles()).isEmpty();
    assertThat(diagnosis(Tier.PLAIN).found(Tier.PLAIN)).isEqualTo(14);
  }

  @Test
  void moreThanIsClaimedIsNoTrouble() {
    LeakKind kind = LeakKind.SHUTDOWN_HOOK;

    assertThat(diagnosis(Tier.PLAIN, new Trial(kind, Set.of(kind), Set.of(), "")).troubles())
        .isEmpty();
  }

  @Test
  void eachDeviationIsTroubleAndWrongInTheTable() {
    Diagnosis diagnosis =
        diagnosis(
            Tier.AGENT,
            new Trial(LeakKind.DEADLOCK, Set.of(LeakKind.STRAY_THREAD), Set.of(), ""),
            new Trial(LeakKind.GROWTH, Set.of(), Set.of(), ""),
            new Trial(
                LeakKind.STRAY_THREAD,
                Set.of(LeakKind.STRAY_THREAD),
                Set.of(LeakKind.STRAY_THREAD),
                ""),
            new Trial(LeakKind.CHILD_PROCESS, Set.of(), Set.of(), "java.io.IOException: no fork"));

    assertThat(diagnosis.troubles())
        .containsExactly(
            "agent: deadlock was planted and found as stray-thread",
            "agent: clean code beside stray-thread was accused: stray-thread",
            "agent: child-process could not be tried: java.io.IOException: no fork",
            "agent: growth was planted and not found");
    assertThat(DiagnosisTable.lines(diagnosis))
        .contains(
            "deadlock              WRONG",
            "stray-thread          WRONG",
            "held-lock             yes",
            "wrong      agent: growth was planted and not found",
            "agent      14 of 17 kinds are found; of 17 clean programs 1 is accused");
  }

  @Test
  void aKindThatWasNotTriedIsTroubleUnlessTheJdkHasNone() {
    Map<LeakKind, Trial> trials = asClaimed(Tier.AGENT);
    trials.remove(LeakKind.STRAY_VIRTUAL_THREAD);
    Chart chart = new Chart(trials, Map.of(Chart.RECORDED, "true"), Coverage.FULL, "", true);

    assertThat(new Diagnosis(25, Map.of(Tier.AGENT, chart)).troubles())
        .containsExactly("agent: stray-virtual-thread was not tried");
    assertThat(new Diagnosis(17, Map.of(Tier.AGENT, chart)).troubles()).isEmpty();
  }

  @Test
  void anAgentThatIsNotUsedIsTrouble() {
    Chart chart = new Chart(asClaimed(Tier.AGENT), Map.of(), Coverage.FULL, "", true);

    assertThat(new Diagnosis(25, Map.of(Tier.AGENT, chart)).troubles())
        .containsExactly("agent: it was loaded, but LeakCheck does not use it");
  }

  @Test
  void aThreadThatIsProvedThoughSomebodyCanWakeItIsTrouble() {
    Chart chart =
        new Chart(
            asClaimed(Tier.PLAIN),
            Map.of(Chart.PROOF, PlantedProof.WRONG + "it is said to be stuck"),
            Coverage.FULL,
            "",
            true);
    Diagnosis diagnosis = new Diagnosis(25, Map.of(Tier.PLAIN, chart));

    assertThat(diagnosis.troubles()).containsExactly("plain: it is said to be stuck");
    assertThat(DiagnosisTable.lines(diagnosis)).contains("proof      WRONG");
  }

  @Test
  void aChartSurvivesItsFile(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("chart.txt");
    Trial trial =
        new Trial(
            LeakKind.GROWTH, Set.of(LeakKind.GROWTH), Set.of(LeakKind.STRAY_THREAD), "a\tb\nc");
    Coverage.Note note = new Coverage.Note(Coverage.Limit.AGENT, "a\ttab");
    Chart.Writer writer = new Chart.Writer(file);
    writer.fact("fact", "");
    writer.begin("growth");
    writer.trial(trial);
    writer.note(note);

    Chart read = Chart.read(file);

    assertThat(read.trials().get(LeakKind.GROWTH))
        .isEqualTo(new Trial(trial.kind(), trial.found(), trial.accused(), "a\\tb\\nc"));
    assertThat(read.fact("fact")).hasValue("");
    assertThat(read.coverage().notes()).extracting(Coverage.Note::text).containsExactly("a\\ttab");
    assertThat(read.last()).isEqualTo("growth");
    assertThat(read.complete()).isFalse();
    writer.end();
    assertThat(Chart.read(file).complete()).isTrue();
  }
}
