package dev.leakcheck.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small programs with a known verdict, the half of them clean: on each tier everything that it
 * claims to see is found, and nothing else, in whichever order they run. Prints recall and false
 * accusations by kind.
 */
class CorpusTest {

  private static final int LEAST = 60;

  @TempDir private Path directory;

  /** What became of one kind, over all programs. */
  private static final class Score {
    private int right;
    private int found;
    private int accused;
    private int beyond;
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "agent"})
  void everyVerdictIsRight(String tier) throws Exception {
    System.out.println(table(tier, new CorpusRun(directory).verdicts(tier, "")));
  }

  @Test
  void halfOfThePrograms_areClean() {
    List<Case> cases = CorpusChild.cases();
    long clean = cases.stream().filter(program -> program.leaks().isEmpty()).count();

    assertThat(cases).hasSizeGreaterThan(LEAST);
    assertThat(clean).isBetween(cases.size() * 2L / 5, cases.size() * 3L / 5);
    assertThat(cases.stream().map(Case::name)).doesNotHaveDuplicates();
  }

  @Test
  void everyKindIsCovered() {
    Set<Object> covered = new HashSet<>();
    CorpusChild.cases().forEach(program -> covered.addAll(program.leaks()));
    CorpusChild.cases().forEach(program -> covered.addAll(program.expected(true, true)));

    assertThat(covered).contains((Object[]) dev.leakcheck.model.LeakKind.values());
  }

  private static String table(String tier, List<CorpusRun.Verdict> verdicts) {
    Map<String, Score> scores = new TreeMap<>();
    for (CorpusRun.Verdict verdict : verdicts) {
      for (String kind : verdict.right()) {
        Score score = scores.computeIfAbsent(kind, key -> new Score());
        score.right++;
        score.found += verdict.found().contains(kind) ? 1 : 0;
      }
      for (String kind : verdict.found()) {
        scores.computeIfAbsent(kind, key -> new Score()).accused +=
            verdict.right().contains(kind) ? 0 : 1;
      }
      for (String kind : verdict.leaks()) {
        if (!verdict.right().contains(kind) && !verdict.right().contains("stray-virtual-thread")) {
          scores.computeIfAbsent(kind, key -> new Score()).beyond++;
        }
      }
    }
    StringBuilder out =
        new StringBuilder(
            String.format(
                "%nCorpus on JDK %d, %s tier: %d programs%n%-22s %8s %8s %8s %8s%n",
                Runtime.version().feature(),
                tier,
                verdicts.size(),
                "kind",
                "planted",
                "recall",
                "accused",
                "unseen"));
    scores.forEach(
        (kind, score) ->
            out.append(
                String.format(
                    "%-22s %8d %7s%% %8d %8d%n",
                    kind,
                    score.right,
                    score.right == 0 ? "-" : 100 * score.found / score.right,
                    score.accused,
                    score.beyond)));
    return out.toString();
  }
}
