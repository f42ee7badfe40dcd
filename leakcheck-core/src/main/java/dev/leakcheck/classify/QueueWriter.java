package dev.leakcheck.classify;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes findings about queues, and about threads that wait on them. */
final class QueueWriter extends CauseWriter {

  QueueWriter(Classifier.Cause cause, Evidence evidence) {
    super(cause, evidence);
  }

  static Finding leftover(QueueRecord queue) {
    List<Fact> facts = new ArrayList<>();
    String types =
        queue.elementTypes().entrySet().stream()
            .map(type -> type.getValue() + " × " + simple(type.getKey()))
            .collect(Collectors.joining(", "));
    int typed = queue.elementTypes().values().stream().mapToInt(Integer::intValue).sum();
    facts.add(
        Fact.of(
            "elements",
            (typed < queue.size() ? queue.size() + (typed == 0 ? "" : ", among them ") : "")
                + types
                + " ("
                + queue.sizeAtOpen()
                + " when the scope opened)"));
    facts.add(Fact.of("why", "what is still in a queue at the end was sent and never received"));
    return new Finding(
        LeakKind.LEFTOVER_QUEUE,
        queue.simpleType()
            + " in "
            + queue.where()
            + " still holds "
            + count(queue.size(), "element"),
        facts,
        "take or assert what is in it, stop whoever puts into it, or clear it when the test ends",
        List.of(),
        List.of(),
        queue,
        UNSEEN,
        new Fingerprint(LeakKind.LEFTOVER_QUEUE).type(queue.type()).name(queue.where()).hash());
  }

  Finding stuck(ThreadRecord first, QueueWait wait) {
    addThreads();
    facts.add(
        new Fact(
            "waits in",
            java.util.stream.Stream.concat(
                    java.util.stream.Stream.of(
                        wait.operation()
                            + (wait.timed() ? ", with a time limit, again and again" : "")),
                    Activity.where(first.stack()).stream().map(frame -> "  at " + frame))
                .toList()));
    facts.add(
        Fact.of(
            "side",
            wait.taking()
                ? "consumer: it waits for an element that nobody puts"
                : "producer: it waits for room, or for a taker, that does not come"));
    facts.add(Fact.of("queue", queue(first, wait)));
    addStopping(first);
    addHolder();
    addWhy(
        wait.timed()
            ? "it was still polling when the wait was over"
            : "nothing but an element, a taker or an interrupt ends this wait");
    return finding(
        LeakKind.STUCK_ON_QUEUE,
        subject()
            + " "
            + (cause.threads.size() == 1 ? "waits" : "wait")
            + " in "
            + wait.operation(),
        wait.taking()
            ? "interrupt the consumer when its owner stops (keep the Thread, or run it in an executor and"
                + " call shutdownNow()), or send it an end marker"
            : "make sure that somebody takes until the producer has ended, or interrupt the producer"
                + " when its owner stops",
        new Fingerprint(LeakKind.STUCK_ON_QUEUE)
            .type(wait.type())
            .name(wait.method())
            .stack(first.stack()));
  }

  /** The blocker of some queues is the queue; of the others it is known by elimination at best. */
  private String queue(ThreadRecord thread, QueueWait wait) {
    List<QueueRecord> sameType =
        evidence.queues().stream().filter(queue -> queue.type().equals(wait.type())).toList();
    if (thread.blocker() != null) {
      for (QueueRecord queue : sameType) {
        if (queue.identity() == thread.blocker().identity()) {
          return describe(queue);
        }
      }
    }
    List<QueueRecord> fitting =
        sameType.stream()
            .filter(queue -> wait.taking() ? queue.size() == 0 : queue.remaining() == 0)
            .toList();
    if (fitting.isEmpty()) {
      return "not one that the test's fields lead to";
    }
    if (fitting.size() == 1) {
      return "probably " + describe(fitting.get(0)) + ": no other that fits is in sight";
    }
    return "one of "
        + fitting.stream()
            .limit(NAMES_SHOWN)
            .map(QueueRecord::where)
            .collect(Collectors.joining(", "));
  }

  private static String describe(QueueRecord queue) {
    return queue.where()
        + ", "
        + count(queue.size(), "element")
        + (queue.remaining() == Integer.MAX_VALUE || queue.remaining() + queue.size() == 0
            ? ""
            : " of " + (queue.size() + queue.remaining()));
  }
}
