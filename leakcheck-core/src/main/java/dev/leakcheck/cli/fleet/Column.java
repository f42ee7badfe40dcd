package dev.leakcheck.cli.fleet;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The columns of the table, in their order. What each means is told in the guide; a test holds the
 * two together.
 */
enum Column {
  SCHEMA(Type.INTEGER),
  ENTRY(Type.VARCHAR),
  SOURCE(Type.VARCHAR),
  CAPTURE(Type.VARCHAR),
  SERVICE(Type.VARCHAR),
  INSTANCE(Type.VARCHAR),
  VERSION(Type.VARCHAR),
  TIME_MS(Type.BIGINT),
  JDK(Type.VARCHAR),
  VIRTUAL(Type.BOOLEAN),
  SIZE(Type.BIGINT),
  COMPLETE(Type.BOOLEAN),
  FINGERPRINT(Type.VARCHAR),
  KIND(Type.VARCHAR),
  NAME(Type.VARCHAR),
  STATE(Type.VARCHAR),
  ACTIVITY(Type.VARCHAR),
  IDLE(Type.BOOLEAN),
  AGE_MS(Type.BIGINT),
  FRAMES(Type.VARCHAR),
  SET_ASIDE(Type.VARCHAR);

  /** The types that they have, by their names in SQL. */
  enum Type {
    BOOLEAN,
    INTEGER,
    BIGINT,
    VARCHAR
  }

  private final String id = name().toLowerCase(Locale.ROOT);
  private final Type type;

  Column(Type type) {
    this.type = type;
  }

  /** As SQL and JSON name it. */
  String id() {
    return id;
  }

  Type type() {
    return type;
  }

  /** All of them, as a list in SQL. */
  static String list() {
    return Arrays.stream(values()).map(Column::id).collect(Collectors.joining(", "));
  }
}
