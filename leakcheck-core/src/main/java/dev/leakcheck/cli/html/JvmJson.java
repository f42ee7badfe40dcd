package dev.leakcheck.cli.html;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.JvmReport;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.Level;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One JVM: what it was, and its time line of tests and of threads that were left. */
final class JvmJson {

  private static final int MAX_CLASSES = 1_000;
  private static final int MAX_TESTS = 2_000;

  /** When something ran, in milliseconds since the epoch, and whether it failed. */
  private static final class Band {
    final String name;
    long from = Long.MAX_VALUE;
    long to = Long.MIN_VALUE;
    int failing;

    Band(String name) {
      this.name = name;
    }

    Band add(Check check) {
      from = Math.min(from, check.opened().toEpochMilli());
      to = Math.max(to, check.closed().toEpochMilli());
      failing += check.failing();
      return this;
    }
  }

  private JvmJson() {}

  static void write(
      JvmReport report,
      String label,
      List<Group> groups,
      Map<String, Integer> groupNumbers,
      JsonGenerator json)
      throws IOException {
    ReportEntry.Jvm jvm = report.jvm();
    ReportEntry.End end = report.end();
    json.writeStartObject();
    json.writeStringField("label", label);
    json.writeStringField("java", Text.line(jvm.java()));
    json.writeStringField("os", Text.line(jvm.os()));
    json.writeStringField("leakcheck", Text.line(jvm.leakcheck()));
    json.writeBooleanField("agent", jvm.agent());
    json.writeStringField("file", Text.line(report.file().toString()));
    json.writeNumberField("from", times(report).min(Comparator.naturalOrder()).orElseThrow());
    json.writeNumberField("to", times(report).max(Comparator.naturalOrder()).orElseThrow());
    json.writeBooleanField("ended", end != null);
    json.writeNumberField("checks", report.checks().size());
    if (end != null) {
      json.writeNumberField("checksAtEnd", end.checks());
    }
    // They are drawn behind threads.
    List<Check> checks = report.lifetimes().isEmpty() ? List.of() : report.checks();
    bands("classes", classes(checks), MAX_CLASSES, json);
    bands("tests", tests(checks), MAX_TESTS, json);
    Lanes.of(report, groups).write(groupNumbers, json);
    json.writeEndObject();
  }

  private static Stream<Long> times(JvmReport report) {
    ReportEntry.End end = report.end();
    return Stream.of(
            Stream.of(report.jvm().started()),
            end == null ? Stream.<Instant>empty() : Stream.of(end.at()),
            report.checks().stream().flatMap(check -> Stream.of(check.opened(), check.closed())),
            report.lifetimes().stream().flatMap(life -> Stream.of(life.since(), life.until())))
        .flatMap(instants -> instants)
        .map(Instant::toEpochMilli);
  }

  private static List<Band> classes(List<Check> checks) {
    Map<String, Band> classes = new LinkedHashMap<>();
    for (Check check : checks) {
      String type = check.type();
      if (type != null) {
        classes.computeIfAbsent(type, added -> new Band(Text.line(added))).add(check);
      }
    }
    return new ArrayList<>(classes.values());
  }

  private static List<Band> tests(List<Check> checks) {
    return checks.stream()
        .filter(check -> check.level() == Level.METHOD)
        .map(check -> new Band(Text.place(check)).add(check))
        .toList();
  }

  /** As {@code [[name, from, to, failing]…]} by time; those that took longest, if not all. */
  private static void bands(String name, List<Band> bands, int most, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    List<Band> shown =
        bands.stream()
            .sorted(Comparator.comparingLong(band -> band.from - band.to))
            .limit(most)
            .sorted(Comparator.comparingLong(band -> band.from))
            .toList();
    for (Band band : shown) {
      json.writeStartArray();
      json.writeString(band.name);
      json.writeNumber(band.from);
      json.writeNumber(band.to);
      json.writeNumber(band.failing);
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeNumberField(name + "More", Math.max(0, bands.size() - most));
  }
}
