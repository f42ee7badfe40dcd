package dev.leakcheck.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A baseline is written so that a diff can be reviewed, and read so that no slip goes unnoticed.
 */
class BaselineFileTest {

  private static final KnownLeak POOL =
      new KnownLeak(
          LeakKind.UNCLOSED_EXECUTOR,
          "com.acme.OrderService.<init>",
          "00000000000000aa",
          List.of("00000000000000cd", "00000000000000bb"),
          "legacy pool, see the backlog",
          "team-orders",
          LocalDate.of(2026, 10, 31));

  private static final KnownLeak THREAD =
      new KnownLeak(
          LeakKind.STRAY_THREAD,
          "thread \"Käfer-*\" blocked for ever, in com.acme.Käfer.run",
          "00000000000000cc",
          List.of("00000000000000cc"),
          "the vendor's client has no \"close\"",
          null,
          null);

  private static final String TEXT =
      """
      {
        "leakcheckBaseline": 1,
        "leaks": [
          {
            "kind": "stray-thread",
            "place": "thread \\"Käfer-*\\" blocked for ever, in com.acme.Käfer.run",
            "fingerprint": "00000000000000cc",
            "reason": "the vendor's client has no \\"close\\""
          },
          {
            "kind": "unclosed-executor",
            "place": "com.acme.OrderService.<init>",
            "fingerprint": "00000000000000aa",
            "plainFingerprints": [
              "00000000000000bb",
              "00000000000000cd"
            ],
            "reason": "legacy pool, see the backlog",
            "owner": "team-orders",
            "expires": "2026-10-31"
          }
        ]
      }
      """;

  private static final String EMPTY =
      """
      {
        "leakcheckBaseline": 1,
        "leaks": []
      }
      """;

  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("baseline.json"), text);
  }

  @Test
  void hasOneFactALineAndIsSortedWhateverCameFirst() throws Exception {
    Path file = directory.resolve("new/baseline.json");

    assertThat(BaselineFile.write(file, new KnownLeaks(List.of(POOL, THREAD)))).isTrue();

    assertThat(file).hasContent(TEXT.stripTrailing());
    assertThat(Files.readString(file)).isEqualTo(TEXT);
    assertThat(BaselineFile.read(file).list()).containsExactly(THREAD, POOL);
  }

  @Test
  void emptyBaselineIsOne() throws Exception {
    Path file = directory.resolve("baseline.json");
    BaselineFile.write(file, KnownLeaks.NONE);

    assertThat(Files.readString(file)).isEqualTo(EMPTY);
    assertThat(BaselineFile.read(file).list()).isEmpty();
  }

  @Test
  void leavesNothingBesideIt() throws Exception {
    BaselineFile.write(file(EMPTY), new KnownLeaks(List.of(POOL)));

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(directory.resolve("baseline.json"));
    }
  }

  @Test
  void isNotTouchedIfItSaysTheSameAlready() throws Exception {
    Path file = file(TEXT);
    var before = Files.getLastModifiedTime(file);

    assertThat(BaselineFile.write(file, new KnownLeaks(List.of(THREAD, POOL)))).isFalse();
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
  }

  @Test
  void linkGoesOnToLeadToTheFile() throws Exception {
    Path file = file(EMPTY);
    Path link = Files.createSymbolicLink(directory.resolve("link.json"), file);

    BaselineFile.write(link, new KnownLeaks(List.of(POOL)));

    assertThat(link).isSymbolicLink();
    assertThat(BaselineFile.read(file).list()).containsExactly(POOL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"expires\"|\"expries\"|20:7: unknown member 'expries': a leak has kind, place,"
            + " fingerprint, plainFingerprints, reason, owner, expires",
        "\"leaks\"|\"laeks\"|3:3: unknown member 'laeks': a baseline has leakcheckBaseline and leaks",
        "2026-10-31|31.10.2026|20:18: 'expires' is '31.10.2026', but takes a date such as 2026-10-31",
        "legacy pool, see the backlog|  |18:17: 'reason' is blank",
        "\"reason\": \"legacy pool, see the backlog\",||10:5: this leak has no 'reason'",
        "1,|2,|2:24: 'leakcheckBaseline' is 2, but this LeakCheck reads version 1",
        "\"leakcheckBaseline\": 1,||22:1: 'leakcheckBaseline' is missing: not a baseline",
        "00000000000000cc|00000000000000aa|13:22: fingerprint 00000000000000aa is there twice",
        "00000000000000cc|CC|7:22: 'CC' is no fingerprint: 16 hex digits",
        "\"unclosed-executor\"|\"Unclosed Executor\"|11:15: kind 'Unclosed Executor' is unknown",
        "\"team-orders\"|7|19:16: 'owner' takes a text in quotes",
        "\"leakcheckBaseline\": 1|\"leakcheckBaseline\": []|2:24: 'leakcheckBaseline' is no number,"
            + " but this LeakCheck reads version 1",
      })
  void slipIsToldWithFileLineAndColumn(String there, String slip, String message) throws Exception {
    String text = slip == null ? TEXT.replace(there + "\n", "").replace(there, "") : TEXT;
    text = slip == null ? text.replaceAll("(?m)^ *\n", "") : text.replace(there, slip);
    assertThat(text).isNotEqualTo(TEXT);
    Path file = file(text);

    assertThatThrownBy(() -> BaselineFile.read(file))
        .isInstanceOf(BadBaselineException.class)
        .hasMessage(file + ":" + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|not a baseline",
        "[]|1:1: not a baseline, which is a JSON object",
        "{\"leakcheckBaseline\": 1}|1:24: 'leaks' is missing",
        "{\"leakcheckBaseline\": 1, \"leaks\": []} {}|something follows the baseline",
        "{\"leakcheckBaseline\": 1, \"leaks\": {}}|'leaks' takes an array",
        "{\"leakcheckBaseline\": 1, \"leaks\": [7]}|a leak is a JSON object",
        "{\"leakcheckBaseline\": 1, \"leaks\": [|not JSON: ",
        "{\"leakcheckBaseline\": 1, \"leakcheckBaseline\": 1}|not JSON: Duplicate",
        "leaks: none|not JSON: ",
        "<?xml?>|not JSON: ",
      })
  void whatIsNoBaselineIsToldInOneLine(String text, String message) throws Exception {
    Path file = file(text);

    assertThatThrownBy(() -> BaselineFile.read(file))
        .isInstanceOf(BadBaselineException.class)
        .hasMessageStartingWith(file + ":")
        .hasMessageContaining(message)
        .extracting(Throwable::getMessage)
        .asString()
        .doesNotContain("\n");
  }

  @Test
  void fileThatIsMissingIsTold() {
    Path file = directory.resolve("none.json");

    assertThatThrownBy(() -> BaselineFile.read(file))
        .isInstanceOf(BadBaselineException.class)
        .hasMessage(file + ": there is no such file");
  }

  @Test
  void directoryIsTold() {
    assertThatThrownBy(() -> BaselineFile.read(directory))
        .isInstanceOf(BadBaselineException.class)
        .hasMessage(directory + ": can't be read: it is a directory");
  }
}
