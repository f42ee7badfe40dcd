package dev.leakcheck.classify;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** States the facts of a cause: what was left, what it does, who holds it, how to stop it. */
public abstract class CauseWriter {

  public static final String TIMER = "java.util.TimerThread";

  /** What to do about a task that was given to all. */
  public static final String JOIN_ASYNC =
      "join() or get() every CompletableFuture and ForkJoinTask before the test ends, and stop"
          + " those that never end; or give supplyAsync() and runAsync() an executor that the"
          + " test closes";

  static final String LIBRARY_WHY =
      "what a library started goes on until that is told to stop, or until its own time is up";

  /** How many names are shown before the rest is counted. */
  public static final int NAMES_SHOWN = 5;

  private static final int PLACES_SHOWN = 3;

  public final Classifier.Cause cause;
  public final Evidence evidence;

  /** What was written so far. */
  public final List<Fact> facts = new ArrayList<>();

  final Contents contents;
  final OwnersCall ownersCall;

  /** Of a cause, and all that is known besides. */
  public CauseWriter(Classifier.Cause cause, Evidence evidence) {
    this.cause = cause;
    this.evidence = evidence;
    this.contents = new Contents(cause);
    this.ownersCall = new OwnersCall(cause, evidence);
  }

  /** Where threads stand, each distinct place once, with a count. */
  public void addPlaces(String key, List<ThreadRecord> threads) {
    Map<String, Integer> places = new LinkedHashMap<>();
    for (ThreadRecord thread : threads) {
      List<String> where = Activity.where(thread.stack());
      places.merge(
          waiting(thread).doing() + (where.isEmpty() ? "" : "\n" + String.join("\n", where)),
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

  /** What would wake the threads, each answer once, with a count. */
  void addWaitsFor() {
    Map<String, Integer> answers = new LinkedHashMap<>();
    for (ThreadRecord thread : cause.threads) {
      String answer = waiting(thread).waitsFor();
      if (answer != null) {
        answers.merge(answer, 1, Integer::sum);
      }
    }
    List<String> lines = new ArrayList<>();
    answers.entrySet().stream()
        .limit(PLACES_SHOWN)
        .map(answer -> (answer.getValue() > 1 ? answer.getValue() + " × " : "") + answer.getKey())
        .forEach(lines::add);
    if (answers.size() > PLACES_SHOWN) {
      lines.add("and " + (answers.size() - PLACES_SHOWN) + " others");
    }
    if (!lines.isEmpty()) {
      facts.add(new Fact("waits for", lines));
    }
  }

  Waiting waiting(ThreadRecord thread) {
    return new Waiting(thread, evidence);
  }

  void addStopping() {
    StoppedPool.of(cause, evidence).map(StoppedPool::fact).ifPresent(facts::add);
  }

  String subject() {
    ThreadRecord first = cause.threads.get(0);
    return cause.threads.size() == 1
        ? named(first)
        : cause.threads.size() + " " + noun(first) + "s";
  }

  /** "the thread", or "the threads" where there are several. */
  public String theThread() {
    return cause.threads.size() == 1 ? "the thread" : "the threads";
  }

  /** Names the threads, and says whether they keep the JVM alive. */
  public void addThreads() {
    boolean virtual = cause.threads.get(0).virtual();
    facts.add(
        Fact.of(
            cause.threads.size() == 1 ? "thread" : "threads",
            names(cause.threads) + (virtual ? " (virtual)" : daemonNote(cause.threads))));
  }

  /** The first names, each once with a count, and how many more threads there are. */
  public static String names(List<ThreadRecord> threads) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (ThreadRecord thread : threads) {
      String name = thread.label() + (thread.name().isEmpty() ? " #" + thread.id() : "");
      counts.merge(name, 1, Integer::sum);
    }
    List<String> names = new ArrayList<>();
    int left = threads.size();
    for (Map.Entry<String, Integer> name : counts.entrySet()) {
      if (names.size() < NAMES_SHOWN) {
        names.add((name.getValue() > 1 ? name.getValue() + " × " : "") + name.getKey());
        left -= name.getValue();
      }
    }
    return String.join(", ", names) + (left > 0 ? " and " + left + " more" : "");
  }

  /** Whether threads keep the JVM alive. */
  public static String daemonNote(List<ThreadRecord> threads) {
    if (threads.get(0).virtual()) {
      return "";
    }
    long keepers = threads.stream().filter(thread -> !thread.daemon()).count();
    return keepers == 0
        ? " (daemon)"
        : " ("
            + (keepers == threads.size() ? "" : keepers + " of them ")
            + "not daemon: "
            + (keepers == 1 ? "it keeps" : "they keep")
            + " the JVM alive)";
  }

  void addHolder() {
    if (cause.holder != null) {
      facts.add(Fact.of("held by", cause.holder.path()));
    }
  }

  /** Says why it was flagged. */
  public void addWhy(String why) {
    facts.add(Fact.of("why", why));
    LostUnpark.of(cause.threads, evidence.means()).ifPresent(facts::add);
  }

  /** The finding of what was written. */
  public Finding finding(LeakKind kind, String title, String fix, Fingerprint fingerprint) {
    contents.addTo(facts);
    ownersCall.addTo(facts);
    CauseOrigins.others(origins()).ifPresent(fact -> facts.add(0, fact));
    new FirstThread(cause, evidence).fact(origin()).ifPresent(fact -> facts.add(0, fact));
    addLeftBy();
    identify(fingerprint);
    return new Finding(
        kind,
        title,
        facts,
        fix,
        cause.threads,
        cause.executors,
        null,
        origin(),
        fingerprint.exact(),
        fingerprint.plain());
  }

  /**
   * Adds who made it, but not who had a library start its threads, which is whoever came first,
   * unless that has to end them.
   */
  public void identify(Fingerprint fingerprint) {
    fingerprint.in(evidence);
    new FirstThread(cause, evidence).testClass().ifPresent(fingerprint::in);
    boolean first = cause.library != null && cause.executors.isEmpty();
    if (!first || (cause.maker != null && cause.maker.isUsersOwner())) {
      fingerprint.createdBy(CauseOrigins.telling(cause, evidence));
    }
  }

  /** Where the first thing of the cause was made whose making was seen. */
  public Origin origin() {
    return CauseOrigins.first(origins());
  }

  private List<Origin> origins() {
    return CauseOrigins.of(cause, evidence);
  }

  /**
   * Told to stop, as far as that can be seen. Of a thread that works for no executor, and that a
   * test's check left to that of its class, it is not known.
   */
  boolean isStopped() {
    return ownersCall.isMade()
        || cause.threads.stream().anyMatch(it -> it.executor() != null && evidence.isTold(it.id()));
  }

  private void addLeftBy() {
    List<String> scopes =
        cause.threads.stream()
            .map(thread -> evidence.leftBy().get(thread.id()))
            .filter(Objects::nonNull)
            .map(Evidence.LeftBy::scope)
            .distinct()
            .sorted()
            .toList();
    if (!scopes.isEmpty()) {
      List<String> lines =
          new ArrayList<>(scopes.subList(0, Math.min(PLACES_SHOWN, scopes.size())));
      if (scopes.size() > PLACES_SHOWN) {
        lines.add("and " + (scopes.size() - PLACES_SHOWN) + " more");
      }
      lines.add("it was left to end there, and had not by now");
      facts.add(0, new Fact("left by", lines));
    }
  }

  /** Who should stop it, and when: whoever made it, or its owner if that is not known. */
  String whenOwnerStops(String deed) {
    Maker maker = cause.maker;
    if (maker != null && maker.isTests()) {
      String made = it(deed, maker(origin()).orElse(maker.frame()));
      return "the test ends (" + OwnerWords.by(origin(), made) + ")";
    }
    if (maker != null && maker.helps() && maker.call() != null) {
      return OwnerWords.helped(maker, deed);
    }
    if (maker != null && maker.librarys() && maker.call() != null) {
      return "what "
          + OwnerWords.method(maker)
          + " made at "
          + Stacks.place(maker.call())
          + " is stopped";
    }
    return maker(origin())
        .map(
            frame ->
                simple(maker == null ? frame.getClassName() : maker.type())
                    + " stops"
                    + how(it(deed, frame)))
        .orElse("its owner stops");
  }

  private String how(String made) {
    Maker maker = cause.maker;
    return maker == null || maker.librarys() || maker.stop() == null || maker.call() == null
        ? " (" + made + ")"
        : ", in its "
            + maker.stop()
            + "() ("
            + made
            + "; "
            + OwnerWords.use(maker, maker.call())
            + ")";
  }

  /** The call to its owner that would have ended it, or null if none is known. */
  @Nullable String ownersFix(String deed) {
    String called = ownersCall.fix();
    String fix = OwnerWords.fix(cause.maker, cause.parts, deed, origins());
    return called != null
        ? called
        : fix != null && cause.holder == null ? fix + OwnerWords.unlessReplaced(cause.maker) : fix;
  }

  /** Who has it besides the library that made it, or all of several things; null if nobody. */
  @Nullable Maker owner() {
    Maker maker = cause.maker;
    if (maker == null || cause.library == null) {
      return cause.isJoined() ? maker : null;
    }
    boolean isLibraryItself = maker.librarys() && cause.library.library().has(maker);
    return maker.together() == null || isLibraryItself ? null : maker;
  }

  /**
   * What to do about threads whose code is a library's alone: nobody else has them to interrupt.
   *
   * @param deed such as {@code started the thread}
   * @return null if they are the user's, or may be
   */
  @Nullable String fixOfLibrarys(String deed) {
    boolean users = cause.threads.stream().anyMatch(it -> evidence.code().users(it).isPresent());
    if (origin() instanceof Origin.Known known) {
      return OwnerWords.isByLibrary(cause.maker, known, users) ? ownersFix(deed) : null;
    }
    return users ? null : LibrarysCode.fix(cause.threads, evidence.code());
  }

  /** What to do about a library, and which line of the user's had it do what it did. */
  String libraryFix(KnownLibrary.Instance library) {
    String called = ownersCall.fix();
    if (called != null) {
      return called;
    }
    return OwnerWords.through(cause.holder, library.library())
        + library.fix()
        + (origin() instanceof Origin.Known known ? OwnerWords.from(known) : "")
        + OwnerWords.unlessDone(cause, evidence.code());
  }

  static String it(String deed, StackTraceElement frame) {
    return "it " + deed + " at " + Stacks.place(frame);
  }

  /** The code that answers for what was made. */
  public static Optional<StackTraceElement> maker(Origin origin) {
    return origin instanceof Origin.Known known ? known.owner() : Optional.empty();
  }

  /** An executor by its simple class name and hash code. */
  public static String name(ExecutorRecord executor) {
    String id = executor.id();
    int slash = id.indexOf('/');
    if (slash > 0 && id.startsWith("ForkJoinPool")) {
      return "ForkJoinPool (" + id.substring(0, slash) + ")";
    }
    int at = id.lastIndexOf('@');
    return executor.simpleType() + (at > 0 ? id.substring(at) : "");
  }

  /** A class name without its package. */
  public static String simple(String type) {
    return Printable.escape(type.substring(type.lastIndexOf('.') + 1));
  }

  /** Such as {@code virtual thread "poller"}. */
  public static String named(ThreadRecord thread) {
    return noun(thread) + " \"" + thread.label() + "\"";
  }

  /** The same, if no more is known of a thread than its name. */
  public static String named(String thread) {
    return "thread \"" + Printable.name(thread) + "\"";
  }

  static String noun(ThreadRecord thread) {
    return thread.virtual() ? "virtual thread" : "thread";
  }

  /** A noun with its article. */
  public static String a(String noun) {
    boolean vowel = !noun.isEmpty() && "AEIOUaeiou".indexOf(noun.charAt(0)) >= 0;
    return (vowel ? "an " : "a ") + noun;
  }

  /** A number with a noun, in the plural where there are several. */
  public static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : noun.endsWith("s") ? "es" : "s");
  }
}
