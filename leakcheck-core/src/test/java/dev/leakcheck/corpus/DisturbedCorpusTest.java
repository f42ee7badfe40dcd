package dev.leakcheck.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.SameOnEveryJdk;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same verdicts as undisturbed. */
@SameOnEveryJdk
class DisturbedCorpusTest {

  /** As often as the JVM can be told to, wherever the programs and the checks are then. */
  private static final String[] COLLECTED_ALL_THE_TIME = {
    "-XX:-UseSerialGC",
    "-XX:+UseG1GC",
    "-XX:G1PeriodicGCInterval=50",
    "-XX:-G1PeriodicGCInvokesConcurrent"
  };

  @TempDir private Path directory;

  /**
   * A report, somebody who watches the run, a monitor: who only looks on changes nothing. Nor does
   * a verdict depend on when the collector runs. All at once, as a run of all programs takes long.
   */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "agent"})
  void everyVerdictIsRightWhereItIsRecordedWatchedAndCollected(String tier) throws Exception {
    Path reports = directory.resolve("reports");
    String[] flags = Arrays.copyOf(COLLECTED_ALL_THE_TIME, COLLECTED_ALL_THE_TIME.length + 1);
    flags[flags.length - 1] = "-Dleakcheck.report.dir=" + reports;

    assertThat(new CorpusRun(directory).verdicts(tier, "watched", flags)).isNotEmpty();
    assertThat(reports).isDirectoryContaining("glob:**.jsonl");
  }
}
