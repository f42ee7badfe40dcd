package dev.leakcheck.cli.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.leakcheck.classify.Trend;
import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.model.CohortTrend.Verdict;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Stacks;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Writes what a watch sees as JSON Lines: one object for each sample, with the groups that grow or
 * sit unchanged, and one at the end. Each line is written as it comes.
 */
final class WatchJson implements Closeable {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MOST = 1_000;
  private static final int FRAMES = 16;

  private final Writer out;
  private final Function<Cohort, List<String>> origins;

  WatchJson(Writer out, Function<Cohort, List<String>> origins) {
    this.out = out;
    this.origins = origins;
  }

  /** Something that writes the members of an object. */
  private interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  private void line(String entry, Members members) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("entry", entry);
      members.write(json);
      json.writeEndObject();
    }
    out.write(line.append('\n').toString());
    out.flush();
  }

  void sample(Trend.Round round, long pid) throws IOException {
    line(
        "sample",
        json -> {
          json.writeNumberField("schema", 1);
          json.writeNumberField("pid", pid);
          json.writeNumberField("number", round.number());
          json.writeStringField("at", round.population().at().toString());
          json.writeNumberField("platform", round.population().platform());
          json.writeNumberField("virtual", round.population().virtual());
          json.writeNumberField("executors", round.population().executorCount());
          json.writeBooleanField("platformGrows", round.platformGrows());
          json.writeBooleanField("virtualGrows", round.virtualGrows());
          json.writeBooleanField("executorsGrow", round.executorsGrow());
          json.writeArrayFieldStart("groups");
          int left = MOST;
          for (CohortTrend group : round.trends()) {
            if (group.cohort().benign() == null
                && group.verdict() != Verdict.MOVING
                && left-- > 0) {
              group(group, json);
            }
          }
          json.writeEndArray();
          strings(
              "coverage",
              round.population().coverage().notes().stream().map(Coverage.Note::text).toList(),
              json);
        });
  }

  private void group(CohortTrend group, JsonGenerator json) throws IOException {
    Cohort cohort = group.cohort();
    json.writeStartObject();
    json.writeStringField("fingerprint", cohort.fingerprint());
    json.writeStringField("names", cohort.name());
    json.writeBooleanField("virtual", cohort.virtual());
    json.writeNumberField("threads", cohort.count());
    json.writeStringField("verdict", group.verdict().name().toLowerCase(Locale.ROOT));
    json.writeNumberField("growth", group.growth());
    json.writeNumberField("samples", group.rounds());
    json.writeStringField("since", group.since().toString());
    json.writeStringField("activity", cohort.activity());
    strings("stack", cohort.stack().stream().limit(FRAMES).map(Stacks::text).toList(), json);
    strings("created", origins.apply(cohort), json);
    json.writeEndObject();
  }

  /** The last line. */
  void end(String why, Duration elapsed, List<String> crossed, int exit) throws IOException {
    line(
        "end",
        json -> {
          json.writeStringField("why", why);
          json.writeNumberField("watchedMillis", elapsed.toMillis());
          strings("crossed", crossed, json);
          json.writeNumberField("exit", exit);
        });
  }

  private static void strings(String name, List<String> values, JsonGenerator json)
      throws IOException {
    if (values.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
