package dev.leakcheck.cli.reports;

import static dev.leakcheck.cli.reports.Member.named;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.leakcheck.cli.reports.Member.Values;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads threads and stacks. */
final class StackReader {

  private static final int UNKNOWN_LINE = -1;
  private static final int NATIVE_LINE = -2;

  private static final Member<String> CLASS = new Member<>("class", Json::text);
  private static final Member<String> METHOD = new Member<>("method", Json::text);
  private static final Member<String> FILE = new Member<>("file", Json::text);
  private static final Member<Integer> LINE = new Member<>("line", Json::small);
  private static final Member<Boolean> NATIVE = new Member<>("native", Json::bool);
  private static final Map<String, Member<?>> FRAME = named(CLASS, METHOD, FILE, LINE, NATIVE);

  private static final Member<Long> ID = new Member<>("id", Json::count);
  private static final Member<String> NAME = new Member<>("name", Json::text);
  private static final Member<Boolean> VIRTUAL = new Member<>("virtual", Json::bool);
  private static final Member<Boolean> DAEMON = new Member<>("daemon", Json::bool);
  private static final Member<Thread.State> STATE =
      new Member<>("state", Json.constant(Thread.State.class));
  private static final Member<String> TYPE = new Member<>("type", Json::text);
  private static final Member<String> GROUP = new Member<>("group", Json::text);
  private static final Member<List<StackTraceElement>> STACK =
      new Member<>("stack", StackReader::stack);
  private static final Member<Blocker> BLOCKER = new Member<>("blocker", StackReader::blocker);
  private static final Member<String> EXECUTOR = new Member<>("executor", Json::text);
  private static final Map<String, Member<?>> THREAD =
      named(ID, NAME, VIRTUAL, DAEMON, STATE, TYPE, GROUP, STACK, BLOCKER, EXECUTOR);

  private static final Member<String> HASH = new Member<>("hash", StackReader::hash);
  private static final Member<Long> OWNER = new Member<>("owner", Json::count);
  private static final Map<String, Member<?>> BLOCKED = named(TYPE, HASH, OWNER);

  private StackReader() {}

  static List<StackTraceElement> stack(JsonParser json)
      throws IOException, MalformedEntryException {
    return Json.list(StackReader::frame).read(json);
  }

  static ThreadRecord thread(JsonParser json) throws IOException, MalformedEntryException {
    Values values = Values.read(json, THREAD);
    String group = values.get(GROUP);
    return new ThreadRecord(
        values.need(ID),
        values.need(NAME),
        values.need(VIRTUAL),
        values.need(DAEMON),
        values.need(STATE),
        values.need(TYPE),
        group == null ? "" : group,
        values.list(STACK),
        values.get(BLOCKER),
        values.get(EXECUTOR));
  }

  static StackTraceElement frame(JsonParser json) throws IOException, MalformedEntryException {
    Values values = Values.read(json, FRAME);
    @Nullable Integer line = values.get(LINE);
    @Nullable Boolean isNative = values.get(NATIVE);
    return new StackTraceElement(
        values.need(CLASS),
        values.need(METHOD),
        values.get(FILE),
        isNative != null && isNative ? NATIVE_LINE : line == null ? UNKNOWN_LINE : line);
  }

  private static Blocker blocker(JsonParser json) throws IOException, MalformedEntryException {
    Values values = Values.read(json, BLOCKED);
    String text = values.need(TYPE) + "@" + values.need(HASH);
    Blocker blocker = Blocker.parse(text, values.get(OWNER));
    if (blocker == null) {
      throw new MalformedEntryException("no object: " + Json.shown(text));
    }
    return blocker;
  }

  /** An identity hash code: a number, or text in hexadecimal. */
  private static String hash(JsonParser json) throws IOException, MalformedEntryException {
    return json.currentToken() == JsonToken.VALUE_STRING
        ? Json.text(json)
        : Integer.toHexString(Json.small(json));
  }
}
