package dev.leakcheck.recorder;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/** The schema that is in the jar. */
public final class ReportSchema {

  private static final JsonSchema SCHEMA = read();

  private ReportSchema() {}

  private static JsonSchema read() {
    try (InputStream in =
        ReportSchema.class.getResourceAsStream("/dev/leakcheck/report.schema.json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is wrong with lines; empty if nothing is. */
  public static List<String> complaints(List<String> lines) {
    return lines.stream().flatMap(ReportSchema::complaints).toList();
  }

  private static Stream<String> complaints(String line) {
    return SCHEMA.validate(line, InputFormat.JSON).stream()
        .map(ValidationMessage::getMessage)
        .map(message -> message + " in " + line);
  }
}
