package dev.leakcheck.cli.formats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.TextReport;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SARIF 2.1.0, the format of code scanning: a rule for each kind, a result for each cause. All
 * kinds are rules even where nothing was found, so that a reader can tell what was looked for.
 */
public final class Sarif implements Format {

  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
  private static final Pattern FIRST_PARAGRAPH =
      Pattern.compile("## What it is\\n\\n(.+?)\\n\\n", Pattern.DOTALL);

  /** Pages link to each other, which leads nowhere from here. */
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)\\]\\([a-z-]+\\.md\\)");

  private static final Pattern MARKS = Pattern.compile("`|\\*(?=\\S)|(?<=\\S)\\*");

  private final List<Path> sourceRoots;
  private final Path current;

  /**
   * The format.
   *
   * @param sourceRoots where the sources are; if empty, in the current directory
   */
  public Sarif(List<Path> sourceRoots) {
    this(sourceRoots, Path.of(""));
  }

  Sarif(List<Path> sourceRoots, Path current) {
    this.sourceRoots = List.copyOf(sourceRoots);
    this.current = current;
  }

  @Override
  public void write(Reports reports, Writer out) throws IOException {
    Sources sources = new Sources(sourceRoots, current);
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(out)) {
      DefaultIndenter indent = new DefaultIndenter("  ", "\n");
      json.setPrettyPrinter(
          new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent));
      json.writeStartObject();
      json.writeStringField("$schema", SCHEMA);
      json.writeStringField("version", "2.1.0");
      json.writeArrayFieldStart("runs");
      json.writeStartObject();
      List<Kind> rules = rules(reports);
      tool(rules, json);
      invocations(reports.problems(), json);
      json.writeStringField("columnKind", "utf16CodeUnits");
      json.writeArrayFieldStart("results");
      SarifResult result = new SarifResult(json, sources, rules);
      for (Group group : reports.groups()) {
        result.write(group);
      }
      json.writeEndArray();
      bases(sources.bases(), json); // known only now
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  /**
   * The rules, in the order that results count them in: kinds of the user's own if any occurred.
   */
  private static List<Kind> rules(Reports reports) {
    Set<Kind> rules = new TreeSet<>(Kind.ORDER);
    rules.addAll(List.of(LeakKind.values()));
    reports.groups().forEach(group -> rules.add(group.kind()));
    return List.copyOf(rules);
  }

  private static void tool(List<Kind> rules, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("tool");
    json.writeObjectFieldStart("driver");
    json.writeStringField("name", "LeakCheck");
    json.writeStringField("version", TextReport.version());
    json.writeArrayFieldStart("rules");
    for (Kind kind : rules) {
      rule(kind, json);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void rule(Kind kind, JsonGenerator json) throws IOException {
    String page = LINK.matcher(kind.page()).replaceAll("$1");
    json.writeStartObject();
    json.writeStringField("id", kind.id());
    json.writeStringField("name", camelCase(kind.id()));
    text("shortDescription", sentence(kind.summary()), json);
    text("fullDescription", whatItIs(page, kind), json);
    json.writeObjectFieldStart("help");
    json.writeStringField("text", page);
    json.writeStringField("markdown", page);
    json.writeEndObject();
    json.writeObjectFieldStart("defaultConfiguration");
    json.writeStringField("level", "error");
    json.writeEndObject();
    json.writeObjectFieldStart("properties");
    json.writeStringField("problem.severity", "error");
    json.writeArrayFieldStart("tags");
    json.writeString("concurrency");
    json.writeString("resource-leak");
    json.writeString("test");
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  /** What was wrong with the reports themselves. */
  private static void invocations(List<String> problems, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("invocations");
    json.writeStartObject();
    json.writeBooleanField("executionSuccessful", true);
    if (!problems.isEmpty()) {
      json.writeArrayFieldStart("toolExecutionNotifications");
      for (String problem : problems) {
        json.writeStartObject();
        json.writeStringField("level", "warning");
        text("message", problem, json);
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void bases(Map<String, Path> bases, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("originalUriBaseIds");
    for (Map.Entry<String, Path> base : bases.entrySet()) {
      json.writeObjectFieldStart(base.getKey());
      String uri = base.getValue().toUri().toString();
      json.writeStringField("uri", uri.endsWith("/") ? uri : uri + "/");
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** A message of plain text. */
  static void text(String name, String text, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("text", text);
    json.writeEndObject();
  }

  private static String whatItIs(String page, Kind kind) {
    Matcher paragraph = FIRST_PARAGRAPH.matcher(page);
    return paragraph.find()
        ? MARKS.matcher(paragraph.group(1)).replaceAll("").replace('\n', ' ')
        : sentence(kind.summary());
  }

  private static String sentence(String clause) {
    return Character.toUpperCase(clause.charAt(0)) + clause.substring(1) + ".";
  }

  private static String camelCase(String id) {
    StringBuilder name = new StringBuilder();
    for (String word : id.split("-", -1)) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
    }
    return name.toString();
  }
}
