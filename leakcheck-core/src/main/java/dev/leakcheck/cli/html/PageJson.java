package dev.leakcheck.cli.html;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.JvmReport;
import dev.leakcheck.model.Kind;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.TextReport;
import java.io.IOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the page's script draws, as JSON that may stand in a {@code script} element. Everything is
 * cut to a size that a browser can open; how much is left out is said beside it.
 */
final class PageJson {

  /** In ASCII, so that no line separator and no half of a surrogate pair is in it as it is. */
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .characterEscapes(new MarkupEscapes())
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private final Reports reports;
  private final Summary summary;
  private final Map<String, String> jvmLabels;
  private final JsonGenerator json;

  private PageJson(Reports reports, Summary summary, JsonGenerator json) {
    this.reports = reports;
    this.summary = summary;
    this.jvmLabels = jvmLabels(reports.jvms());
    this.json = json;
  }

  static void write(Reports reports, Summary summary, Writer out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      new PageJson(reports, summary, json).write();
    }
  }

  private void write() throws IOException {
    json.writeStartObject();
    json.writeStringField("version", Text.line(TextReport.version()));
    summary();
    json.writeArrayFieldStart("problems");
    for (String problem : reports.problems()) {
      json.writeString(Text.line(problem));
    }
    json.writeEndArray();
    notes("coverage", ReportEntry.Jvm::coverage, ReportEntry.Check::coverage);
    notes("leftAlone", jvm -> List.of(), ReportEntry.Check::leftAlone);
    kinds();
    FrameTable frames = new FrameTable();
    Map<String, Integer> numbers = new HashMap<>();
    json.writeArrayFieldStart("groups");
    for (Group group : reports.groups()) {
      numbers.put(group.fingerprint(), numbers.size());
      GroupJson.write(group, jvmLabels, frames, json);
    }
    json.writeEndArray();
    frames.write(json);
    json.writeArrayFieldStart("jvms");
    for (JvmReport jvm : reports.jvms()) {
      JvmJson.write(jvm, label(jvm), reports.groups(), numbers, json);
    }
    json.writeEndArray();
    Waits.of(reports.jvms()).write(json);
    json.writeEndObject();
  }

  private void summary() throws IOException {
    json.writeStringField("tone", summary.tone().name().toLowerCase(Locale.ROOT));
    json.writeStringField("verdict", summary.verdict());
    json.writeStringField("detail", summary.detail());
  }

  private void kinds() throws IOException {
    json.writeObjectFieldStart("kinds");
    TreeSet<Kind> kinds = new TreeSet<>(Kind.ORDER);
    reports.groups().forEach(group -> kinds.add(group.kind()));
    for (Kind kind : kinds) {
      json.writeStringField(kind.id(), kind.summary());
    }
    json.writeEndObject();
  }

  /** Notes of JVMs and of their checks, and how many of both say the same. */
  private void notes(
      String name,
      Function<ReportEntry.Jvm, List<String>> ofJvms,
      Function<ReportEntry.Check, List<String>> ofChecks)
      throws IOException {
    Map<String, long[]> notes = new LinkedHashMap<>();
    for (JvmReport jvm : reports.jvms()) {
      TreeSet<String> ofJvm = new TreeSet<>(ofJvms.apply(jvm.jvm()));
      jvm.checks()
          .forEach(
              check ->
                  ofChecks
                      .apply(check)
                      .forEach(
                          note -> {
                            ofJvm.add(note);
                            notes.computeIfAbsent(note, unseen -> new long[2])[1]++;
                          }));
      ofJvm.forEach(note -> notes.computeIfAbsent(note, unseen -> new long[2])[0]++);
    }
    json.writeArrayFieldStart(name);
    for (Map.Entry<String, long[]> note : notes.entrySet()) {
      json.writeStartObject();
      json.writeStringField("note", Text.line(note.getKey()));
      json.writeNumberField("jvms", note.getValue()[0]);
      json.writeNumberField("checks", note.getValue()[1]);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static Map<String, String> jvmLabels(List<JvmReport> jvms) {
    Map<String, String> labels = new HashMap<>();
    jvms.forEach(jvm -> labels.put(jvm.jvm().id(), label(jvm)));
    return labels;
  }

  /** Such as {@code fork 2, pid 4711}. */
  private static String label(JvmReport jvm) {
    String fork = jvm.jvm().fork();
    String pid = "pid " + jvm.jvm().pid();
    if (fork == null || fork.isBlank()) {
      return pid;
    }
    return (fork.matches("\\d+") ? "fork " : "") + Text.line(fork) + ", " + pid;
  }

  /** Besides what JSON asks for, whatever could end or begin an element. */
  private static final class MarkupEscapes extends CharacterEscapes {

    private static final long serialVersionUID = 1L;

    private final int[] escapes = CharacterEscapes.standardAsciiEscapesForJSON();

    MarkupEscapes() {
      for (char c : "<>&".toCharArray()) {
        escapes[c] = CharacterEscapes.ESCAPE_STANDARD;
      }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return escapes.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return null;
    }
  }
}
