package dev.leakcheck.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.reports.SampleReader;
import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Population;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watch over a JVM that is made up, with a clock that goes on when it pauses. */
class WatchTest {

  private static final int ROUNDS = 4;
  private static final Limits NONE = new Limits(null, null, null);

  private final StringWriter out = new StringWriter();
  private final StringWriter json = new StringWriter();
  private final List<Duration> pauses = new ArrayList<>();
  private long now;

  /** A server that has as many sessions as a function of the sample's number tells. */
  private final class Server implements Watch.Target {
    private final IntUnaryOperator sessions;
    private final int lives;
    private Duration takes = Duration.ZERO;
    private List<String> origins = List.of();
    private int sampled;

    Server(IntUnaryOperator sessions) {
      this(sessions, Integer.MAX_VALUE);
    }

    Server(IntUnaryOperator sessions, int lives) {
      this.sessions = sessions;
      this.lives = lives;
    }

    @Override
    public Population population() {
      if (sampled >= lives) {
        throw new BadInput("process 4711 has ended");
      }
      now += takes.toNanos();
      int count = sessions.applyAsInt(sampled++);
      return new Population(
          Instant.EPOCH.plusNanos(now),
          List.of(
              cohort("session-*", true, "sleeping", "com.acme.Session", count, null),
              cohort("pool-*-thread-*", false, "waiting for its next task", "", 8, null),
              cohort("Reference Handler", false, "running", "", 1, "the JVM's own")),
          9,
          count,
          0,
          List.of(),
          2,
          Coverage.FULL);
    }

    @Override
    public boolean isAlive() {
      return sampled < lives;
    }

    @Override
    public List<String> origins(Cohort group) {
      return group.virtual() ? origins : List.of();
    }
  }

  private static Cohort cohort(
      String name,
      boolean virtual,
      String activity,
      String type,
      int count,
      @Nullable String benign) {
    return new Cohort(
        name.toUpperCase(Locale.ROOT),
        name,
        virtual,
        Thread.State.WAITING,
        activity,
        type.isEmpty()
            ? List.of()
            : List.of(new StackTraceElement(type, "run", "Session.java", 31)),
        count,
        List.of(),
        List.of(),
        0,
        benign);
  }

  private boolean watch(Watch.Target target, @Nullable Duration time, Limits limits)
      throws Exception {
    return watch(target, time, limits, false, Integer.MAX_VALUE);
  }

  private boolean watch(
      Watch.Target target, @Nullable Duration time, Limits limits, boolean terminal, int stopAfter)
      throws Exception {
    Watch.Options options =
        new Watch.Options(4711, Duration.ofSeconds(5), time, ROUNDS, limits, terminal);
    Watch.Pause pause =
        pausing -> {
          pauses.add(pausing);
          now += pausing.toNanos();
          return pauses.size() < stopAfter;
        };
    return new Watch(
            options,
            target,
            new PrintWriter(out, true),
            new WatchJson(json, target::origins),
            pause,
            () -> now)
        .run();
  }

  @Test
  void whatIsWrittenAsJsonIsReadBack(@TempDir Path directory) throws Exception {
    watch(new Server(i -> 1 + i), Duration.ofSeconds(25), NONE);
    Path file = Files.writeString(directory.resolve("watch.jsonl"), json.toString());
    List<SampleReader.Sample> samples = new ArrayList<>();

    assertThat(SampleReader.read(file, samples::add)).isNull();

    assertThat(samples).hasSize(6);
    assertThat(samples.get(0)).isEqualTo(new SampleReader.Sample(Instant.EPOCH, 9, 1, List.of()));
    assertThat(samples.get(4).groups())
        .containsExactly(
            new SampleReader.Group(
                "SESSION-*",
                "session-*",
                true,
                5,
                Instant.EPOCH,
                "sleeping",
                List.of("com.acme.Session.run(Session.java:31)")),
            new SampleReader.Group(
                "POOL-*-THREAD-*",
                "pool-*-thread-*",
                false,
                8,
                Instant.EPOCH,
                "waiting for its next task",
                List.of()));
  }

  @Test
  void aLeakIsToldOnceAndSummedUp() throws Exception {
    assertThat(watch(new Server(i -> 1 + i), Duration.ofSeconds(30), NONE)).isFalse();

    assertThat(out.toString())
        .isEqualToNormalizingNewlines(
            """
            watching process 4711 every 5 s
            sample 1 after 0 s: 9 platform threads, 1 virtual thread, 2 executors
                 20 s  "session-*" (virtual)  sleeping  at com.acme.Session.run(Session.java:31): grows by 4 to 5 threads in 4 samples
                 20 s  "pool-*-thread-*"  waiting for its next task: 8 threads sit unchanged

            watched process 4711 for 30 s, 7 samples: the time is over
            sample 7 after 30 s: 9 platform threads, 7 virtual threads (growing), 2 executors
              THREADS     GROWTH        FOR  STATE      GROUP
                    7         +6       30 s  grows      "session-*" (virtual)  sleeping  at com.acme.Session.run(Session.java:31)
                    8                  30 s  unchanged  "pool-*-thread-*"  waiting for its next task
                       1 thread of the JVM's and libraries' own
            """);
  }

  @Test
  void whereThreadsWereCreatedIsSaidWhereItIsKnown() throws Exception {
    Server server = new Server(i -> 1 + i);
    server.origins = List.of("com.acme.Server.accept(Server.java:12)");
    watch(server, Duration.ofSeconds(30), NONE);

    assertThat(out.toString())
        .contains("Session.java:31)  created at com.acme.Server.accept(Server.java:12)");
  }

  @Test
  void aJvmInWhichNothingGrowsIsQuiet() throws Exception {
    assertThat(watch(new Server(i -> 3 + i % 2), Duration.ofSeconds(60), new Limits(0, 100, 8)))
        .isFalse();

    assertThat(out.toString())
        .contains("watched process 4711 for 1 m 0 s, 13 samples: the time is over")
        .contains("no group of threads grows")
        .doesNotContain("limit crossed");
  }

  @Test
  void growthBeyondTheLimitEndsIt() throws Exception {
    assertThat(watch(new Server(i -> 10 + 3 * i), null, new Limits(11, null, null))).isTrue();

    assertThat(out.toString())
        .contains("for 20 s, 5 samples: a limit is crossed")
        .endsWith(
            "limit crossed: --max-growth 11: \"session-*\" grew by 12 threads to 22"
                + System.lineSeparator());
  }

  @Test
  void growthUpToTheLimitPasses() throws Exception {
    assertThat(watch(new Server(i -> 10 + i), Duration.ofSeconds(60), new Limits(12, null, null)))
        .isFalse();
  }

  @Test
  void slowGrowthAddsUpToTheLimit() throws Exception {
    assertThat(watch(new Server(i -> 10 + i), null, new Limits(30, null, null))).isTrue();

    assertThat(out.toString()).contains("\"session-*\" grew by 31 threads to 41");
  }

  @Test
  void theNumberOfThreadsIsLimitedFromTheFirstSampleOn() throws Exception {
    assertThat(watch(new Server(i -> 92), null, new Limits(null, 100, null))).isTrue();

    assertThat(out.toString()).contains("limit crossed: --max-threads 100: there are 101");
    assertThat(pauses).isEmpty();
  }

  @Test
  void whatSitsUnchangedIsLimitedGroupByGroup() throws Exception {
    assertThat(watch(new Server(i -> 3 + i % 2), null, new Limits(null, null, 7))).isTrue();

    assertThat(out.toString())
        .contains("limit crossed: --max-unchanged 7: 8 threads \"pool-*-thread-*\" sit unchanged");
  }

  @Test
  void aProcessThatEndsIsSaidToHaveEnded() throws Exception {
    assertThat(watch(new Server(i -> 1 + i, 3), null, NONE)).isFalse();

    assertThat(out.toString())
        .contains("watched process 4711 for 15 s, 3 samples: the process has ended")
        .contains("note: what grows or sits unchanged is told from 5 samples on");
  }

  @Test
  void aProcessThatRefusesIsAnError() {
    Watch.Target refuses =
        new Watch.Target() {
          @Override
          public Population population() {
            throw new BadInput("process 4711 gave no thread dump: no reason given");
          }

          @Override
          public boolean isAlive() {
            return true;
          }
        };

    assertThatThrownBy(() -> watch(refuses, null, NONE))
        .isInstanceOf(BadInput.class)
        .hasMessage("process 4711 gave no thread dump: no reason given");
  }

  @Test
  void whoStopsItGetsTheSummary() throws Exception {
    assertThat(watch(new Server(i -> 1 + i), null, NONE, false, 6)).isFalse();

    assertThat(out.toString()).contains("for 30 s, 6 samples: stopped").contains("grows");
  }

  @Test
  void samplesThatCostMuchAreTakenLessOften() throws Exception {
    Server server = new Server(i -> 1);
    server.takes = Duration.ofSeconds(3);
    watch(server, null, NONE, false, 2);

    assertThat(pauses).containsOnly(Duration.ofSeconds(15));
  }

  @Test
  void aTerminalIsDrawnInPlace() throws Exception {
    watch(new Server(i -> 1 + i), Duration.ofSeconds(5), NONE, true, Integer.MAX_VALUE);

    assertThat(out.toString().replace("\033", "ESC"))
        .isEqualToNormalizingNewlines(
            """
            ESC[?7lprocess 4711, sample 1 after 0 s: 9 platform threads, 1 virtual thread, 2 executors  (Ctrl-C ends it)ESC[K
              THREADS     GROWTH        FOR  STATE      GROUPESC[K
                    8                                   "pool-*-thread-*"  waiting for its next taskESC[K
                    1                                   "session-*" (virtual)  sleeping  at com.acme.Session.run(Session.java:31)ESC[K
                       1 thread of the JVM's and libraries' ownESC[K
            ESC[JESC[?7hESC[?7lESC[5Aprocess 4711, sample 2 after 5 s: 9 platform threads, 2 virtual threads, 2 executors  (Ctrl-C ends it)ESC[K
              THREADS     GROWTH        FOR  STATE      GROUPESC[K
                    8                                   "pool-*-thread-*"  waiting for its next taskESC[K
                    2                                   "session-*" (virtual)  sleeping  at com.acme.Session.run(Session.java:31)ESC[K
                       1 thread of the JVM's and libraries' ownESC[K
            ESC[JESC[?7hwatched process 4711 for 5 s, 2 samples: the time is over
            note: what grows or sits unchanged is told from 5 samples on
            """);
  }

  @Test
  void eachSampleIsALineOfJson() throws Exception {
    Server server = new Server(i -> 1 + i);
    server.origins = List.of("com.acme.Server.accept(Server.java:12)");
    watch(server, Duration.ofSeconds(20), NONE);
    List<String> lines = json.toString().lines().toList();

    assertThat(lines).hasSize(6);
    assertThat(lines.get(0))
        .isEqualTo(
            "{\"entry\":\"sample\",\"schema\":1,\"pid\":4711,\"number\":1,"
                + "\"at\":\"1970-01-01T00:00:00Z\",\"platform\":9,\"virtual\":1,\"executors\":2,"
                + "\"platformGrows\":false,\"virtualGrows\":false,\"executorsGrow\":false,"
                + "\"groups\":[]}");
    assertThat(lines.get(4))
        .contains(
            "\"groups\":[{\"fingerprint\":\"SESSION-*\",\"names\":\"session-*\",\"virtual\":true,"
                + "\"threads\":5,\"verdict\":\"growing\",\"growth\":4,\"samples\":4,"
                + "\"since\":\"1970-01-01T00:00:00Z\",\"activity\":\"sleeping\","
                + "\"stack\":[\"com.acme.Session.run(Session.java:31)\"],"
                + "\"created\":[\"com.acme.Server.accept(Server.java:12)\"]},");
    assertThat(lines.get(5))
        .isEqualTo(
            "{\"entry\":\"end\",\"why\":\"the time is over\",\"watchedMillis\":20000,\"exit\":0}");
  }
}
