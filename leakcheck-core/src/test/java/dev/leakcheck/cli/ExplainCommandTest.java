package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.model.LeakKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

class ExplainCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Without the colours that it has where the tests themselves run on a terminal. */
  private int run(String... args) {
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    out.getBuffer()
        .replace(0, out.getBuffer().length(), out.toString().replaceAll("\u001b\\[[0-9;]*m", ""));
    return code;
  }

  @Test
  void listsAllKindsAndThenThePagesOfTheGuide() {
    assertThat(run("explain")).isZero();
    assertThat(out.toString().lines())
        .hasSize(LeakKind.values().length + 2 + GuidePage.values().length + 2)
        .contains("unclosed-executor     an executor was never shut down")
        .containsSequence("", "The guide")
        .contains("adopting              accept the leaks that are there, fail for new ones");
  }

  @Test
  void listsAllRulesThatAreInForceWithTheirEvidenceAndWhereTheyCameFrom() {
    assertThat(run("explain", "rules")).isZero();
    assertThat(out.toString().lines())
        .contains("NETTY_STATIC: Netty's statics: one per JVM, they end when idle")
        .contains("  from      LeakCheck")
        .contains("  known by  name JNA Cleaner; class com.sun.jna.internal.Cleaner*")
        .anyMatch(line -> line.startsWith("CLASS_INITIALIZER: "))
        .anyMatch(line -> line.startsWith("TOOL: "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stray-interrupt", "STRAY_INTERRUPT", "Stray-Interrupt", " stray_interrupt"})
  void takesAKindAsItIsWrittenAnywhere(String name) {
    assertThat(run("explain", name)).isZero();
    assertThat(out.toString()).startsWith("stray-interrupt" + System.lineSeparator());
  }

  @ParameterizedTest
  @ValueSource(strings = {"command-line", "COMMAND_LINE", " Command_Line"})
  void takesAPageOfTheGuideAsItIsWrittenAnywhere(String name) {
    assertThat(run("explain", name)).isZero();
    assertThat(out.toString()).startsWith("The command line" + System.lineSeparator());
  }

  @Test
  void givesAPageOfTheGuideAsItIsWritten() {
    assertThat(run("explain", "--markdown", "costs")).isZero();
    assertThat(out.toString()).isEqualToNormalizingNewlines(GuidePage.COSTS.text());
  }

  @Test
  void givesThePageAsItIsWritten() {
    assertThat(run("explain", "--markdown", "growth")).isZero();
    assertThat(out.toString()).isEqualToNormalizingNewlines(LeakKind.GROWTH.page());
  }

  @ParameterizedTest
  @CsvSource({
    "unclosed-executer, there is no kind or page 'unclosed-executer'; did you mean unclosed-executor?",
    "thread, there is no kind or page 'thread'; did you mean stray-thread or stray-virtual-thread or thread-local-residue?",
    "limit, there is no kind or page 'limit'; did you mean limits?",
    "architekture, there is no kind or page 'architekture'; did you mean architecture?",
    "socket, there is no kind or page 'socket'; 'leakcheck explain' lists them",
    "'', there is no kind or page ''; 'leakcheck explain' lists them",
    "f7f6587682d0dbf8, 'f7f6587682d0dbf8' is the id of one finding: give the kind that stands before it"
  })
  void aNameThatNobodyKnowsIsBadInput(String name, String complaint) {
    assertThat(run("explain", name)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines()).containsExactly("leakcheck: " + complaint);
  }

  @Test
  void rendersWhatThePagesAreMadeOf() {
    String page =
        """
        # some-kind

        Something was left, by *somebody* who
        called `open()` and did **not** [close](close.md) it.

        ## Right

        ```java
        try (Thing thing = open()) {

          thing.use("a line of code that is longer than the page is wide");
        }
        ```

        - One
          thing that is long enough for two lines.
        - Another.
        """;

    assertThat(TerminalPage.lines(page, 40, Ansi.OFF))
        .containsExactly(
            "some-kind",
            "Something was left, by somebody who",
            "called `open()` and did not close it.",
            "",
            "Right",
            "    try (Thing thing = open()) {",
            "",
            "      thing.use(\"a line of code that is longer than the page is wide\");",
            "    }",
            "",
            "  - One thing that is long enough for",
            "    two lines.",
            "  - Another.");
    assertThat(TerminalPage.lines(page, 40, Ansi.ON))
        .startsWith(
            bold("some-kind"),
            "Something was left, by \u001b[3msomebody\u001b[0m who",
            "called \u001b[36mopen()\u001b[0m and did " + bold("not") + " close it.",
            "",
            bold("Right"),
            "\u001b[36m    try (Thing thing = open()) {\u001b[0m");
  }

  private static final String TABLE =
      """
      | what *is* | seen, µs | and then |
      |---|---:|---|
      | `left` | 18.0 | somebody cleans up |
      | gone | 1,024 | |
      """;

  @Test
  void aTableIsInColumnsWhereItFits() {
    assertThat(TerminalPage.lines("Text\n\n" + TABLE, 40, Ansi.OFF))
        .containsExactly(
            "Text",
            "",
            "what is  seen, µs  and then",
            "`left`       18.0  somebody cleans up",
            "gone        1,024");
  }

  @Test
  void aHeadTakesSeveralLinesBeforeATextDoes() {
    assertThat(TerminalPage.lines(TABLE, 35, Ansi.OFF))
        .containsExactly(
            "what    seen,  and then",
            "is         µs",
            "`left`   18.0  somebody cleans up",
            "gone    1,024");
  }

  @Test
  void coloursDoNotMoveAColumn() {
    assertThat(TerminalPage.lines(TABLE, 40, Ansi.ON))
        .contains("\u001b[36mleft\u001b[0m         18.0  somebody cleans up")
        .contains("gone        1,024");
  }

  @Test
  void theLastColumnIsWrappedWhereThatLeavesItRoom() {
    String table =
        """
        | | |
        |---|---|
        | one | a cell that is too long for one line of a terminal |
        | two | another |
        """;

    assertThat(TerminalPage.lines(table, 40, Ansi.OFF))
        .containsExactly(
            "one  a cell that is too long for one", "     line of a terminal", "two  another");
  }

  @Test
  void aTableThatDoesNotFitIsAParagraphForEachRow() {
    String wide =
        """
        | where | what is missing |
        |---|---|
        | a thread that has a long name | what it waits for, and whom |
        """;

    assertThat(TerminalPage.lines(wide, 40, Ansi.OFF))
        .containsExactly(
            "where",
            "    what is missing",
            "a thread that has a long name",
            "    what it waits for, and whom");
    assertThat(TerminalPage.lines(TABLE, 20, Ansi.OFF))
        .containsExactly(
            "what is",
            "`left`",
            "    seen, µs: 18.0",
            "    and then",
            "        somebody",
            "        cleans up",
            "gone",
            "    seen, µs: 1,024");
  }

  private static String bold(String text) {
    return "\u001b[1m" + text + "\u001b[0m";
  }

  @ParameterizedTest
  @EnumSource
  void noPageIsWiderThanTheTerminalNorLosesAWord(LeakKind kind) {
    List<String> lines = TerminalPage.lines(kind.page(), 60, Ansi.OFF);

    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(line)
                    .satisfiesAnyOf(
                        text -> assertThat(text).hasSizeLessThanOrEqualTo(60),
                        text -> assertThat(text).startsWith("    "), // code
                        text -> assertThat(text.strip()).doesNotContain(" ")));
    assertThat(words(String.join(" ", lines)))
        .isEqualTo(
            words(
                kind.page()
                    .replaceAll("(?m)^(#+ |```.*$)", "")
                    .replaceAll("\\[([^]\n]*)]\\([^)\n]*\\.md\\)", "$1")
                    .replaceAll("(?<=[ (])\\*([a-z ]+)\\*", "$1")));
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }
}
