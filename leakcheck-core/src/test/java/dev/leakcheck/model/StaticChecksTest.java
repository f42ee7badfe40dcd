package dev.leakcheck.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the pages of kinds say of other tools' checks: each is on its tool's own list, or the page
 * says as of which version it was there.
 */
class StaticChecksTest {

  private static final String SECTION = "\n## Other tools\n";

  /** A line of the section that names checks, and those that it goes on in. */
  private static final Pattern TOOL = Pattern.compile("(?ms)^- ([^:`]+): (.*?)(?=^[-\n]|\\z)");

  private static final Pattern NAMED = Pattern.compile("`([^`]*)`");
  private static final Pattern DATED =
      Pattern.compile("(IntelliJ IDEA|Sonar for Java) \\(as of \\d+\\.\\d+\\)");

  private static final List<String> KINDS =
      Arrays.stream(LeakKind.values()).map(LeakKind::id).toList();

  private static Map<String, Set<String>> lists;

  @BeforeAll
  static void readLists() throws IOException {
    lists =
        Map.of(
            "Error Prone", StaticChecks.ofErrorProne(),
            "SpotBugs", StaticChecks.ofSpotBugs(),
            "fb-contrib for SpotBugs", StaticChecks.ofFbContrib(),
            "PMD", StaticChecks.ofPmd());
  }

  @Test
  void theListsWereRead() {
    assertThat(lists)
        .allSatisfy((tool, checks) -> assertThat(checks).as(tool).hasSizeGreaterThan(200));
  }

  @ParameterizedTest
  @EnumSource
  void everyCheckThatAPageNamesIsThere(LeakKind kind) {
    String page = kind.page();

    assertThat(wrongIn(page.substring(page.indexOf(SECTION) + SECTION.length()))).isEmpty();
  }

  @Test
  void theseAreThere() {
    assertThat(
            wrongIn(
                """

                - Error Prone: `LockNotBeforeTry` and `GuardedBy`, for a lock
                - SpotBugs: `UL_UNRELEASED_LOCK` and
                  `UL_UNRELEASED_LOCK_EXCEPTION_PATH`
                - IntelliJ IDEA (as of 2025.3): `SafeLock`

                And a sentence about `held-lock`.
                """))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- Error Prone: `LockNotBeforeTry` and `NoSuchCheck`",
        "- Error Prone: `LockNotBeforeTry`,\n  `NoSuchCheck`",
        "- Error Prone: `GuardedByChecker`", // its former name
        "- Error Prone: `UL_UNRELEASED_LOCK`",
        "- SpotBugs: `UL_UNRELEASED`",
        "- SpotBugs: `IS_INCONSISTENT_SYNC`", // deprecated
        "- SpotBugs: `HES_EXECUTOR_NEVER_SHUTDOWN`",
        "- fb-contrib for SpotBugs: `HES_EXECUTOR`",
        "- PMD: `CloseResources`",
        "- PMD: `AvoidCatchingNPE`", // deprecated
        "- Error Prone (as of 2.50): `NoSuchCheck`",
        "- IntelliJ IDEA: `SafeLock`",
        "- IntelliJ IDEA (as of 2025): `SafeLock`",
        "- Lint: `SafeLock`",
        "- Error Prone: LockNotBeforeTry",
        "Error Prone has `LockNotBeforeTry`.",
        "- PMD: `CloseResource`\n\nSee also `SafeLock`.",
      })
  void whatNoListHasAndNoVersionSaysIsWrong(String section) {
    assertThat(wrongIn("\n" + section + "\n")).hasSize(1);
  }

  private static List<String> wrongIn(String section) {
    List<String> wrong = new ArrayList<>();
    for (MatchResult line : TOOL.matcher(section).results().toList()) {
      String tool = line.group(1);
      List<String> named = named(line.group(2));
      if (named.isEmpty()) {
        wrong.add(tool + " is there without a check");
      }
      if (!DATED.matcher(tool).matches()) {
        Set<String> list = lists.getOrDefault(tool, Set.of());
        named.stream()
            .filter(check -> !list.contains(check))
            .forEach(check -> wrong.add(tool + " has no " + check));
      }
    }
    named(TOOL.matcher(section).replaceAll("")).stream()
        .filter(name -> !KINDS.contains(name))
        .forEach(check -> wrong.add(check + " is not told of a tool"));
    return wrong;
  }

  private static List<String> named(String text) {
    return NAMED.matcher(text).results().map(match -> match.group(1)).toList();
  }
}
