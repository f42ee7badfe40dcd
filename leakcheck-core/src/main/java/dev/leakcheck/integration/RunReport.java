package dev.leakcheck.integration;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.LeakScope;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.hang.LoudLog;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.recorder.Checked;
import dev.leakcheck.recorder.FlightRecorder;
import dev.leakcheck.recorder.Recorder;
import dev.leakcheck.recorder.ReportPlace;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.TextReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The report that this JVM writes into the directory of {@link LeakCheckSettings#REPORT_DIR}: each
 * check that was done and each leak that was found. Scopes in code are recorded by LeakCheck
 * itself; test framework integrations say what they checked.
 *
 * <p>Nothing fails because a report cannot be written: that is logged once. Thread-safe.
 */
public final class RunReport {

  private static final RunReport NONE = new RunReport(null);
  private static final Map<ReportPlace, RunReport> REPORTS = new ConcurrentHashMap<>();
  private static final List<RunReport> RUNNING = new CopyOnWriteArrayList<>();

  private static final String CANNOT_FAIL =
      "No test fails for this, since no test was checked by itself: let the build fail by"
          + " `leakcheck gate`.";

  private static final AtomicLong BEGUN = new AtomicLong();

  private static boolean hooked;

  private final @Nullable ReportPlace place;
  private final Instant started = Instant.now();
  private volatile @Nullable Recorder recorder;

  /** A run of tests whose checks are recorded. */
  public interface Run extends AutoCloseable {
    /** Writes what was gathered. A second call does nothing. */
    @Override
    void close();
  }

  private RunReport(@Nullable ReportPlace place) {
    this.place = place;
  }

  /**
   * The report that settings ask for. Where they name no directory, scopes in code take part in the
   * run of tests they are opened in.
   *
   * @throws IllegalArgumentException if the directory is a file
   */
  public static RunReport of(LeakCheckSettings settings) {
    if (settings.mode() == LeakCheckSettings.Mode.OFF) {
      return NONE;
    }
    String directory = settings.reportDir();
    if (directory == null && !RUNNING.isEmpty()) {
      List<RunReport> running = new ArrayList<>(RUNNING);
      if (!running.isEmpty()) {
        return running.get(running.size() - 1);
      }
    }
    Optional<ReportPlace> place =
        ReportPlace.of(LeakCheckSettings.REPORT_DIR, directory, RunReport::systemProperty);
    return place.isEmpty() ? NONE : REPORTS.computeIfAbsent(place.get(), RunReport::new);
  }

  private static @Nullable String systemProperty(String key) {
    try {
      return System.getProperty(key);
    } catch (SecurityException e) {
      return null;
    }
  }

  /**
   * A run of tests begins. If a report is to be written, its file is there from now on, so that a
   * JVM that does not get to its first check leaves a trace.
   *
   * @param options those of the run's scopes
   * @return to be closed when the run is over
   */
  public static Run begin(LeakCheckOptions options) {
    BEGUN.incrementAndGet();
    RunReport report = options.report();
    Recorder recorder = report.recorder();
    RUNNING.add(report); // also where nothing is to be written: nor is it for scopes in code then
    if (recorder != null) {
      recorder.flush();
    }
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        RUNNING.remove(report);
        if (recorder != null) {
          recorder.endOfRun();
        }
      }
    };
  }

  /**
   * How many runs have begun in this JVM, with a report or without: who began one sees by it
   * whether somebody else began another inside.
   *
   * @return a number that only grows
   */
  public static long begun() {
    return BEGUN.get();
  }

  /**
   * Tells of leaks that no test can fail for: logs them as {@code dev.leakcheck.run}, or prints
   * them to {@code System.err} where slf4j has no provider.
   *
   * @param findings what was found; nothing is told if that is nothing
   * @param mode whether that is an error or a warning
   */
  public static void tell(Findings findings, LeakCheckSettings.Mode mode) {
    if (!findings.isEmpty()) {
      LoudLog.run(
          mode == LeakCheckSettings.Mode.FAIL ? Level.ERROR : Level.WARN,
          TextReport.render(findings) + "\n" + CANNOT_FAIL);
    }
  }

  /**
   * Records a check and what became of it.
   *
   * @param scope the scope that was checked
   * @param findings what was found
   * @param level what was checked
   * @param type class name of the test, or null if it is none
   * @param method name of the test's method, or null if it is none
   */
  public static void checked(
      LeakScope scope,
      Findings findings,
      ReportEntry.Level level,
      @Nullable String type,
      @Nullable String method) {
    checked(scope.options(), scope.opened(), findings, level, type, method);
  }

  public static void checked(
      LeakCheckOptions options,
      Instant opened,
      Findings findings,
      ReportEntry.Level level,
      @Nullable String type,
      @Nullable String method) {
    Recorder recorder = options.report().recorder();
    boolean inFlight = FlightRecorder.isOn();
    if (recorder == null && !inFlight) {
      return;
    }
    Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
    Checked checked = new Checked(level, type, method, opened, now, findings);
    if (recorder != null) {
      recorder.checked(checked);
    }
    if (inFlight) {
      FlightRecorder.record(checked);
    }
  }

  private @Nullable Recorder recorder() {
    Recorder known = recorder;
    return known != null || place == null ? known : create(place);
  }

  private synchronized Recorder create(ReportPlace where) {
    Recorder known = recorder;
    if (known == null) {
      Engine engine = Engine.jvm();
      known = new Recorder(where, jvm(engine), new Threads(engine));
      recorder = known;
      endWithTheJvm(engine);
    }
    return known;
  }

  private ReportEntry.Jvm jvm(Engine engine) {
    return new ReportEntry.Jvm(
        UUID.randomUUID().toString(),
        ReportEntry.SCHEMA,
        started,
        ProcessHandle.current().pid(),
        fork(),
        TextReport.version(),
        Runtime.version().toString(),
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"),
        engine.isExact(),
        engine.coverage().notes().stream().map(Coverage.Note::text).toList());
  }

  /** Surefire tells a fork's number only where somebody hands it on. */
  private static @Nullable String fork() {
    String surefire = systemProperty("surefire.forkNumber");
    return surefire == null ? systemProperty("org.gradle.test.worker") : surefire;
  }

  private static void endWithTheJvm(Engine engine) {
    synchronized (RUNNING) {
      if (hooked) {
        return;
      }
      hooked = true;
    }
    engine.counter().addShutdownHook("leakcheck-report", RunReport::endAll);
  }

  private static void endAll() {
    for (RunReport report : REPORTS.values()) {
      Recorder recorder = report.recorder;
      if (recorder != null) {
        recorder.end();
      }
    }
  }

  /** What has written, or null if nothing was recorded. */
  @Nullable Recorder written() {
    return recorder;
  }

  private record Threads(Engine engine) implements Recorder.Threads {

    @Override
    public Map<Long, Thread> find(Collection<ThreadRecord> records) {
      Set<Long> wanted = new HashSet<>();
      boolean virtual = false;
      for (ThreadRecord thread : records) {
        wanted.add(thread.id());
        virtual |= thread.virtual();
      }
      Map<Long, Thread> found = new HashMap<>();
      if (!wanted.isEmpty()) {
        addTo(found, LiveThreads.all(), wanted);
      }
      if (virtual) {
        addTo(found, VirtualThreads.all().orElse(List.of()), wanted);
      }
      return found;
    }

    private static void addTo(Map<Long, Thread> found, List<Thread> threads, Set<Long> wanted) {
      for (Thread thread : threads) {
        long id = LiveThreads.id(thread);
        if (wanted.contains(id)) {
          found.put(id, thread);
        }
      }
    }

    @Override
    public Optional<Set<Long>> aliveVirtual(Set<Long> ids) {
      return engine.aliveVirtual(ids);
    }
  }
}
