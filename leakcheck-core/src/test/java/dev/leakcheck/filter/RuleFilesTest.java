package dev.leakcheck.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleFilesTest {

  private static final String RULE =
      """
      {
        "version": 1,
        "threads": [
          {
            "id": "ACME_CLEANER",
            "reason": "Acme's static cleaner",
            "power": "inert",
            "checked": "Acme 3.1",
            "samples": ["acme-cleaner"],
            "evidence": [{ "names": ["acme-cleaner"], "types": ["com.acme.Cleaner"] }]
          }
        ]
      }
      """;

  @TempDir private Path directory;

  private RuleFiles.Rules read(String... files) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (int i = 0; i < files.length; i++) {
      Path folder = directory.resolve("lib" + i);
      Path file = folder.resolve(RuleFiles.RESOURCE);
      Files.createDirectories(file.getParent());
      Files.writeString(file, files[i]);
      urls.add(folder.toUri().toURL());
    }
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), null)) {
      return RuleFiles.read(loader);
    }
  }

  private static KnownThread last(RuleFiles.Rules rules) {
    return rules.threads().get(rules.threads().size() - 1);
  }

  @Test
  void aLibrarysOwnRulesComeAfterThoseOfLeakCheck() throws Exception {
    RuleFiles.Rules rules = read(RULE);

    assertThat(rules.problems()).isEmpty();
    assertThat(rules.threads()).hasSize(KnownThreads.all().size() + 1);
    assertThat(rules.threads().get(0).source()).isEqualTo("LeakCheck");
    assertThat(last(rules).id()).isEqualTo("ACME_CLEANER");
    assertThat(last(rules).source()).startsWith("file:").endsWith("lib0/");
    assertThat(last(rules).isInert()).isTrue();
  }

  @Test
  void aBadFileIsOneProblemAndTheOthersCount() throws Exception {
    RuleFiles.Rules rules = read("{", RULE);

    assertThat(rules.problems()).singleElement().asString().contains("lib0").contains("not JSON");
    assertThat(last(rules).id()).isEqualTo("ACME_CLEANER");
  }

  @Test
  void theSameFileTwiceCountsOnce() throws Exception {
    RuleFiles.Rules rules = read(RULE, RULE);

    assertThat(rules.problems()).isEmpty();
    assertThat(rules.threads()).hasSize(KnownThreads.all().size() + 1);
  }

  @Test
  void anIdIsTakenOnce() throws Exception {
    RuleFiles.Rules rules = read(RULE.replace("ACME_CLEANER", "NETTY_STATIC"));

    assertThat(rules.problems())
        .singleElement()
        .asString()
        .endsWith("the id NETTY_STATIC is taken by a rule of LeakCheck");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"inert\"' | '\"harmless\"' | :7:16: 'power' is 'harmless', expected inert or",
        "'\"types\": [\"com.acme.Cleaner\"]' | '\"daemon\": true' | :10:20: this says nothing that a"
            + " test's own thread could not have: expected one of types, outermost",
        "'\"types\"' | '\"type\"' | unknown 'type', evidence has daemon, groups",
        "'[\"acme-cleaner\"], \"types\"' | '[\"(\"], \"types\"' | '(' is no regular expression",
        "'\"samples\": [\"acme-cleaner\"]' | '\"samples\": [\"other\"]' | no evidence of ACME_CLEANER"
            + " has the name 'other'",
        "'\"com.acme.Cleaner\"' | '\"*\"' | '*' is no pattern of classes",
        "'\"power\": \"inert\",' | '\"power\": \"inert\", \"most\": 0,' | 'most' is 0, expected 1 or more",
        "'\"version\": 1' | '\"version\": 2' | 'version' is 2, expected 1",
        "'\"checked\": \"Acme 3.1\",' | '' | 'checked' is missing, expected a text"
      })
  void aProblemSaysWhereAndWhatIsExpected(String good, String bad, String problem)
      throws Exception {
    assertThat(RULE).contains(good);
    RuleFiles.Rules rules = read(RULE.replace(good, bad));

    assertThat(rules.problems()).singleElement().asString().contains("lib0").contains(problem);
    assertThat(rules.threads()).hasSameSizeAs(KnownThreads.all());
  }

  @Test
  void theExampleOfTheGuideIsRead() throws Exception {
    String page;
    try (InputStream in =
        RuleFilesTest.class.getResourceAsStream("/dev/leakcheck/guide/left-alone.md")) {
      page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Matcher example = Pattern.compile("(?ms)^```json\n(.*?)^```$").matcher(page);
    assertThat(example.find()).isTrue();
    RuleFiles.Rules rules = read(example.group(1));

    assertThat(rules.problems()).isEmpty();
    assertThat(last(rules).id()).isEqualTo("ACME_POOL");
  }

  @Test
  void everyRuleSaysWhyAndForWhatItWasTriedOutAndHasASample() {
    assertThat(KnownThreads.problems()).isEmpty();
    assertThat(KnownThreads.all())
        .hasSizeGreaterThan(40)
        .allSatisfy(
            rule -> {
              assertThat(rule.reason()).hasSizeGreaterThan(5).doesNotEndWith(".");
              assertThat(rule.samples()).isNotEmpty();
            });
  }
}
