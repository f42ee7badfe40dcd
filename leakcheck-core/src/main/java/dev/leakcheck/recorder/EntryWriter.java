package dev.leakcheck.recorder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries as JSON, one object a line, in UTF-8. Whatever a thread is called, a line is one
 * line to whoever reads it: no character that anybody takes for a line break is written as it is.
 * Not thread-safe.
 */
final class EntryWriter {

  /** Frames of one stack: of what recurses without end, the rest tells nothing. */
  static final int MAX_FRAMES = 200;

  /** Without the buffers that Jackson would leave in thread-locals of the test's thread. */
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .rootValueSeparator((String) null)
          .characterEscapes(new LineBreaks())
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .build();

  private final ByteArrayOutputStream out;
  private final JsonGenerator json;
  private final Times times = new Times();

  /** Line breaks to some, beyond those that JSON escapes in any case. */
  private static final class LineBreaks extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    private final int[] ascii = standardAsciiEscapesForJSON();

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int ch) {
      return switch (ch) {
        case 0x85 -> new SerializedString("\\u0085");
        case 0x2028 -> new SerializedString("\\u2028");
        case 0x2029 -> new SerializedString("\\u2029");
        default -> null;
      };
    }
  }

  EntryWriter(ByteArrayOutputStream out) throws IOException {
    this.out = out;
    this.json = JSON.createGenerator(out);
  }

  /** Writes an entry and a line break. */
  void write(ReportEntry entry) throws IOException {
    json.writeStartObject();
    if (entry instanceof ReportEntry.Jvm jvm) {
      write(jvm);
    } else if (entry instanceof ReportEntry.Check check) {
      write(check);
    } else if (entry instanceof ReportEntry.Leak leak) {
      write(leak);
    } else if (entry instanceof ReportEntry.Lifetime lifetime) {
      write(lifetime);
    } else if (entry instanceof ReportEntry.Lingering lingering) {
      json.writeStringField("entry", "lingering");
      time("at", lingering.at());
      constant("what", lingering.what());
      text("name", lingering.name());
      text("made", lingering.made());
    } else if (entry instanceof ReportEntry.End end) {
      json.writeStringField("entry", "end");
      time("at", end.at());
      json.writeNumberField("checks", end.checks());
    }
    json.writeEndObject();
    json.flush();
    out.write('\n');
  }

  private void write(ReportEntry.Jvm jvm) throws IOException {
    json.writeStringField("entry", "jvm");
    text("id", jvm.id());
    json.writeNumberField("schema", jvm.schema());
    time("started", jvm.started());
    json.writeNumberField("pid", jvm.pid());
    text("fork", jvm.fork());
    text("leakcheck", jvm.leakcheck());
    text("java", jvm.java());
    text("os", jvm.os());
    json.writeBooleanField("agent", jvm.agent());
    texts("coverage", jvm.coverage());
  }

  private void write(ReportEntry.Check check) throws IOException {
    json.writeStringField("entry", "check");
    place(check.scope(), check.level(), check.type(), check.method());
    time("opened", check.opened());
    time("closed", check.closed());
    json.writeNumberField("waitedMillis", check.waited().toMillis());
    json.writeBooleanField("settledEarly", check.settledEarly());
    json.writeNumberField("failing", check.failing());
    json.writeNumberField("accepted", check.accepted());
    texts("coverage", check.coverage());
    texts("leftAlone", check.leftAlone());
  }

  private void write(ReportEntry.Leak leak) throws IOException {
    json.writeStringField("entry", "leak");
    time("at", leak.at());
    place(leak.scope(), leak.level(), leak.type(), leak.method());
    text("fingerprint", leak.fingerprint());
    text("kind", leak.kind().id());
    text("title", leak.title());
    constant("verdict", leak.verdict());
    text("reason", leak.reason());
    if (!leak.facts().isEmpty()) {
      json.writeArrayFieldStart("facts");
      for (Fact fact : leak.facts()) {
        json.writeStartObject();
        text("key", fact.key());
        texts("lines", fact.lines());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    text("fix", leak.fix());
    text("message", leak.message());
    stack("created", leak.created());
    if (leak.creator() != null) {
      json.writeFieldName("creator");
      write(leak.creator());
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
      constant("stopped", leak.stopped());
    }
  }

  private void write(ThreadRecord thread) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", thread.id());
    text("name", thread.name());
    json.writeBooleanField("virtual", thread.virtual());
    json.writeBooleanField("daemon", thread.daemon());
    constant("state", thread.state());
    text("type", thread.type());
    text("group", thread.group());
    stack("stack", thread.stack());
    Blocker blocker = thread.blocker();
    if (blocker != null) {
      json.writeObjectFieldStart("blocker");
      text("type", blocker.type());
      text("hash", Integer.toHexString(blocker.identity()));
      Long owner = blocker.owner();
      if (owner != null) {
        json.writeNumberField("owner", owner);
      }
      json.writeEndObject();
    }
    text("executor", thread.executor());
    json.writeEndObject();
  }

  private void write(ReportEntry.Lifetime lifetime) throws IOException {
    json.writeStringField("entry", "lifetime");
    json.writeNumberField("thread", lifetime.thread());
    text("name", lifetime.name());
    json.writeBooleanField("virtual", lifetime.virtual());
    text("fingerprint", lifetime.fingerprint());
    time("since", lifetime.since());
    time("until", lifetime.until());
    json.writeBooleanField("alive", lifetime.alive());
  }

  private void place(
      String scope, ReportEntry.Level level, @Nullable String type, @Nullable String method)
      throws IOException {
    text("scope", scope);
    constant("level", level);
    text("type", type);
    text("method", method);
  }

  private void stack(String name, List<StackTraceElement> stack) throws IOException {
    if (stack.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(name);
    for (StackTraceElement frame : stack.subList(0, Math.min(MAX_FRAMES, stack.size()))) {
      write(frame);
    }
    json.writeEndArray();
  }

  private void write(StackTraceElement frame) throws IOException {
    json.writeStartObject();
    text("class", frame.getClassName());
    text("method", frame.getMethodName());
    text("file", frame.getFileName());
    if (frame.getLineNumber() >= 0) {
      json.writeNumberField("line", frame.getLineNumber());
    }
    if (frame.isNativeMethod()) {
      json.writeBooleanField("native", true);
    }
    json.writeEndObject();
  }

  private void time(String name, Instant time) throws IOException {
    json.writeStringField(name, times.text(time));
  }

  private void constant(String name, Enum<?> constant) throws IOException {
    json.writeStringField(name, constant.name().toLowerCase(Locale.ROOT));
  }

  private void texts(String name, List<String> texts) throws IOException {
    if (texts.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(wellFormed(text));
    }
    json.writeEndArray();
  }

  private void text(String name, @Nullable String text) throws IOException {
    if (text != null) {
      json.writeStringField(name, wellFormed(text));
    }
  }

  /** Half of a pair of surrogates is no character: many readers refuse it, escaped or not. */
  static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char ch = text.charAt(i);
      if (!Character.isSurrogate(ch)) {
        continue;
      }
      if (Character.isHighSurrogate(ch)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (repaired == null) {
        repaired = new StringBuilder(text);
      }
      repaired.setCharAt(i, '\uFFFD');
    }
    return repaired == null ? text : repaired.toString();
  }
}
