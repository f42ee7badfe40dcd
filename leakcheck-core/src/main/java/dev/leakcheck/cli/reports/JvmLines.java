package dev.leakcheck.cli.reports;

import dev.leakcheck.cli.reports.Reports.JvmReport;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.End;
import dev.leakcheck.report.ReportEntry.Jvm;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Lifetime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The entries of one JVM, while they are read. Not thread-safe. */
final class JvmLines {

  private final Path file;
  private final Jvm jvm;
  private final Shared shared;
  private final List<Check> checks = new ArrayList<>();
  private final Map<Long, Lifetime> lifetimes = new LinkedHashMap<>();
  private final Map<Cause, Occurrences> leaks = new LinkedHashMap<>();
  private @Nullable End end;
  private long entries;

  JvmLines(Path file, Jvm jvm, Shared shared) {
    this.file = file;
    this.jvm = jvm;
    this.shared = shared;
  }

  void add(ReportEntry entry) {
    entries++;
    if (entry instanceof Check check) {
      checks.add(shared.check(check));
    } else if (entry instanceof Leak leak) {
      leaks
          .computeIfAbsent(Cause.of(leak), cause -> new Occurrences())
          .add(new Occurrence(jvm.id(), shared.leak(leak)));
    } else if (entry instanceof Lifetime lifetime) {
      lifetimes.put(lifetime.thread(), lifetime);
    } else if (entry instanceof End last) {
      end = last;
    }
  }

  Path file() {
    return file;
  }

  String id() {
    return jvm.id();
  }

  Map<Cause, Occurrences> leaks() {
    return leaks;
  }

  boolean hasEnded() {
    return end != null;
  }

  /** Whether it says more than another report of the same JVM, such as a copy that was cut off. */
  boolean saysMoreThan(JvmLines other) {
    return hasEnded() == other.hasEnded() ? entries > other.entries : hasEnded();
  }

  /** The JVM as a person would tell it from others. */
  String label() {
    return "JVM " + jvm.pid() + (jvm.fork() == null ? "" : " (fork " + jvm.fork() + ")");
  }

  JvmReport report() {
    return new JvmReport(file, jvm, end, checks, List.copyOf(lifetimes.values()));
  }
}
