package dev.leakcheck.cli.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.SampleReports;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnJre;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser; after each test it must have loaded and complained of nothing. */
@DisabledOnJre(value = JRE.JAVA_17, disabledReason = "the page is the same whatever JDK wrote it")
@SameOnEveryJdk
class HtmlReportBrowserTest {

  private static final String NEW_EXECUTOR = "9d2c41f07ab3";

  /**
   * Texts that have too little contrast with what is behind them. AA asks for 4.5, or for 3 if they
   * are large.
   */
  private static final String FAINT_TEXTS =
      """
      (() => {
        const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        const rgba = (color) => {
          canvas.clearRect(0, 0, 1, 1);
          canvas.fillStyle = color;
          canvas.fillRect(0, 0, 1, 1);
          return canvas.getImageData(0, 0, 1, 1).data;
        };
        const luminance = ([r, g, b]) => {
          const [x, y, z] = [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
          return 0.2126 * x + 0.7152 * y + 0.0722 * z;
        };
        const ground = (element) => {
          for (let e = element; e; e = e.parentElement) {
            const color = rgba(getComputedStyle(e).backgroundColor);
            if (color[3] === 255) {
              return color;
            }
          }
          return [255, 255, 255];
        };
        const faint = [];
        const walker = document.createTreeWalker(document.getElementById("page"), NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const element = walker.currentNode.parentElement;
          if (!walker.currentNode.data.trim() || !element.checkVisibility()) {
            continue;
          }
          const style = getComputedStyle(element);
          const [a, b] = [luminance(rgba(style.color)), luminance(ground(element))];
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (contrast < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) {
            faint.push(`${walker.currentNode.data}: ${contrast.toFixed(2)} (${element.className})`);
          }
        }
        return faint;
      })()
      """;

  /** What a finger has to hit and is lower than 40 pixels. */
  private static final String SMALL_TARGETS =
      """
      [...document.querySelectorAll("button, a[href], input, select, summary, [tabindex='0'].cell")]
        .filter((element) => element.checkVisibility() && element.id !== "skip")
        .filter((element) => element.getBoundingClientRect().height < 39)
        .map((element) => element.outerHTML.slice(0, 120))
      """;

  @TempDir private static Path files;
  private static Chromium browser;
  private static String ordinary;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = Chromium.find();
    assumeTrue(
        program.isPresent(), "no Chromium on the PATH: the HTML report is not tested in a browser");
    browser = new Chromium(program.get(), Files.createDirectory(files.resolve("profile")));
    ordinary = write("ordinary", SampleRuns.ordinary());
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  private static String write(String name, Reports reports) throws Exception {
    Path file = files.resolve(name + ".html");
    try (Writer out = Files.newBufferedWriter(file)) {
      HtmlReport.write(reports, out);
    }
    return file.toUri().toString();
  }

  @BeforeEach
  void reset() throws Exception {
    browser.size(1280, 900);
    browser.prefersDark(false);
  }

  @AfterEach
  void nothingWasLoadedAndNothingWentWrong() {
    assertThat(browser.complaints).isEmpty();
    assertThat(browser.requests).hasSize(1).allMatch(url -> url.startsWith("file:"));
  }

  private static String text(String selector) throws Exception {
    return (String) browser.eval("document.querySelector('" + selector + "').innerText");
  }

  private static int count(String selector) throws Exception {
    return (int) browser.eval("document.querySelectorAll('" + selector + "').length");
  }

  private static String hash() throws Exception {
    return (String) browser.eval("decodeURIComponent(location.hash)");
  }

  private static String focused() throws Exception {
    return (String) browser.eval("document.activeElement.innerText || document.activeElement.id");
  }

  private static void click(String selector) throws Exception {
    browser.eval("document.querySelector('" + selector + "').click()");
  }

  @Test
  void saysWhatTheRunComesToAndWhatWasLeft() throws Exception {
    browser.open(ordinary);

    assertThat(text("h1")).isEqualTo("4 new leaks, 1 expired");
    assertThat(text("#where")).endsWith("JDK 25.0.3, 17.0.19 · agent tier in 2 of 4 JVMs");
    assertThat(text(".note.problem"))
        .contains("the last line is cut off", "(fork 4) did not get to its end");
    assertThat(text("#count")).isEqualTo("8 findings");
    assertThat(count(".finding")).isEqualTo(8);

    click(".finding-head");

    assertThat(text(".finding-body .message"))
        .startsWith("unclosed-executor   ThreadPoolExecutor@6b2f1c04, never shut down\n")
        .contains("     why        shutdown() and close() were never called\n");
    assertThat(text(".fix")).contains("call close() or shutdown() when OrderService stops");
    assertThat(text(".finding-side"))
        .contains(
            "Found 3 times", "OrderImportTest.importsTwice()", "fork 3, pid 4905", NEW_EXECUTOR);
    browser.eval("document.querySelector('.about').open = true");
    browser.until("document.querySelector('.about').innerText.includes('Why it matters')");
  }

  @Test
  void hostileTextIsInertInEveryView() throws Exception {
    String hostile = write("hostile", SampleRuns.hostile());
    for (String view : List.of("findings", "timeline", "stacks", "waits", "jvms")) {
      browser.open(hostile + "#view=" + view);
      browser.eval(
          "document.querySelectorAll('details').forEach((details) => (details.open = true))");
      if (view.equals("findings")) {
        click(".finding-head");
      }

      assertThat(browser.is("window.attacked")).as(view).isFalse();
      assertThat(count("img")).as(view).isZero();
      assertThat(browser.eval("document.body.innerText.includes('<img src=x onerror=')"))
          .as(view)
          .isEqualTo(true);
    }
  }

  @Test
  void drawsWhatTheReaderMakesOfFiles() throws Exception {
    Reports reports = SampleReports.reports();
    browser.open(write("read", reports) + "#view=timeline");

    assertThat(count(".lane")).isPositive();
    click("#tab-findings");
    assertThat(count(".finding")).isEqualTo(reports.groups().size());
    browser.open(write("read-hostile", SampleReports.hostile()));
    for (String view : List.of("timeline", "stacks", "waits", "jvms", "findings")) {
      click("#tab-" + view);
      assertThat(count("img, b, i, a:not(#skip), #page script")).as(view).isZero();
    }
    browser.eval("document.querySelectorAll('.finding-head').forEach((head) => head.click())");
    assertThat(count("img, b, i, a:not(#skip), #page script")).isZero();
  }

  /** Or the tests above show nothing. */
  @Test
  void policyKeepsInjectedMarkupFromRunning() throws Exception {
    browser.open(ordinary);

    Object html = browser.eval("try { document.body.innerHTML = '<b>'; } catch (e) { e.name }");
    browser.eval(
        "{ const script = document.createElement('script');"
            + " try { script.text = 'window.attacked = true'; } catch (e) { }"
            + " script.append('window.attacked = true'); document.body.append(script); }");
    browser.until("true");

    assertThat(html).isEqualTo("TypeError");
    assertThat(browser.is("window.attacked")).isFalse();
    assertThat(browser.complaints).isNotEmpty();
    browser.complaints.clear();
  }

  @Test
  void filterIsInTheUrlAndTheUrlShowsTheSame() throws Exception {
    browser.open(ordinary);
    browser.press("/");
    assertThat(focused()).isEqualTo("search");
    browser.type("outbox SEND");
    browser.until("document.querySelectorAll('.finding').length === 1");
    assertThat(text("#count")).isEqualTo("1 of 8 findings");
    click(".finding-head");
    String shown = text("#main");
    assertThat(hash()).isEqualTo("#q=outbox+SEND&open=c3a8e5520e61");

    browser.open(ordinary + browser.eval("location.hash"));
    assertThat(text("#main")).isEqualTo(shown);

    click("#clear");
    assertThat(count(".finding")).isEqualTo(8);
    click(".chip.known");
    assertThat(count(".finding")).isEqualTo(2);
    click(".chip.expired");
    assertThat(count(".finding")).isEqualTo(3);
    browser.eval(
        "{ const kind = document.getElementById('kind'); kind.value = 'leftover-queue';"
            + " kind.dispatchEvent(new Event('change')); }");
    assertThat(count(".finding")).isEqualTo(1);
    assertThat(hash()).contains("verdict=known,expired", "kind=leftover-queue");

    browser.open(ordinary + "#q=no+such+thing");
    assertThat(text("#view-findings")).isEqualTo("No finding matches the filter.");
  }

  @Test
  void showsPlainRowsIfScriptsDoNotRun() throws Exception {
    browser.runsScripts(false);
    try {
      browser.open(ordinary);

      assertThat(text("noscript h1")).isEqualTo("4 new leaks, 1 expired");
      assertThat(count("noscript tr")).isEqualTo(9);
      assertThat(browser.is("document.querySelector('noscript table').checkVisibility()")).isTrue();
      assertThat(text("#pending")).contains("scripts may not run here");
    } finally {
      browser.runsScripts(true);
    }
  }

  @Test
  void nonsenseInTheUrlIsNoHarm() throws Exception {
    browser.open(
        ordinary + "#view=__proto__&kind=constructor&verdict=x,new&open=nothing&open=%22%3E");

    assertThat(count(".finding")).isEqualTo(4);
  }

  @Test
  void worksByKeyboard() throws Exception {
    browser.open(ordinary);
    browser.press("Tab");
    assertThat(focused()).isEqualTo("Skip to the report");
    browser.press("Enter");
    assertThat(browser.eval("document.activeElement.id")).isEqualTo("main");

    browser.press("/");
    browser.press("ArrowDown");
    assertThat(focused()).contains("ThreadPoolExecutor@6b2f1c04");
    browser.press("Enter");
    assertThat(browser.eval("document.activeElement.getAttribute('aria-expanded')"))
        .isEqualTo("true");
    browser.press("ArrowDown");
    assertThat(focused()).contains("ScheduledThreadPoolExecutor");
    browser.press("End");
    assertThat(focused()).contains("AuditTest.events");
    browser.press("ArrowUp");
    assertThat(focused()).contains("config-watcher");
    assertThat(browser.is("getComputedStyle(document.activeElement).outlineStyle === 'solid'"))
        .as("the focus is seen")
        .isTrue();

    browser.eval("document.getElementById('tab-findings').focus()");
    browser.press("ArrowRight");
    assertThat(focused()).isEqualTo("Timeline");
    assertThat(hash()).contains("view=timeline");
    browser.press("Tab"); // to the search
    browser.press("Escape");
    browser.eval("document.querySelector('.lane[tabindex=\"0\"]').focus()");
    browser.press("ArrowDown");
    browser.press("ArrowDown");
    assertThat(focused()).startsWith("config-watcher");
    assertThat(text("#tip")).contains("left by ConfigTest.reloads()");
    browser.press("Enter");
    assertThat(focused()).contains("config-watcher", "WatchService");
  }

  @Test
  void timelineShowsWhichThreadLivedFromWhenToWhen() throws Exception {
    browser.open(ordinary + "#view=timeline");

    assertThat(count(".jvm-line")).isEqualTo(3);
    click("#view-timeline > .more");
    assertThat(count(".jvm-line")).isEqualTo(4);
    assertThat(count(".lane")).isEqualTo(11);
    assertThat(count(".bar.alive")).isEqualTo(9);
    assertThat(count("svg .test.failing")).isEqualTo(8);
    assertThat(text(".classes")).contains("OrderServiceTest", "GatewayTest");
    // A bar begins where its test does and ends where the thread does.
    assertThat(
            browser.is(
                """
                (() => {
                  const chart = document.querySelector(".chart").getBoundingClientRect();
                  const bar = document.querySelectorAll(".bar")[3].getBoundingClientRect();
                  const jvm = DATA.jvms[0];
                  const lane = jvm.lanes[3];
                  const x = (time) => chart.left + (chart.width * (time - jvm.from)) / (jvm.to - jvm.from);
                  return Math.abs(x(lane.since) - bar.left) < 3 && Math.abs(x(lane.until) - bar.right) < 3;
                })()
                """))
        .isTrue();
    Object width = browser.eval("document.querySelector('.chart').offsetWidth");
    click(".jvm-head button:last-child");
    assertThat(browser.eval("document.querySelector('.chart').offsetWidth"))
        .isEqualTo(2 * (int) width);
    click(".jvm-head button");
    click(".as-table summary");
    browser.until("document.querySelector('.as-table').innerText.includes('price-feed')");

    click(".chip.allowed");
    assertThat(count(".lane")).isEqualTo(1);
  }

  @Test
  void flameGraphIsAsWideAsItsStacksAreMany() throws Exception {
    browser.open(ordinary + "#view=stacks");

    assertThat(text(".frame")).isEqualTo("all 45 stacks");
    assertThat(
            browser.is(
                """
                (() => {
                  const boxes = [...document.querySelectorAll(".frame")];
                  const width = (label) => boxes.find((box) => box.textContent === label).offsetWidth;
                  return Math.abs(width("Limiter.enter") / width("all 45 stacks") - 24 / 45) < 0.01;
                })()
                """))
        .isTrue();
    browser.eval("document.querySelector('.frame').focus()");
    browser.press("ArrowDown");
    browser.press("ArrowRight");
    assertThat(focused()).isEqualTo("Thread.run");
    assertThat(text("#tip")).contains("java.lang.Thread.run(Thread.java:1474)", "21 stacks, 47 %");
    browser.press("Enter");
    assertThat(focused()).isEqualTo("Thread.run");
    assertThat(
            browser.is(
                "document.activeElement.offsetWidth >= document.querySelector('.flame').offsetWidth - 2"))
        .isTrue();
    browser.press("Escape");
    assertThat(focused()).isEqualTo("all 45 stacks");

    click("#view-stacks .chip[aria-pressed=false]");
    assertThat(hash()).contains("stacks=created");
    assertThat(text(".flame")).contains("OrderService.<init>");
  }

  @Test
  void heatMapShowsWhatWaited() throws Exception {
    browser.open(ordinary + "#view=waits");

    assertThat(text(".legend")).contains("under 10 ms", "3 s and more");
    assertThat(text(".heat-row")).startsWith("com.acme.pricing.QuoteTest").contains("3.0 s", "720");
    browser.eval("document.querySelector('.cell').focus()");
    assertThat(text("#tip")).isEqualTo("quotes\nwaited 3.0 s");
    browser.press("ArrowRight");
    assertThat(text("#tip")).startsWith("case");
  }

  @Test
  void followsTheSystemsThemeUntilTheReaderChoosesOne() throws Exception {
    String ground = "getComputedStyle(document.body).backgroundColor";
    browser.open(ordinary);
    Object light = browser.eval(ground);
    browser.prefersDark(true);
    Object dark = browser.eval(ground);
    assertThat(dark).isNotEqualTo(light);

    click("#theme");
    assertThat(text("#theme")).isEqualTo("Theme: light");
    assertThat(browser.eval(ground)).isEqualTo(light);
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    do { // the browser keeps what a page stores in its own time
      browser.open(ordinary);
    } while (!light.equals(browser.eval(ground)) && System.nanoTime() < end);
    assertThat(browser.eval(ground)).as("remembered").isEqualTo(light);
    browser.prefersDark(false);
    click("#theme");
    assertThat(browser.eval(ground)).isEqualTo(dark);
    click("#theme");
    assertThat(text("#theme")).isEqualTo("Theme: auto");
  }

  @ParameterizedTest
  @ValueSource(strings = {"findings", "timeline", "stacks", "waits", "jvms"})
  void everyTextStandsOutFromItsGround(String view) throws Exception {
    browser.open(ordinary + "#verdict=new,expired,known,allowed&view=" + view);
    browser.eval(
        "document.querySelectorAll('.finding-head').forEach((head) => head.click());"
            + "document.querySelectorAll('details').forEach((details) => (details.open = true));"
            + "document.querySelectorAll('.frame')[3]?.click()");
    browser.eval("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))");

    assertThat((List<?>) browser.eval(FAINT_TEXTS)).as("light").isEmpty();
    browser.prefersDark(true);
    assertThat((List<?>) browser.eval(FAINT_TEXTS)).as("dark").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"findings", "timeline", "stacks", "waits", "jvms"})
  void fitsAPhone(String view) throws Exception {
    for (String url : List.of(ordinary, write("hostile", SampleRuns.hostile()))) {
      browser.size(360, 740);
      browser.open(url + "#view=" + view);
      browser.eval(
          "document.querySelectorAll('.finding-head').forEach((head) => head.click());"
              + "document.querySelectorAll('details').forEach((details) => (details.open = true))");
      browser.eval("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))");

      assertThat(browser.eval("document.documentElement.scrollWidth")).isEqualTo(360);
      assertThat((List<?>) browser.eval(SMALL_TARGETS)).isEmpty();
    }
  }

  @Test
  void bigRunsOpenAndAreShownInSteps() throws Exception {
    String large = write("large", SampleRuns.large(5_000, 100_000));
    browser.open(large + "#view=stacks");
    assertThat(text(".frame.cut")).contains("frames too narrow to draw");
    for (String view : List.of("timeline", "stacks", "waits", "jvms", "findings")) {
      click("#tab-" + view);
      assertThat((int) browser.eval("document.getElementsByTagName('*').length"))
          .as(view)
          .isLessThan(20_000);
    }
    assertThat(count(".finding")).isEqualTo(50);
    assertThat(text(".more")).isEqualTo("Show 50 more of 4,950 findings");
    click(".more");
    assertThat(count(".finding")).isEqualTo(100);
    browser.press("/");
    browser.type("worker-4711 ");
    browser.until("document.querySelectorAll('.finding').length === 1");
  }
}
