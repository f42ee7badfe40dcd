package dev.leakcheck.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryWriterTest {

  private static String line(ReportEntry entry) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new EntryWriter(out).write(entry);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void jvmIsOneLine() throws IOException {
    assertThat(line(Entries.JVM))
        .isEqualTo(
            """
            {"entry":"jvm","id":"0123abcd-0000-4000-8000-000000000001","schema":1,"started":"2026-11-21T10:15:30.000Z","pid":4711,"fork":"2","leakcheck":"0.1.0","java":"25","os":"Linux","agent":true,"coverage":["what no check sees"]}
            """);
  }

  @Test
  void checkIsOneLineWithoutWhatIsNotThere() throws IOException {
    assertThat(line(Entries.check("OrderServiceTest.placesOrder()")))
        .isEqualTo(
            """
            {"entry":"check","scope":"OrderServiceTest.placesOrder()","level":"method","type":"com.acme.OrderServiceTest","method":"placesOrder","opened":"2026-11-21T10:15:30.007Z","closed":"2026-11-21T10:15:31.120Z","waitedMillis":1050,"settledEarly":true,"failing":1,"accepted":0}
            """);
    assertThat(line(Entries.CODE_CHECK))
        .isEqualTo(
            """
            {"entry":"check","scope":"this scope","level":"code","opened":"2026-11-21T10:15:30.007Z","closed":"2026-11-21T10:15:31.120Z","waitedMillis":0,"settledEarly":false,"failing":0,"accepted":0,"coverage":["no virtual threads"],"leftAlone":["an executor made by an older thread"]}
            """);
  }

  @Test
  void leakIsOneLine() throws IOException {
    assertThat(line(Entries.leak("price-poller-3")))
        .isEqualTo(
            """
            {"entry":"leak","at":"2026-11-21T10:15:31.120Z","scope":"OrderServiceTest.placesOrder()","level":"method","type":"com.acme.OrderServiceTest","method":"placesOrder","fingerprint":"f7f6587682d0dbf8","kind":"stray-thread","title":"a thread","verdict":"allowed","reason":"vendor client","facts":[{"key":"why","lines":["one","two"]}],"fix":"stop it","message":"first\\nsecond","created":[{"class":"com.acme.A","method":"a","file":"A.java","line":12},{"class":"com.acme.B","method":"b"},{"class":"com.acme.C","method":"c","native":true}],"creator":{"class":"com.acme.A","method":"a","file":"A.java","line":12},"threads":[{"id":29,"name":"price-poller-3","virtual":false,"daemon":true,"state":"timed_waiting","type":"java.lang.Thread","group":"main","stack":[{"class":"com.acme.A","method":"a","file":"A.java","line":12}],"blocker":{"type":"java.lang.Object","hash":"ff00","owner":7},"executor":"Pool@1"}],"threadCount":300,"plainFingerprint":"0000000000000001","stopped":"alive"}
            """);
  }

  @Test
  void lifetimeAndEndAreOneLineEach() throws IOException {
    assertThat(line(Entries.LIFETIME) + line(Entries.END))
        .isEqualTo(
            """
            {"entry":"lifetime","thread":29,"name":"price-poller-3","virtual":true,"fingerprint":"f7f6587682d0dbf8","since":"2026-11-21T10:15:30.007Z","until":"2026-11-21T10:15:31.120Z","alive":false}
            {"entry":"end","at":"2026-11-21T10:15:31.120Z","checks":12}
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[31m\u0000\u0007",
        "a\nb\r\nc",
        "\u0085\u2028\u2029\u000b\f",
        "\"\\/",
        "é 世 😀",
        ""
      })
  void anyNameComesBackAsItWas(String name) throws IOException {
    assertThat(nameIn(line(Entries.leak(name)))).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\ud800", "\udc00b", "\ud83d\ud83d\ude00", "\ude00\ud83d"})
  void halfOfACharacterIsReplaced(String name) throws IOException {
    String line = line(Entries.leak(name));

    assertThat(nameIn(line)).contains("\ufffd").matches(EntryWriterTest::isWellFormed);
  }

  private static boolean isWellFormed(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  @Test
  void lineIsOneLineToWhoeverSplitsText() throws IOException {
    String line = line(Entries.leak("a\nb\rc\u000bd\fe\u001cf\u001dg\u001eh\u0085i\u2028j\u2029k"));

    assertThat(line.substring(0, line.length() - 1))
        .doesNotContainPattern("[\\x00-\\x1f\\x85\\u2028\\u2029]");
  }

  @Test
  void stackOfEndlessRecursionIsCut() throws IOException {
    StackTraceElement frame = new StackTraceElement("com.acme.A", "a", "A.java", 12);
    ThreadRecord thread =
        Entries.thread("deep", Collections.nCopies(EntryWriter.MAX_FRAMES + 50, frame));

    JsonNode leak = new ObjectMapper().readTree(line(Entries.leak(thread)));

    assertThat(leak.at("/threads/0/stack")).hasSize(EntryWriter.MAX_FRAMES);
  }

  @Test
  void timesOfOneSecondAndOfManyAreRight() {
    Times times = new Times();
    assertThat(
            List.of(
                times.text(Instant.ofEpochMilli(0)),
                times.text(Instant.ofEpochMilli(999)),
                times.text(Instant.ofEpochMilli(1_000)),
                times.text(Instant.ofEpochMilli(-1)),
                times.text(Instant.parse("2026-02-28T23:59:59.045678Z"))))
        .containsExactly(
            "1970-01-01T00:00:00.000Z",
            "1970-01-01T00:00:00.999Z",
            "1970-01-01T00:00:01.000Z",
            "1969-12-31T23:59:59.999Z",
            "2026-02-28T23:59:59.045Z");
  }

  private static String nameIn(String line) throws IOException {
    return new ObjectMapper().readTree(line).at("/threads/0/name").textValue();
  }
}
