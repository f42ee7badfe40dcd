package dev.leakcheck.cli.html;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** One cause: what a person reads of it, where it was found, and the stacks of what was left. */
final class GroupJson {

  private static final int MAX_PLACES = 100;

  /** Where it was found, and what became of it there. */
  private record Place(String test, String jvm, Verdict verdict) {}

  private GroupJson() {}

  static void write(
      Group group, Map<String, String> jvmLabels, FrameTable frames, JsonGenerator json)
      throws IOException {
    Leak first = group.first();
    json.writeStartObject();
    json.writeStringField("id", Text.line(group.fingerprint()));
    json.writeStringField("kind", group.kind().id());
    json.writeStringField("verdict", word(Summary.verdict(group)));
    json.writeStringField("title", Text.line(first.title()));
    json.writeStringField("fix", Text.line(first.fix()));
    List<String> proofs = group.otherProofs(first);
    String more = proofs.isEmpty() ? "" : "\n\n" + String.join("\n", proofs);
    json.writeStringField("message", Text.block(first.message() + more));
    reasons(group, json);
    json.writeNumberField("times", group.occurrences().size());
    json.writeNumberField(
        "threads", group.occurrences().stream().mapToLong(o -> o.leak().threadCount()).sum());
    places(group, jvmLabels, json);
    frames.writeStacks(
        "stacks",
        group.occurrences().stream()
            .flatMap(occurrence -> occurrence.leak().threads().stream())
            .map(ThreadRecord::stack)
            .toList(),
        json);
    frames.writeStacks(
        "created",
        group.occurrences().stream().map(occurrence -> occurrence.leak().created()).toList(),
        json);
    json.writeEndObject();
  }

  private static void reasons(Group group, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("reasons");
    for (String reason :
        group.occurrences().stream()
            .map(occurrence -> occurrence.leak().reason())
            .filter(Objects::nonNull)
            .distinct()
            .limit(MAX_PLACES)
            .toList()) {
      json.writeString(Text.line(reason));
    }
    json.writeEndArray();
  }

  private static void places(Group group, Map<String, String> jvmLabels, JsonGenerator json)
      throws IOException {
    Map<Place, List<Occurrence>> places = new LinkedHashMap<>();
    for (Occurrence occurrence : group.occurrences()) {
      Leak leak = occurrence.leak();
      String jvm = jvmLabels.getOrDefault(occurrence.jvm(), "");
      places
          .computeIfAbsent(
              new Place(Text.place(leak), jvm, leak.verdict()), added -> new ArrayList<>())
          .add(occurrence);
    }
    json.writeArrayFieldStart("places");
    int left = MAX_PLACES;
    for (Map.Entry<Place, List<Occurrence>> place : places.entrySet()) {
      if (left-- == 0) {
        break;
      }
      json.writeStartObject();
      json.writeStringField("test", place.getKey().test());
      json.writeStringField("jvm", place.getKey().jvm());
      json.writeStringField("verdict", word(place.getKey().verdict()));
      json.writeNumberField("times", place.getValue().size());
      json.writeNumberField("at", place.getValue().get(0).leak().at().toEpochMilli());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("morePlaces", Math.max(0, places.size() - MAX_PLACES));
  }

  static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }
}
