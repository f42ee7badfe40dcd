package dev.leakcheck.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KindPagesTest {

  private static final List<String> SECTIONS =
      List.of(
          "## What it is",
          "## Why it matters",
          "## Wrong",
          "## Right",
          "## How to fix",
          "## How to allow",
          "## Other tools");

  @ParameterizedTest
  @EnumSource
  void pageHasItsTitleItsSummaryAndItsSections(LeakKind kind) {
    List<String> lines = kind.page().lines().toList();

    assertThat(lines.get(0)).isEqualTo("# " + kind.id());
    assertThat(lines.get(2)).isEqualToIgnoringCase(kind.summary() + ".");
    assertThat(lines.stream().filter(line -> line.startsWith("## "))).isEqualTo(SECTIONS);
  }

  @ParameterizedTest
  @EnumSource
  void everySectionSaysSomething(LeakKind kind) {
    for (String section : SECTIONS) {
      String rest = kind.page().substring(kind.page().indexOf(section) + section.length());
      int end = rest.indexOf("\n## ");

      assertThat(rest.substring(0, end < 0 ? rest.length() : end).strip())
          .as(section)
          .hasSizeGreaterThan(40);
    }
  }

  @ParameterizedTest
  @EnumSource
  void wrongAndRightAreCode(LeakKind kind) {
    String page = kind.page();

    assertThat(page.substring(page.indexOf("## Wrong"), page.indexOf("## Right")))
        .contains("```java");
    assertThat(page.substring(page.indexOf("## Right"), page.indexOf("## How to fix")))
        .contains("```java");
    assertThat(page.split("```", -1))
        .as("fences come in pairs")
        .hasSizeGreaterThan(6)
        .satisfies(parts -> assertThat(parts.length % 2).isEqualTo(1));
  }

  @ParameterizedTest
  @EnumSource
  void pageTellsHowToAllowItsOwnKind(LeakKind kind) {
    assertThat(kind.page())
        .contains("@AllowLeaks(kind = LeakKind." + kind.name() + ",")
        .contains("Allowance.of(Set.of(LeakKind." + kind.name() + ")");
  }

  @Test
  void thereIsNoPageWithoutAKind() throws IOException, URISyntaxException {
    Path directory =
        Path.of(LeakKind.class.getResource("/dev/leakcheck/kinds/stray-thread.md").toURI())
            .getParent();
    try (Stream<Path> pages = Files.list(directory)) {
      assertThat(pages.map(page -> page.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(LeakKind.values()).map(kind -> kind.id() + ".md").toList());
    }
  }
}
