package dev.leakcheck.cli.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.cli.reports.LeakCopy;
import dev.leakcheck.cli.reports.SampleReports;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MarkdownTest {

  @Test
  void all_kinds_and_verdicts_are_written_whole() {
    GoldenFile.assertMatches("all.md", GoldenFile.written(new Markdown(), SampleReports.reports()));
  }

  @Test
  void no_leaks_are_a_headline() {
    assertThat(GoldenFile.written(new Markdown(), SampleReports.clean()))
        .isEqualTo("## LeakCheck: no leaks\n\n3 checks in 2 JVMs\n");
  }

  @Test
  void hostile_names_are_no_markup() {
    String markdown = GoldenFile.written(new Markdown(), SampleReports.hostile());

    GoldenFile.assertMatches("hostile.md", markdown);
    assertThat(markdown).doesNotContain("\u202e", "\u0000", "\u001b", "\u2028", "\r");
    assertThat(outsideOfFences(markdown))
        .doesNotContain("<script", "](", "`", "<!--", "@all", "~", "\\")
        .allSatisfy(line -> assertThat(cells(line)).isIn(0, 6, 7));
  }

  @Test
  void a_fence_is_longer_than_what_is_within() {
    assertThat(Markdown.fenced("a\n```\n`````\n")).startsWith("``````text\n").endsWith("\n``````");
  }

  @Test
  void text_that_could_mean_something_is_character_references() {
    assertThat(Markdown.code("a|b `c` https://x www.y.z @me <b> &amp; \\ a:1"))
        .isEqualTo(
            "<code>a&#124;b &#96;c&#96; https&#58;//x www&#46;y.z &#64;me &#60;b&#62; &#38;amp;"
                + " &#92; a:1</code>");
  }

  @Test
  void what_does_not_fit_is_counted() {
    List<ReportEntry> entries = new ArrayList<>();
    entries.add(SampleReports.jvm(1));
    for (int i = 0; i < 20_000; i++) {
      Leak leak =
          SampleReports.leak(
              LeakKind.values()[i % LeakKind.values().length],
              "com.acme.OrderTest",
              "test" + i,
              i,
              i % 3 == 0 ? Verdict.KNOWN : Verdict.NEW,
              i % 3 == 0 ? "later" : null);
      entries.add(new LeakCopy(leak).fingerprint(SampleReports.fingerprint(i)).leak());
    }
    String markdown =
        GoldenFile.written(
            new Markdown(), SampleReports.merged(Map.of("a.jsonl", List.copyOf(entries))));

    assertThat(markdown.getBytes(StandardCharsets.UTF_8).length)
        .isBetween(600_000, Markdown.MAX_BYTES);
    assertThat(markdown)
        .startsWith("## LeakCheck: 13333 leaks, 6667 accepted\n")
        .containsPattern("\nand \\d{5} more\n")
        .containsPattern("\nand the messages of \\d{5} more, which do not fit here\n")
        .containsPattern("\nand \\d{4} more\n\n</details>\n$");
  }

  private static List<String> outsideOfFences(String markdown) {
    List<String> outside = new ArrayList<>();
    String fence = "";
    for (String line : markdown.split("\n", -1)) {
      if (fence.isEmpty() && line.startsWith("```")) {
        fence = line.replace("text", "");
      } else if (line.equals(fence)) {
        fence = "";
      } else if (fence.isEmpty()) {
        outside.add(line);
      }
    }
    assertThat(fence).isEmpty();
    return outside;
  }

  private static int cells(String line) {
    return (int) line.chars().filter(c -> c == '|').count();
  }
}
