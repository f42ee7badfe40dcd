package dev.leakcheck.recorder;

import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Findings;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.TextReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The report that this JVM writes into one directory: each check that was done and each leak that
 * was found.
 *
 * <p>Nothing fails because a report cannot be written: that is logged once. Thread-safe.
 */
public final class JvmReport {

  /** Of who wants none. */
  public static final JvmReport NONE = new JvmReport(null, null);

  private static final Map<ReportPlace, JvmReport> REPORTS = new ConcurrentHashMap<>();
  private static final List<JvmReport> RUNNING = new CopyOnWriteArrayList<>();
  private static final AtomicLong BEGUN = new AtomicLong();

  /** What was begun and has not come to its end: if the JVM ends first, no report is complete. */
  private static final AtomicInteger UNDER_WAY = new AtomicInteger();

  private static final AtomicBoolean INCOMPLETE = new AtomicBoolean();

  private static boolean hooked;

  private final @Nullable ReportPlace place;
  private final @Nullable Watched watched;
  private final Instant started = Instant.now();
  private volatile @Nullable Recorder recorder;

  /** The JVM that reports. */
  public interface Watched {
    /** Whether an agent records threads and executors. */
    boolean isExact();

    /** What no check can see. */
    Coverage coverage();

    /** Finds the threads that records tell of. */
    Recorder.Threads threads();

    /** Does something when the JVM shuts down. */
    void atShutdown(String name, Runnable action);
  }

  /** A run of tests whose checks are recorded, or whatever else has to come to its end. */
  public interface Run extends AutoCloseable {
    /** Says that it is over, and writes what was gathered. A second call does nothing. */
    @Override
    void close();
  }

  private JvmReport(@Nullable ReportPlace place, @Nullable Watched watched) {
    this.place = place;
    this.watched = watched;
  }

  /**
   * The report in a directory. Where none is named, scopes in code take part in the run of tests
   * they are opened in.
   *
   * @param key the key of the setting that names the directory, for messages
   * @param directory as it was given, or null for the build tool's own place
   * @param watched this JVM
   * @throws IllegalArgumentException if the directory is a file
   */
  public static JvmReport of(String key, @Nullable String directory, Watched watched) {
    if (directory == null && !RUNNING.isEmpty()) {
      List<JvmReport> running = new ArrayList<>(RUNNING);
      if (!running.isEmpty()) {
        return running.get(running.size() - 1);
      }
    }
    Optional<ReportPlace> place = ReportPlace.of(key, directory, JvmReport::systemProperty);
    return place.isEmpty()
        ? NONE
        : REPORTS.computeIfAbsent(place.get(), where -> new JvmReport(where, watched));
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
   * @return to be closed when the run is over
   */
  public Run begin() {
    BEGUN.incrementAndGet();
    Run ending = expectEnd();
    Recorder own = recorder();
    RUNNING.add(this); // also where nothing is to be written: nor is it for scopes in code then
    if (own != null) {
      own.flush();
    }
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        RUNNING.remove(this);
        try (ending) {
          if (own != null) {
            own.endOfRun();
          }
        }
      }
    };
  }

  /**
   * Something begins that has to come to its end before this JVM does, such as the tests that a
   * launcher is about to run. If somebody calls {@code System.exit} in between, the reports have no
   * end: not all was checked.
   *
   * @return to be closed at its end
   */
  public static Run expectEnd() {
    UNDER_WAY.incrementAndGet();
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        UNDER_WAY.decrementAndGet();
      }
    };
  }

  /**
   * The same for a scope in code, which has to be checked. Inside of a run that is the run's to
   * say.
   *
   * @return to be closed when it was checked, or nobody wants it to be any more
   */
  public static Run expectCheck() {
    return RUNNING.isEmpty() ? expectEnd() : () -> {};
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
   * Records a check and what became of it.
   *
   * @param openedMillis when the scope was opened that was checked, in ms since 1970
   * @param findings what was found
   * @param level what was checked
   * @param type class name of the test, or null if it is none
   * @param method name of the test's method, or null if it is none
   */
  public void checked(
      long openedMillis,
      Findings findings,
      ReportEntry.Level level,
      @Nullable String type,
      @Nullable String method) {
    try {
      record(openedMillis, findings, level, type, method);
    } catch (RuntimeException failure) { // where a test mocks the classes of times, say
      if (!INCOMPLETE.getAndSet(true)) {
        expectEnd(); // which never comes
        LoggerFactory.getLogger("dev.leakcheck.report")
            .error("LeakCheck cannot write all of its report", failure);
      }
    }
  }

  private void record(
      long openedMillis,
      Findings findings,
      ReportEntry.Level level,
      @Nullable String type,
      @Nullable String method) {
    Recorder own = recorder();
    boolean inFlight = FlightRecorder.isOn();
    if (own == null && !inFlight) {
      return;
    }
    Instant opened = Instant.ofEpochMilli(openedMillis);
    Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
    Checked checked = new Checked(level, type, method, opened, now, findings);
    if (own != null) {
      own.checked(checked);
    }
    if (inFlight) {
      FlightRecorder.record(checked);
    }
  }

  /**
   * Records, in each report of this JVM, what is there when all tests have run.
   *
   * @param there what is there
   */
  public static void lingering(List<ReportEntry.Lingering> there) {
    for (JvmReport report : REPORTS.values()) {
      Recorder written = report.recorder;
      if (written != null) {
        written.lingering(there);
      }
    }
  }

  private @Nullable Recorder recorder() {
    Recorder known = recorder;
    return known != null || place == null || watched == null ? known : create(place, watched);
  }

  private synchronized Recorder create(ReportPlace where, Watched jvm) {
    Recorder known = recorder;
    if (known == null) {
      known = new Recorder(where, entry(jvm), jvm.threads());
      recorder = known;
      endWithTheJvm(jvm);
    }
    return known;
  }

  /** Others are not to guess it, but to have another: random numbers for secrets take long. */
  private static String id() {
    SplittableRandom random = new SplittableRandom();
    return new UUID(random.nextLong() ^ ProcessHandle.current().pid(), random.nextLong())
        .toString();
  }

  private ReportEntry.Jvm entry(Watched jvm) {
    return new ReportEntry.Jvm(
        id(),
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
        jvm.isExact(),
        jvm.coverage().notes().stream().map(Coverage.Note::text).toList());
  }

  /** Surefire tells a fork's number only where somebody hands it on. */
  private static @Nullable String fork() {
    String surefire = systemProperty("surefire.forkNumber");
    return surefire == null ? systemProperty("org.gradle.test.worker") : surefire;
  }

  private static void endWithTheJvm(Watched jvm) {
    synchronized (RUNNING) {
      if (hooked) {
        return;
      }
      hooked = true;
    }
    jvm.atShutdown("leakcheck-report", JvmReport::endAll);
  }

  private static void endAll() {
    boolean complete = UNDER_WAY.get() == 0;
    for (JvmReport report : REPORTS.values()) {
      Recorder recorder = report.recorder;
      if (recorder != null) {
        recorder.end(complete);
      }
    }
  }

  /**
   * The file that is written.
   *
   * @return its path; empty if there is none, as nothing is to be written, or was, or could be
   */
  public Optional<Path> file() {
    Recorder own = recorder;
    return Optional.ofNullable(own == null ? null : own.file()).filter(Files::exists);
  }

  /** What has written, or null if nothing was recorded. */
  @Nullable Recorder written() {
    return recorder;
  }
}
