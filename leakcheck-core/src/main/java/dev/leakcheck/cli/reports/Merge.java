package dev.leakcheck.cli.reports;

import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.JvmReport;
import dev.leakcheck.model.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the reports of many JVMs together. What comes out depends on what they say and not on the
 * order they came in, but for the order of the problems. Not thread-safe.
 */
final class Merge {

  private static final Comparator<JvmReport> BY_START =
      Comparator.comparing((JvmReport report) -> report.jvm().started())
          .thenComparing(report -> report.jvm().id());

  private static final Comparator<Group> FAILING_FIRST =
      Comparator.comparing((Group group) -> !group.isFailing())
          .thenComparing(Group::kind, Kind.ORDER)
          .thenComparing(Group::fingerprint);

  private final Map<String, JvmLines> jvms = new LinkedHashMap<>();
  private final Map<Cause, Occurrences> leaks = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  /** Takes a JVM in. Of two reports of one JVM the one that says more counts. */
  void add(JvmLines jvm) {
    JvmLines other = jvms.get(jvm.id());
    if (other != null) {
      boolean better = jvm.saysMoreThan(other);
      problem(
          ReportReader.name(jvm.file())
              + " and "
              + ReportReader.name(other.file())
              + " are reports of the same "
              + jvm.label()
              + ": the "
              + (better ? "first" : "second")
              + " counts");
      if (!better) {
        return;
      }
      leaks.values().forEach(occurrences -> occurrences.remove(jvm.id()));
    }
    jvms.put(jvm.id(), jvm);
    jvm.leaks()
        .forEach(
            (cause, occurrences) ->
                leaks.computeIfAbsent(cause, c -> new Occurrences()).addAll(occurrences));
    jvm.leaks().clear(); // or what is dropped here would be kept there
  }

  /** Mentions what was wrong and kept nothing else from being read. */
  void problem(String sentence) {
    problems.add(sentence);
  }

  Reports reports() {
    jvms.values().stream()
        .filter(jvm -> !jvm.hasEnded())
        .forEach(
            jvm ->
                problem(
                    ReportReader.name(jvm.file())
                        + ": "
                        + jvm.label()
                        + " did not get to its end, so what it left behind after the last entry is"
                        + " not known"));
    return new Reports(
        jvms.values().stream().map(JvmLines::report).sorted(BY_START).toList(),
        leaks.entrySet().stream()
            .map(
                group ->
                    new Group(
                        group.getKey().fingerprint(),
                        group.getKey().kind(),
                        group.getValue().sorted()))
            .filter(group -> !group.occurrences().isEmpty())
            .sorted(FAILING_FIRST)
            .toList(),
        problems);
  }
}
