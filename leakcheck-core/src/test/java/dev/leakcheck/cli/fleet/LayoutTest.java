package dev.leakcheck.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.cli.base.BadInput;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutTest {

  private static final Path DIR = Path.of("dumps");

  @ParameterizedTest
  @CsvSource({
    ", , shop/web-1/10.json, shop, web-1, ",
    ", , shop/web-1/2026/11/21.json, shop, web-1, ",
    ", , shop/web-1.json.gz, shop, web-1, ",
    ", , shop/web.1.example.com.txt, shop, web.1.example.com, ",
    ", , web-1.jsonl, dumps, web-1, ",
    ", shop, web-1/10.json, shop, web-1, ",
    ", shop, web-1.tdump, shop, web-1, ",
    "service/version/instance, , shop/1.4/web-1/10.json, shop, web-1, 1.4",
    "-/service/-/version, , eu/shop/x/1.4/web-1.json, shop, web-1, 1.4",
    "version/instance, shop, 1.4/web-1/10.json, shop, web-1, 1.4",
    "service/version/instance, , shop/web-1.json, shop, web-1, ",
  })
  void directoriesTellWhoseAFileIs(
      String layout, String option, Path below, String service, String instance, String version) {
    assertThat(Layout.of(layout, option).origin(DIR, DIR.resolve(below)))
        .isEqualTo(new Capture.Origin(service, instance, version));
  }

  @Test
  void aFileThatIsGivenItselfBelongsToItsDirectory() {
    Path file = Path.of("dumps", "shop", "web-1.json");

    assertThat(Layout.of(null, null).origin(file, file))
        .isEqualTo(new Capture.Origin("shop", "web-1", null));
  }

  @Test
  void theDirectoryHasItsOwnNameHoweverItIsWritten() {
    Path here = Path.of("dumps", "shop", "..", ".");

    assertThat(Layout.of(null, null).origin(here, here.resolve("web-1.json")).service())
        .isEqualTo("dumps");
  }

  @Test
  void whatATerminalCouldMistakeIsEscaped() {
    assertThat(Layout.of(null, "a\u001bb").origin(DIR, DIR.resolve("x\ny").resolve("1.json")))
        .isEqualTo(new Capture.Origin("a\\u001bb", "x\\ny", null));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "service/pod, , \"--layout: a level is service, instance, version, or - for anything, and not 'pod'\"",
        "service//instance, , \"--layout: a level is service, instance, version, or - for anything, and not ''\"",
        "service/service, , --layout names one thing twice: service/service",
        "service/instance, shop, --service and --layout both tell the service",
        ", \" \", --service is blank",
      })
  void whatMakesNoSenseIsRefused(String layout, String service, String complaint) {
    assertThatThrownBy(() -> Layout.of(layout, service))
        .isInstanceOf(BadInput.class)
        .hasMessage(complaint);
  }
}
