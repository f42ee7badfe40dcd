package dev.leakcheck.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.leakcheck.report.ReportEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReportSchemaTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<ReportEntry> entries() {
    return Stream.of(
        Entries.JVM,
        Entries.check("scope"),
        Entries.CODE_CHECK,
        Entries.leak("\u001b\u0000\ud800\"\u2028"),
        Entries.LIFETIME,
        Entries.END);
  }

  private static ObjectNode node(ReportEntry entry) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new EntryWriter(out).write(entry);
    return (ObjectNode) JSON.readTree(out.toString(StandardCharsets.UTF_8));
  }

  private static ObjectNode node(String entry) throws IOException {
    for (ReportEntry known : entries().toList()) {
      if (node(known).get("entry").textValue().equals(entry)) {
        return node(known);
      }
    }
    throw new AssertionError(entry);
  }

  private static List<String> complaints(JsonNode line) {
    return ReportSchema.complaints(List.of(line.toString()));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void whatIsWrittenIsValid(ReportEntry entry) throws IOException {
    assertThat(complaints(node(entry))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("entries")
  void memberThatIsNotKnownIsIgnored(ReportEntry entry) throws IOException {
    assertThat(complaints(node(entry).put("later", 1))).isEmpty();
  }

  /** Each member that is required is missed, and one of another type refused. */
  @ParameterizedTest
  @MethodSource("entries")
  void lineWithoutAMemberOrWithOneOfAnotherTypeIsRejected(ReportEntry entry) throws IOException {
    List<String> accepted = new ArrayList<>();
    ObjectNode whole = node(entry);
    List<String> required = required(whole.get("entry").textValue());
    assertThat(required).hasSizeGreaterThan(2);
    for (String member : required) {
      ObjectNode without = whole.deepCopy();
      without.remove(member);
      if (complaints(without).isEmpty()) {
        accepted.add("without " + member);
      }
    }
    for (String member : (Iterable<String>) whole::fieldNames) {
      if (complaints(with(whole, member)).isEmpty()) {
        accepted.add("object as " + member);
      }
    }
    assertThat(accepted).isEmpty();
  }

  private static ObjectNode with(ObjectNode whole, String member) {
    ObjectNode other = whole.deepCopy();
    other.putObject(member);
    return other;
  }

  private static List<String> required(String entry) throws IOException {
    try (InputStream in =
        ReportSchemaTest.class.getResourceAsStream("/dev/leakcheck/report.schema.json")) {
      List<String> names = new ArrayList<>();
      JSON.readTree(in)
          .at("/$defs/" + entry + "/required")
          .forEach(name -> names.add(name.textValue()));
      return names;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jvm   | /schema | 2",
        "jvm   | /id | \"1\"",
        "jvm   | /pid | \"4711\"",
        "check | /level | \"METHOD\"",
        "check | /opened | \"2026-11-21 10:15:30\"",
        "check | /opened | \"2026-11-21T10:15:30Z\"",
        "check | /waitedMillis | -1",
        "check | /waitedMillis | 1.5",
        "check | /failing | \"1\"",
        "leak  | /verdict | \"NEW\"",
        "leak  | /kind | \"STRAY_THREAD\"",
        "leak  | /facts | []",
        "leak  | /facts/0/lines | []",
        "leak  | /threads | []",
        "leak  | /threads/0/state | \"parked\"",
        "leak  | /threads/0/id | \"29\"",
        "leak  | /threads/0/stack/0/line | -2",
        "leak  | /threads/0/blocker/hash | \"0xff\"",
        "leak  | /created/0/class | null",
        "leak  | /creator/class | null",
        "leak  | /reason | null",
        "lifetime | /thread | 0",
        "lifetime | /alive | \"true\"",
        "end   | /checks | -1",
        "end   | /entry | \"END\""
      })
  void wrongValueIsRejected(String entry, String pointer, String value) throws IOException {
    ObjectNode line = node(entry);
    int last = pointer.lastIndexOf('/');
    ((ObjectNode) line.at(pointer.substring(0, last)))
        .set(pointer.substring(last + 1), JSON.readTree(value));

    assertThat(complaints(line)).isNotEmpty();
  }

  @Test
  void acceptedLeakNeedsAReasonAndANewOneHasNone() throws IOException {
    ObjectNode leak = node("leak");
    leak.remove("reason");
    assertThat(complaints(leak)).isNotEmpty();
    leak.put("verdict", "new");
    assertThat(complaints(leak)).isEmpty();
  }

  @Test
  void lineThatIsNoObjectIsRejected() {
    assertThat(ReportSchema.complaints(List.of("[]", "1", "\"jvm\"", "{}"))).hasSizeGreaterThan(3);
  }
}
