package dev.leakcheck.cli.dump;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Population;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.report.TextReport;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells a program what is in a dump, or what came and went between two. Members that are null and
 * lists that are empty are left out; names are as they were set.
 */
public final class DumpJson {

  private static final int FRAMES = 64;

  private final JsonGenerator json;

  private DumpJson(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Writes a dump.
   *
   * @param dump the dump
   * @param source what was looked at
   * @param crossed limits that are crossed
   * @param out where to; it is not closed
   * @throws IOException if it can't be written
   */
  public static void write(Dump dump, String source, List<String> crossed, Writer out)
      throws IOException {
    try (JsonGenerator json = generator(out)) {
      new DumpJson(json).scan(dump, source, crossed);
    }
    out.write(System.lineSeparator());
  }

  /**
   * Writes a difference.
   *
   * @param diff the difference
   * @param before what the first dump is called
   * @param after what the second dump is called
   * @param crossed limits that are crossed
   * @param out where to; it is not closed
   * @throws IOException if it can't be written
   */
  public static void write(
      DumpDiff diff, String before, String after, List<String> crossed, Writer out)
      throws IOException {
    try (JsonGenerator json = generator(out)) {
      new DumpJson(json).diff(diff, before, after, crossed);
    }
    out.write(System.lineSeparator());
  }

  private static JsonGenerator generator(Writer out) throws IOException {
    return JsonFactory.builder()
        .build()
        .createGenerator(out)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
        .setPrettyPrinter(new DefaultPrettyPrinter());
  }

  private void scan(Dump dump, String source, List<String> crossed) throws IOException {
    json.writeStartObject();
    json.writeStringField("leakcheck", TextReport.version());
    json.writeStringField("source", source);
    about(dump);
    strings("crossed", crossed);
    deadlocks(dump.deadlocks());
    if (!dump.locks().isEmpty()) {
      json.writeArrayFieldStart("locks");
      for (Dump.Contended lock : dump.locks()) {
        json.writeStartObject();
        json.writeStringField("lock", lock.lock());
        json.writeNumberField("waiters", lock.waiters());
        optional("owner", lock.owner());
        if (lock.ownerId() != null) {
          json.writeNumberField("ownerId", lock.ownerId());
        }
        optional("ownerDoes", lock.doing());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeArrayFieldStart("groups");
    for (Cohort cohort : dump.population().cohorts()) {
      json.writeStartObject();
      group(cohort);
      json.writeNumberField("count", cohort.count());
      json.writeEndObject();
    }
    json.writeEndArray();
    executors(dump.executors());
    json.writeEndObject();
  }

  private void about(Dump dump) throws IOException {
    json.writeStringField("format", dump.format().name().toLowerCase(java.util.Locale.ROOT));
    optional("jvm", dump.jvm());
    optional("time", dump.time());
    Population threads = dump.population();
    json.writeObjectFieldStart("threads");
    json.writeNumberField("total", threads.threads());
    json.writeNumberField("platform", threads.platform());
    json.writeNumberField("virtual", threads.virtual());
    json.writeNumberField("inFurtherGroups", threads.others());
    json.writeNumberField("native", dump.nativeThreads());
    json.writeEndObject();
    strings("notes", dump.notes());
    strings("notSeen", threads.coverage().notes().stream().map(Coverage.Note::text).toList());
  }

  private void deadlocks(List<Dump.Stuck> deadlocks) throws IOException {
    json.writeArrayFieldStart("deadlocks");
    for (Dump.Stuck stuck : deadlocks) {
      json.writeStartObject();
      json.writeStringField("id", stuck.fingerprint());
      json.writeStringField("title", stuck.title());
      json.writeArrayFieldStart("threads");
      for (Long id : stuck.threads()) {
        json.writeNumber(id);
      }
      json.writeEndArray();
      json.writeNumberField("behind", stuck.behind());
      json.writeArrayFieldStart("facts");
      for (Fact fact : stuck.facts()) {
        json.writeStartObject();
        json.writeStringField("key", fact.key());
        strings("lines", fact.lines());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeStringField("fix", stuck.fix());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void group(Cohort cohort) throws IOException {
    json.writeStringField("fingerprint", cohort.fingerprint());
    json.writeStringField("name", cohort.name());
    json.writeBooleanField("virtual", cohort.virtual());
    json.writeStringField("state", cohort.state().name());
    json.writeStringField("activity", cohort.activity());
    optional("benign", cohort.benign());
    strings("examples", cohort.examples());
    strings("stack", cohort.stack().stream().limit(FRAMES).map(Stacks::text).toList());
  }

  private void executors(List<Dump.Executor> executors) throws IOException {
    if (executors.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("executors");
    for (Dump.Executor executor : executors) {
      json.writeStartObject();
      json.writeStringField("id", executor.id());
      json.writeStringField("type", executor.type());
      if (executor.owner() != null) {
        json.writeNumberField("owner", executor.owner());
      }
      json.writeNumberField("threads", executor.threads());
      json.writeNumberField("idle", executor.idle());
      json.writeStringField("names", executor.names());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void diff(DumpDiff diff, String before, String after, List<String> crossed)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("leakcheck", TextReport.version());
    side("before", before, diff.before());
    side("after", after, diff.after());
    strings("crossed", crossed);
    strings("notes", diff.notes());
    deadlocks(diff.deadlocks());
    json.writeArrayFieldStart("groups");
    for (DumpDiff.Row row : diff.groups()) {
      json.writeStartObject();
      group(row.cohort());
      json.writeNumberField("before", row.before());
      json.writeNumberField("after", row.after());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("executors");
    for (DumpDiff.ExecutorRow row : diff.executors()) {
      json.writeStartObject();
      json.writeStringField("type", row.type());
      json.writeStringField("names", row.names());
      json.writeNumberField("before", row.before());
      json.writeNumberField("after", row.after());
      json.writeNumberField("threadsBefore", row.threadsBefore());
      json.writeNumberField("threadsAfter", row.threadsAfter());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void side(String field, String source, Dump dump) throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("source", source);
    about(dump);
    json.writeEndObject();
  }

  private void optional(String field, @Nullable String value) throws IOException {
    if (value != null) {
      json.writeStringField(field, value);
    }
  }

  private void strings(String field, List<String> values) throws IOException {
    if (values.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
