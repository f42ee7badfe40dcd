package dev.leakcheck.cli.reports;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.End;
import dev.leakcheck.report.ReportEntry.Jvm;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Lifetime;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Entries as the lines of a report, written apart from what writes them while tests run. */
final class EntryJson {

  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final JsonGenerator json;

  private EntryJson(JsonGenerator json) {
    this.json = json;
  }

  /** One line, without its line break. */
  static String line(ReportEntry entry) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      new EntryJson(json).write(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  private void write(ReportEntry entry) throws IOException {
    json.writeStartObject();
    json.writeStringField("entry", entry.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    if (entry instanceof Jvm jvm) {
      json.writeStringField("id", jvm.id());
      json.writeNumberField("schema", jvm.schema());
      time("started", jvm.started());
      json.writeNumberField("pid", jvm.pid());
      text("fork", jvm.fork());
      json.writeStringField("leakcheck", jvm.leakcheck());
      json.writeStringField("java", jvm.java());
      json.writeStringField("os", jvm.os());
      json.writeBooleanField("agent", jvm.agent());
      texts("coverage", jvm.coverage());
    } else if (entry instanceof Check check) {
      where(check.scope(), check.level(), check.type(), check.method());
      time("opened", check.opened());
      time("closed", check.closed());
      json.writeNumberField("waitedMillis", check.waited().toMillis());
      json.writeBooleanField("settledEarly", check.settledEarly());
      json.writeNumberField("failing", check.failing());
      json.writeNumberField("accepted", check.accepted());
      texts("coverage", check.coverage());
      texts("leftAlone", check.leftAlone());
    } else if (entry instanceof Leak leak) {
      write(leak);
    } else if (entry instanceof Lifetime life) {
      json.writeNumberField("thread", life.thread());
      json.writeStringField("name", life.name());
      json.writeBooleanField("virtual", life.virtual());
      json.writeStringField("fingerprint", life.fingerprint());
      time("since", life.since());
      time("until", life.until());
      json.writeBooleanField("alive", life.alive());
    } else if (entry instanceof End end) {
      time("at", end.at());
      json.writeNumberField("checks", end.checks());
    }
    json.writeEndObject();
  }

  private void write(Leak leak) throws IOException {
    time("at", leak.at());
    where(leak.scope(), leak.level(), leak.type(), leak.method());
    json.writeStringField("fingerprint", leak.fingerprint());
    json.writeStringField("kind", leak.kind().id());
    json.writeStringField("title", leak.title());
    json.writeStringField("verdict", lower(leak.verdict()));
    text("reason", leak.reason());
    if (!leak.facts().isEmpty()) {
      json.writeArrayFieldStart("facts");
      for (Fact fact : leak.facts()) {
        json.writeStartObject();
        json.writeStringField("key", fact.key());
        texts("lines", fact.lines());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeStringField("fix", leak.fix());
    json.writeStringField("message", leak.message());
    stack("created", leak.created());
    if (leak.creator() != null) {
      json.writeFieldName("creator");
      frame(leak.creator());
    }
    if (!leak.threads().isEmpty()) {
      json.writeArrayFieldStart("threads");
      for (ThreadRecord thread : leak.threads()) {
        write(thread);
      }
      json.writeEndArray();
    }
    json.writeNumberField("threadCount", leak.threadCount());
    text("plainFingerprint", leak.plainFingerprint());
    if (leak.stopped() != null) {
      json.writeStringField("stopped", lower(leak.stopped()));
    }
  }

  private void write(ThreadRecord thread) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", thread.id());
    json.writeStringField("name", thread.name());
    json.writeBooleanField("virtual", thread.virtual());
    json.writeBooleanField("daemon", thread.daemon());
    json.writeStringField("state", lower(thread.state()));
    json.writeStringField("type", thread.type());
    json.writeStringField("group", thread.group());
    stack("stack", thread.stack());
    Blocker blocker = thread.blocker();
    if (blocker != null) {
      json.writeObjectFieldStart("blocker");
      json.writeStringField("type", blocker.type());
      json.writeStringField("hash", Integer.toHexString(blocker.identity()));
      json.writeEndObject();
    }
    text("executor", thread.executor());
    json.writeEndObject();
  }

  private void where(String scope, ReportEntry.Level level, String type, String method)
      throws IOException {
    json.writeStringField("scope", scope);
    json.writeStringField("level", lower(level));
    text("type", type);
    text("method", method);
  }

  private void stack(String name, List<StackTraceElement> stack) throws IOException {
    if (stack.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(name);
    for (StackTraceElement frame : stack) {
      frame(frame);
    }
    json.writeEndArray();
  }

  private void frame(StackTraceElement frame) throws IOException {
    json.writeStartObject();
    json.writeStringField("class", frame.getClassName());
    json.writeStringField("method", frame.getMethodName());
    text("file", frame.getFileName());
    if (frame.isNativeMethod()) {
      json.writeBooleanField("native", true);
    } else if (frame.getLineNumber() >= 0) {
      json.writeNumberField("line", frame.getLineNumber());
    }
    json.writeEndObject();
  }

  private void texts(String name, List<String> texts) throws IOException {
    if (texts.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private void text(String name, String text) throws IOException {
    if (text != null) {
      json.writeStringField(name, text);
    }
  }

  private void time(String name, Instant time) throws IOException {
    json.writeStringField(name, TIME.format(time));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
