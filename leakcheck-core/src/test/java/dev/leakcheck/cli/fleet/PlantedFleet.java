package dev.leakcheck.cli.fleet;

import dev.leakcheck.cli.fleet.Capture.Origin;
import dev.leakcheck.cli.fleet.Capture.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of 1,000 thread dumps of 10,000 threads each, of which it is known what is to be ranked: ten
 * services with 50 instances each, which were looked at twice. Beside them are a few samples and
 * reports.
 */
final class PlantedFleet {

  static final int SERVICES = 10;
  static final int INSTANCES = 50;
  static final int THREADS = 10_000;
  static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  private static final int FEW = 900;

  private final RowWriter out;

  private PlantedFleet(RowWriter out) {
    this.out = out;
  }

  /** Writes all to a file that is given, to be ranked by hand. */
  public static void main(String[] args) {
    write(Path.of(args[0]));
  }

  /** Writes all. */
  static void write(Path file) {
    try (Writer writer = Files.newBufferedWriter(file);
        RowWriter rows = new RowWriter(writer)) {
      PlantedFleet fleet = new PlantedFleet(rows);
      for (int service = 0; service < SERVICES; service++) {
        for (int instance = 0; instance < INSTANCES; instance++) {
          fleet.dump(service, instance, 0);
          fleet.dump(service, instance, 1);
        }
      }
      fleet.samples();
      fleet.reports();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One thread dump, in which nothing but the planted group has many threads. */
  private void dump(int service, int instance, int round) throws IOException {
    Capture capture =
        new Capture(
            "dumps/service-" + service + "/pod-" + instance + "/" + round + ".json",
            Source.DUMP,
            new Origin("service-" + service, "pod-" + instance, "1." + round),
            START.plus(Duration.ofHours(round)),
            "25");
    out.look(capture, false, THREADS, true);
    out.look(capture, true, 0, true);
    int left = THREADS - planted(capture, service, instance, round);
    for (int i = 0; left > 0; i++, left -= FEW) {
      out.group(capture, group("worker-" + i, Math.min(FEW, left), false, null));
    }
  }

  /** How many threads are planted there. */
  private int planted(Capture capture, int service, int instance, int round) throws IOException {
    switch (service) {
      case 0: // everywhere, and it grows
        int sessions = (round == 0 ? 1_000 : 2_000) + 10 * instance;
        out.group(capture, group("session-*", sessions, false, null));
        return sessions;
      case 1: // in one instance alone, very many
        if (instance == 7) {
          out.group(capture, group("poller-*", 5_000 + 4_000 * round, false, null));
          return 5_000 + 4_000 * round;
        }
        return 0;
      case 2: // everywhere, as many as before
        out.group(capture, group("pool-*-thread-*", 2_000, true, null));
        return 2_000;
      case 3: // nobody's leak
        out.group(capture, group("C* CompilerThread*", 3_000, false, "the JVM's own"));
        return 3_000;
      case 4: // came with the next version, in every other instance
        if (round == 1 && instance % 2 == 0) {
          out.group(capture, group("retry-*", 1_500, false, null));
          return 1_500;
        }
        return 0;
      case 5: // one too few
        out.group(capture, group("almost-*", Ranking.THRESHOLD - 1, false, null));
        return Ranking.THRESHOLD - 1;
      case 6: // the largest of one capture is split, as two groups may have one fingerprint
        out.group(capture, group("split-*", 600, false, null));
        out.group(capture, group("split-*", 500, false, null));
        return 1_100;
      default:
        return 0;
    }
  }

  /** A group that a sample does not list may have been there. */
  private void samples() throws IOException {
    for (int number = 1; number <= 3; number++) {
      Capture capture =
          new Capture(
              "watch.jsonl#" + number,
              Source.WATCH,
              new Origin("watched", "pod", null),
              START.plus(Duration.ofMinutes(number)),
              null);
      out.look(capture, false, 4_000, false);
      out.look(capture, true, 0, false);
      if (number > 1) {
        out.group(capture, group("socket-*", 1_200 + 300 * number, false, null));
      }
    }
  }

  /** What was left in tests counts however little it is. */
  private void reports() throws IOException {
    for (int jvm = 0; jvm < 4; jvm++) {
      Capture capture =
          new Capture(
              "reports/" + jvm + ".jsonl",
              Source.REPORT,
              new Origin("tests", "fork-" + jvm, "2." + jvm),
              START.plusSeconds(jvm),
              "17");
      out.look(capture, false, jvm == 3 ? 2 : 0, true);
      out.look(capture, true, 0, true);
      if (jvm == 3) {
        out.group(
            capture,
            new Group(
                false,
                2,
                "f".repeat(16),
                "stray-thread",
                "\"mail-1\" is still alive",
                Thread.State.WAITING,
                "sleeping",
                List.of(new StackTraceElement("com.acme.Mail", "run", "Mail.java", 7)),
                2_500L,
                null));
      }
    }
  }

  private static Group group(String name, int size, boolean idle, @Nullable String setAside) {
    StackTraceElement frame =
        idle
            ? new StackTraceElement(
                "java.util.concurrent.ThreadPoolExecutor",
                "getTask",
                "ThreadPoolExecutor.java",
                1016)
            : new StackTraceElement("com.acme.Shop", "serve", "Shop.java", 31);
    return new Group(
        false,
        size,
        "%016x".formatted(name.hashCode() * 0x9e3779b97f4a7c15L),
        null,
        name,
        Thread.State.WAITING,
        idle ? "waiting for its next task" : "waiting in CountDownLatch.await()",
        List.of(frame),
        null,
        setAside);
  }
}
