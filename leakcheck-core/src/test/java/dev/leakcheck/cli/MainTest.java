package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.JavaCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

  private static final String COLOUR = "\u001b[";

  @ParameterizedTest
  @CsvSource({
    "gaet, there is no command 'gaet'; did you mean gate?",
    "gates, there is no command 'gates'; did you mean gate?",
    "basline, there is no command 'basline'; did you mean baseline?",
    "doctro, there is no command 'doctro'; did you mean doctor?",
    "frobnicate, there is no command 'frobnicate'",
    "--verison, there is no option '--verison'; did you mean --version?",
  })
  void whatNobodyKnowsIsSaidWithWhatIsNear(String given, String complaint) {
    Cli run = Cli.run(given);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).isEqualTo("leakcheck: " + complaint + "\ntry: leakcheck --help\n");
  }

  @Test
  void anOptionOfACommandIsLookedForAmongThoseOfThatCommand() {
    assertThat(Cli.run("gate", "--expct-jvms=2", ".").err())
        .isEqualTo(
            "leakcheck: there is no option '--expct-jvms'; did you mean --expect-jvms?\n"
                + "try: leakcheck gate --help\n");
    assertThat(Cli.run("doctor", "now").err()).contains("Unmatched argument");
  }

  /** A child's output is no terminal; the second variable says that it is to be taken for one. */
  @Test
  void hasColourOnATerminalAloneAndNeverIfThatIsNotWanted() throws Exception {
    assertThat(explain(Map.of())).doesNotContain(COLOUR);
    assertThat(explain(Map.of("CLICOLOR_FORCE", "1"))).contains(COLOUR);
    assertThat(explain(Map.of("CLICOLOR_FORCE", "1", "NO_COLOR", "1"))).doesNotContain(COLOUR);
  }

  private static String explain(Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> command = JavaCommand.begin();
    command.addAll(List.of(Main.class.getName(), "explain", "deadlock"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("CLICOLOR_FORCE", "CLICOLOR", "NO_COLOR"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(out).contains("Threads wait for each other");
    return out;
  }
}
