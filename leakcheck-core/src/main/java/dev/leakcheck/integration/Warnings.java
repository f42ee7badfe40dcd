package dev.leakcheck.integration;

import dev.leakcheck.hang.LoudLog;
import dev.leakcheck.model.Findings;
import dev.leakcheck.recorder.JvmReport;
import dev.leakcheck.report.ReportEntry.Level;
import dev.leakcheck.report.TextReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is logged in a run whose leaks only warn. Where slf4j has no provider, or its provider shows
 * no warnings, nobody would know of them: one line on {@code System.err} says so at the end of the
 * run. Thread-safe.
 */
public final class Warnings {

  private final JvmReport report;
  private final Map<Level, Set<String>> unheard = new EnumMap<>(Level.class);
  private long leaks;

  private Warnings(JvmReport report) {
    this.report = report;
  }

  /**
   * The warnings of a run.
   *
   * @param options those of the run's scopes
   * @return none yet
   */
  public static Warnings of(TestOptions options) {
    return new Warnings(options.options().report());
  }

  /**
   * Logs what was found as a warning.
   *
   * @param logger the logger's name
   * @param findings what was found, which is not nothing
   * @param level what was checked
   * @param id what tells the test or class from others
   * @return the message
   */
  public String warn(String logger, Findings findings, Level level, String id) {
    return warn(LoggerFactory.getLogger(logger), findings, level, id);
  }

  String warn(Logger logger, Findings findings, Level level, String id) {
    String message = TextReport.tell(findings);
    if (logger.isWarnEnabled()) {
      logger.warn("{}", message);
      return message;
    }
    synchronized (this) {
      leaks += findings.list().size();
      unheard.computeIfAbsent(level, none -> new HashSet<>()).add(id);
    }
    return message;
  }

  /** The run is over: says how many leaks nobody heard of. A second call says nothing. */
  public void tell() {
    String line;
    synchronized (this) {
      if (leaks == 0) {
        return;
      }
      line = line();
      leaks = 0;
    }
    LoudLog.print(line);
  }

  private String line() {
    List<String> places = new ArrayList<>();
    add(places, Level.METHOD, "test", "tests");
    add(places, Level.CLASS, "class", "classes");
    if (unheard.containsKey(Level.RUN)) {
      places.add("the run as a whole");
    }
    int last = places.size() - 1;
    String where =
        last == 0
            ? places.get(0)
            : String.join(", ", places.subList(0, last)) + " and " + places.get(last);
    return "LeakCheck: "
        + leaks
        + (leaks == 1 ? " leak in " : " leaks in ")
        + where
        + report.file().map(Path::toString).map(file -> ", report in " + file).orElse("");
  }

  private void add(List<String> places, Level level, String one, String more) {
    int count = unheard.getOrDefault(level, Set.of()).size();
    if (count > 0) {
      places.add(count + " " + (count == 1 ? one : more));
    }
  }
}
