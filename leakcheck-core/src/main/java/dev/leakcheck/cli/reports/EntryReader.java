package dev.leakcheck.cli.reports;

import static dev.leakcheck.cli.reports.Member.named;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.leakcheck.cli.reports.Member.Values;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.End;
import dev.leakcheck.report.ReportEntry.Jvm;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Level;
import dev.leakcheck.report.ReportEntry.Lifetime;
import dev.leakcheck.report.ReportEntry.Lingering;
import dev.leakcheck.report.ReportEntry.Lingers;
import dev.leakcheck.report.ReportEntry.Stopped;
import dev.leakcheck.report.ReportEntry.Verdict;
import dev.leakcheck.report.TextReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Reads one line of a report. The members of an object may have any order. Thread-safe. */
final class EntryReader {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION) // it is UTF-8
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(-1)
                  .maxStringLength(Lines.MAX_LENGTH)
                  .maxNestingDepth(64)
                  .build())
          .build();

  private static final Member<String> ENTRY = new Member<>("entry", Json::text);
  private static final Member<Integer> SCHEMA = new Member<>("schema", Json::small);
  private static final Map<String, Member<?>> FORM = named(ENTRY, SCHEMA);

  private static final Member<String> ID = new Member<>("id", Json::text);
  private static final Member<Instant> STARTED = new Member<>("started", Json::time);
  private static final Member<Long> PID = new Member<>("pid", Json::count);
  private static final Member<String> FORK = new Member<>("fork", Json::text);
  private static final Member<String> LEAKCHECK = new Member<>("leakcheck", Json::text);
  private static final Member<String> JAVA = new Member<>("java", Json::text);
  private static final Member<String> OS = new Member<>("os", Json::text);
  private static final Member<Boolean> AGENT = new Member<>("agent", Json::bool);
  private static final Member<List<String>> COVERAGE =
      new Member<>("coverage", Json.list(Json::text));
  private static final Map<String, Member<?>> JVM =
      named(ID, SCHEMA, STARTED, PID, FORK, LEAKCHECK, JAVA, OS, AGENT, COVERAGE);

  private static final Member<String> SCOPE = new Member<>("scope", Json::text);
  private static final Member<Level> LEVEL = new Member<>("level", Json.constant(Level.class));
  private static final Member<String> TYPE = new Member<>("type", Json::text);
  private static final Member<String> METHOD = new Member<>("method", Json::text);
  private static final Member<Instant> OPENED = new Member<>("opened", Json::time);
  private static final Member<Instant> CLOSED = new Member<>("closed", Json::time);
  private static final Member<Duration> WAITED = new Member<>("waitedMillis", Json::millis);
  private static final Member<Boolean> SETTLED = new Member<>("settledEarly", Json::bool);
  private static final Member<Integer> FAILING = new Member<>("failing", Json::small);
  private static final Member<Integer> ACCEPTED = new Member<>("accepted", Json::small);
  private static final Member<List<String>> LEFT_ALONE =
      new Member<>("leftAlone", Json.list(Json::text));
  private static final Map<String, Member<?>> CHECK =
      named(
          SCOPE,
          LEVEL,
          TYPE,
          METHOD,
          OPENED,
          CLOSED,
          WAITED,
          SETTLED,
          FAILING,
          ACCEPTED,
          COVERAGE,
          LEFT_ALONE);

  private static final Member<String> KEY = new Member<>("key", Json::text);
  private static final Member<List<String>> LINES = new Member<>("lines", Json.list(Json::text));
  private static final Map<String, Member<?>> FACT = named(KEY, LINES);

  private static final Member<Instant> AT = new Member<>("at", Json::time);
  private static final Member<String> FINGERPRINT = new Member<>("fingerprint", Json::text);
  private static final Member<Kind> KIND = new Member<>("kind", EntryReader::kind);
  private static final Member<String> TITLE = new Member<>("title", Json::text);
  private static final Member<Verdict> VERDICT =
      new Member<>("verdict", Json.constant(Verdict.class));
  private static final Member<String> REASON = new Member<>("reason", Json::text);
  private static final Member<List<Fact>> FACTS =
      new Member<>("facts", Json.list(EntryReader::fact));
  private static final Member<String> FIX = new Member<>("fix", Json::text);
  private static final Member<String> MESSAGE = new Member<>("message", Json::text);
  private static final Member<List<StackTraceElement>> CREATED =
      new Member<>("created", StackReader::stack);
  private static final Member<StackTraceElement> CREATOR =
      new Member<>("creator", StackReader::frame);
  private static final Member<List<ThreadRecord>> THREADS =
      new Member<>("threads", Json.list(StackReader::thread));
  private static final Member<Integer> THREAD_COUNT = new Member<>("threadCount", Json::small);
  private static final Member<String> PLAIN_FINGERPRINT =
      new Member<>("plainFingerprint", Json::text);
  private static final Member<Stopped> STOPPED =
      new Member<>("stopped", Json.constant(Stopped.class));
  private static final Map<String, Member<?>> LEAK =
      named(
          AT,
          SCOPE,
          LEVEL,
          TYPE,
          METHOD,
          FINGERPRINT,
          KIND,
          TITLE,
          VERDICT,
          REASON,
          FACTS,
          FIX,
          MESSAGE,
          CREATED,
          CREATOR,
          THREADS,
          THREAD_COUNT,
          PLAIN_FINGERPRINT,
          STOPPED);

  private static final Member<Long> THREAD = new Member<>("thread", Json::count);
  private static final Member<String> NAME = new Member<>("name", Json::text);
  private static final Member<Boolean> VIRTUAL = new Member<>("virtual", Json::bool);
  private static final Member<Instant> SINCE = new Member<>("since", Json::time);
  private static final Member<Instant> UNTIL = new Member<>("until", Json::time);
  private static final Member<Boolean> ALIVE = new Member<>("alive", Json::bool);
  private static final Map<String, Member<?>> LIFETIME =
      named(THREAD, NAME, VIRTUAL, FINGERPRINT, SINCE, UNTIL, ALIVE);

  private static final Member<Lingers> WHAT = new Member<>("what", Json.constant(Lingers.class));
  private static final Member<String> MADE = new Member<>("made", Json::text);
  private static final Map<String, Member<?>> LINGERING = named(AT, WHAT, NAME, MADE);

  private static final Member<Long> CHECKS = new Member<>("checks", Json::count);
  private static final Map<String, Member<?>> END = named(AT, CHECKS);

  private EntryReader() {}

  /**
   * Reads a line.
   *
   * @param line UTF-8
   * @param length how many bytes of it are the line
   */
  static ReportEntry read(byte[] line, int length) throws MalformedEntryException {
    Values form = values(line, length, FORM);
    String entry = form.need(ENTRY);
    return switch (entry) {
      case "jvm" -> {
        refuseNewer(form.need(SCHEMA), ReportEntry.SCHEMA);
        yield jvm(values(line, length, JVM));
      }
      case "check" -> check(values(line, length, CHECK));
      case "leak" -> leak(values(line, length, LEAK));
      case "lifetime" -> lifetime(values(line, length, LIFETIME));
      case "lingering" -> lingering(values(line, length, LINGERING));
      case "end" -> end(values(line, length, END));
      default -> throw new MalformedEntryException("entry " + Json.shown(entry) + unknown());
    };
  }

  /** First of all: what else is in a newer report may have another form. */
  static void refuseNewer(int schema, int known) throws MalformedEntryException {
    if (schema > known) {
      throw new MalformedEntryException(
          "schema "
              + schema
              + ", and LeakCheck "
              + TextReport.version()
              + " reads up to "
              + known
              + ": take the command line of the LeakCheck that wrote it");
    }
  }

  private static String unknown() {
    return " is not known to LeakCheck " + TextReport.version();
  }

  static Values values(byte[] line, int length, Map<String, Member<?>> wanted)
      throws MalformedEntryException {
    try (JsonParser json = JSON.createParser(line, 0, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedEntryException("no JSON object");
      }
      Values values = Values.read(json, wanted);
      if (json.nextToken() != null) {
        throw new MalformedEntryException("more than one JSON object");
      }
      return values;
    } catch (JsonProcessingException e) {
      throw new MalformedEntryException(
          "no JSON: " + Printable.escape(String.valueOf(e.getOriginalMessage())));
    } catch (IOException e) {
      throw new MalformedEntryException("no JSON: " + Printable.escape(String.valueOf(e)));
    }
  }

  private static Jvm jvm(Values values) throws MalformedEntryException {
    return new Jvm(
        values.need(ID),
        values.need(SCHEMA),
        values.need(STARTED),
        values.need(PID),
        values.get(FORK),
        values.need(LEAKCHECK),
        values.need(JAVA),
        values.need(OS),
        values.need(AGENT),
        values.list(COVERAGE));
  }

  private static Check check(Values values) throws MalformedEntryException {
    return new Check(
        values.need(SCOPE),
        values.need(LEVEL),
        values.get(TYPE),
        values.get(METHOD),
        values.need(OPENED),
        values.need(CLOSED),
        values.need(WAITED),
        values.need(SETTLED),
        values.need(FAILING),
        values.need(ACCEPTED),
        values.list(COVERAGE),
        values.list(LEFT_ALONE));
  }

  private static Leak leak(Values values) throws MalformedEntryException {
    return new Leak(
        values.need(AT),
        values.need(SCOPE),
        values.need(LEVEL),
        values.get(TYPE),
        values.get(METHOD),
        values.need(FINGERPRINT),
        values.need(KIND),
        values.need(TITLE),
        values.need(VERDICT),
        values.get(REASON),
        values.list(FACTS),
        values.need(FIX),
        values.need(MESSAGE),
        values.list(CREATED),
        values.get(CREATOR),
        values.list(THREADS),
        values.need(THREAD_COUNT),
        values.get(PLAIN_FINGERPRINT),
        values.get(STOPPED));
  }

  private static Lifetime lifetime(Values values) throws MalformedEntryException {
    return new Lifetime(
        values.need(THREAD),
        values.need(NAME),
        values.need(VIRTUAL),
        values.need(FINGERPRINT),
        values.need(SINCE),
        values.need(UNTIL),
        values.need(ALIVE));
  }

  private static Lingering lingering(Values values) throws MalformedEntryException {
    return new Lingering(values.need(AT), values.need(WHAT), values.need(NAME), values.get(MADE));
  }

  private static End end(Values values) throws MalformedEntryException {
    return new End(values.need(AT), values.need(CHECKS));
  }

  private static Kind kind(JsonParser json) throws IOException, MalformedEntryException {
    String id = Json.text(json);
    Kind kind = Kind.of(id).orElse(null);
    if (kind == null) {
      throw new MalformedEntryException(Json.shown(id) + unknown());
    }
    return kind;
  }

  private static Fact fact(JsonParser json) throws IOException, MalformedEntryException {
    Values values = Values.read(json, FACT);
    List<String> lines = values.need(LINES);
    if (lines.isEmpty()) {
      throw new MalformedEntryException("'lines' is empty");
    }
    return new Fact(values.need(KEY), lines);
  }
}
