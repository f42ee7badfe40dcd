package dev.leakcheck.growth;

import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.classify.Classifier;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.classify.Series;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes findings about what grows with the repetitions of some code. */
final class GrowthWriter extends CauseWriter {

  private static final int COUNTS_SHOWN = 20;
  private static final int SAMPLES_SHOWN = 5;
  private static final long KILO = 1_000;

  private final Growth growth;
  private final int repetitions;

  GrowthWriter(Growth growth, Evidence evidence) {
    super(cause(growth), evidence);
    this.growth = growth;
    this.repetitions = growth.counts().size() - 1;
  }

  private static Classifier.Cause cause(Growth growth) {
    Classifier.Cause cause = new Classifier.Cause();
    cause.threads.addAll(growth.threads());
    cause.executors.addAll(growth.executors());
    return cause;
  }

  Finding growth() {
    Fingerprint fingerprint = new Fingerprint(LeakKind.GROWTH).word(growth.resource().noun);
    String fix =
        switch (growth.resource()) {
          case THREADS, VIRTUAL_THREADS -> threads(fingerprint);
          case EXECUTORS -> executors(fingerprint);
          case ELEMENTS -> elements(fingerprint);
          case HEAP -> heap();
        };
    if (growth.queues().isEmpty()) {
      identify(fingerprint);
    } else {
      fingerprint.in(evidence).createdBy(queueOrigin());
    }
    return new Finding(
        LeakKind.GROWTH,
        title(),
        facts,
        fix,
        cause.threads,
        cause.executors,
        growth.queues().isEmpty() ? null : growth.queues().get(0),
        growth.queues().isEmpty() ? origin() : queueOrigin(),
        fingerprint.exact(),
        fingerprint.plain());
  }

  private String threads(Fingerprint fingerprint) {
    ThreadRecord first = cause.threads.get(0);
    addCounts("left", 1);
    addThreads();
    addPlaces("doing", cause.threads);
    addWhy(
        "each repetition starts threads that do not end: repeated often enough, nothing else"
            + " can start any");
    fingerprint.name(first.name()).at(cause.threads);
    return isTask(first)
        ? "let the task end: each of them keeps a thread that the executor's other tasks could use"
        : "let the code that starts "
            + theThread()
            + there()
            + " also end them: interrupt() and join() them, or run them in an executor that it"
            + " closes";
  }

  private static boolean isTask(ThreadRecord thread) {
    return thread.executor() != null || WorkerStacks.isPoolWorker(thread.stack());
  }

  private String there() {
    return maker(origin()).map(frame -> " (" + Stacks.place(frame) + ")").orElse("");
  }

  private String executors(Fingerprint fingerprint) {
    ExecutorRecord first = cause.executors.get(0);
    addCounts("left", 1);
    Map<String, Integer> types = new TreeMap<>();
    cause.executors.forEach(executor -> types.merge(executor.simpleType(), 1, Integer::sum));
    facts.add(
        Fact.of(
            "executors",
            types.entrySet().stream()
                .map(type -> type.getValue() + " × " + simple(type.getKey()))
                .collect(Collectors.joining(", "))));
    if (!cause.threads.isEmpty()) {
      facts.add(Fact.of("workers", names(cause.threads) + daemonNote(cause.threads)));
    }
    addWhy("each repetition makes an executor that nobody shuts down: its threads add up");
    fingerprint.type(first.type());
    return "shut the executor down where the code that makes it"
        + there()
        + " stops, or make one executor and share it";
  }

  private String elements(Fingerprint fingerprint) {
    QueueRecord first = growth.queues().get(0);
    addCounts("queued", 1);
    List<String> lines = new ArrayList<>();
    growth.queues().stream()
        .limit(NAMES_SHOWN)
        .forEach(
            queue ->
                lines.add(
                    simple(queue.type())
                        + (queue.where().startsWith("made ") ? " " : " in ")
                        + queue.where()
                        + ": "
                        + count(queue.size(), "element")
                        + types(queue)));
    if (growth.queues().size() > NAMES_SHOWN) {
      lines.add("and " + count(growth.queues().size() - NAMES_SHOWN, "more queue"));
    }
    facts.add(new Fact(growth.queues().size() == 1 ? "queue" : "queues", lines));
    addWhy("each repetition puts more into the queue than is taken from it");
    fingerprint.type(first.type()).name(first.where());
    return "take as much as is put, give the queue a bound, or drop what nobody takes";
  }

  private static String types(QueueRecord queue) {
    return queue.elementTypes().isEmpty()
        ? ""
        : queue.elementTypes().keySet().stream()
            .map(CauseWriter::simple)
            .collect(Collectors.joining(", ", " (", ")"));
  }

  private String heap() {
    addCounts("live kB", KILO);
    facts.add(
        Fact.of("bound", String.format(Locale.ROOT, "%,d bytes per repetition", growth.bound())));
    addWhy(
        "more of the heap was alive after a collection with each third of the repetitions: that of"
            + " the whole JVM, whoever used it");
    return "look with a heap dump for what there is one more of with each repetition: entries of"
        + " static collections, caches without a bound, listeners that are never removed";
  }

  private Origin queueOrigin() {
    return growth.queues().stream()
        .map(queue -> evidence.origins().queues().get(queue.identity()))
        .filter(Origin.Known.class::isInstance)
        .findFirst()
        .orElse(Origin.Unknown.NOT_RECORDED);
  }

  private String title() {
    String noun = growth.resource().noun;
    if (growth.resource() == Growth.Resource.HEAP) {
      // By what the verdict goes by: garbage of before may be collected in the first repetition.
      return String.format(
          Locale.ROOT,
          "%+,.0f bytes of live heap per repetition, over %d repetitions",
          Series.slope(growth.counts().stream().mapToLong(Long::longValue).toArray()),
          repetitions);
    }
    long all = growth.counts().get(repetitions) - growth.counts().get(0);
    double slope = (double) all / repetitions;
    String rate = String.format(Locale.ROOT, "%+.1f", slope);
    return rate
        + " "
        + noun
        + (rate.equals("+1.0") ? "" : "s")
        + " per repetition, "
        + all
        + " after "
        + repetitions
        + " repetitions";
  }

  /** The measured counts; of a long series, some. */
  private void addCounts(String key, long unit) {
    List<Long> counts = growth.counts().stream().map(count -> count / unit).toList();
    String text;
    if (repetitions <= COUNTS_SHOWN) {
      text =
          counts.stream().skip(1).map(String::valueOf).collect(Collectors.joining(" "))
              + " after each repetition";
    } else {
      List<String> shown = new ArrayList<>();
      for (int i = 1; i <= SAMPLES_SHOWN; i++) {
        int at = (int) ((long) i * repetitions / SAMPLES_SHOWN);
        shown.add(counts.get(at) + " after " + at);
      }
      text = String.join(", ", shown);
    }
    facts.add(Fact.of(key, (counts.get(0) == 0 ? "" : counts.get(0) + " before, ") + text));
  }
}
