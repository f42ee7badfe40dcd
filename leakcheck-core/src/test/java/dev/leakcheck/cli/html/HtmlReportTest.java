package dev.leakcheck.cli.html;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leakcheck.cli.reports.LeakCopy;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.ReportEntry.Leak;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HtmlReportTest {

  private static final Pattern SCRIPT = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL);
  private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);
  private static final Pattern DATA =
      Pattern.compile(
          "<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);
  private static final Pattern POLICY =
      Pattern.compile("Content-Security-Policy\" content=\"([^\"]+)\"");

  static String page(Reports reports) throws Exception {
    StringWriter page = new StringWriter();
    HtmlReport.write(reports, page);
    return page.toString();
  }

  private static String only(Pattern pattern, String page) {
    List<MatchResult> found = pattern.matcher(page).results().toList();
    assertThat(found).as(pattern.pattern()).hasSize(1);
    return found.get(0).group(1);
  }

  private static Map<String, Object> data(Reports reports) throws Exception {
    return new ObjectMapper().readValue(only(DATA, page(reports)), new TypeReference<>() {});
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> objects(Object list) {
    return (List<Map<String, Object>>) list;
  }

  @Test
  void loadsNothing() throws Exception {
    String page = page(SampleRuns.ordinary());

    assertThat(page)
        .doesNotContainPattern(
            "(?i)\\b(src|href|action|srcset|data)\\s*=\\s*[\"']?\\s*(https?:)?//");
    assertThat(page)
        .doesNotContainPattern(
            "(?i)\\burl\\(|@import|\\bfetch\\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts");
    assertThat(page)
        .doesNotContain("<link", "<iframe", "<object", "<embed", "<base", "http-equiv=\"refresh");
  }

  /** The hashes are those of what stands in the page: a browser takes them so, byte by byte. */
  @Test
  void policyAllowsTheScriptsAndTheStyleThatAreThereAndNothingElse() throws Exception {
    String page = page(SampleRuns.ordinary());
    List<String> scripts =
        SCRIPT.matcher(page).results().map(found -> hash(found.group(1))).toList();

    assertThat(scripts).hasSize(2);
    assertThat(only(POLICY, page))
        .isEqualTo(
            "default-src 'none'; script-src "
                + String.join(" ", scripts)
                + "; style-src "
                + hash(only(STYLE, page))
                + "; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script';"
                + " trusted-types 'none'");
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void hostileTextIsNoMarkupAnywhere() throws Exception {
    String page = page(SampleRuns.hostile());

    assertThat(only(DATA, page)).doesNotContain("<", ">", "&").matches("\\p{ASCII}*");
    assertThat(page).doesNotContain("<img", "onerror=\"");
    assertThat(page).doesNotContain("\u202e", "\u2028", "\u2029", "\u0000", "\ud800");
    assertThat(SCRIPT.matcher(page).results()).hasSize(2);
    assertThat(page).endsWith("</body>\n</html>\n");
  }

  /** Its threads have names of 100,000 characters. */
  @Test
  void hostileTextIsCut() throws Exception {
    int clean = page(SampleRuns.clean()).length();

    assertThat(page(SampleRuns.hostile()).length()).isLessThan(clean + 60_000);
    assertThat(only(DATA, page(SampleRuns.hostile()))).contains("more characters)");
  }

  /** The scripts that hold the library come with its licence. */
  @Test
  void namesWhoseScriptItHolds() throws Exception {
    assertThat(page(SampleRuns.clean()))
        .contains("Mike Bostock", "Permission to use, copy, modify, and/or distribute");
  }

  @Test
  void samePageForTheSameReports() throws Exception {
    assertThat(page(SampleRuns.ordinary())).isEqualTo(page(SampleRuns.ordinary()));
  }

  @ParameterizedTest
  @EnumSource(LeakKind.class)
  void holdsThePagesOfTheKindsThatWereFound(LeakKind kind) throws Exception {
    Group group = SampleRuns.ordinary().groups().get(0);
    Leak ofKind = new LeakCopy(group.first()).kind(kind).leak();
    Group found = new Group("f", kind, List.of(new Occurrence("gone", ofKind)));

    String page = page(new Reports(List.of(), List.of(found), List.of()));

    String template =
        only(Pattern.compile("<template id=\"page-(.*?)</template>", Pattern.DOTALL), page);
    assertThat(template)
        .startsWith(kind.id() + "\">")
        .contains(
            "<h3>What it is</h3>", "<h3>How to fix</h3>", "<pre><code class=\"language-java\">")
        .doesNotContain("<h1", "```", "##");
  }

  @Test
  void saysTheVerdictInWords() throws Exception {
    SampleRun nothing = new SampleRun();
    SampleRun killed = new SampleRun();
    killed.jvm(null, "25", false).test("com.acme.ATest", "a", 1, 0).killed();

    assertThat(verdict(nothing.reports())).isEqualTo("doubtful: Nothing was checked");
    assertThat(verdict(killed.reports()))
        .isEqualTo("doubtful: Nothing was left behind so far, but 1 JVM did not get to the end");
    assertThat(verdict(SampleRuns.clean())).isEqualTo("good: Nothing was left behind");
    assertThat(verdict(SampleRuns.ordinary())).isEqualTo("bad: 4 new leaks, 1 expired");
    assertThat(verdict(without("new"))).isEqualTo("bad: 1 expired leak");
    assertThat(verdict(without("new", "expired")))
        .isEqualTo("doubtful: No new leaks so far, but 1 JVM did not get to the end");
  }

  private static Reports without(String... verdicts) {
    Set<String> left = Set.of(verdicts);
    Reports all = SampleRuns.ordinary();
    List<Group> groups = new ArrayList<>(all.groups());
    groups.removeIf(group -> left.contains(GroupJson.word(Summary.verdict(group))));
    return new Reports(all.jvms(), groups, List.of());
  }

  private static String verdict(Reports reports) throws Exception {
    String title = only(Pattern.compile("<title>(.*?)</title>"), page(reports));
    Map<String, Object> data = data(reports);
    assertThat(title).isEqualTo("LeakCheck: " + data.get("verdict"));
    return data.get("tone") + ": " + data.get("verdict");
  }

  @Test
  void saysInPlainRowsWhatWasFoundToABrowserWithoutScripts() throws Exception {
    String plain =
        only(
            Pattern.compile("<noscript>(.*?)</noscript>", Pattern.DOTALL),
            page(SampleRuns.ordinary()));

    assertThat(plain)
        .contains(
            "<h1>4 new leaks, 1 expired</h1>",
            "<p>2 known to the baseline · 1 allowed · 244 checks of 244 tests · 4 JVMs · 51.7 s spent"
                + " waiting</p>",
            "<tr><td>new<td>stuck-on-queue<td>thread &quot;mail-sender&quot; waits in"
                + " ArrayBlockingQueue.take() for ever<td>OutboxTest.sendsInOrder()<td>1<td>c3a8e5520e61");
  }

  /** Workers of one pool live and die together. */
  @Test
  void threadsOfOneCauseThatLivedAtTheSameTimeShareALane() throws Exception {
    List<Map<String, Object>> jvms = objects(data(SampleRuns.ordinary()).get("jvms"));
    List<Map<String, Object>> lanes = objects(jvms.get(0).get("lanes"));

    assertThat(lanes)
        .extracting(lane -> lane.get("count") + " " + ((List<?>) lane.get("names")).get(0))
        .containsExactly(
            "4 order-1", "4 order-1", "1 config-watcher", "1 price-feed", "24 gateway-call-1");
    Map<String, Object> feed = lanes.get(3);
    assertThat(feed).containsEntry("alive", false).containsEntry("test", "QuoteTest.quotes()");
    assertThat(feed.get("tests")).as("its own, 22 of the class, and some more").isEqualTo(26);
  }

  @Test
  void equalStacksAreOneWhateverTheJvmCallsItsLambdas() throws Exception {
    SampleRun run = new SampleRun();
    SampleRun.Jvm jvm = run.jvm(null, "25", false);
    for (String name : List.of("0x0000", "17")) {
      List<StackTraceElement> stack =
          SampleRun.stack(
              "com.acme.Poller.poll:7",
              "com.acme.Poller$$Lambda/" + name + ".run",
              "java.lang.Thread.run:9");
      jvm.leak("com.acme.PollerTest", "polls", 1, 0, SampleRuns.stray(stack), -1);
    }
    jvm.end();

    Map<String, Object> data = data(run.reports());

    assertThat(data.get("frames"))
        .isEqualTo(
            List.of("com.acme.Poller.poll(Poller.java:7)", "java.lang.Thread.run(Thread.java:9)"));
    assertThat(data.get("own")).isEqualTo(List.of(0));
    assertThat(objects(data.get("groups")).get(0).get("stacks"))
        .isEqualTo(List.of(List.of(2, 0, 1)));
  }

  @Test
  void bigRunsAreCutAndTheCutIsSaid() throws Exception {
    Reports large = SampleRuns.large(2_000, 40_000);
    Map<String, Object> data = data(large);
    Map<String, Object> jvm = objects(data.get("jvms")).get(0);
    @SuppressWarnings("unchecked")
    Map<String, Object> waits = (Map<String, Object>) data.get("waits");

    assertThat(objects(data.get("groups"))).hasSize(2_000);
    assertThat((List<?>) jvm.get("tests")).hasSize(2_000);
    assertThat(jvm).containsEntry("testsMore", 8_000);
    assertThat((List<?>) jvm.get("lanes")).hasSize(300);
    assertThat(jvm).containsEntry("lanesMore", 200);
    assertThat((List<?>) waits.get("classes")).hasSize(200);
    assertThat((int) waits.get("more")).isPositive();
    assertThat((int) waits.get("moreWaited")).isPositive();
    assertThat(page(large).length()).isLessThan(4_000_000);
  }
}
