package dev.leakcheck.baseline;

import static dev.leakcheck.baseline.BaselineWriter.EXPIRES;
import static dev.leakcheck.baseline.BaselineWriter.FINGERPRINT;
import static dev.leakcheck.baseline.BaselineWriter.KIND;
import static dev.leakcheck.baseline.BaselineWriter.LEAKS;
import static dev.leakcheck.baseline.BaselineWriter.OWNER;
import static dev.leakcheck.baseline.BaselineWriter.PLACE;
import static dev.leakcheck.baseline.BaselineWriter.PLAIN_FINGERPRINTS;
import static dev.leakcheck.baseline.BaselineWriter.REASON;
import static dev.leakcheck.baseline.BaselineWriter.VERSION;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a baseline strictly: a typing error in a file that people edit would otherwise accept
 * leaks, or stop accepting them, without anybody noticing. Used for one file.
 */
final class BaselineReader {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .build();

  private static final List<String> MEMBERS =
      List.of(KIND, PLACE, FINGERPRINT, PLAIN_FINGERPRINTS, REASON, OWNER, EXPIRES);

  private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

  private final String file;
  private final Set<String> fingerprints = new HashSet<>();

  /** A value and where it stands. */
  private record Text(String value, JsonLocation at) {}

  BaselineReader(String file) {
    this.file = file;
  }

  KnownLeaks read(byte[] bytes) throws BadBaselineException {
    try (JsonParser json = JSON.createParser(bytes)) {
      return document(json);
    } catch (JsonProcessingException e) {
      throw bad(e.getLocation(), "not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new BadBaselineException(
          file + ": can't be read: " + Printable.escape(String.valueOf(e.getMessage())), e);
    }
  }

  private KnownLeaks document(JsonParser json) throws IOException, BadBaselineException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw bad(json.currentTokenLocation(), "not a baseline, which is a JSON object");
    }
    boolean version = false;
    List<KnownLeak> leaks = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String member = json.currentName();
      JsonLocation at = json.currentTokenLocation();
      json.nextToken();
      if (member.equals(VERSION)) {
        checkVersion(json);
        version = true;
      } else if (member.equals(LEAKS)) {
        leaks = leaks(json);
      } else {
        throw bad(at, unknown(member, "a baseline has " + VERSION + " and " + LEAKS));
      }
    }
    JsonLocation end = json.currentTokenLocation();
    if (!version) {
      throw bad(end, "'" + VERSION + "' is missing: not a baseline");
    }
    if (leaks == null) {
      throw bad(end, "'" + LEAKS + "' is missing");
    }
    if (json.nextToken() != null) {
      throw bad(json.currentTokenLocation(), "something follows the baseline");
    }
    return new KnownLeaks(leaks);
  }

  private void checkVersion(JsonParser json) throws IOException, BadBaselineException {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
        || !json.getText().equals(String.valueOf(BaselineFile.VERSION))) {
      String found = json.currentToken().isStructStart() ? "no number" : json.getText();
      throw bad(
          json.currentTokenLocation(),
          "'"
              + VERSION
              + "' is "
              + Printable.escape(found)
              + ", but this LeakCheck reads version "
              + BaselineFile.VERSION);
    }
  }

  private List<KnownLeak> leaks(JsonParser json) throws IOException, BadBaselineException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw bad(json.currentTokenLocation(), "'" + LEAKS + "' takes an array");
    }
    List<KnownLeak> leaks = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        throw bad(json.currentTokenLocation(), "a leak is a JSON object");
      }
      leaks.add(leak(json));
    }
    return leaks;
  }

  private KnownLeak leak(JsonParser json) throws IOException, BadBaselineException {
    JsonLocation start = json.currentTokenLocation();
    Map<String, Text> members = new HashMap<>();
    List<String> plain = List.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String member = json.currentName();
      if (!MEMBERS.contains(member)) {
        throw bad(
            json.currentTokenLocation(),
            unknown(member, "a leak has " + String.join(", ", MEMBERS)));
      }
      json.nextToken();
      if (member.equals(PLAIN_FINGERPRINTS)) {
        plain = fingerprints(json);
        continue;
      }
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        throw bad(json.currentTokenLocation(), "'" + member + "' takes a text in quotes");
      }
      if (json.getText().isBlank()) {
        throw bad(json.currentTokenLocation(), "'" + member + "' is blank");
      }
      members.put(member, new Text(json.getText(), json.currentTokenLocation()));
    }
    Text fingerprint = fingerprint(need(members, FINGERPRINT, start));
    if (!fingerprints.add(fingerprint.value)) {
      throw bad(fingerprint.at, "fingerprint " + fingerprint.value + " is there twice");
    }
    Text owner = members.get(OWNER);
    Text expires = members.get(EXPIRES);
    return new KnownLeak(
        kind(need(members, KIND, start)),
        need(members, PLACE, start).value,
        fingerprint.value,
        plain.isEmpty() ? List.of(fingerprint.value) : plain,
        need(members, REASON, start).value,
        owner == null ? null : owner.value,
        expires == null ? null : date(expires));
  }

  private Text need(Map<String, Text> members, String member, JsonLocation leak)
      throws BadBaselineException {
    Text text = members.get(member);
    if (text == null) {
      throw bad(leak, "this leak has no '" + member + "'");
    }
    return text;
  }

  private List<String> fingerprints(JsonParser json) throws IOException, BadBaselineException {
    List<String> list = new ArrayList<>();
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw bad(json.currentTokenLocation(), "'" + PLAIN_FINGERPRINTS + "' takes an array");
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      list.add(fingerprint(new Text(json.getText(), json.currentTokenLocation())).value);
    }
    return list;
  }

  private Text fingerprint(Text text) throws BadBaselineException {
    if (!ID.matcher(text.value).matches()) {
      throw bad(text.at, "'" + Printable.escape(text.value) + "' is no fingerprint: 16 hex digits");
    }
    return text;
  }

  private Kind kind(Text text) throws BadBaselineException {
    Kind kind = Kind.of(text.value).orElse(null);
    if (kind == null) {
      throw bad(text.at, "kind '" + Printable.escape(text.value) + "' is unknown");
    }
    return kind;
  }

  private LocalDate date(Text text) throws BadBaselineException {
    try {
      return LocalDate.parse(text.value);
    } catch (DateTimeParseException e) {
      throw bad(
          text.at,
          "'"
              + EXPIRES
              + "' is '"
              + Printable.escape(text.value)
              + "', but takes a date such as"
              + " 2026-10-31",
          e);
    }
  }

  private static String unknown(String member, String known) {
    return "unknown member '" + Printable.escape(member) + "': " + known;
  }

  private BadBaselineException bad(JsonLocation at, String what) {
    return bad(at, what, null);
  }

  private BadBaselineException bad(
      @Nullable JsonLocation at, String what, @Nullable Throwable cause) {
    String place = at == null ? "" : at.getLineNr() + ":" + at.getColumnNr() + ":";
    return new BadBaselineException(file + ":" + place + " " + Printable.escape(what), cause);
  }
}
