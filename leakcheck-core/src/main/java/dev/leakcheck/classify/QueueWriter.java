package dev.leakcheck.classify;

import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Proof;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes findings about queues, and about threads that wait on them. */
final class QueueWriter extends CauseWriter {

  private static final String TRACKED = "tracked ";
  private static final String MADE = "made ";
  private static final int FRAMES_SHOWN = 4;

  /** What was looked at before it is said that nothing leads to a queue. */
  private static final String FOLLOWED =
      " (fields were followed for "
          + Holder.MAX_STEPS
          + " steps, also through collections, and not through other objects of the JDK, JUnit or"
          + " Surefire)";

  QueueWriter(Classifier.Cause cause, Evidence evidence) {
    super(cause, evidence);
  }

  /**
   * Whether producers that are told as stuck are why a queue is not empty: they wait for room in
   * that very queue, or with what it holds.
   */
  static boolean isExplained(QueueRecord queue, List<ThreadRecord> stuck, Evidence evidence) {
    long producers = stuck.stream().filter(thread -> putsInto(thread, queue, evidence)).count();
    return producers > 0 && (queue.remaining() == 0 || queue.size() <= producers);
  }

  private static boolean putsInto(ThreadRecord thread, QueueRecord queue, Evidence evidence) {
    Wait wait = Wait.of(thread);
    QueueRecord seen = evidence.waitsOn().get(thread.id());
    Blocker blocker = thread.blocker();
    return wait.kind() == Wait.Kind.QUEUE
        && !wait.taking()
        && queue.type().equals(seen == null ? wait.type() : seen.type())
        && (seen != null
            ? seen.identity() == queue.identity()
            : blocker != null && blocker.identity() == queue.identity());
  }

  private static String contents(QueueRecord queue) {
    String types =
        queue.elementTypes().entrySet().stream()
            .map(type -> type.getValue() + " × " + simple(type.getKey()))
            .collect(Collectors.joining(", "));
    int typed = queue.elementTypes().values().stream().mapToInt(Integer::intValue).sum();
    return (typed < queue.size() ? queue.size() + (typed == 0 ? "" : ", among them ") : "")
        + types
        + " ("
        + queue.sizeAtOpen()
        + " when the scope opened)";
  }

  static Finding leftover(QueueRecord queue, Evidence evidence) {
    List<Fact> facts = new ArrayList<>();
    facts.add(Fact.of("elements", contents(queue)));
    facts.add(Fact.of("why", "what is still in a queue at the end was put in and never taken out"));
    Origin origin =
        evidence.origins().queues().getOrDefault(queue.identity(), Origin.Unknown.NOT_RECORDED);
    Fingerprint fingerprint =
        new Fingerprint(LeakKind.LEFTOVER_QUEUE)
            .type(queue.type())
            .name(queue.where())
            .createdBy(origin);
    return new Finding(
        LeakKind.LEFTOVER_QUEUE,
        name(queue) + " still holds " + count(queue.size(), "element"),
        facts,
        "drain it into a list and assert that, or clear it when the test ends, once nobody puts into it any more",
        List.of(),
        List.of(),
        queue,
        origin,
        fingerprint.exact(),
        fingerprint.plain());
  }

  Finding stuck(ThreadRecord first, Wait wait) {
    addThreads();
    facts.add(
        new Fact(
            "waits in",
            Stream.concat(
                    Stream.of(wait.operation() + (wait.timed() ? ", with a time limit" : "")),
                    Activity.where(first.stack()).stream().map(frame -> "  at " + frame))
                .toList()));
    facts.add(Fact.of("side", side(wait)));
    addQueue(first, wait);
    evidence.leftovers().stream()
        .filter(queue -> isExplained(queue, cause.threads, evidence))
        .forEach(queue -> facts.add(Fact.of("elements", contents(queue))));
    addStopping();
    addHolder();
    addWhy(
        wait.timed()
            ? "it was still alive when the wait was over; its wait has a limit, so that it may still"
                + " end by itself, given a longer settle time"
            : "nothing but an element, a taker or an interrupt ends this wait");
    return finding(
        LeakKind.STUCK_ON_QUEUE,
        subject()
            + " "
            + (cause.threads.size() == 1 ? "waits" : "wait")
            + " in "
            + wait.operation(),
        stuckFix(wait),
        new Fingerprint(LeakKind.STUCK_ON_QUEUE)
            .type(wait.type())
            .word(wait.method())
            .at(cause.threads));
  }

  /** A wait with a limit ends whether or not anybody comes, so that nobody is missing yet. */
  private static String side(Wait wait) {
    if (wait.taking()) {
      return wait.timed()
          ? "consumer: it waits for an element, for so long at the most"
          : "consumer: it waits for an element that nobody puts";
    }
    return wait.timed()
        ? "producer: it waits for room, or for a taker, for so long at the most"
        : "producer: it waits for room, or for a taker, that does not come";
  }

  /** Of the user's threads by how they wait, of a library's by what the library offers. */
  private String stuckFix(Wait wait) {
    String librarys = fixOfLibrarys("started " + theThread());
    return librarys != null ? librarys : wait.taking() ? consumerFix() : producerFix();
  }

  private String consumerFix() {
    String how = "keep the Thread, or run it in an executor and call shutdownNow()";
    String when = "interrupt the consumer when " + whenOwnerStops("started " + theThread());
    return maker(origin()).isPresent()
        ? when + ": " + how + "; or send it an end marker"
        : when + " (" + how + "), or send it an end marker";
  }

  private String producerFix() {
    return "make sure that somebody takes until the producer has ended, or interrupt the producer"
        + " when "
        + whenOwnerStops("started " + theThread());
  }

  /** The queue, where it was made, and who else can use it. */
  private void addQueue(ThreadRecord thread, Wait wait) {
    QueueRecord queue = known(thread, wait);
    if (queue == null) {
      facts.add(Fact.of("queue", guess(thread, wait)));
      return;
    }
    List<String> made =
        evidence.origins().queues().get(queue.identity()) instanceof Origin.Known known
            ? Stacks.shown(known, FRAMES_SHOWN)
            : List.of();
    boolean isHeld = !queue.where().startsWith(MADE);
    boolean isSeen = evidence.waitsOn().containsKey(thread.id());
    List<String> lines = new ArrayList<>();
    lines.add(
        (isHeld || made.isEmpty() ? where(queue) : queue.simpleType())
            + elements(queue)
            + (isHeld && isSeen ? ": whoever reaches it there can still use it" : ""));
    String at = "  made at ";
    for (String frame : made) {
      lines.add(at + frame);
      at = " ".repeat(at.length());
    }
    facts.add(new Fact("queue", lines));
    if (!isHeld && isSeen) {
      facts.add(
          Fact.of("reach", "no field of the test or of what is around it leads to it" + FOLLOWED));
    }
  }

  /** The queue, if it was seen or if it is what blocks the thread, as it is with some queues. */
  private @Nullable QueueRecord known(ThreadRecord thread, Wait wait) {
    QueueRecord seen = evidence.waitsOn().get(thread.id());
    Blocker blocker = thread.blocker();
    if (seen != null || blocker == null) {
      return seen;
    }
    return evidence.queues().stream()
        .filter(queue -> queue.type().equals(wait.type()))
        .filter(queue -> queue.identity() == blocker.identity())
        .findFirst()
        .orElse(null);
  }

  /** What can be said by elimination at best. */
  private String guess(ThreadRecord thread, Wait wait) {
    List<QueueRecord> fitting =
        evidence.queues().stream()
            .filter(queue -> queue.type().equals(wait.type()))
            .filter(queue -> wait.taking() ? queue.size() == 0 : queue.remaining() == 0)
            .toList();
    if (fitting.isEmpty()) {
      return "not one that a field of the test or of what is around it leads to" + FOLLOWED;
    }
    String places =
        fitting.stream()
            .limit(NAMES_SHOWN)
            .map(QueueWriter::where)
            .collect(Collectors.joining(", "));
    if (fitting.stream().noneMatch(queue -> queue.knownTo().contains(thread.id()))) {
      return "not known: "
          + places
          + " would fit, but the thread runs no code of what holds "
          + (fitting.size() == 1 ? "it" : "one");
    }
    return fitting.size() == 1
        ? Proof.GUESS + describe(fitting.get(0)) + ": no other that a field leads to fits"
        : Proof.GUESS + "one of " + places + ": no other that a field leads to fits";
  }

  private static String describe(QueueRecord queue) {
    return where(queue) + elements(queue);
  }

  private static String elements(QueueRecord queue) {
    return ", "
        + count(queue.size(), "element")
        + (queue.remaining() == Integer.MAX_VALUE || queue.remaining() + queue.size() == 0
            ? ""
            : " of " + (queue.size() + queue.remaining()));
  }

  /** Such as {@code LinkedBlockingQueue in field OrderServiceTest.inbox}. */
  private static String name(QueueRecord queue) {
    String where = where(queue);
    return where.startsWith(TRACKED) || !where.equals(queue.where())
        ? where
        : queue.simpleType() + " in " + where;
  }

  /** Such as {@code field OrderServiceTest.inbox}; with the type where it stands in no field. */
  private static String where(QueueRecord queue) {
    String where = queue.where();
    if (where.startsWith(MADE)) {
      return queue.simpleType() + " " + where;
    }
    return where.startsWith(TRACKED + queue.type())
        ? TRACKED + queue.simpleType() + where.substring((TRACKED + queue.type()).length())
        : where;
  }
}
