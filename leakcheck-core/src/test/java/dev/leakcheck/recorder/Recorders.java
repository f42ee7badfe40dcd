package dev.leakcheck.recorder;

import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Recorders, checks to record, and what came of it. */
public final class Recorders implements Recorder.Threads {

  /** The threads that can be found, by id. */
  final Map<Long, Thread> visible = new ConcurrentHashMap<>();

  /** Ids of the threads that a dump shows. */
  final Set<Long> dumped = ConcurrentHashMap.newKeySet();

  @Override
  public Map<Long, Thread> find(Collection<ThreadRecord> records) {
    return Map.copyOf(visible);
  }

  @Override
  public Optional<Set<Long>> aliveVirtual(Set<Long> ids) {
    return Optional.of(Set.copyOf(dumped));
  }

  Recorder in(Path directory) {
    ReportEntry.Jvm jvm = Entries.JVM;
    return new Recorder(
        new ReportPlace(directory, true),
        new ReportEntry.Jvm(
            UUID.randomUUID().toString(),
            jvm.schema(),
            jvm.started(),
            jvm.pid(),
            null,
            jvm.leakcheck(),
            jvm.java(),
            jvm.os(),
            false,
            List.of("known to all")),
        this);
  }

  static Checked clean(String scope) {
    return checked(
        Findings.none(
            scope,
            List.of(),
            Coverage.limitedBy(Coverage.Limit.JDK_BEFORE_21, "known to all"),
            false));
  }

  static Checked leavingAlone(List<String> things) {
    return checked(
        new Findings(
            "passing",
            List.of(),
            Duration.ofMillis(40),
            false,
            Map.of(),
            List.of(),
            List.of(),
            Coverage.FULL,
            true,
            things,
            List.of()));
  }

  static Checked leaking(String scope, ThreadRecord... threads) {
    return checked(findings(scope, List.of(finding(threads)), List.of()));
  }

  static Findings findings(String scope, List<Finding> failing, List<Findings.Allowed> allowed) {
    return new Findings(
        scope,
        failing,
        Duration.ofMillis(40),
        false,
        Map.of(),
        allowed,
        List.of(),
        Coverage.limitedBy(Coverage.Limit.PARALLEL, "of this check alone"),
        false,
        List.of(),
        List.of());
  }

  static Checked checked(Findings findings) {
    Instant now = Instant.now();
    return new Checked(Level.CODE, null, null, now.minusSeconds(1), now, findings);
  }

  static Finding finding(ThreadRecord... threads) {
    return new Finding(
        LeakKind.STRAY_THREAD,
        "a thread",
        List.of(Fact.of("why", "it is still alive")),
        "stop it",
        List.of(threads),
        List.of(),
        null,
        Origin.Unknown.NOT_RECORDED,
        "f7f6587682d0dbf8");
  }

  static ThreadRecord record(long id, String name, boolean virtual) {
    return new ThreadRecord(
        id,
        name,
        virtual,
        true,
        Thread.State.WAITING,
        "java.lang.Thread",
        "main",
        List.of(new StackTraceElement("com.acme.A", "a", "A.java", 12)),
        null,
        null);
  }

  /** The lines of the only report in a directory. */
  public static List<String> lines(Path directory) {
    try {
      return Files.readAllLines(file(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path file(Path directory) {
    List<Path> files = files(directory);
    if (files.size() != 1) {
      throw new AssertionError("one report expected: " + files);
    }
    return files.get(0);
  }

  static List<Path> files(Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is said of an entry, and its scope or thread. */
  public static List<String> shortly(List<String> lines) {
    return lines.stream()
        .map(
            line ->
                line.replaceAll("\\{\"entry\":\"(\\w+)\".*", "$1")
                    + line.replaceAll(".*?(?:\"scope\":\"([^\"]*)\".*|$)", " $1").stripTrailing())
        .toList();
  }
}
