package dev.leakcheck.cli.formats;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leakcheck.cli.formats.Sources.Place;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.report.ReportEntry.Leak;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes a group as a result of SARIF. Not thread-safe. */
final class SarifResult {

  /** The version of the fingerprint's meaning. */
  private static final String FINGERPRINT = "leakcheck/v1";

  private static final int MAX_TESTS = 50;
  private static final int MAX_FRAMES = 200;

  /** In plain text this would be a link. */
  private static final Pattern LINK = Pattern.compile("\\[(?=[^\\]]*\\]\\()");

  private final JsonGenerator json;
  private final Sources sources;
  private final List<Kind> rules;

  /**
   * Writes results.
   *
   * @param rules in the order that results count them in
   */
  SarifResult(JsonGenerator json, Sources sources, List<Kind> rules) {
    this.json = json;
    this.sources = sources;
    this.rules = rules;
  }

  void write(Group group) throws IOException {
    Leak leak = Texts.telling(group);
    json.writeStartObject();
    json.writeStringField("ruleId", group.kind().id());
    json.writeNumberField("ruleIndex", rules.indexOf(group.kind()));
    json.writeStringField("level", group.isFailing() ? "error" : "note");
    message(group, leak);
    location(leak);
    tests(group);
    created(leak.created());
    json.writeObjectFieldStart("partialFingerprints");
    json.writeStringField(FINGERPRINT, Printable.escape(group.fingerprint()));
    json.writeEndObject();
    json.writeNumberField("occurrenceCount", group.occurrences().size());
    suppressions(group, leak);
    json.writeEndObject();
  }

  private void message(Group group, Leak leak) throws IOException {
    String acceptance = Texts.acceptance(leak);
    String note = acceptance.isEmpty() ? "" : " (" + acceptance + ")";
    String title = Texts.title(leak);
    String fix = Printable.escape(leak.fix());
    json.writeObjectFieldStart("message");
    json.writeStringField("text", plain(title + note + ". Fix: " + fix));
    json.writeStringField(
        "markdown",
        Markdown.fenced(
            (acceptance.isEmpty() ? "" : acceptance + "\n\n") + Texts.message(group, leak)));
    json.writeEndObject();
  }

  private static String plain(String text) {
    return LINK.matcher(text).replaceAll("\\\\[");
  }

  private void location(Leak leak) throws IOException {
    json.writeArrayFieldStart("locations");
    Optional<Place> place = Optional.of(sources.of(leak));
    String name = leak.usersLine().map(SarifResult::method).orElseGet(() -> test(leak));
    location(place, name, null, 0);
    json.writeEndArray();
  }

  /** The tests it was found in. */
  private void tests(Group group) throws IOException {
    Map<String, Leak> first = new LinkedHashMap<>();
    for (Occurrence occurrence : group.occurrences()) {
      first.putIfAbsent(Printable.escape(occurrence.leak().scope()), occurrence.leak());
    }
    Map<String, Integer> times = Texts.scopes(group);
    json.writeArrayFieldStart("relatedLocations");
    int id = 1;
    for (Map.Entry<String, Leak> test : first.entrySet()) {
      Leak leak = test.getValue();
      Optional<Place> place = leak.type() == null ? Optional.empty() : sources.of(leak.type());
      if (place.isEmpty()) {
        continue; // see the places of results
      }
      int count = times.getOrDefault(test.getKey(), 1);
      String text = "found by " + test.getKey() + (count == 1 ? "" : ", " + count + " times");
      if (id == MAX_TESTS && first.size() > MAX_TESTS) {
        text += "; and by " + (first.size() - MAX_TESTS) + " more tests";
      }
      location(place, test(leak), text, id++);
      if (id > MAX_TESTS) {
        break;
      }
    }
    json.writeEndArray();
  }

  /** The stack that created it, and the user's part of it as a path that viewers walk along. */
  private void created(List<StackTraceElement> stack) throws IOException {
    if (stack.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("stacks");
    json.writeStartObject();
    Sarif.text("message", "created at", json);
    json.writeArrayFieldStart("frames");
    for (StackTraceElement frame : stack.subList(0, Math.min(MAX_FRAMES, stack.size()))) {
      json.writeStartObject();
      json.writeFieldName("location");
      location(Stacks.isJdk(frame) ? Optional.empty() : sources.of(frame), method(frame), null, 0);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();

    List<StackTraceElement> path =
        new ArrayList<>(
            Stacks.own(stack).stream()
                .filter(frame -> sources.of(frame).isPresent())
                .limit(MAX_FRAMES)
                .toList());
    if (path.isEmpty()) {
      return;
    }
    Collections.reverse(path);
    json.writeArrayFieldStart("codeFlows");
    json.writeStartObject();
    json.writeArrayFieldStart("threadFlows");
    json.writeStartObject();
    json.writeArrayFieldStart("locations");
    for (StackTraceElement frame : path) {
      json.writeStartObject();
      json.writeFieldName("location");
      location(sources.of(frame), method(frame), Printable.escape(Stacks.text(frame)), 0);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
  }

  private void location(Optional<Place> place, String name, @Nullable String message, int id)
      throws IOException {
    json.writeStartObject();
    if (id > 0) {
      json.writeNumberField("id", id);
    }
    if (place.isPresent()) {
      json.writeObjectFieldStart("physicalLocation");
      json.writeObjectFieldStart("artifactLocation");
      json.writeStringField("uri", place.get().uri());
      if (place.get().base() != null) {
        json.writeStringField("uriBaseId", place.get().base());
      }
      json.writeEndObject();
      if (place.get().line() > 0) {
        json.writeObjectFieldStart("region");
        json.writeNumberField("startLine", place.get().line());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeArrayFieldStart("logicalLocations");
    json.writeStartObject();
    json.writeStringField("fullyQualifiedName", name);
    json.writeStringField("kind", "function");
    json.writeEndObject();
    json.writeEndArray();
    if (message != null) {
      Sarif.text("message", plain(message), json);
    }
    json.writeEndObject();
  }

  /** All results of a run have suppressions, or none has: those that fail have an empty list. */
  private void suppressions(Group group, Leak leak) throws IOException {
    json.writeArrayFieldStart("suppressions");
    if (!group.isFailing()) {
      json.writeStartObject();
      json.writeStringField("kind", "external");
      json.writeStringField("status", "accepted");
      json.writeStringField("justification", Texts.acceptance(leak));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String test(Leak leak) {
    return Printable.escape(
        leak.type() == null
            ? leak.scope()
            : leak.type() + (leak.method() == null ? "" : "." + leak.method()));
  }

  private static String method(StackTraceElement frame) {
    return Printable.escape(frame.getClassName() + "." + frame.getMethodName());
  }
}
