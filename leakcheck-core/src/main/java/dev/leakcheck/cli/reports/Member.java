package dev.leakcheck.cli.reports;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member that a JSON object may have.
 *
 * @param name its name
 * @param value how its value is read
 */
record Member<T>(String name, Value<T> value) {

  /** Reads the value that a parser stands at, and leaves the parser at its end. */
  interface Value<T> {
    T read(JsonParser json) throws IOException, MalformedEntryException;
  }

  /** The members that an object has, of those that were asked for. */
  static final class Values {

    private final Map<Member<?>, Object> values = new HashMap<>();

    /**
     * Reads the object that a parser stands at. Members that are not asked for are passed over, and
     * so are nulls; of two with one name the last one counts.
     */
    static Values read(JsonParser json, Map<String, Member<?>> wanted)
        throws IOException, MalformedEntryException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        throw new MalformedEntryException("no JSON object where one belongs");
      }
      Values read = new Values();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        Member<?> member = wanted.get(json.currentName());
        JsonToken token = json.nextToken();
        if (member == null || token == JsonToken.VALUE_NULL) {
          json.skipChildren();
          continue;
        }
        try {
          read.values.put(member, member.value().read(json));
        } catch (MalformedEntryException e) {
          throw new MalformedEntryException("'" + member.name() + "': " + e.getMessage());
        }
      }
      return read;
    }

    /** The value of a member that must be there. */
    <T> T need(Member<T> member) throws MalformedEntryException {
      T value = get(member);
      if (value == null) {
        throw new MalformedEntryException("'" + member.name() + "' is missing");
      }
      return value;
    }

    /** The value of a member, or null. */
    @SuppressWarnings("unchecked") // put with what the member's own reader gave
    <T> @Nullable T get(Member<T> member) {
      return (T) values.get(member);
    }

    /** The value of a list that is left out if it is empty. */
    <T> List<T> list(Member<List<T>> member) {
      List<T> value = get(member);
      return value == null ? List.of() : value;
    }
  }

  /** Members by their names. */
  static Map<String, Member<?>> named(Member<?>... members) {
    Map<String, Member<?>> named = new HashMap<>();
    for (Member<?> member : members) {
      named.put(member.name(), member);
    }
    return Map.copyOf(named);
  }
}
