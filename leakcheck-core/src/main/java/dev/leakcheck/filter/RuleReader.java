package dev.leakcheck.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.leakcheck.filter.KnownThread.Power;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of rules strictly: a typing error would otherwise leave threads alone, or accuse
 * them, without anybody noticing. Used for one file.
 */
final class RuleReader {

  private static final int VERSION = 1;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .build();

  private static final Set<String> OF_RULE =
      Set.of("id", "reason", "power", "checked", "shared", "most", "own", "samples", "evidence");
  private static final Set<String> OF_EVIDENCE =
      Set.of(
          "names",
          "notNames",
          "virtual",
          "daemon",
          "groups",
          "types",
          "jvms",
          "outermost",
          "runs",
          "heldBy",
          "madeBy",
          "idle");
  private static final Pattern ID = Pattern.compile("[A-Z][A-Z0-9_]*");
  private static final Pattern FIELD = Pattern.compile("[\\w.$]+\\.[\\w$]+");

  private final String file;
  private final String source;

  /** LeakCheck's own file: that its patterns are right is tested, and not in each JVM again. */
  private final boolean own;

  private final Set<String> ids = new HashSet<>();

  /** A value and where it stands. */
  private record Found(Object value, JsonLocation at) {}

  /** An object, member by member. */
  private record Members(Map<String, Found> found, JsonLocation at) {}

  RuleReader(String file, String source) {
    this.file = file;
    this.source = source;
    this.own = source.equals(RuleFiles.OWN);
  }

  List<KnownThread> read(byte[] bytes) throws BadRulesException {
    try (JsonParser json = JSON.createParser(bytes)) {
      json.nextToken();
      Members document =
          members(json, Set.of("version", "threads"), "a file of rules is a JSON object");
      Found version = need(document, "version", Integer.class, "the number " + VERSION);
      if (!version.value.equals(VERSION)) {
        throw bad(version.at, "'version' is " + version.value + ", expected " + VERSION);
      }
      Found list = need(document, "threads", List.class, "a list of rules");
      if (json.nextToken() != null) {
        throw bad(json.currentTokenLocation(), "something follows the rules");
      }
      List<KnownThread> rules = new ArrayList<>();
      for (Object rule : (List<?>) list.value) {
        rules.add(rule(rule, list.at));
      }
      return rules;
    } catch (JsonProcessingException e) {
      throw new BadRulesException(
          where(e.getLocation()) + "not JSON: " + Printable.escape(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new BadRulesException(file + ": can't be read", e);
    }
  }

  private KnownThread rule(Object value, JsonLocation list) throws BadRulesException {
    Members rule = checked(value, OF_RULE, "a rule", list);
    String id = text(rule, "id");
    if (!ID.matcher(id).matches()) {
      throw bad(at(rule, "id"), "'id' is '" + id + "', expected capital letters such as MY_POOL");
    }
    if (!ids.add(id)) {
      throw bad(at(rule, "id"), "the id " + id + " is used twice");
    }
    String reason = text(rule, "reason");
    List<String> ownCode = texts(rule, "own");
    List<ThreadEvidence> evidence = new ArrayList<>();
    Found all = need(rule, "evidence", List.class, "a list of objects");
    for (Object one : (List<?>) all.value) {
      evidence.add(evidence(checked(one, OF_EVIDENCE, "evidence", all.at), ownCode));
    }
    if (evidence.isEmpty()) {
      throw bad(all.at, "'evidence' is empty: say what the threads of " + id + " are known by");
    }
    List<String> samples = texts(rule, "samples");
    for (String sample : own ? List.<String>of() : samples) {
      if (evidence.stream().noneMatch(one -> fits(one, sample))) {
        throw bad(at(rule, "samples"), "no evidence of " + id + " has the name '" + sample + "'");
      }
    }
    return new KnownThread(
        id,
        reason,
        power(rule),
        text(rule, "checked"),
        rule.found.containsKey("shared") ? text(rule, "shared") : "",
        rule.found.containsKey("most") ? most(rule) : 0,
        samples,
        evidence,
        source);
  }

  private static boolean fits(ThreadEvidence evidence, String sample) {
    return evidence.names().isEmpty()
        || evidence.names().stream().anyMatch(name -> name.matches(sample));
  }

  private int most(Members rule) throws BadRulesException {
    Found found = need(rule, "most", Integer.class, "a number");
    int most = (Integer) found.value;
    if (most < 1) {
      throw bad(found.at, "'most' is " + most + ", expected 1 or more");
    }
    return most;
  }

  private Power power(Members rule) throws BadRulesException {
    String power = text(rule, "power");
    if (power.equals("inert")) {
      return Power.INERT;
    }
    if (power.equals("runs-callbacks")) {
      return Power.RUNS_CALLBACKS;
    }
    throw bad(at(rule, "power"), "'power' is '" + power + "', expected inert or runs-callbacks");
  }

  private ThreadEvidence evidence(Members given, List<String> ownCode) throws BadRulesException {
    List<String> heldBy = texts(given, "heldBy");
    for (String field : heldBy) {
      if (!FIELD.matcher(field).matches()) {
        throw bad(
            at(given, "heldBy"),
            "'" + field + "' is no static field, expected such as com.acme.Pools.SHARED");
      }
    }
    ThreadEvidence evidence =
        new ThreadEvidence(
            names(given, "names"),
            names(given, "notNames"),
            Boolean.TRUE.equals(flag(given, "virtual")),
            flag(given, "daemon"),
            texts(given, "groups"),
            patterns(given, "types"),
            Boolean.TRUE.equals(flag(given, "jvms")),
            patterns(given, "outermost"),
            patterns(given, "runs"),
            heldBy,
            patterns(given, "madeBy"),
            Boolean.TRUE.equals(flag(given, "idle")),
            ownCode);
    if (!evidence.convinces()) {
      throw bad(
          given.at,
          "this says nothing that a test's own thread could not have: expected one of types,"
              + " outermost, runs, heldBy, madeBy or jvms");
    }
    return evidence;
  }

  private List<NamePattern> names(Members given, String member) throws BadRulesException {
    List<NamePattern> names = new ArrayList<>();
    for (String regex : texts(given, member)) {
      try {
        NamePattern name = new NamePattern(regex);
        if (!own) {
          name.compile();
        }
        names.add(name);
      } catch (PatternSyntaxException e) {
        throw bad(
            at(given, member),
            "'" + Printable.escape(regex) + "' is no regular expression: " + e.getDescription());
      }
    }
    return names;
  }

  private List<ClassPattern> patterns(Members given, String member) throws BadRulesException {
    List<ClassPattern> patterns = new ArrayList<>();
    for (String text : texts(given, member)) {
      String inner = text.startsWith("*") ? text.substring(1) : text;
      inner = inner.endsWith("*") ? inner.substring(0, inner.length() - 1) : inner;
      if (inner.length() < 4 || inner.contains("*") || inner.length() < text.length() - 1) {
        throw bad(
            at(given, member),
            "'"
                + text
                + "' is no pattern of classes, expected such as com.acme.Pool or com.acme.*");
      }
      patterns.add(new ClassPattern(text));
    }
    return patterns;
  }

  private @Nullable Boolean flag(Members given, String member) throws BadRulesException {
    Found found = given.found.get(member);
    if (found == null) {
      return null;
    }
    if (!(found.value instanceof Boolean flag)) {
      throw bad(found.at, "'" + member + "' is expected to be true or false");
    }
    return flag;
  }

  private String text(Members given, String member) throws BadRulesException {
    Found found = need(given, member, String.class, "a text");
    String text = (String) found.value;
    if (text.isBlank()) {
      throw bad(found.at, "'" + member + "' is empty");
    }
    return text;
  }

  private List<String> texts(Members given, String member) throws BadRulesException {
    Found found = given.found.get(member);
    if (found == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (Object value : found.value instanceof List<?> list ? list : List.of(found.value)) {
      if (!(value instanceof String text) || text.isEmpty()) {
        throw bad(found.at, "'" + member + "' is expected to be a list of texts");
      }
      texts.add(text);
    }
    return texts;
  }

  private Found need(Members given, String member, Class<?> type, String expected)
      throws BadRulesException {
    Found found = given.found.get(member);
    if (found == null) {
      throw bad(given.at, "'" + member + "' is missing, expected " + expected);
    }
    if (!type.isInstance(found.value)) {
      throw bad(found.at, "'" + member + "' is expected to be " + expected);
    }
    return found;
  }

  private static JsonLocation at(Members given, String member) {
    Found found = given.found.get(member);
    return found == null ? given.at : found.at;
  }

  private Members checked(Object value, Set<String> known, String what, JsonLocation near)
      throws BadRulesException {
    if (!(value instanceof Members members)) {
      throw bad(near, what + " is expected to be an object");
    }
    for (Map.Entry<String, Found> member : members.found.entrySet()) {
      if (!known.contains(member.getKey())) {
        throw bad(
            member.getValue().at,
            "unknown '"
                + Printable.escape(member.getKey())
                + "', "
                + what
                + " has "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
    return members;
  }

  private Members members(JsonParser json, Set<String> known, String expected)
      throws IOException, BadRulesException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw bad(json.currentTokenLocation(), expected);
    }
    return checked(value(json), known, "a file of rules", json.currentTokenLocation());
  }

  /** The value that begins at the current token. */
  private Object value(JsonParser json) throws IOException, BadRulesException {
    JsonLocation at = json.currentTokenLocation();
    JsonToken token = json.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, Found> members = new LinkedHashMap<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        JsonLocation place = json.currentTokenLocation();
        members.put(name, new Found(value(json), place));
      }
      return new Members(members, at);
    }
    if (token == JsonToken.START_ARRAY) {
      List<Object> list = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(json));
      }
      return list;
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return token == JsonToken.VALUE_TRUE;
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return json.getIntValue();
    }
    if (token == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    throw bad(at, "a text, a list, an object, true or false is expected here");
  }

  private BadRulesException bad(JsonLocation at, String text) {
    return new BadRulesException(where(at) + text);
  }

  private String where(@Nullable JsonLocation at) {
    return file + (at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr()) + ": ";
  }
}
