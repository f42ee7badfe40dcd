package dev.leakcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.LeakCheckSettings.Agent;
import dev.leakcheck.LeakCheckSettings.Level;
import dev.leakcheck.LeakCheckSettings.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @AfterEach
  void clear() {
    System.clearProperty("leakcheck.settle");
    System.clearProperty("leakcheck.setle");
  }

  private static LeakCheckSettings from(String key, String value) {
    return LeakCheckSettings.from(
        asked -> asked.equals(key) ? Optional.of(value) : Optional.empty());
  }

  @Test
  void defaultsAreFailMethodThreeSecondsAndAuto() {
    LeakCheckSettings settings = LeakCheckSettings.from(key -> Optional.empty());

    assertThat(settings.mode()).isEqualTo(Mode.FAIL);
    assertThat(settings.level()).isEqualTo(Level.METHOD);
    assertThat(settings.settle()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.agent()).isEqualTo(Agent.AUTO);
    assertThat(settings.proof()).isEqualTo(LeakCheckSettings.Proof.AUTO);
    assertThat(settings.proofHeap()).isEqualTo(64 << 20);
    assertThat(settings.afterwards()).isEqualTo(LeakCheckSettings.Afterwards.LEAVE);
  }

  @Test
  void whatIsToldIsStoppedIfThatIsAskedFor() {
    assertThat(from("leakcheck.afterwards", "stop").afterwards())
        .isEqualTo(LeakCheckSettings.Afterwards.STOP);
    assertThatThrownBy(() -> from("leakcheck.afterwards", "kill"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("leakcheck.afterwards is 'kill', but takes one of leave, stop");
  }

  @ParameterizedTest
  @CsvSource({"100k,102400", "64m,67108864", "' 1 G ',1073741824", "2mb,2097152"})
  void aSizeIsANumberAndAUnit(String value, long bytes) {
    assertThat(from("leakcheck.proof.heap", value).proofHeap()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64", "m", "-1m", "1.5m", "99999999m", "64t"})
  void aBadSizeNamesTheKeyAndWhatItTakes(String value) {
    assertThatThrownBy(() -> from("leakcheck.proof.heap", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "leakcheck.proof.heap is '"
                + value
                + "', but takes a number and a unit (k, m or g), such as 64m");
  }

  @ParameterizedTest
  @CsvSource({"3s,3000", "500ms,500", "1m,60000", "0s,0", "' 2 s ',2000", "60m,3600000"})
  void durationIsANumberAndAUnit(String value, long millis) {
    assertThat(from("leakcheck.settle", value).settle()).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "3",
        "s",
        "3 seconds",
        "-1s",
        "1.5s",
        "PT3S",
        "61m",
        "3601s",
        "9999999m",
        "3s3s",
        "99999999999999999999s",
        "٣s",
        "3\u001bs"
      })
  void badDurationNamesTheKeyAndWhatItTakes(String value) {
    assertThatThrownBy(() -> from("leakcheck.settle", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "leakcheck.settle is '"
                + value.replace("\u001b", "\\u001b")
                + "', but takes a number and a unit (ms, s or m), at most an hour, such as 3s or"
                + " 500ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"warn", "WARN", " Warn "})
  void modeIsReadWhateverItsCase(String value) {
    assertThat(from("leakcheck.mode", value).mode()).isEqualTo(Mode.WARN);
  }

  @Test
  void modeIsReadWhateverTheLocale() {
    java.util.Locale before = java.util.Locale.getDefault();
    java.util.Locale.setDefault(java.util.Locale.forLanguageTag("tr"));
    try {
      assertThat(from("leakcheck.mode", "fail").mode()).isEqualTo(Mode.FAIL);
      assertThatThrownBy(() -> from("leakcheck.mode", "x")).hasMessageContaining("fail, warn, off");
    } finally {
      java.util.Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fatal", "failwarn"})
  void badModeNamesTheKeyAndWhatItTakes(String value) {
    assertThatThrownBy(() -> from("leakcheck.mode", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("leakcheck.mode is '" + value + "', but takes one of fail, warn, off");
  }

  @Test
  void badLevelNamesTheKeyAndWhatItTakes() {
    assertThatThrownBy(() -> from("leakcheck.level", "module"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("leakcheck.level is 'module', but takes one of method, class, run");
  }

  @ParameterizedTest
  @CsvSource({"auto,AUTO", "attach,ATTACH", "' Attach ',ATTACH", "OFF,OFF"})
  void agentIsReadWhateverItsCase(String value, Agent agent) {
    assertThat(from("leakcheck.agent", value).agent()).isEqualTo(agent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "on", "true", "leakcheck-core.jar"})
  void badAgentNamesTheKeyAndWhatItTakes(String value) {
    assertThatThrownBy(() -> from("leakcheck.agent", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("leakcheck.agent is '" + value + "', but takes one of auto, attach, off");
  }

  @Test
  void keyOfTheAgentIsKnown() {
    assertThatCode(
            () -> LeakCheckSettings.rejectUnknown(List.of("leakcheck.agent"), "system properties"))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> LeakCheckSettings.rejectUnknown(List.of("leakcheck.agents"), "system properties"))
        .hasMessage(
            "unknown key 'leakcheck.agents' in system properties; LeakCheck knows leakcheck.mode,"
                + " leakcheck.level, leakcheck.settle, leakcheck.agent, leakcheck.proof,"
                + " leakcheck.proof.heap, leakcheck.afterwards, leakcheck.report.dir,"
                + " leakcheck.baseline");
  }

  @Test
  void unknownKeyIsNamedWithTheKnownOnes() {
    assertThatThrownBy(
            () ->
                LeakCheckSettings.rejectUnknown(
                    List.of("java.version", "leakcheck.setle"), "system properties"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown key 'leakcheck.setle' in system properties")
        .hasMessageContaining("leakcheck.settle");
  }

  @Test
  void keysOfOthersAreNoConcern() {
    assertThatCode(
            () ->
                LeakCheckSettings.rejectUnknown(
                    List.of("leakchecker.on", "leakcheck", "leakcheck.mode"), "anywhere"))
        .doesNotThrowAnyException();
  }

  @Test
  void systemPropertiesAreTheDefaults() {
    System.setProperty("leakcheck.settle", "7ms");

    assertThat(LeakCheckOptions.defaults().options().settle()).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void unknownSystemPropertyIsAnError() {
    System.setProperty("leakcheck.setle", "7ms");

    assertThatThrownBy(LeakCheckOptions::defaults)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leakcheck.setle");
  }

  @Test
  void settleTimeMustBeSensible() {
    LeakCheckOptions options = LeakCheckOptions.defaults();

    assertThatThrownBy(() -> options.settle(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("settle must be between 0 and 1 hour");
    assertThatThrownBy(() -> options.settle(Duration.ofMinutes(61)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatCode(() -> options.settle(Duration.ofHours(1))).doesNotThrowAnyException();
  }

  @Test
  void optionsAreChangedInACopy() {
    LeakCheckOptions options = LeakCheckOptions.defaults();
    LeakCheckOptions changed = options.named("another").settle(Duration.ofMillis(1)).brief();

    assertThat(options.options().name()).isEqualTo("this scope");
    assertThat(options.options().isBrief()).isFalse();
    assertThat(changed.options().name()).isEqualTo("another");
    assertThat(changed.options().settle()).isEqualTo(Duration.ofMillis(1));
    assertThat(changed.options().isBrief()).isTrue();
  }

  @Test
  void nullIsRefusedByName() {
    LeakCheckOptions options = LeakCheckOptions.defaults();

    assertThatThrownBy(() -> options.named(null)).hasMessage("name");
    assertThatThrownBy(() -> options.allow(null)).hasMessage("allowance");
    assertThatThrownBy(() -> options.within(null)).hasMessage("outer");
  }
}
