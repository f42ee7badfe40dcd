package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.Help.Ansi;

class GuidePageTest {

  private static final int WIDEST_SUMMARY = 58; // beside its name on 80 columns
  private static final String CODE_INDENT = "    ";
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?\n(.*?)^```$");

  @Test
  void everyFileOfTheGuideIsListedAndEveryListedPageHasAFile()
      throws IOException, URISyntaxException {
    Path directory =
        Path.of(GuidePage.class.getResource("/dev/leakcheck/guide/limits.md").toURI()).getParent();
    try (Stream<Path> pages = Files.list(directory)) {
      assertThat(pages.map(page -> page.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(GuidePage.values()).map(page -> page.id() + ".md").toList());
    }
  }

  @Test
  void noPageHasTheNameOfAKind() {
    assertThat(Arrays.stream(GuidePage.values()).map(GuidePage::id))
        .doesNotContainAnyElementsOf(Arrays.stream(LeakKind.values()).map(LeakKind::id).toList());
  }

  @ParameterizedTest
  @EnumSource
  void pageBeginsWithItsTitleAndOneSentenceThatFitsIntoTheList(GuidePage page) {
    List<String> lines = page.text().lines().toList();

    assertThat(lines.get(0)).matches("# \\S.*");
    assertThat(lines.get(1)).isEmpty();
    assertThat(lines.get(2)).endsWith(".").hasSizeLessThanOrEqualTo(WIDEST_SUMMARY + 1);
    assertThat(lines.get(3)).isEmpty();
    assertThat(lines.stream().filter(line -> line.startsWith("# ")).filter(outsideOfCode(page)))
        .hasSize(1);
    assertThat(page.summary() + ".").isEqualToIgnoringCase(lines.get(2));
  }

  private static Predicate<String> outsideOfCode(GuidePage page) {
    String prose = FENCED.matcher(page.text()).replaceAll("");
    return line -> prose.lines().anyMatch(line::equals);
  }

  @ParameterizedTest
  @EnumSource
  void noPageIsWiderThanTheTerminalButItsCode(GuidePage page) {
    Set<String> code = new HashSet<>();
    FENCED
        .matcher(page.text())
        .results()
        .flatMap(block -> block.group(1).lines())
        .forEach(line -> code.add((CODE_INDENT + line).stripTrailing()));

    for (int width : new int[] {40, 60, 80, 100}) {
      assertThat(TerminalPage.lines(page.text(), width, Ansi.OFF))
          .as("%d columns", width)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .satisfiesAnyOf(
                          text -> assertThat(text).hasSizeLessThanOrEqualTo(width),
                          text -> assertThat(code).contains(text),
                          text -> assertThat(text.strip()).doesNotContain(" ")));
    }
  }

  /** Also tells what a page may not be made of, such as numbered lists and quotes. */
  @ParameterizedTest
  @EnumSource
  void noWordIsLostOnATerminal(GuidePage page) {
    for (int width : new int[] {40, 100}) {
      assertThat(words(String.join("\n", TerminalPage.lines(page.text(), width, Ansi.OFF))))
          .containsAll(
              words(
                  page.text()
                      .replaceAll("(?m)^```.*$", "")
                      .replaceAll("\\[([^]\n]*)]\\([^)\n]*\\)", "$1")));
    }
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    for (String word : text.split("[^\\p{L}\\p{N}.@$_-]+")) {
      if (word.chars().anyMatch(Character::isLetterOrDigit)) {
        words.add(word);
      }
    }
    return words;
  }
}
