package dev.leakcheck.cli.reports;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the values that members of a report's entries have. */
final class Json {

  private static final int SHOWN = 40;
  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

  private Json() {}

  static String text(JsonParser json) throws IOException, MalformedEntryException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new MalformedEntryException("no text");
    }
    return json.getText();
  }

  static boolean bool(JsonParser json) throws MalformedEntryException {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw new MalformedEntryException("neither true nor false");
    };
  }

  /** A number that is not negative. */
  static long count(JsonParser json) throws IOException, MalformedEntryException {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new MalformedEntryException("no whole number");
    }
    long number = json.getLongValue();
    if (number < 0) {
      throw new MalformedEntryException("negative: " + number);
    }
    return number;
  }

  /** A number that is not negative and fits in an {@code int}. */
  static int small(JsonParser json) throws IOException, MalformedEntryException {
    long number = count(json);
    if (number > Integer.MAX_VALUE) {
      throw new MalformedEntryException("too high: " + number);
    }
    return (int) number;
  }

  static Duration millis(JsonParser json) throws IOException, MalformedEntryException {
    return Duration.ofMillis(small(json));
  }

  /** A time that any calendar can show. */
  static Instant time(JsonParser json) throws IOException, MalformedEntryException {
    String text = text(json);
    try {
      Instant time = Instant.parse(text);
      if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
        return time;
      }
    } catch (DateTimeException e) {
      // told below
    }
    throw new MalformedEntryException("no time: " + shown(text));
  }

  /** A constant in lower case. */
  static <E extends Enum<E>> Member.Value<E> constant(Class<E> type) {
    return json -> {
      String text = text(json);
      try {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new MalformedEntryException("not known: " + shown(text));
      }
    };
  }

  static <T> Member.Value<List<T>> list(Member.Value<T> element) {
    return json -> {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        throw new MalformedEntryException("no list");
      }
      List<T> list = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        list.add(element.read(json));
      }
      return list;
    };
  }

  /** Text of a file as a message shows it. */
  static String shown(String text) {
    return "'"
        + Printable.escape(text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…")
        + "'";
  }
}
