package dev.leakcheck.cli.dump;

import dev.leakcheck.model.Cohort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What came, went and grew between two dumps: groups of threads and of executors whose number is
 * another one. Immutable.
 *
 * @param before the first dump
 * @param after the second dump
 * @param groups groups of threads whose number changed, those that grew most first
 * @param executors groups of executors whose number, or whose threads' number changed, likewise
 * @param deadlocks deadlocks of the second dump
 * @param notes what could not be compared, each in a sentence without a full stop
 */
public record DumpDiff(
    Dump before,
    Dump after,
    List<Row> groups,
    List<ExecutorRow> executors,
    List<Dump.Stuck> deadlocks,
    List<String> notes) {

  /** Copies the lists. */
  public DumpDiff {
    groups = List.copyOf(groups);
    executors = List.copyOf(executors);
    deadlocks = List.copyOf(deadlocks);
    notes = List.copyOf(notes);
  }

  /**
   * A group of threads.
   *
   * @param cohort the group, as the later of the dumps that know it has it
   * @param before how many there were
   * @param after how many there are
   */
  public record Row(Cohort cohort, int before, int after) {
    int growth() {
      return after - before;
    }
  }

  /**
   * Executors of one class whose threads' names differ in numbers only.
   *
   * @param type class name
   * @param names what their threads' names have in common, or empty
   * @param before how many there were
   * @param after how many there are
   * @param threadsBefore how many threads they had
   * @param threadsAfter how many threads they have
   */
  public record ExecutorRow(
      String type, String names, int before, int after, int threadsBefore, int threadsAfter) {
    int growth() {
      return after - before;
    }
  }

  private record Key(String type, String names) {}

  /**
   * Compares two dumps. Threads that are known to be nobody's leak are left out.
   *
   * @param before the first dump
   * @param after the second dump
   * @return the difference
   */
  public static DumpDiff between(Dump before, Dump after) {
    List<String> notes = new ArrayList<>();
    Predicate<Cohort> compared = cohort -> cohort.benign() == null;
    if ((before.format() == DumpFormat.PRINT) != (after.format() == DumpFormat.PRINT)) {
      compared = compared.and(cohort -> !cohort.virtual());
      notes.add(
          "virtual threads were left out: the dump of "
              + DumpFormat.PRINT.label()
              + " does not list all of them");
    }
    List<ExecutorRow> executors = List.of();
    if (before.format() == DumpFormat.JSON && after.format() == DumpFormat.JSON) {
      executors = executors(before.executors(), after.executors());
    } else {
      notes.add("executors were left out: only JSON dumps list them, and not both are such");
    }
    if (before.population().others() + after.population().others() > 0) {
      notes.add("there are more groups than are kept: small ones were left out");
    }
    return new DumpDiff(
        before,
        after,
        groups(before.population().cohorts(), after.population().cohorts(), compared),
        executors,
        after.deadlocks(),
        notes);
  }

  private static List<Row> groups(
      List<Cohort> before, List<Cohort> after, Predicate<Cohort> compared) {
    Map<String, Row> rows = new LinkedHashMap<>();
    for (Cohort cohort : after) {
      if (compared.test(cohort)) {
        rows.merge(
            cohort.fingerprint(),
            new Row(cohort, 0, cohort.count()),
            (a, b) -> new Row(a.cohort(), 0, a.after() + b.after()));
      }
    }
    for (Cohort cohort : before) {
      if (compared.test(cohort)) {
        rows.merge(
            cohort.fingerprint(),
            new Row(cohort, cohort.count(), 0),
            (a, b) -> new Row(a.cohort(), a.before() + b.before(), a.after()));
      }
    }
    return rows.values().stream()
        .filter(row -> row.growth() != 0)
        .sorted(
            Comparator.comparingInt(Row::growth)
                .reversed()
                .thenComparing(row -> row.cohort().name())
                .thenComparing(row -> row.cohort().fingerprint()))
        .toList();
  }

  private static List<ExecutorRow> executors(
      List<Dump.Executor> before, List<Dump.Executor> after) {
    Map<Key, ExecutorRow> rows = new LinkedHashMap<>();
    for (Dump.Executor executor : before) {
      add(rows, executor, 1, 0);
    }
    for (Dump.Executor executor : after) {
      add(rows, executor, 0, 1);
    }
    return rows.values().stream()
        .filter(row -> row.growth() != 0 || row.threadsAfter() != row.threadsBefore())
        .sorted(
            Comparator.comparingInt(ExecutorRow::growth)
                .thenComparingInt(row -> row.threadsAfter() - row.threadsBefore())
                .reversed()
                .thenComparing(ExecutorRow::type)
                .thenComparing(ExecutorRow::names))
        .toList();
  }

  private static void add(
      Map<Key, ExecutorRow> rows, Dump.Executor executor, int before, int after) {
    rows.merge(
        new Key(executor.type(), executor.names()),
        new ExecutorRow(
            executor.type(),
            executor.names(),
            before,
            after,
            before * executor.threads(),
            after * executor.threads()),
        (a, b) ->
            new ExecutorRow(
                a.type(),
                a.names(),
                a.before() + b.before(),
                a.after() + b.after(),
                a.threadsBefore() + b.threadsBefore(),
                a.threadsAfter() + b.threadsAfter()));
  }

  /**
   * By how much the group of threads, or of executors, grew that grew most.
   *
   * @return at least 0
   */
  public int growth() {
    int threads = groups.stream().mapToInt(Row::growth).max().orElse(0);
    int pools = executors.stream().mapToInt(ExecutorRow::growth).max().orElse(0);
    return Math.max(0, Math.max(threads, pools));
  }
}
