package dev.leakcheck.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.agent.AgentJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vendor.stuck.RandomChild;

/**
 * Asks about threads at random. {@code -Dproof.rounds=10000 -Dchild.minutes=200} has it try more.
 */
public final class RandomThreads {

  private static final String SEED = "20261128";

  /** A live thread that wants a monitor in compiled code may hide something. */
  private static final List<String> INTERPRETED =
      List.of(
          "-XX:CompileCommand=quiet", "-XX:CompileCommand=exclude,vendor.stuck.RandomChild*::*");

  private RandomThreads() {}

  /** Whether those are proved that nobody can wake, nearly all of them, and nothing else. */
  public static void require(Path directory, List<String> flags, int rounds, String... more)
      throws IOException, InterruptedException {
    String[] arguments = new String[2 + more.length];
    arguments[0] = Integer.getInteger("proof.rounds", rounds).toString();
    arguments[1] = SEED;
    System.arraycopy(more, 0, arguments, 2, more.length);
    List<String> all = new ArrayList<>(flags);
    all.addAll(INTERPRETED);
    List<String> printed = new AgentJvm(directory, RandomChild.class).run(all, arguments);

    String last = printed.get(printed.size() - 1);
    Matcher counts =
        Pattern.compile("false (\\d+) proved (\\d+) of (\\d+) woken (\\d+)").matcher(last);
    assertThat(counts.matches()).as(printed.toString()).isTrue();
    assertThat(counts.group(1)).as(printed.toString()).isEqualTo("0");
    assertThat(Integer.parseInt(counts.group(2)))
        .as(printed.toString())
        .isPositive()
        .isGreaterThanOrEqualTo(Integer.parseInt(counts.group(3)) * 95 / 100);
    assertThat(Integer.parseInt(counts.group(4))).as("woken then").isPositive();
  }
}
