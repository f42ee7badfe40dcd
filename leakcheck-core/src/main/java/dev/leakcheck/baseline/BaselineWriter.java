package dev.leakcheck.baseline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;

/** Writes the text of a baseline: always the same for the same leaks. */
final class BaselineWriter {

  static final String VERSION = "leakcheckBaseline";
  static final String LEAKS = "leaks";
  static final String KIND = "kind";
  static final String PLACE = "place";
  static final String FINGERPRINT = "fingerprint";
  static final String PLAIN_FINGERPRINTS = "plainFingerprints";
  static final String REASON = "reason";
  static final String OWNER = "owner";
  static final String EXPIRES = "expires";

  private static final JsonFactory JSON =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build();

  private BaselineWriter() {}

  static String text(KnownLeaks leaks) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.setPrettyPrinter(layout());
      json.writeStartObject();
      json.writeNumberField(VERSION, BaselineFile.VERSION);
      json.writeArrayFieldStart(LEAKS);
      for (KnownLeak leak : leaks.list()) {
        write(json, leak);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }

  private static void write(JsonGenerator json, KnownLeak leak) throws IOException {
    json.writeStartObject();
    json.writeStringField(KIND, leak.kind().id());
    json.writeStringField(PLACE, leak.place());
    json.writeStringField(FINGERPRINT, leak.fingerprint());
    if (leak.isExact()) {
      json.writeArrayFieldStart(PLAIN_FINGERPRINTS);
      for (String plain : leak.plainFingerprints()) {
        json.writeString(plain);
      }
      json.writeEndArray();
    }
    json.writeStringField(REASON, leak.reason());
    if (leak.owner() != null) {
      json.writeStringField(OWNER, leak.owner());
    }
    if (leak.expires() != null) {
      json.writeStringField(EXPIRES, leak.expires().toString());
    }
    json.writeEndObject();
  }

  /** The same on every system. */
  private static DefaultPrettyPrinter layout() {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    Separators separators =
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
            .withArrayEmptySeparator("");
    return new DefaultPrettyPrinter(separators).withObjectIndenter(lines).withArrayIndenter(lines);
  }
}
