package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.cli.base.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** For a JVM that is looked at only a little: half of its time would be the compiler's. */
  private static final String QUICK = "-J-XX:TieredStopAtLevel=1";

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private String output() {
    return out.toString()
        .replaceAll("\\R", "\n")
        .replaceFirst("\\ALeakCheck .* processors\n", "SET-UP\n")
        .replaceFirst("(?m)^(attach     the agent could not be attached: ).*$", "$1…")
        .replaceFirst("           not seen: JDK \\d\\d has no virtual threads .*\n", "");
  }

  @Test
  void onThisJdkAllIsFoundThatIsClaimedAndNothingCleanIsAccused() {
    assertThat(run("doctor")).as(out + "" + err).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(output()).isEqualTo(golden(Runtime.version().feature()));
  }

  @Test
  void theGuideShowsWhatIsPrinted() {
    String page = GuidePage.COMMAND_LINE.text();
    String example = page.substring(page.indexOf("$ leakcheck doctor\n"));

    assertThat(example.substring(0, example.indexOf("```")).lines().skip(2))
        .hasSizeGreaterThan(10)
        .filteredOn(line -> !line.equals("…") && !line.startsWith("attach "))
        .allSatisfy(line -> assertThat(golden(25).lines()).contains(line));
  }

  private static final String GOLDEN =
      """
      SET-UP

      kind                  plain  agent  why not
      deadlock              yes    yes
      uncaught-exception    yes    yes
      unclosed-executor     yes    yes
      uncancelled-timer     yes    yes
      unclosed-task-scope   yes    yes
      stuck-on-queue        yes    yes
      held-lock             yes    yes
      stray-thread          yes    yes
      stray-virtual-thread  yes    yes
      busy-common-pool      yes    yes
      leftover-task         CLOSED
      child-process         yes    yes
      shutdown-hook         no     yes    seen with the agent only
      leftover-queue        yes    yes
      thread-local-residue  no     yes    seen with the agent only
      stray-interrupt       yes    yes
      growth                yes    yes

      plain      PLAIN of 17 kinds are found; of 17 clean programs none is accused
      agent      17 of 17 kinds are found; of 17 clean programs none is accused
      proof      works: of two threads that wait the one that nobody can wake is proved stuck, the other is not; of virtual threads likewise
      attach     the agent could not be attached: …
      modules    jdk.management yes, jdk.attach yes
      reports    in target/leakcheck under Maven and build/leakcheck under Gradle, elsewhere where leakcheck.report.dir says
      """;

  private static String golden(int feature) {
    if (feature >= 24) {
      return GOLDEN
          .replace("CLOSED", "no     yes    from Java 24 on seen with the agent only")
          .replace("PLAIN", "14");
    }
    String open = GOLDEN.replace("CLOSED", "yes    yes");
    return feature >= 21
        ? open.replace("PLAIN", "15")
        : open.replaceAll(
                "(?m)^(unclosed-task-scope |stray-virtual-thread)  yes    yes$",
                "$1  no     no     not on this JDK: it came with 21")
            .replace("PLAIN", "13")
            .replace("; of virtual threads likewise", "")
            .replace("17 of 17", "15 of 17")
            .replace("of 17 clean", "of 15 clean");
  }

  @Test
  @SameOnEveryJdk
  void saysWhatIsWrongWhereAnythingIs() {
    assertThat(run("doctor", QUICK, "--agent", "-J-Dleakcheck.agent=off"))
        .isEqualTo(ExitCode.LEAKS);
    assertThat(output())
        .contains("\nshutdown-hook         WRONG\n", "\nheld-lock             yes\n")
        .contains(
            """

            wrong      agent: it was loaded, but LeakCheck does not use it
            wrong      agent: shutdown-hook was planted and not found
            wrong      agent: thread-local-residue was planted and not found
            agent \
            """)
        .doesNotContain("plain");
  }

  @Test
  void saysWhatAFlagHides() {
    Jdk21.assume();

    assertThat(run("doctor", QUICK, "--no-agent", "-J-Djdk.trackAllThreads=false"))
        .as(out + "")
        .isZero();
    assertThat(output())
        .contains("\nstray-virtual-thread  no     jdk.trackAllThreads=false\n")
        .contains("not seen: jdk.trackAllThreads=false: virtual threads that no executor started")
        .doesNotContain("agent  why not");
  }

  @Test
  void saysWhatAMissingModuleHides() {
    Jdk21.assume();

    assertThat(run("doctor", QUICK, "--no-agent", "-J--limit-modules=java.management,java.logging"))
        .as(out + "")
        .isZero();
    assertThat(output())
        .contains("\nstray-virtual-thread  no     the module jdk.management is missing\n")
        .contains("\nproof      does not work here: ")
        .contains("\nmodules    jdk.management MISSING, jdk.attach MISSING\n");
  }

  @Test
  @SameOnEveryJdk
  void aJvmThatDoesNotStartIsBadInput() {
    assertThat(run("doctor", "-J-XX:+NoSuchFlag")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .containsExactly(
            "leakcheck: the JVM for plain ended at its start: Unrecognized VM option 'NoSuchFlag'");
  }

  @Test
  @SameOnEveryJdk
  void aJvmThatHangsIsEndedWhenItsTimeIsUp() {
    String suspended =
        "-J-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0";

    assertThat(run("doctor", suspended, "--timeout", "2s")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString().lines())
        .containsExactly(
            "leakcheck: the JVM for plain hung at its start and was ended after 2.0 s");
    assertThat(
            ProcessHandle.current()
                .children()
                .map(child -> String.join(" ", child.info().arguments().orElse(new String[0]))))
        .noneMatch(arguments -> arguments.contains("DoctorChild"));
  }

  @Test
  void aTimeLimitThatIsNoneIsBadInput() {
    assertThat(run("doctor", "--timeout", "soon")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString())
        .startsWith("leakcheck: --timeout is 'soon', but takes a number and a unit");
  }
}
