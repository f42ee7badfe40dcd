package dev.leakcheck.classify;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Hold;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes findings about executors, and about objects that have to be closed. */
final class ExecutorWriter extends CauseWriter {

  /** A field of the test itself, not of an object that it holds, nor what is in its value. */
  private static final Pattern OWN_FIELD = Pattern.compile("field \\w+\\.\\w+");

  private static final Pattern OWN_OR_STATIC = Pattern.compile("(static )?" + OWN_FIELD.pattern());

  private static final String PER_TASK = "java.util.concurrent.ThreadPerTaskExecutor";

  ExecutorWriter(Classifier.Cause cause, Evidence evidence) {
    super(cause, evidence);
  }

  Finding executors() {
    ExecutorRecord first = cause.executors.get(0);
    KnownLibrary.Instance library = cause.library;
    boolean several = cause.executors.size() > 1;
    String title;
    String fix;
    Maker owner = owner();
    if (owner != null) {
      title = OwnerWords.title(owner, isStopped()) + ": " + contents.words(otherThreads().size());
      fix = executorFix(cause.holder);
    } else if (library != null) {
      title =
          library.title()
              + ", "
              + OwnerWords.notEnded("closed", isStopped())
              + ": "
              + contents.words(otherThreads().size());
      fix = libraryFix(library);
    } else if (isSeveral() && cause.holder != null && cause.holder.owner() != null) {
      title =
          OwnerWords.title(cause.holder.owner(), isStopped())
              + ": "
              + contents.words(otherThreads().size());
      fix = executorFix(cause.holder);
    } else {
      title =
          name(first)
              + ", "
              + (first.collected()
                  ? "garbage-collected without being shut down"
                  : isSeenOpen(first) ? "never shut down" : "not terminated");
      fix = first.collected() ? collectedFix() : executorFix(cause.holder);
    }
    addHolder();
    for (ExecutorRecord executor : cause.executors) {
      addExecutorFacts(executor, several);
    }
    addOtherThreads();
    addWhy(library == null ? whyExecutor() : whyLibrary());
    Fingerprint fingerprint = new Fingerprint(LeakKind.UNCLOSED_EXECUTOR);
    if (owner != null && cause.isOfLibrarysObject()) {
      fingerprint.type(owner.type());
    } else if (library != null) {
      fingerprint.word(library.word());
    } else {
      fingerprint.type(withoutIdentity(first.type()));
      workerNames()
          .collect(Collectors.toMap(Names::stableName, name -> name, (a, b) -> a))
          .entrySet()
          .stream()
          .sorted(Map.Entry.comparingByKey())
          .limit(3)
          .forEach(name -> fingerprint.name(name.getValue()));
      if (!mayBeCollected()) {
        fingerprint.at(cause.threads);
      }
    }
    if (cause.holder != null && !cause.isOfLibrarysObject()) {
      fingerprint.name(cause.holder.path());
    }
    return finding(LeakKind.UNCLOSED_EXECUTOR, title, fix, fingerprint);
  }

  private boolean isSeveral() {
    return cause.executors.size() + otherThreads().size() > 1;
  }

  /** Those that are recorded, as workers may end, and otherwise those of live ones. */
  private Stream<String> workerNames() {
    Stream<String> ofExecutors =
        cause.executors.stream()
            .flatMap(
                executor ->
                    executor.workerNames().isEmpty()
                        ? workers(executor).stream().map(ThreadRecord::name)
                        : executor.workerNames().stream());
    return Stream.concat(ofExecutors, otherThreads().stream().map(ThreadRecord::name));
  }

  /**
   * Virtual threads are held by their executor alone: where nothing is known to hold that, all of
   * it is gone with a collection, and what its threads did cannot be told any more.
   */
  private boolean mayBeCollected() {
    return cause.holder == null
        && cause.executors.stream().allMatch(executor -> executor.type().equals(PER_TASK))
        && cause.threads.stream().allMatch(ThreadRecord::virtual);
  }

  private String whyLibrary() {
    return cause.executors.stream().allMatch(this::isSeenStopped)
        ? "it was told to stop, and what it runs goes on"
        : LIBRARY_WHY;
  }

  private boolean isSeenStopped(ExecutorRecord executor) {
    return executor.state() != null && executor.state().shutdown();
  }

  private String whyExecutor() {
    ExecutorRecord first = cause.executors.get(0);
    if (first.collected()) {
      return "nobody called shutdown() as long as it could be reached: what ended it was a garbage"
          + " collection, and when one comes is left to chance";
    }
    if (!cause.executors.stream().allMatch(this::isSeenOpen)) {
      return "it has not terminated; whether shutdown() was called cannot be seen from outside, only"
          + (cause.threads.stream().allMatch(IdleWorker::is)
              ? " that its workers wait for what was scheduled"
              : " that its tasks go on");
    }
    if (first.state() != null) {
      return cause.executors.stream().allMatch(executor -> workers(executor).isEmpty())
          ? "isShutdown() is false: it has no thread now, and the next task may start one"
          : "isShutdown() is false: it keeps its threads, and what they refer to, until shutdown()";
    }
    return workers(first).isEmpty()
        ? "it was there, without a thread, when the scope closed: shutdown() was never called"
        : "nobody called shutdown(): its idle workers keep their threads, and what they refer to";
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
                    (WorkerStacks.isIdlePoolWorker(worker.stack()) && !isScheduledWithTasks(worker))
                        || WorkerStacks.isIdleForkJoinWorker(worker.stack()));
  }

  /** A scheduled pool that was shut down still waits for the tasks it had accepted. */
  private static boolean isScheduledWithTasks(ThreadRecord worker) {
    return worker.state() == Thread.State.TIMED_WAITING
        && WorkerStacks.isIdleScheduledPoolWorker(worker.stack());
  }

  private List<ThreadRecord> workers(ExecutorRecord executor) {
    return cause.threads.stream()
        .filter(thread -> executor.id().equals(thread.executor()))
        .toList();
  }

  private String executorFix(@Nullable Holder holder) {
    Optional<StackTraceElement> maker = maker(origin());
    String called = ownersCall.fix();
    if (called != null) {
      return called;
    }
    Holder.Owner owner = holder == null ? null : holder.owner();
    String owners = ownersFix("made the executor");
    if (owners != null && (owner == null || !owner.autoCloseable())) {
      return owners;
    }
    if (owner != null) {
      String deed = (isSeveral() ? "end all of that" : "shut the executor down") + madeByUser();
      return stop(owner) + OwnerWords.andLetIt(deed, owner, evidence.code());
    }
    if (holder == null) {
      return shutDownInOwner(maker) + orTryWithResources();
    }
    return "call shutdown() on "
        + holder.named()
        + madeByUser()
        + " when its owner stops"
        + (OWN_FIELD.matcher(holder.path()).matches() ? orMarkTheField() : orTryWithResources());
  }

  private String collectedFix() {
    String owners = ownersFix("made the executor");
    return owners == null
        ? "keep it in a field, and " + shutDownInOwner(maker(origin())) + orTryWithResources()
        : owners;
  }

  private String orTryWithResources() {
    return evidence.means().closesExecutors()
        ? ", or use it in try-with-resources (Java 19 and later)"
        : "";
  }

  /** What JUnit offers, if it does; it names the method where executors have no {@code close()}. */
  private String orMarkTheField() {
    Evidence.Means means = evidence.means();
    return means.closesFields()
        ? ", or mark the field @AutoClose" + (means.closesExecutors() ? "" : "(\"shutdownNow\")")
        : "";
  }

  private String shutDownInOwner(Optional<StackTraceElement> maker) {
    if (cause.maker != null && (cause.maker.isTests() || cause.maker.helps())) {
      return "call shutdown() when " + whenOwnerStops("made the executor");
    }
    return maker
        .map(
            frame ->
                "call shutdown() in "
                    + simple(frame.getClassName())
                    + " when it stops ("
                    + it("made the executor", frame)
                    + ")")
        .orElse(
            "call shutdown() "
                + Hold.OF_UNKNOWN_OWNER
                + (cause.executors.stream().allMatch(this::isSeenOpen)
                    ? ""
                    : cause.threads.stream().allMatch(ExecutorWriter::isScheduledWithTasks)
                        ? "; if that was done, " + StoppedPool.END_SCHEDULED
                        : "; if that was done, let its tasks end"));
  }

  private String madeByUser() {
    return origin() instanceof Origin.Known known
        ? known
            .users()
            .map(
                frame ->
                    " ("
                        + simple(frame.getClassName())
                        + " made it at "
                        + Stacks.place(frame)
                        + ")")
            .orElse("")
        : "";
  }

  private void addExecutorFacts(ExecutorRecord executor, boolean several) {
    if (executor.collected()) {
      return;
    }
    List<ThreadRecord> workers = workers(executor);
    String prefix = several ? name(executor) + ": " : "";
    ExecutorRecord.State state = executor.state();
    if (workers.isEmpty()) {
      boolean worked = state != null && (state.completed() > 0 || state.active() > 0);
      facts.add(
          Fact.of("workers", prefix + (worked ? "none any more" : "none yet, or none any more")));
    } else {
      addWorkers(workers, prefix);
    }
    if (state != null && (state.coreSize() >= 0 || state.parallelism() >= 0)) {
      facts.add(Fact.of("state", prefix + describe(state)));
    }
  }

  private void addWorkers(List<ThreadRecord> workers, String prefix) {
    List<ThreadRecord> idle = workers.stream().filter(IdleWorker::is).toList();
    List<ThreadRecord> busy = workers.stream().filter(worker -> !IdleWorker.is(worker)).toList();
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

  private static String describe(ExecutorRecord.State state) {
    StringBuilder text = new StringBuilder();
    text.append(
        state.parallelism() >= 0
            ? "parallelism " + state.parallelism()
            : "core " + state.coreSize());
    if (state.maximumSize() >= 0) {
      String max =
          state.maximumSize() == Integer.MAX_VALUE
              ? "no bound"
              : String.valueOf(state.maximumSize());
      text.append(", max ").append(max);
    }
    if (state.active() >= 0) {
      text.append(", ").append(state.active()).append(" active");
    }
    if (state.queued() >= 0) {
      text.append(", ").append(state.queued()).append(" queued");
    }
    if (state.completed() >= 0) {
      text.append(", ").append(state.completed()).append(" completed");
    }
    // Where no thread is beyond the core it ends none, unless core threads may time out.
    if (state.keepAliveMillis() > 0 || state.maximumSize() > state.coreSize()) {
      text.append(", keep-alive ").append(time(state.keepAliveMillis()));
    }
    return text.toString();
  }

  private static String time(long millis) {
    return millis >= 1000 && millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }

  /** Threads that end with what holds them. */
  Finding held(Holder.Owner owner) {
    addHolder();
    addThreads();
    addPlaces("doing", cause.threads);
    addWhy("its threads live until it is " + OwnerWords.participle(owner.stop()));
    String called = ownersCall.fix();
    return finding(
        LeakKind.UNCLOSED_EXECUTOR,
        OwnerWords.title(owner, isStopped()) + ": " + count(cause.threads.size(), "thread"),
        called == null
            ? "call "
                + owner.stop()
                + "() on "
                + owner.named()
                + orMarkTheField(owner)
                + ", and let it end "
                + theThread()
            : called,
        new Fingerprint(LeakKind.UNCLOSED_EXECUTOR).type(owner.type()).name(owner.path()));
  }

  private String stop(Holder.Owner owner) {
    return OwnerWords.stop(owner) + (owner.autoCloseable() ? "" : orMarkTheField(owner));
  }

  private String orMarkTheField(Holder.Owner owner) {
    return evidence.means().closesFields() && OWN_OR_STATIC.matcher(owner.path()).matches()
        ? ", or mark the field @AutoClose"
            + (owner.stop().equals("close") ? "" : "(\"" + owner.stop() + "\")")
        : "";
  }

  private static String withoutIdentity(String type) {
    int at = type.lastIndexOf('@');
    return at < 0 ? type : type.substring(0, at);
  }
}
