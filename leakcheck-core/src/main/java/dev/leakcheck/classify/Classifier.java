package dev.leakcheck.classify;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns what is new into findings: one for each cause, whatever number of threads it explains.
 *
 * <p>A thing goes to the widest cause that is known: a library's instance, before the object whose
 * {@code close()} would stop it, before its executor, before the place at which it stands.
 */
public final class Classifier {

  private static final int THREADS_SHOWN = 10;

  /** Libraries that run tasks of others, and whose own call would end those as well. */
  private static final Set<KnownLibrary> EXECUTORS =
      EnumSet.of(
          KnownLibrary.JDK_CHANNEL_GROUP,
          KnownLibrary.VERTX,
          KnownLibrary.NETTY,
          KnownLibrary.NETTY_TIMER,
          KnownLibrary.NETTY_OTHER,
          KnownLibrary.JETTY_POOL,
          KnownLibrary.AKKA,
          KnownLibrary.AKKA_SCHEDULER,
          KnownLibrary.PEKKO,
          KnownLibrary.PEKKO_SCHEDULER,
          KnownLibrary.SPRING);

  private final Evidence evidence;
  private final Predicate<Finding> accepted;
  private final Map<String, Cause> causes = new LinkedHashMap<>();

  /** What belongs together while findings are being built. Not thread-safe. */
  public static final class Cause {
    /** Its threads. */
    public final List<ThreadRecord> threads = new ArrayList<>();

    /** Its executors. */
    public final List<ExecutorRecord> executors = new ArrayList<>();

    KnownLibrary.@Nullable Instance library;
    @Nullable Holder holder;

    /** Who made all of it, so that one call to what that is would end it. */
    @Nullable Maker maker;

    /** What else the owner's call would end. */
    final List<Symptom> symptoms = new ArrayList<>();

    /** What would be a cause each without its owner; empty if it is one itself. */
    final List<Cause> parts = new ArrayList<>();

    boolean isJoined() {
      return !parts.isEmpty();
    }

    /**
     * Whether an object of a library has several executors or threads which would be a cause each:
     * how many there are by now, and which of them comes first, is left to chance.
     */
    boolean isOfLibrarysObject() {
      return maker != null
          && maker.librarys()
          && maker.stop() != null
          && parts.stream()
                  .filter(part -> !part.executors.isEmpty() || !part.threads.isEmpty())
                  .count()
              > 1;
    }
  }

  private Classifier(Evidence evidence, Predicate<Finding> accepted) {
    this.evidence = evidence;
    this.accepted = accepted;
  }

  /**
   * Explains the evidence.
   *
   * @param evidence what is new
   * @param accepted whether the user accepts a finding: if so of a part of a cause, that is told
   *     apart from the rest
   * @return one finding for each cause, the most actionable first
   */
  public static List<Finding> classify(Evidence evidence, Predicate<Finding> accepted) {
    return new Classifier(evidence, accepted).findings();
  }

  /**
   * The same where nothing is accepted.
   *
   * @param evidence what is new
   * @return one finding for each cause, the most actionable first
   */
  public static List<Finding> classify(Evidence evidence) {
    return classify(evidence, finding -> false);
  }

  /**
   * Whether a frame is of a library whose threads can be told.
   *
   * @param frame the frame
   * @return true if it is
   */
  public static boolean isLibrary(StackTraceElement frame) {
    return KnownLibrary.ofClass(frame.getClassName()).isPresent();
  }

  /**
   * Whether two threads are of a library that is known, and of the same.
   *
   * @param one a thread
   * @param other another
   * @return false if it is not known of both
   */
  public static boolean areOfOneLibrary(ThreadRecord one, ThreadRecord other) {
    Optional<String> library =
        KnownLibrary.of(one, List.of()).map(known -> known.library().title());
    return library.isPresent()
        && library.equals(KnownLibrary.of(other, List.of()).map(known -> known.library().title()));
  }

  /**
   * What to do about a task that a library made for the user.
   *
   * @param origin where it was made
   * @return the library's own call that ends the task, or empty if none is known: what a library's
   *     executor runs is for who gave it to cancel
   */
  public static Optional<String> taskFix(Origin origin) {
    return origin instanceof Origin.Known known
        ? Stacks.firstOwnFrame(known.stack())
            .flatMap(frame -> KnownLibrary.ofClass(frame.getClassName()))
            .filter(library -> !EXECUTORS.contains(library.library()))
            .map(library -> library.fix() + OwnerWords.from(known))
        : Optional.empty();
  }

  /**
   * The same where it is not known where that was made.
   *
   * @param type class name of what a library gave to an executor of its own or of the user's
   * @return the library's own call, or empty if it is no such library's
   */
  public static Optional<String> taskFix(String type) {
    return KnownLibrary.ofClass(type)
        .filter(library -> !EXECUTORS.contains(library.library()))
        .map(KnownLibrary.Instance::fix);
  }

  /**
   * What threads are doing, without accusing them.
   *
   * @param own the thread that is asked about first
   * @param made other threads
   * @return a fact for each of the first few
   */
  public static List<Fact> doing(List<ThreadRecord> own, List<ThreadRecord> made) {
    List<Fact> facts = new ArrayList<>();
    own.forEach(thread -> facts.add(doing("thread", thread)));
    made.stream()
        .sorted(Comparator.comparing(ThreadRecord::name).thenComparingLong(ThreadRecord::id))
        .limit(THREADS_SHOWN)
        .forEach(thread -> facts.add(doing("made here", thread)));
    if (made.size() > THREADS_SHOWN) {
      facts.add(Fact.of("", "and " + (made.size() - THREADS_SHOWN) + " more"));
    }
    return facts;
  }

  private static Fact doing(String key, ThreadRecord thread) {
    List<String> lines = new ArrayList<>();
    lines.add("\"" + thread.label() + "\" " + Activity.of(thread));
    Activity.where(thread.stack()).forEach(frame -> lines.add("  at " + frame));
    return new Fact(key, lines);
  }

  private List<Finding> findings() {
    Map<String, ExecutorRecord> executors = new LinkedHashMap<>();
    evidence.executors().forEach(executor -> executors.put(executor.id(), executor));
    Map<String, List<ThreadRecord>> workers = new LinkedHashMap<>();
    Set<Long> explained = new HashSet<>();
    Set<Long> heldUp = new HashSet<>();
    for (Symptom symptom : evidence.symptoms()) {
      explained.addAll(symptom.threads());
      if (!symptom.heldUp().isEmpty() && !accepted.test(symptom.explain(evidence))) {
        heldUp.addAll(symptom.heldUp());
      }
    }
    for (ThreadRecord thread : evidence.threads()) {
      if (explained.contains(thread.id())) {
        continue;
      }
      ExecutorRecord executor = executors.get(String.valueOf(thread.executor()));
      if (executor == null || isStopping(executor)) {
        if (!heldUp.contains(thread.id()) || isPartOfMore(thread)) {
          addThread(thread);
        }
      } else {
        workers.computeIfAbsent(executor.id(), id -> new ArrayList<>()).add(thread);
      }
    }
    // Those with workers first: workers tell which instance of a library it is.
    List<ExecutorRecord> inOrder = new ArrayList<>(executors.values());
    inOrder.sort(Comparator.comparing(executor -> !workers.containsKey(executor.id())));
    for (ExecutorRecord executor : inOrder) {
      if (!isStopping(executor)) {
        addExecutor(executor, workers.getOrDefault(executor.id(), List.of()));
      }
    }
    List<Finding> findings = new ArrayList<>();
    for (Cause cause : new Joining(evidence, accepted).join(List.copyOf(causes.values()))) {
      findings.add(Writers.write(cause, evidence));
    }
    List<ThreadRecord> stuck =
        findings.stream()
            .filter(finding -> finding.kind() == LeakKind.STUCK_ON_QUEUE && !accepted.test(finding))
            .flatMap(finding -> finding.threads().stream())
            .toList();
    for (QueueRecord queue : evidence.leftovers()) {
      if (!QueueWriter.isExplained(queue, stuck, evidence)) {
        findings.add(QueueWriter.leftover(queue, evidence));
      }
    }
    findings.sort(
        Comparator.comparing(Finding::kind, Kind.ORDER)
            .thenComparingInt(finding -> -finding.threads().size())
            .thenComparing(Finding::title));
    return findings;
  }

  /** What tells instances of a library apart that it does not name, as far as that is known. */
  private String together(
      KnownLibrary.Instance library, List<ExecutorRecord> executors, List<ThreadRecord> threads) {
    Cause alone = new Cause();
    alone.executors.addAll(executors);
    alone.threads.addAll(threads);
    Maker maker = library.instance().isEmpty() ? Joining.maker(alone, evidence) : null;
    return maker == null || maker.together() == null ? "" : maker.together();
  }

  /** Its owner did what an owner can do: what still runs is the fault of the task that runs. */
  private boolean isStopping(ExecutorRecord executor) {
    return (executor.state() != null && executor.state().shutdown())
        || executor.threads().stream().anyMatch(evidence::isTold);
  }

  private void addExecutor(ExecutorRecord executor, List<ThreadRecord> workers) {
    Holder holder = evidence.executorHolders().get(executor.id());
    KnownLibrary.Instance library = library(executor, workers, holder);
    Cause cause;
    if (library != null) {
      cause =
          cause("library " + library.title() + " " + together(library, List.of(executor), workers));
      cause.library = library;
    } else {
      cause = cause("executor " + executor.id());
    }
    cause.executors.add(executor);
    cause.threads.addAll(workers);
    cause.holder = cause.holder == null ? holder : cause.holder;
  }

  private KnownLibrary.@Nullable Instance library(
      ExecutorRecord executor, List<ThreadRecord> workers, @Nullable Holder holder) {
    Origin made = evidence.origins().executors().get(executor.id());
    if (UsersPools.has(executor, made)) {
      return null;
    }
    for (ThreadRecord worker : workers) {
      Optional<KnownLibrary.Instance> known = KnownLibrary.of(worker, created(worker));
      if (known.isPresent()) {
        return known.get();
      }
    }
    Optional<KnownLibrary.Instance> known = KnownLibrary.ofClass(executor.type());
    // A pool of the JDK whose threads have names of their own may have been handed to the library.
    if (known.isEmpty()
        && holder != null
        && holder.holderType() != null
        && workers.stream().allMatch(worker -> Names.isDefault(worker.name()))) {
      known = KnownLibrary.ofClass(holder.holderType());
    }
    return known.map(library -> sameInstance(library, holder)).orElse(null);
  }

  private List<StackTraceElement> created(ThreadRecord thread) {
    return evidence.origins().threads().get(thread.id()) instanceof Origin.Known known
        ? Stacks.own(known.stack())
        : List.of();
  }

  /** The instance of a library that is known already under the same owner. */
  private KnownLibrary.Instance sameInstance(
      KnownLibrary.Instance library, @Nullable Holder holder) {
    if (holder != null && holder.owner() != null) {
      for (Cause cause : causes.values()) {
        if (cause.library != null
            && cause.library.library() == library.library()
            && cause.holder != null
            && holder.owner().equals(cause.holder.owner())) {
          return cause.library;
        }
      }
    }
    return library;
  }

  /** Whether somebody's call would end it, and what else that is the owner of. */
  private boolean isPartOfMore(ThreadRecord thread) {
    Holder holder = evidence.threadHolders().get(thread.id());
    return KnownLibrary.of(thread, created(thread)).isPresent()
        || (holder != null && holder.owner() != null)
        || thread.type().equals(CauseWriter.TIMER);
  }

  private void addThread(ThreadRecord thread) {
    KnownLibrary.Instance library = KnownLibrary.of(thread, created(thread)).orElse(null);
    Holder holder = evidence.threadHolders().get(thread.id());
    Cause cause;
    if (library != null) {
      cause =
          cause("library " + library.title() + " " + together(library, List.of(), List.of(thread)));
      cause.library = library;
    } else if (thread.type().equals(CauseWriter.TIMER)) {
      cause = cause("timer " + thread.id());
    } else if (holder != null && holder.owner() != null) {
      cause = cause("owner " + holder.owner().path());
    } else {
      cause = cause("threads " + sameness(thread));
    }
    cause.threads.add(thread);
    cause.holder = cause.holder == null ? holder : cause.holder;
  }

  /**
   * Threads of one name pattern that stand at the same place are told as one, with a count, unless
   * they are known to have been started at different places, or in different test classes where
   * nothing else tells them apart.
   */
  private String sameness(ThreadRecord thread) {
    return (thread.virtual() ? "virtual " : "platform ")
        + thread.type()
        + " "
        + Names.pattern(thread.name())
        + " "
        + thread.executor()
        + " "
        + thread.stack()
        + " "
        + place(evidence.origins().threads().get(thread.id()))
        + " "
        + FirstThread.partOf(thread, evidence);
  }

  /** Whose call it was: reflection's frames, for one, differ from call to call. */
  static List<StackTraceElement> place(@Nullable Origin origin) {
    if (origin instanceof Origin.Known known) {
      List<StackTraceElement> own = Stacks.own(known.stack());
      return own.isEmpty() ? known.stack() : own;
    }
    return List.of();
  }

  private Cause cause(String key) {
    return causes.computeIfAbsent(key, k -> new Cause());
  }
}
