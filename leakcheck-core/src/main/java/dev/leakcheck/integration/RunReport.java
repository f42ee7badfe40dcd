package dev.leakcheck.integration;

import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.hang.LoudLog;
import dev.leakcheck.model.Findings;
import dev.leakcheck.recorder.JvmReport;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.TextReport;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The report that this JVM writes into the directory of {@link LeakCheckSettings#REPORT_DIR}: each
 * check that was done and each leak that was found. Scopes in code are recorded by LeakCheck
 * itself; a test framework's module says here what it checked.
 *
 * <p>Nothing fails because a report cannot be written: that is logged once. Thread-safe.
 */
public final class RunReport {

  private static final String MANAGEMENT = "java.management";

  private static final String CANNOT_FAIL =
      "No test fails for this, since no test was checked by itself: let the build fail by"
          + " `leakcheck gate`.";

  /** What those do who watch a run as long as nobody checks its tests. */
  private static final Set<Runnable> STANDING_IN = ConcurrentHashMap.newKeySet();

  private RunReport() {}

  /** A run of tests whose checks are recorded. */
  public interface Run extends AutoCloseable {
    /** Writes what was gathered. A second call does nothing. */
    @Override
    void close();
  }

  /**
   * A run of tests begins. If a report is to be written, its file is there from now on, so that a
   * JVM that does not get to its first check leaves a trace.
   *
   * @param options those of the run's scopes
   * @return to be closed when the run is over
   */
  public static Run begin(TestOptions options) {
    return options.options().report().begin()::close;
  }

  /**
   * Tests are about to be run, whether or not any of them is checked. If this JVM ends before they
   * have, because one calls {@code System.exit}, its reports have no end: not all was checked. When
   * they have, and somebody checked any, one line on standard error says which threads keep the JVM
   * from ending.
   *
   * @return to be closed when all were run
   */
  public static Run expectEnd() {
    EndOfTests end = new EndOfTests();
    JvmReport.Run ending = JvmReport.expectEnd();
    AtomicBoolean told = new AtomicBoolean();
    return () -> {
      if (!told.getAndSet(true)) {
        end.tell();
      }
      ending.close();
    };
  }

  /**
   * How many runs have begun in this JVM, with a report or without: who began one sees by it
   * whether somebody else began another inside.
   *
   * @return a number that only grows
   */
  public static long begun() {
    return JvmReport.begun();
  }

  /**
   * Somebody watches a run of tests only as long as nobody is known to check them by themselves.
   * Its scope must not be open beside theirs: what is made while unrelated scopes are open is
   * neither's for certain, so that verdicts would depend on whether somebody watches.
   *
   * @param stepBack ends its scope; called when somebody {@linkplain #takeOver() takes over}
   * @return to be closed when the run is over
   */
  public static Run standIn(Runnable stepBack) {
    STANDING_IN.add(stepBack);
    return () -> STANDING_IN.remove(stepBack);
  }

  /**
   * Tests are about to be checked by themselves: whoever {@linkplain #standIn stood in} steps back.
   * To be called before the first scope is opened.
   */
  public static void takeOver() {
    for (Runnable stepBack : List.copyOf(STANDING_IN)) {
      if (STANDING_IN.remove(stepBack)) {
        stepBack.run();
      }
    }
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
          TextReport.tell(findings) + "\n" + CANNOT_FAIL);
    }
  }

  /**
   * Tells of something that a user set up and that does nothing, as an error of {@code
   * dev.leakcheck.run}, or on {@code System.err} where slf4j has no provider.
   *
   * @param what what it is, in a sentence
   */
  public static void complain(String what) {
    LoudLog.run(Level.ERROR, "LeakCheck: " + what);
  }

  /**
   * LeakCheck met an error of its own and checks nothing any more. That is logged as {@code
   * dev.leakcheck.run}, or printed where slf4j has no provider, and this JVM's reports have no end.
   * Where the JVM lacks a module that LeakCheck cannot do without, one line says that.
   *
   * @param why the error
   */
  public static void gaveUp(Throwable why) {
    JvmReport.expectEnd(); // which never comes
    if (ModuleLayer.boot().findModule(MANAGEMENT).isEmpty()) {
      complain("it needs the module " + MANAGEMENT + ", which this JVM lacks, and checks nothing");
      return;
    }
    LoudLog.run(
        Level.ERROR,
        "LeakCheck checks nothing any more, since it met an error of its own: " + why,
        why);
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
      TestScope scope,
      Findings findings,
      ReportEntry.Level level,
      @Nullable String type,
      @Nullable String method) {
    scope.options().options().report().checked(scope.openedMillis(), findings, level, type, method);
  }
}
