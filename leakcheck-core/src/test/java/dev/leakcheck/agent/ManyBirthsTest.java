package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.JavaCommand;
import dev.leakcheck.Jdk21;
import dev.leakcheck.SameOnEveryJdk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the agent keeps of a great many things that end while a scope is open: next to nothing. */
@SameOnEveryJdk
class ManyBirthsTest {

  /** The JVM's own, and what is made at once. */
  private static final int BARE_MEGABYTES = 8;

  private static final int ALLOWED_MEGABYTES = 20;

  /** Nothing needs to be collected for long. */
  private static final List<String> PLENTY = List.of("-Xmx1g", "-XX:+UseG1GC");

  @TempDir private Path directory;

  private static long kilobytes(String word, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(word + " "))
        .mapToLong(line -> Long.parseLong(line.substring(word.length() + 1)))
        .sum();
  }

  private List<String> run(String shape, int count, List<String> heap) throws Exception {
    List<String> flags = new ArrayList<>(JavaCommand.AS_USERS_RUN_IT);
    flags.addAll(heap);
    flags.add(AgentJvm.option(directory));
    List<String> lines =
        new AgentJvm(directory, ManyBirthsChild.class).run(flags, shape, Integer.toString(count));
    assertThat(lines).contains("marker gone");
    return lines;
  }

  /**
   * If more than so much were held at any time, the JVM would run out of memory. The collector is
   * told not to leave what is dead where moving the rest does not pay, or that would be counted.
   */
  private static List<String> tight(int megabytes) {
    return List.of(
        "-Xmx" + megabytes + "m", "-XX:+UseSerialGC", "-XX:MarkSweepAlwaysCompactCount=1");
  }

  private void takeLittle(String shape, int count) throws Exception {
    for (List<String> heap : List.of(tight(BARE_MEGABYTES + ALLOWED_MEGABYTES), PLENTY)) {
      List<String> lines = run(shape, count, heap);

      assertThat(kilobytes("inside", lines))
          .as("held in the scope, with " + heap)
          .isLessThan(ALLOWED_MEGABYTES << 10);
      assertThat(kilobytes("after", lines))
          .as("held after the scope, with " + heap)
          .isLessThan(ManyBirthsChild.NOISE_KILOBYTES);
    }
  }

  @ParameterizedTest
  @CsvSource({"POOLS, 3000", "QUEUES, 300000", "LOCKS, 300000"})
  void poolsQueuesAndLocksThatAreOverAreNotKept(String shape, int count) throws Exception {
    takeLittle(shape, count);
  }

  @ParameterizedTest
  @CsvSource({"VIRTUAL_WAVES, 300000", "VIRTUAL_PER_TASK, 300000"})
  void virtualThreadsThatHaveEndedAreNotKept(String shape, int count) throws Exception {
    Jdk21.assume();

    takeLittle(shape, count);
  }
}
