package dev.leakcheck.cli.html;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leakcheck.cli.reports.Reports.JvmReport;
import dev.leakcheck.report.ReportEntry.Check;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long the checks of each test waited for threads to end, by class. */
final class Waits {

  private static final int MAX_CLASSES = 200;
  private static final int MAX_TESTS = 60;

  /** What one test, or one class, waited in all of its checks. */
  private static final class Wait {
    final String name;
    final Map<String, Wait> tests = new HashMap<>();
    long millis;
    long checks;
    long early;

    Wait(String name) {
      this.name = name;
    }

    void add(Check check) {
      millis += check.waited().toMillis();
      checks++;
      early += check.settledEarly() ? 1 : 0;
    }
  }

  private static final Comparator<Wait> LONGEST_FIRST =
      Comparator.<Wait>comparingLong(wait -> -wait.millis).thenComparing(wait -> wait.name);

  private final Map<String, Wait> classes = new HashMap<>();

  private Waits() {}

  static Waits of(List<JvmReport> jvms) {
    Waits waits = new Waits();
    jvms.forEach(jvm -> jvm.checks().forEach(waits::add));
    return waits;
  }

  private void add(Check check) {
    Wait type = classes.computeIfAbsent(typeOf(check), Wait::new);
    type.add(check);
    type.tests.computeIfAbsent(testOf(check), Wait::new).add(check);
  }

  private static String typeOf(Check check) {
    String type = check.type();
    if (type != null) {
      return type;
    }
    return switch (check.level()) {
      case RUN -> "(the run)";
      case CODE -> "(scopes in code)";
      default -> "(no class)";
    };
  }

  private static String testOf(Check check) {
    String method = check.method();
    if (method != null) {
      return method;
    }
    return switch (check.level()) {
      case CLASS -> "(the class)";
      case RUN -> "(the run)";
      default -> check.scope();
    };
  }

  void write(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("waits");
    List<Wait> waited =
        classes.values().stream().filter(wait -> wait.millis > 0).sorted(LONGEST_FIRST).toList();
    json.writeArrayFieldStart("classes");
    for (Wait type : waited.subList(0, Math.min(MAX_CLASSES, waited.size()))) {
      write(type, json);
    }
    json.writeEndArray();
    more(waited, MAX_CLASSES, json);
    json.writeNumberField("still", classes.size() - waited.size());
    json.writeEndObject();
  }

  private static void write(Wait type, JsonGenerator json) throws IOException {
    List<Wait> waited =
        type.tests.values().stream().filter(wait -> wait.millis > 0).sorted(LONGEST_FIRST).toList();
    json.writeStartObject();
    json.writeStringField("name", Text.line(type.name));
    json.writeNumberField("waited", type.millis);
    json.writeArrayFieldStart("tests");
    for (Wait test : waited.subList(0, Math.min(MAX_TESTS, waited.size()))) {
      json.writeStartArray();
      json.writeString(Text.line(test.name));
      json.writeNumber(test.millis);
      json.writeNumber(test.checks);
      json.writeNumber(test.early);
      json.writeEndArray();
    }
    json.writeEndArray();
    more(waited, MAX_TESTS, json);
    json.writeNumberField("still", type.tests.size() - waited.size());
    json.writeEndObject();
  }

  private static void more(List<Wait> waits, int most, JsonGenerator json) throws IOException {
    json.writeNumberField("more", Math.max(0, waits.size() - most));
    json.writeNumberField("moreWaited", waits.stream().skip(most).mapToLong(w -> w.millis).sum());
  }
}
