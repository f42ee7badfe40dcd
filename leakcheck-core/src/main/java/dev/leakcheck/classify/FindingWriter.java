package dev.leakcheck.classify;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** States the facts of a cause: what was left, what it does, who holds it, how to stop it. */
final class FindingWriter {

  static final String TIMER = "java.util.TimerThread";

  private static final String LIBRARY_WHY =
      "what a library started goes on until it is told to stop";

  private static final int NAMES_SHOWN = 5;
  private static final int PLACES_SHOWN = 3;

  private static final Origin UNSEEN =
      new Origin.Unknown("creation is not recorded without an agent");

  private final Classifier.Cause cause;
  private final Evidence evidence;
  private final List<Fact> facts = new ArrayList<>();

  private FindingWriter(Classifier.Cause cause, Evidence evidence) {
    this.cause = cause;
    this.evidence = evidence;
  }

  static Finding write(Classifier.Cause cause, Evidence evidence) {
    FindingWriter writer = new FindingWriter(cause, evidence);
    if (!cause.executors.isEmpty()) {
      return writer.executor();
    }
    ThreadRecord first = cause.threads.get(0);
    if (cause.library != null) {
      return writer.libraryThreads(cause.library);
    }
    if (first.type().equals(TIMER)) {
      return writer.timer(first);
    }
    if (cause.holder != null && cause.holder.closeable() != null) {
      return writer.closeable(cause.holder);
    }
    Optional<QueueWait> wait = QueueWait.of(first);
    return wait.isPresent() ? writer.stuck(first, wait.get()) : writer.stray(first);
  }

  static Finding leftover(QueueRecord queue) {
    List<Fact> facts = new ArrayList<>();
    String types =
        queue.elementTypes().entrySet().stream()
            .map(type -> type.getValue() + " × " + simple(type.getKey()))
            .collect(Collectors.joining(", "));
    facts.add(
        Fact.of(
            "elements",
            queue.size()
                + (types.isEmpty() ? "" : ": " + types)
                + " (it held "
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

  private Finding executor() {
    ExecutorRecord first = cause.executors.get(0);
    KnownLibrary.Instance library = cause.library;
    boolean several = cause.executors.size() > 1;
    String title;
    String fix;
    if (library != null) {
      int others = otherThreads().size();
      title =
          library.title()
              + ", never closed: "
              + count(cause.executors.size(), "executor")
              + (others == 0 ? "" : " and " + count(others, "thread"));
      fix = library.fix();
    } else if (several && cause.holder != null && cause.holder.closeableType() != null) {
      title =
          simple(cause.holder.closeableType())
              + " in "
              + cause.holder.closeable()
              + ", never closed";
      fix = "close it: " + cause.holder.closeable();
    } else {
      title = name(first) + ", " + (isSeenOpen(first) ? "never shut down" : "not terminated");
      fix = executorFix(cause.holder);
    }
    addHolder();
    for (ExecutorRecord executor : cause.executors) {
      addExecutorFacts(executor, several);
    }
    addOtherThreads();
    addWhy(library == null ? whyExecutor() : LIBRARY_WHY);
    Fingerprint fingerprint = new Fingerprint(LeakKind.UNCLOSED_EXECUTOR);
    if (library != null) {
      fingerprint.name(library.title());
    } else {
      fingerprint.type(withoutIdentity(first.type()));
      cause.threads.stream()
          .map(t -> Names.pattern(t.name()))
          .distinct()
          .sorted()
          .limit(3)
          .forEach(fingerprint::name);
      cause.threads.stream().limit(1).forEach(thread -> fingerprint.stack(thread.stack()));
    }
    if (cause.holder != null) {
      fingerprint.name(cause.holder.path());
    }
    return finding(LeakKind.UNCLOSED_EXECUTOR, title, fix, fingerprint);
  }

  private String whyExecutor() {
    return cause.executors.stream().allMatch(this::isSeenOpen)
        ? "an executor that is not shut down keeps its threads, and what they refer to, for ever"
        : "it has not terminated; whether shutdown() was called cannot be seen from outside, only"
            + " that its tasks go on";
  }

  /** Threads of the same cause that work for none of its executors. */
  private List<ThreadRecord> otherThreads() {
    Set<String> ids = cause.executors.stream().map(ExecutorRecord::id).collect(Collectors.toSet());
    return cause.threads.stream()
        .filter(thread -> !ids.contains(String.valueOf(thread.executor())))
        .toList();
  }

  private void addOtherThreads() {
    List<ThreadRecord> others = otherThreads();
    if (!others.isEmpty()) {
      facts.add(
          Fact.of(others.size() == 1 ? "thread" : "threads", names(others) + daemonNote(others)));
    }
  }

  /** Not shut down: it says so, it has no thread and is still listed, or a worker awaits a task. */
  private boolean isSeenOpen(ExecutorRecord executor) {
    if (executor.state() != null) {
      return !executor.state().shutdown();
    }
    List<ThreadRecord> workers = workers(executor);
    return workers.isEmpty()
        || workers.stream()
            .anyMatch(
                worker ->
                    (Stacks.isIdlePoolWorker(worker.stack()) && !isScheduledWithTasks(worker))
                        || Stacks.isIdleForkJoinWorker(worker.stack()));
  }

  /** A scheduled pool that was shut down still waits for the tasks it had accepted. */
  private static boolean isScheduledWithTasks(ThreadRecord worker) {
    return worker.state() == Thread.State.TIMED_WAITING
        && Stacks.runs(
            worker.stack(), "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue");
  }

  private List<ThreadRecord> workers(ExecutorRecord executor) {
    return cause.threads.stream()
        .filter(thread -> executor.id().equals(thread.executor()))
        .toList();
  }

  private static String name(ExecutorRecord executor) {
    String id = executor.id();
    int slash = id.indexOf('/');
    if (slash > 0 && id.startsWith("ForkJoinPool")) {
      return "ForkJoinPool (" + id.substring(0, slash) + ")";
    }
    int at = id.lastIndexOf('@');
    return executor.simpleType() + (at > 0 ? id.substring(at) : "");
  }

  private static String executorFix(@Nullable Holder holder) {
    if (holder != null && holder.closeable() != null) {
      return "close "
          + holder.closeable()
          + " ("
          + simple(String.valueOf(holder.closeableType()))
          + " is AutoCloseable), and let its close() shut the executor down";
    }
    String where = holder == null ? "it" : holder.path();
    return "call shutdown() on "
        + where
        + " when its owner stops"
        + (holder != null && holder.path().startsWith("field ")
            ? ", or mark the field @AutoClose (with method = \"shutdownNow\" before Java 19)"
            : ", or use it in try-with-resources (Java 19 and later)");
  }

  private void addExecutorFacts(ExecutorRecord executor, boolean several) {
    List<ThreadRecord> workers = workers(executor);
    String prefix = several ? name(executor) + ": " : "";
    if (workers.isEmpty()) {
      facts.add(Fact.of("workers", prefix + "none yet, or none any more"));
    } else {
      addWorkers(workers, prefix);
    }
    ExecutorRecord.State state = executor.state();
    if (state != null && state.coreSize() >= 0) {
      facts.add(Fact.of("state", prefix + describe(state)));
    }
  }

  private void addWorkers(List<ThreadRecord> workers, String prefix) {
    List<ThreadRecord> idle = workers.stream().filter(FindingWriter::isIdle).toList();
    List<ThreadRecord> busy = workers.stream().filter(worker -> !isIdle(worker)).toList();
    List<String> lines = new ArrayList<>();
    if (!idle.isEmpty()) {
      lines.add(prefix + idle.size() + " idle: " + names(idle) + daemonNote(idle));
    }
    if (!busy.isEmpty()) {
      lines.add(prefix + busy.size() + " busy: " + names(busy) + daemonNote(busy));
    }
    facts.add(new Fact("workers", lines));
    addPlaces("tasks", busy);
  }

  /** Where only JDK frames are to be seen, they say nothing about a library. */
  private static boolean isInOwnCode(ThreadRecord thread) {
    return Stacks.firstOwnFrame(thread.stack()).isPresent();
  }

  /** Where threads stand, each distinct place once, with a count. */
  private void addPlaces(String key, List<ThreadRecord> threads) {
    Map<String, Integer> places = new LinkedHashMap<>();
    for (ThreadRecord thread : threads) {
      List<String> where = Activity.where(thread.stack());
      places.merge(
          Activity.of(thread) + (where.isEmpty() ? "" : "\n" + String.join("\n", where)),
          1,
          Integer::sum);
    }
    List<String> lines = new ArrayList<>();
    places.entrySet().stream()
        .limit(PLACES_SHOWN)
        .forEach(
            place -> {
              List<String> parts = place.getKey().lines().toList();
              lines.add((place.getValue() > 1 ? place.getValue() + " × " : "") + parts.get(0));
              for (int i = 1; i < parts.size(); i++) {
                lines.add("  at " + parts.get(i));
              }
            });
    if (places.size() > PLACES_SHOWN) {
      lines.add("and " + (places.size() - PLACES_SHOWN) + " other places");
    }
    if (!lines.isEmpty()) {
      facts.add(new Fact(key, lines));
    }
  }

  private static boolean isIdle(ThreadRecord worker) {
    return Stacks.isIdlePoolWorker(worker.stack()) || Stacks.isIdleForkJoinWorker(worker.stack());
  }

  private static String describe(ExecutorRecord.State state) {
    StringBuilder text = new StringBuilder();
    text.append(state.maximumSize() >= 0 ? "core " : "parallelism ").append(state.coreSize());
    if (state.maximumSize() >= 0) {
      String max =
          state.maximumSize() == Integer.MAX_VALUE
              ? "no bound"
              : String.valueOf(state.maximumSize());
      text.append(", max ").append(max);
    }
    text.append(", ")
        .append(state.active())
        .append(" active, ")
        .append(state.queued())
        .append(" queued");
    if (state.completed() >= 0) {
      text.append(", ").append(state.completed()).append(" completed");
    }
    return text.toString();
  }

  private Finding libraryThreads(KnownLibrary.Instance library) {
    boolean virtual = cause.threads.get(0).virtual();
    LeakKind kind = virtual ? LeakKind.STRAY_VIRTUAL_THREAD : LeakKind.STRAY_THREAD;
    addHolder();
    addThreads();
    addPlaces("doing", cause.threads.stream().filter(FindingWriter::isInOwnCode).toList());
    addWhy(LIBRARY_WHY);
    return finding(
        kind,
        library.title() + ", never stopped: " + count(cause.threads.size(), "thread"),
        library.fix(),
        new Fingerprint(kind).name(library.title()));
  }

  private Finding timer(ThreadRecord thread) {
    addHolder();
    addThreads();
    facts.add(
        Fact.of(
            "tasks",
            thread.state() == Thread.State.TIMED_WAITING
                ? "at least one is scheduled"
                : thread.state() == Thread.State.WAITING ? "none is scheduled" : "one is running"));
    addWhy("a timer's thread lives until cancel() is called, or the Timer was garbage collected");
    String where = cause.holder == null ? "it" : cause.holder.path();
    return finding(
        LeakKind.UNCANCELLED_TIMER,
        "java.util.Timer \"" + thread.label() + "\", never cancelled",
        "call Timer.cancel() on " + where + "; cancelling its tasks does not end the thread",
        new Fingerprint(LeakKind.UNCANCELLED_TIMER).name(thread.name()));
  }

  private Finding closeable(Holder holder) {
    String type = simple(String.valueOf(holder.closeableType()));
    addHolder();
    addThreads();
    addPlaces("doing", cause.threads);
    addWhy("its threads live until it is closed");
    return finding(
        LeakKind.UNCLOSED_EXECUTOR,
        type
            + " in "
            + holder.closeable()
            + ", never closed: "
            + count(cause.threads.size(), "thread"),
        "call close() on " + holder.closeable() + ", or mark the field @AutoClose",
        new Fingerprint(LeakKind.UNCLOSED_EXECUTOR)
            .type(String.valueOf(holder.closeableType()))
            .name(String.valueOf(holder.closeable())));
  }

  private Finding stuck(ThreadRecord first, QueueWait wait) {
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

  private Finding stray(ThreadRecord first) {
    LeakKind kind = first.virtual() ? LeakKind.STRAY_VIRTUAL_THREAD : LeakKind.STRAY_THREAD;
    addThreads();
    addPlaces("doing", cause.threads);
    addStopping(first);
    addHolder();
    addWhy(
        first.waitsForEver()
            ? "it waits without a time limit: only somebody else can end it"
            : "it was still alive when the wait was over");
    String fix =
        first.stack().isEmpty() || Stacks.firstOwnFrame(first.stack()).isEmpty()
            ? "keep the Thread and stop it where its owner stops: interrupt() and join()"
            : "stop it where its owner stops: interrupt() it and join() it, and let "
                + Activity.frame(Stacks.firstOwnFrame(first.stack()).get())
                + " end on an interrupt";
    return finding(
        kind,
        subject() + " still alive, " + Activity.of(first),
        fix,
        new Fingerprint(kind).name(first.name()).stack(first.stack()));
  }

  /** Its executor was told to stop; the task does not listen. */
  private void addStopping(ThreadRecord thread) {
    evidence.executors().stream()
        .filter(executor -> executor.id().equals(thread.executor()))
        .findFirst()
        .ifPresent(
            executor ->
                facts.add(
                    Fact.of(
                        "executor",
                        name(executor)
                            + " was shut down, but this task goes on: it needs shutdownNow(), or"
                            + " does not end on an interrupt")));
  }

  private String subject() {
    ThreadRecord first = cause.threads.get(0);
    String what = first.virtual() ? "virtual thread" : "thread";
    return cause.threads.size() == 1
        ? what + " \"" + first.label() + "\""
        : cause.threads.size() + " " + what + "s";
  }

  private void addThreads() {
    boolean virtual = cause.threads.get(0).virtual();
    facts.add(
        Fact.of(
            cause.threads.size() == 1 ? "thread" : "threads",
            names(cause.threads) + (virtual ? " (virtual)" : daemonNote(cause.threads))));
  }

  private static String names(List<ThreadRecord> threads) {
    String names =
        threads.stream()
            .limit(NAMES_SHOWN)
            .map(thread -> thread.label() + (thread.name().isEmpty() ? " #" + thread.id() : ""))
            .collect(Collectors.joining(", "));
    return threads.size() > NAMES_SHOWN
        ? names + " and " + (threads.size() - NAMES_SHOWN) + " more"
        : names;
  }

  private static String daemonNote(List<ThreadRecord> threads) {
    if (threads.get(0).virtual()) {
      return "";
    }
    return threads.stream().allMatch(ThreadRecord::daemon)
        ? " (daemon)"
        : " (not daemon: " + (threads.size() == 1 ? "it keeps" : "they keep") + " the JVM alive)";
  }

  private void addHolder() {
    if (cause.holder != null) {
      facts.add(Fact.of("held by", cause.holder.path()));
    }
  }

  private void addWhy(String why) {
    facts.add(Fact.of("why", why));
  }

  private Finding finding(LeakKind kind, String title, String fix, Fingerprint fingerprint) {
    return new Finding(
        kind, title, facts, fix, cause.threads, cause.executors, null, UNSEEN, fingerprint.hash());
  }

  private static String withoutIdentity(String type) {
    int at = type.lastIndexOf('@');
    return at < 0 ? type : type.substring(0, at);
  }

  static String simple(String type) {
    return Printable.escape(type.substring(type.lastIndexOf('.') + 1));
  }

  static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
