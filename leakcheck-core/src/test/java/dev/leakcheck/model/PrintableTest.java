package dev.leakcheck.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain-1|plain-1",
        "Grüße 東京 😀|Grüße 東京 😀",
        "quote\"and\\slash|quote\"and\\slash",
      })
  void ordinaryTextStaysAsItIs(String text, String expected) {
    assertThat(Printable.escape(text)).isEqualTo(expected);
  }

  @Test
  void controlCharactersAreEscaped() {
    assertThat(Printable.escape("a\nb\rc\td")).isEqualTo("a\\nb\\rc\\td");
    assertThat(Printable.escape("\u0000\u001b[31m\u007f\u0085"))
        .isEqualTo("\\u0000\\u001b[31m\\u007f\\u0085");
  }

  @Test
  void whatTurnsOrHidesTextIsEscaped() {
    assertThat(Printable.escape("\u202egnp.exe\u200b\u2028\u2029\ufeff"))
        .isEqualTo("\\u202egnp.exe\\u200b\\u2028\\u2029\\ufeff");
  }

  @Test
  void loneSurrogatesAreEscaped() {
    assertThat(Printable.escape("\ud800x\udc00")).isEqualTo("\\ud800x\\udc00");
  }

  @Test
  void longNameIsCutWithACount() {
    assertThat(Printable.name("x".repeat(80))).isEqualTo("x".repeat(80));
    assertThat(Printable.name("x".repeat(81))).isEqualTo("x".repeat(80) + "… (1 more characters)");
  }

  @Test
  void cutDoesNotSplitACharacter() {
    assertThat(Printable.name("x".repeat(79) + "😀😀"))
        .isEqualTo("x".repeat(79) + "… (4 more characters)");
  }

  @Test
  void emptyNameIsSaidToBeSo() {
    assertThat(Printable.name("")).isEqualTo("(unnamed)");
  }

  @ParameterizedTest
  @CsvSource({
    "pool[z8kfltbmcgj7fc1ouwtxl|27e0f2f5]-A, pool[*]-A",
    "pool[1hge16k8kbtpaw1k1dsxe|1f00beef]-A, pool[*]-A",
    "service1cluster2node3, service*cluster*node*",
    "service1cluster2node3|5, service*cluster*node*|*",
    "http2multiplexer|27e0f2f5, http*multiplexer|*",
    "kafka-network-thread | producer-1, kafka-network-thread | producer-*",
  })
  void starStandsForATokenThatALibraryMadeUpAndForNoNameThatSomebodyChose(
      String name, String pattern) {
    assertThat(Printable.pattern(name)).isEqualTo(pattern);
  }

  @Test
  void tokenIsAStarHoweverLongTheNameIs() {
    String name = "x".repeat(60) + "[z8kfltbmcgj7fc1ouwtxl|27e0f2f5]-";
    assertThat(Printable.pattern(name + 1)).isEqualTo("x".repeat(60) + "[*]-*");
  }

  /** Else the build would never end. */
  @Test
  void tokenIsLookedForOnceInAnEnormousName() {
    String letters = "a".repeat(1_000_000);
    assertThat(Printable.pattern(letters + "1".repeat(1_000_000) + letters + "|"))
        .isEqualTo("a".repeat(Printable.MAX_NAME) + "*");
  }
}
