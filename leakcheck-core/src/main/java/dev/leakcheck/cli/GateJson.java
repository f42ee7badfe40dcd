package dev.leakcheck.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import dev.leakcheck.baseline.KnownLeak;
import dev.leakcheck.cli.GateResult.Judged;
import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gate's answer for a machine. Members may be added; what is there keeps its meaning. */
final class GateJson {

  /** Goes up when a member changes its meaning or goes away. */
  private static final int VERSION = 1;

  private static final int SCOPES = 20;
  private static final JsonFactory JSON = new JsonFactory();

  private GateJson() {}

  /** The answer where the reports could be read. */
  static String of(GateResult result, int exitCode, List<String> reasons, List<KnownLeak> pruned) {
    return write(
        json -> {
          head(json, exitCode, reasons);
          json.writeStringField("date", result.date().toString());
          json.writeNumberField("jvms", result.jvms());
          json.writeNumberField("checks", result.checks());
          json.writeBooleanField("baseline", result.hasBaseline());
          json.writeObjectFieldStart("counts");
          for (Verdict verdict : Verdict.values()) {
            json.writeNumberField(word(verdict), result.with(verdict).size());
          }
          json.writeNumberField("gone", result.gone().size());
          json.writeNumberField("unseen", result.unseen().size());
          json.writeNumberField("pruned", pruned.size());
          json.writeEndObject();
          json.writeArrayFieldStart("leaks");
          for (Judged judged : result.leaks()) {
            leak(json, judged);
          }
          json.writeEndArray();
          known(json, "gone", result.gone());
          known(json, "unseen", result.unseen());
          texts(json, "incomplete", result.incomplete());
          texts(json, "problems", result.problems());
          json.writeArrayFieldStart("coverage");
          for (Map.Entry<String, Integer> note : result.coverage().entrySet()) {
            json.writeStartObject();
            json.writeStringField("text", note.getKey());
            json.writeNumberField("times", note.getValue());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** The answer where they could not. */
  static String unreadable(String why) {
    return write(json -> head(json, ExitCode.BAD_INPUT, List.of(why)));
  }

  private static void head(JsonGenerator json, int exitCode, List<String> reasons)
      throws IOException {
    json.writeNumberField("leakcheckGate", VERSION);
    json.writeStringField(
        "verdict",
        exitCode == ExitCode.CLEAN ? "clean" : exitCode == ExitCode.LEAKS ? "leaks" : "unchecked");
    json.writeNumberField("exitCode", exitCode);
    texts(json, "unchecked", reasons);
  }

  private static void leak(JsonGenerator json, Judged judged) throws IOException {
    json.writeStartObject();
    json.writeStringField("verdict", word(judged.verdict()));
    json.writeStringField("kind", judged.leak().kind().id());
    json.writeStringField("fingerprint", judged.leak().fingerprint());
    json.writeStringField("place", Place.of(judged.leak()));
    json.writeStringField("title", judged.leak().title());
    text(json, "createdAt", judged.leak().usersLine().map(Stacks::text).orElse(null));
    text(json, "reason", judged.reason());
    if (judged.known() != null) {
      terms(json, judged.known());
    }
    List<Occurrence> occurrences = judged.group().occurrences();
    json.writeNumberField("occurrences", occurrences.size());
    json.writeNumberField("jvms", occurrences.stream().map(Occurrence::jvm).distinct().count());
    texts(
        json,
        "scopes",
        occurrences.stream()
            .map(occurrence -> occurrence.leak().scope())
            .distinct()
            .limit(SCOPES)
            .toList());
    json.writeEndObject();
  }

  private static void known(JsonGenerator json, String member, List<KnownLeak> leaks)
      throws IOException {
    json.writeArrayFieldStart(member);
    for (KnownLeak leak : leaks) {
      json.writeStartObject();
      json.writeStringField("kind", leak.kind().id());
      json.writeStringField("fingerprint", leak.fingerprint());
      json.writeStringField("place", leak.place());
      json.writeStringField("reason", leak.reason());
      terms(json, leak);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void terms(JsonGenerator json, KnownLeak leak) throws IOException {
    text(json, "owner", leak.owner());
    text(json, "expires", leak.expires() == null ? null : leak.expires().toString());
  }

  private static void text(JsonGenerator json, String member, @Nullable String text)
      throws IOException {
    if (text != null) {
      json.writeStringField(member, text);
    }
  }

  private static void texts(JsonGenerator json, String member, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(member);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  /** Writes the members of an object. */
  private interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  private static String write(Members members) {
    StringWriter text = new StringWriter();
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.setPrettyPrinter(
          new DefaultPrettyPrinter(
                  Separators.createDefaultInstance()
                      .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                      .withArrayEmptySeparator(""))
              .withObjectIndenter(lines)
              .withArrayIndenter(lines));
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written to but memory
    }
    return text.append('\n').toString();
  }
}
