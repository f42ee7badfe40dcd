package dev.leakcheck.capture.dump;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.model.Blocker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The values in a JSON thread dump. Each is read from where the parser stands, in whichever form a
 * release writes it, and the parser is left at its end.
 */
final class JsonDumpValues {

  /** No stack is deeper; of one that is, in a broken file, no more is kept. */
  private static final int MAX_LINES = 50_000;

  private JsonDumpValues() {}

  /** Objects with the fields {@code depth} and {@code locks}, a list of strings. */
  static List<ThreadDump.Monitor> monitors(JsonParser json) throws IOException {
    List<ThreadDump.Monitor> monitors = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(json.currentToken() != null);
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        continue;
      }
      Long depth = null;
      List<String> locks = List.of();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        if (field.equals("depth")) {
          depth = number(json);
        } else if (field.equals("locks") && value == JsonToken.START_ARRAY) {
          locks = lines(json);
        } else {
          json.skipChildren();
        }
      }
      for (String text : monitors.size() < MAX_LINES ? locks : List.<String>of()) {
        Blocker lock = Blocker.parse(text, null);
        if (lock != null) {
          monitors.add(new ThreadDump.Monitor(lock, depth == null ? -1 : depth.intValue()));
        }
      }
    }
    return monitors;
  }

  static List<String> lines(JsonParser json) throws IOException {
    List<String> lines = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(json.currentToken() != null);
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        if (lines.size() >= MAX_LINES) {
          lines.remove(lines.size() - 1); // the outermost tells a virtual thread
        }
        lines.add(json.getText());
      } else {
        json.skipChildren();
      }
    }
    return lines;
  }

  /** A blocker is a string, or an object with the fields {@code object} and {@code owner}. */
  static @Nullable Blocker blocker(JsonParser json, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      return Blocker.parse(json.getText(), null);
    }
    if (value != JsonToken.START_OBJECT) {
      json.skipChildren();
      return null;
    }
    String object = "";
    Long owner = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      if (field.equals("object")) {
        object = json.getText();
      } else if (field.equals("owner")) {
        owner = number(json);
      } else {
        json.skipChildren();
      }
    }
    return Blocker.parse(object, owner);
  }

  static @Nullable Long number(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_STRING -> {
        try {
          yield Long.valueOf(json.getText());
        } catch (NumberFormatException e) {
          yield null;
        }
      }
      default -> {
        json.skipChildren();
        yield null;
      }
    };
  }

  static Thread.@Nullable State state(String text) {
    try {
      return Thread.State.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static void require(boolean condition) throws IOException {
    if (!condition) {
      throw new MalformedDumpException("not a thread dump, or cut short");
    }
  }
}
