package dev.leakcheck.cli.dump;

import static dev.leakcheck.cli.dump.Words.count;
import static dev.leakcheck.cli.dump.Words.numbered;

import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Population;
import dev.leakcheck.model.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells a person what is in a dump: what is stuck, then the threads by what they do. */
public final class ScanText {

  private static final int EXECUTORS_SHOWN = 20;

  private final Dump dump;
  private final String source;
  private final int top;
  private final List<String> lines = new ArrayList<>();

  private ScanText(Dump dump, String source, int top) {
    this.dump = dump;
    this.source = source;
    this.top = top;
  }

  /**
   * Writes all.
   *
   * @param dump the dump
   * @param source what was looked at, such as {@code process 4711} or a file's name
   * @param crossed limits that are crossed, each in a clause
   * @param top how many groups are shown at the most
   * @param out where to
   */
  public static void write(
      Dump dump, String source, List<String> crossed, int top, PrintWriter out) {
    ScanText text = new ScanText(dump, source, top);
    text.head(crossed);
    text.deadlocks();
    text.locks();
    text.groups();
    text.executors();
    text.setAside();
    text.notes();
    text.lines.forEach(out::println);
    out.flush();
  }

  private void head(List<String> crossed) {
    Population threads = dump.population();
    int stuck = dump.deadlocks().size();
    lines.add(
        "LeakCheck: "
            + (stuck == 0 ? "no deadlock was found" : count(stuck, "deadlock"))
            + " among "
            + count(threads.threads(), "thread")
            + " of "
            + Printable.escape(source));
    crossed.forEach(limit -> lines.add("limit crossed: " + limit));
    List<String> parts = new ArrayList<>();
    if (dump.jvm() != null) {
      parts.add(Printable.escape(dump.jvm()));
    }
    if (dump.time() != null) {
      parts.add("taken " + Words.time(dump.time()));
    }
    parts.add(threads.platform() + " platform, " + threads.virtual() + " virtual");
    if (dump.nativeThreads() > 0) {
      parts.add(count(dump.nativeThreads(), "native thread") + " of the JVM besides");
    }
    lines.add(String.join(" · ", parts));
  }

  private void deadlocks() {
    int number = 1;
    for (Dump.Stuck stuck : dump.deadlocks()) {
      lines.add("");
      lines.add(number++ + ") deadlock   " + Printable.escape(stuck.title()));
      stuck.facts().forEach(fact -> lines.addAll(Words.fact(fact.key(), fact.lines())));
      lines.addAll(Words.fact("fix", List.of(stuck.fix())));
      lines.addAll(Words.fact("id", List.of(stuck.fingerprint())));
    }
  }

  private void locks() {
    if (dump.locks().isEmpty()) {
      return;
    }
    title("Locks that threads wait for");
    for (Dump.Contended lock : dump.locks()) {
      lines.add(
          numbered(lock.waiters(), "wait for " + lockName(lock.lock()) + ", " + holder(lock)));
    }
  }

  private static String lockName(String lock) {
    int at = Math.max(lock.lastIndexOf('@'), lock.lastIndexOf(" <"));
    String type = Words.simple(at < 0 ? lock : lock.substring(0, at));
    int nested = type.indexOf("$NonfairSync") >= 0 ? type.indexOf('$') : type.indexOf("$FairSync");
    return (nested > 0 ? type.substring(0, nested) : type) + (at < 0 ? "" : lock.substring(at));
  }

  private static String holder(Dump.Contended lock) {
    if (lock.owner() == null) {
      return lock.ownerId() == null
          ? "of which it is not known who holds it"
          : "held by thread #" + lock.ownerId();
    }
    String name =
        lock.owner().isEmpty()
            ? "thread #" + lock.ownerId()
            : "\"" + Printable.name(lock.owner()) + "\"";
    return "held by " + name + ", which is " + lock.doing();
  }

  private void groups() {
    List<Cohort> own =
        dump.population().cohorts().stream().filter(c -> c.benign() == null).toList();
    if (own.isEmpty()) {
      return;
    }
    title("Threads by what they do, the largest groups first");
    for (Cohort cohort : own.subList(0, Math.min(top, own.size()))) {
      lines.add(numbered(cohort.count(), Words.group(cohort)));
      lines.addAll(Words.where(cohort));
      lines.addAll(Words.names(cohort));
    }
    int rest = own.stream().skip(top).mapToInt(Cohort::count).sum() + dump.population().others();
    if (rest > 0) {
      lines.add(
          "        and "
              + count(rest, "thread")
              + " in smaller groups"
              + (own.size() > top ? " (--top N shows more)" : ""));
    }
  }

  private void executors() {
    if (dump.executors().isEmpty()) {
      return;
    }
    title("Executors and what else holds threads, those with the most first");
    dump.executors().stream()
        .limit(EXECUTORS_SHOWN)
        .forEach(executor -> lines.add(numbered(executor.threads(), describe(executor))));
    if (dump.executors().size() > EXECUTORS_SHOWN) {
      lines.add("        and " + (dump.executors().size() - EXECUTORS_SHOWN) + " more");
    }
  }

  private static String describe(Dump.Executor executor) {
    String name = Words.executor(executor.id());
    if (executor.owner() != null) {
      name += ", owned by thread #" + executor.owner();
    }
    if (executor.threads() == 0) {
      return name + "  no thread";
    }
    String idle =
        executor.idle() == executor.threads()
            ? "all idle"
            : executor.idle() == 0 ? "none idle" : executor.idle() + " idle";
    return name + "  " + Printable.name(executor.names()) + "  " + idle;
  }

  private void setAside() {
    Map<String, Integer> counts = setAside(dump.population());
    if (counts.isEmpty()) {
      return;
    }
    title("Set aside, as nobody's leak");
    counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .forEach(
            rule ->
                lines.add(numbered(rule.getValue(), rule.getKey() + ": " + why(rule.getKey()))));
  }

  private static String why(String rule) {
    return KnownThreads.byId(rule).map(KnownThread::reason).orElse("");
  }

  /** How many threads each rule knows, by the rule's name. */
  static Map<String, Integer> setAside(Population population) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Cohort cohort : population.cohorts()) {
      KnownThreads.all().stream()
          .filter(known -> known.reason().equals(cohort.benign()))
          .findFirst()
          .ifPresent(known -> counts.merge(known.id(), cohort.count(), Integer::sum));
    }
    return counts;
  }

  private void notes() {
    if (dump.notes().isEmpty() && dump.population().coverage().notes().isEmpty()) {
      return;
    }
    lines.add("");
    dump.notes().forEach(note -> lines.add("note: " + Printable.escape(note)));
    for (Coverage.Note note : dump.population().coverage().notes()) {
      lines.add("not seen: " + Printable.escape(note.text()));
    }
  }

  private void title(String text) {
    lines.add("");
    lines.add(text);
  }
}
