package dev.leakcheck.proof.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a wake-up may be on its way that the JVM does not show yet. */
class AsleepTest {

  private static final String PRINT =
      """
      "main" #1 [100] prio=5 os_prio=0 cpu=1.00ms elapsed=1.00s tid=0x1 nid=100 runnable  [0x1]
      "waiter" #20 daemon prio=5 os_prio=0 cpu=1.00ms elapsed=1.00s tid=0x2 nid=0x65 waiting on condition
      """;

  @TempDir private Path tasks;

  private void write(long task, String state, int slept, int pushed) throws IOException {
    Files.createDirectories(tasks.resolve("" + task));
    Files.writeString(
        tasks.resolve(task + "/status"),
        "Name:\tx\nState:\t%s\nNSpid:\t7\t%s\nvoluntary_ctxt_switches:\t%s\nnonvoluntary_ctxt_switches:\t%s\n"
            .formatted(state, task, slept, pushed));
  }

  private boolean lasts(String state, int slept, int pushed) throws IOException {
    write(100, "R (running)", 1, 1);
    write(101, "S (sleeping)", 5, 2);
    Asleep before = Asleep.now(tasks, PRINT);
    write(101, state, slept, pushed);
    return before.lasts(Asleep.now(tasks, PRINT), 20);
  }

  @Test
  void whoSleepsAllTheTimeWasWokenByNobody() throws IOException {
    assertThat(lasts("S (sleeping)", 5, 2)).isTrue();
  }

  @Test
  void whoIsToRunWasWokenThoughItDidNotRunYet() throws IOException {
    assertThat(lasts("R (running)", 5, 2)).isFalse();
  }

  @Test
  void whoRanMeanwhileWasWoken() throws IOException {
    assertThat(lasts("S (sleeping)", 6, 2)).isFalse();
    assertThat(lasts("S (sleeping)", 5, 3)).isFalse();
  }

  @Test
  void ofWhomNothingIsToldThoughOfOthersItIsCountsAsWoken() throws IOException {
    write(100, "R (running)", 1, 1);
    Asleep now = Asleep.now(tasks, PRINT);

    assertThat(now.lasts(now, 20)).isFalse();
  }

  @Test
  void whoSleptIsToldOfThoseThatDidAllTheTime() throws IOException {
    write(100, "S (sleeping)", 1, 1);
    write(101, "S (sleeping)", 5, 2);
    Asleep before = Asleep.now(tasks, PRINT);
    write(101, "S (sleeping)", 6, 2);

    assertThat(before.slept(Asleep.now(tasks, PRINT))).containsExactly(1L);
  }

  @Test
  void twoThreadsThatSeemToHaveOneIdCountAsWoken() throws IOException {
    write(101, "S (sleeping)", 5, 2);
    String twice = PRINT + PRINT.lines().skip(1).findFirst().orElseThrow() + "\n";
    Asleep now = Asleep.now(tasks, twice);

    assertThat(now.lasts(now, 20)).isFalse();
  }

  @Test
  void whereTheSystemDoesNotTellTheProofSaysSo() {
    Asleep now = Asleep.now(tasks, PRINT);

    assertThat(now.lasts(now, 20)).isTrue();
    assertThat(now.qualify(now, new Proof.Proved(Set.of())).lines())
        .contains(
            "(and a wake-up that was on its way in that instant, which Linux tells, of a JVM that"
                + " runs)");
  }
}
