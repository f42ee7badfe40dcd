package dev.leakcheck.cli.html;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.JvmReport;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Level;
import dev.leakcheck.report.ReportEntry.Lifetime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The threads that a JVM was left with, each a lane of its time line. Threads of one cause that
 * lived at the same time share one.
 */
final class Lanes {

  private static final int MAX_LANES = 300;
  private static final int MAX_NAMES = 5;
  private static final long SAME_TIME_MILLIS = 100;

  /** What threads have in common that share a lane. */
  private record Key(String fingerprint, long since, long until, boolean alive) {
    static Key of(Lifetime life) {
      return new Key(
          life.fingerprint(),
          life.since().toEpochMilli() / SAME_TIME_MILLIS,
          life.until().toEpochMilli() / SAME_TIME_MILLIS,
          life.alive());
    }
  }

  private record Found(String fingerprint, long thread) {}

  private final List<List<Lifetime>> lanes;
  private final Map<Found, Leak> leaks;
  private final long[] opened;
  private final long[] closed;

  private Lanes(List<List<Lifetime>> lanes, Map<Found, Leak> leaks, long[] opened, long[] closed) {
    this.lanes = lanes;
    this.leaks = leaks;
    this.opened = opened;
    this.closed = closed;
  }

  static Lanes of(JvmReport report, List<Group> groups) {
    Map<Key, List<Lifetime>> lanes =
        report.lifetimes().stream()
            .collect(Collectors.groupingBy(Key::of, LinkedHashMap::new, Collectors.toList()));
    Set<String> failing =
        groups.stream()
            .filter(Group::isFailing)
            .map(Group::fingerprint)
            .collect(Collectors.toSet());
    List<List<Lifetime>> failingFirst =
        lanes.values().stream()
            .sorted(Comparator.comparing(lane -> !failing.contains(lane.get(0).fingerprint())))
            .toList();
    return new Lanes(
        failingFirst,
        leaks(report.jvm().id(), groups),
        times(report, check -> check.opened().toEpochMilli()),
        times(report, check -> check.closed().toEpochMilli()));
  }

  private static Map<Found, Leak> leaks(String jvm, List<Group> groups) {
    Map<Found, Leak> leaks = new HashMap<>();
    for (Group group : groups) {
      for (Occurrence occurrence : group.occurrences()) {
        if (occurrence.jvm().equals(jvm)) {
          for (ThreadRecord thread : occurrence.leak().threads()) {
            leaks.putIfAbsent(new Found(group.fingerprint(), thread.id()), occurrence.leak());
          }
        }
      }
    }
    return leaks;
  }

  private static long[] times(JvmReport report, Function<Check, Long> time) {
    return report.checks().stream()
        .filter(check -> check.level() == Level.METHOD)
        .mapToLong(time::apply)
        .sorted()
        .toArray();
  }

  void write(Map<String, Integer> groupNumbers, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("lanes");
    for (List<Lifetime> lane :
        lanes.stream()
            .limit(MAX_LANES)
            .sorted(Comparator.comparing(lane -> lane.get(0).since()))
            .toList()) {
      write(lane, groupNumbers, json);
    }
    json.writeEndArray();
    json.writeNumberField("lanesMore", Math.max(0, lanes.size() - MAX_LANES));
  }

  private void write(List<Lifetime> lane, Map<String, Integer> groupNumbers, JsonGenerator json)
      throws IOException {
    Lifetime first = lane.get(0);
    long since = first.since().toEpochMilli();
    long until = lane.stream().mapToLong(life -> life.until().toEpochMilli()).max().orElseThrow();
    json.writeStartObject();
    json.writeNumberField("count", lane.size());
    json.writeBooleanField("virtual", lane.stream().allMatch(Lifetime::virtual));
    names(lane, json);
    Integer group = groupNumbers.get(first.fingerprint());
    if (group != null) {
      json.writeNumberField("group", group);
    }
    json.writeNumberField("since", since);
    json.writeNumberField("until", until);
    json.writeBooleanField("alive", first.alive());
    json.writeNumberField("tests", testsBetween(since, until));
    Leak leak = leakOf(lane);
    if (leak != null) {
      json.writeNumberField("found", leak.at().toEpochMilli());
      json.writeStringField("test", Text.place(leak));
    }
    json.writeEndObject();
  }

  private static void names(List<Lifetime> lane, JsonGenerator json) throws IOException {
    List<String> names = new ArrayList<>();
    lane.stream().limit(MAX_NAMES).forEach(life -> names.add(Printable.name(life.name())));
    json.writeArrayFieldStart("names");
    for (String name : names) {
      json.writeString(name);
    }
    json.writeEndArray();
  }

  private @Nullable Leak leakOf(List<Lifetime> lane) {
    for (Lifetime life : lane) {
      Leak leak = leaks.get(new Found(life.fingerprint(), life.thread()));
      if (leak != null) {
        return leak;
      }
    }
    return null;
  }

  /** How many tests ran at least partly in that time. */
  private int testsBetween(long since, long until) {
    return Math.max(0, atMost(opened, until) - atMost(closed, since));
  }

  private static int atMost(long[] sorted, long time) {
    int index = Arrays.binarySearch(sorted, time);
    if (index < 0) {
      return -index - 1;
    }
    while (index + 1 < sorted.length && sorted[index + 1] == time) {
      index++;
    }
    return index + 1;
  }
}
