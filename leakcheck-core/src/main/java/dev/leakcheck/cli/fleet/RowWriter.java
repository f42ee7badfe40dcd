package dev.leakcheck.cli.fleet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as JSON Lines. Each row has all columns, so that whoever guesses the columns from the
 * rows finds them. Not thread-safe.
 */
final class RowWriter implements Closeable {

  /** The version of what is written. */
  static final int SCHEMA = 1;

  private static final JsonFactory JSON = JsonFactory.builder().build().setRootValueSeparator(null);

  private final JsonGenerator json;
  private final Set<String> services = new HashSet<>();
  private final Set<Capture.Origin> instances = new HashSet<>();
  private final Map<Column, Object> row = new EnumMap<>(Column.class);
  private String last = "";
  private long captures;
  private long rows;

  /**
   * Rows to a writer.
   *
   * @param out is flushed and left open when this is closed
   */
  RowWriter(Writer out) throws IOException {
    json = JSON.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }

  /**
   * Tells that platform or virtual threads were looked at.
   *
   * @param size how many there were
   * @param complete whether a group that is not told had no thread
   */
  void look(Capture capture, boolean virtual, long size, boolean complete) throws IOException {
    if (!capture.id().equals(last)) {
      captures++;
      last = capture.id();
      services.add(capture.origin().service());
      instances.add(
          new Capture.Origin(capture.origin().service(), capture.origin().instance(), null));
    }
    begin("capture", capture, virtual, size);
    set(Column.COMPLETE, complete);
    end();
  }

  /** Tells of a group. */
  void group(Capture capture, Group group) throws IOException {
    begin("group", capture, group.virtual(), group.size());
    set(Column.FINGERPRINT, group.fingerprint());
    set(Column.KIND, group.kind());
    set(Column.NAME, group.name());
    set(Column.STATE, group.state() == null ? null : group.state().name());
    set(Column.ACTIVITY, group.activity());
    set(Column.IDLE, group.idle());
    set(Column.AGE_MS, group.ageMillis());
    set(Column.FRAMES, group.frames());
    set(Column.SET_ASIDE, group.setAside());
    end();
  }

  private void begin(String entry, Capture capture, boolean virtual, long size) {
    row.clear();
    set(Column.SCHEMA, (long) SCHEMA);
    set(Column.ENTRY, entry);
    set(Column.SOURCE, capture.source().name().toLowerCase(Locale.ROOT));
    set(Column.CAPTURE, capture.id());
    set(Column.SERVICE, capture.origin().service());
    set(Column.INSTANCE, capture.origin().instance());
    set(Column.VERSION, capture.origin().version());
    set(Column.TIME_MS, capture.time().toEpochMilli());
    set(Column.JDK, capture.jdk());
    set(Column.VIRTUAL, virtual);
    set(Column.SIZE, size);
  }

  private void set(Column column, @Nullable Object value) {
    if (value != null) {
      row.put(column, value);
    }
  }

  private void end() throws IOException {
    rows++;
    json.writeStartObject();
    for (Column column : Column.values()) {
      json.writeFieldName(column.id());
      Object value = row.get(column);
      if (value == null) {
        json.writeNull();
      } else {
        switch (column.type()) {
          case BOOLEAN -> json.writeBoolean((Boolean) value);
          case INTEGER, BIGINT -> json.writeNumber((Long) value);
          case VARCHAR -> json.writeString((String) value);
        }
      }
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** How many captures were told of. */
  long captures() {
    return captures;
  }

  long rows() {
    return rows;
  }

  int instances() {
    return instances.size();
  }

  int services() {
    return services.size();
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
