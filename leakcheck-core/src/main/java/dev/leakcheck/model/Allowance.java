package dev.leakcheck.model;

import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A leak that the user accepts, with a reason. It matches a finding if the kind is one of the
 * kinds, and, where a thread pattern is given, every thread of the finding has a matching name,
 * and, where a creator is given, the finding is known to have been created by it, and, where a
 * thread-local is given, the finding is about that one. Immutable.
 */
public final class Allowance {

  /** The fact of a finding that names a thread-local: the class that declares it and the field. */
  public static final String THREAD_LOCAL = "declared";

  private static final String CREATED_BY = "createdBy \"";

  /** A full name, or a part of one where a star stands for the rest. */
  private static final Pattern FIELD = Pattern.compile("[\\w$.*]*[.*][\\w$*]+|\\*");

  private final Set<Kind> kinds;
  private final @Nullable String thread;
  private final @Nullable Pattern threadPattern;
  private final @Nullable String createdBy;
  private final @Nullable Pattern createdByPattern;
  private final @Nullable String threadLocal;
  private final @Nullable Pattern threadLocalPattern;
  private final String reason;
  private final boolean unlessProved;

  private Allowance(
      Set<? extends Kind> kinds,
      String thread,
      String createdBy,
      String threadLocal,
      String reason,
      boolean unlessProved) {
    this.kinds = Set.copyOf(kinds);
    this.thread = given(thread);
    this.threadPattern = glob(this.thread);
    this.createdBy = given(createdBy);
    this.createdByPattern = glob(this.createdBy);
    this.threadLocal = given(threadLocal);
    this.threadLocalPattern = glob(this.threadLocal);
    this.reason = reason;
    this.unlessProved = unlessProved;
  }

  private static @Nullable String given(String text) {
    return text.isEmpty() ? null : text;
  }

  /**
   * Accepts leaks.
   *
   * @param kinds kinds that are accepted; empty for every kind
   * @param thread pattern of thread names in which {@code *} stands for any characters, or empty
   *     for every thread. A finding without threads does not match a pattern.
   * @param createdBy pattern of class names, such as {@code com.acme.Poller}, in which {@code *}
   *     stands for any characters, or empty for whoever created it. A finding matches if a class
   *     with such a name, or one nested in it, is among the user's and libraries' frames of the
   *     stack that created it. Where creation was not recorded, as without an agent, none matches.
   * @param reason why they are accepted
   * @return the allowance
   * @throws IllegalArgumentException if the reason is blank, if neither a kind nor a thread nor a
   *     creator is named, or if the creator can be no class name
   */
  public static Allowance of(
      Set<? extends Kind> kinds, String thread, String createdBy, String reason) {
    return of(kinds, thread, createdBy, "", reason);
  }

  /**
   * Accepts leaks, those of certain thread-locals alone if one is given.
   *
   * @param kinds as in {@link #of(Set, String, String, String)}
   * @param thread as in {@link #of(Set, String, String, String)}
   * @param createdBy as in {@link #of(Set, String, String, String)}; who set a thread-local is not
   *     known, so only one of the two can be given
   * @param threadLocal pattern of thread-locals, such as {@code com.acme.Session.CURRENT}: the
   *     class that declares it and the static field, in which {@code *} stands for any characters;
   *     or empty for all. A thread-local that no static field holds matches none.
   * @param reason why they are accepted
   * @return the allowance
   * @throws IllegalArgumentException as in {@link #of(Set, String, String, String)}, or if the
   *     thread-local can be none, or is given together with a creator or a kind that is not {@link
   *     LeakKind#THREAD_LOCAL_RESIDUE}
   */
  public static Allowance of(
      Set<? extends Kind> kinds,
      String thread,
      String createdBy,
      String threadLocal,
      String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException(
          "an allowance needs a reason: say why "
              + (kinds.isEmpty()
                  ? "'" + Printable.escape(first(thread, createdBy, threadLocal)) + "'"
                  : kinds)
              + " may be left behind");
    }
    if (kinds.isEmpty() && first(thread, createdBy, threadLocal).isEmpty()) {
      throw new IllegalArgumentException(
          "an allowance needs a kind, a thread pattern, a class that creates the leak (createdBy)"
              + " or a thread-local: without any it would accept every leak (reason given: '"
              + Printable.escape(reason)
              + "')");
    }
    if (!createdBy.isEmpty() && (createdBy.isBlank() || createdBy.contains("/"))) {
      throw new IllegalArgumentException(
          "createdBy is '"
              + Printable.escape(createdBy)
              + "', but takes the full name of a class, such as com.acme.Poller, in which * stands"
              + " for any characters");
    }
    checkThreadLocal(threadLocal, kinds, createdBy);
    return new Allowance(kinds, thread, createdBy, threadLocal, reason, false);
  }

  private static void checkThreadLocal(
      String threadLocal, Set<? extends Kind> kinds, String createdBy) {
    if (threadLocal.isEmpty()) {
      return;
    }
    if (!FIELD.matcher(threadLocal).matches()) {
      throw new IllegalArgumentException(
          "threadLocal is '"
              + Printable.escape(threadLocal)
              + "', but takes the full name of a class and a static field of it, such as"
              + " com.acme.Session.CURRENT, in which * stands for any characters");
    }
    if (!Set.of(LeakKind.THREAD_LOCAL_RESIDUE).containsAll(kinds)) {
      throw new IllegalArgumentException(
          "threadLocal is '"
              + threadLocal
              + "', but kind is "
              + kinds
              + ": only THREAD_LOCAL_RESIDUE is about thread-locals");
    }
    if (!createdBy.isEmpty()) {
      throw new IllegalArgumentException(
          "threadLocal is '"
              + threadLocal
              + "' and createdBy is '"
              + Printable.escape(createdBy)
              + "': who set a thread-local is not known, so that both together match nothing");
    }
  }

  private static String first(String... texts) {
    return Stream.of(texts).filter(text -> !text.isEmpty()).findFirst().orElse("");
  }

  /**
   * Why the leak is accepted.
   *
   * @return the user's reason
   */
  public String reason() {
    return reason;
  }

  /**
   * The same, but for threads of which it is proved that nobody alive can ever wake them: these
   * fail. Where that is not asked, or not known, they are accepted.
   *
   * @return a copy
   * @throws IllegalArgumentException if it is about a thread-local, which is no thread that waits
   */
  public Allowance unlessProved() {
    if (threadLocal != null) {
      throw new IllegalArgumentException(
          "threadLocal is '"
              + threadLocal
              + "' and unlessProved is set: only a thread that waits is proved stuck");
    }
    return new Allowance(
        kinds,
        Objects.requireNonNullElse(thread, ""),
        Objects.requireNonNullElse(createdBy, ""),
        "",
        reason,
        true);
  }

  /**
   * Whether threads fail of which it is proved that nobody can wake them.
   *
   * @return true if so
   */
  public boolean isUnlessProved() {
    return unlessProved;
  }

  /**
   * Whether a finding is accepted.
   *
   * @param finding the finding
   * @return true if kind, threads, creator and thread-local match
   */
  public boolean matches(Finding finding) {
    if (!kinds.isEmpty() && !kinds.contains(finding.kind())) {
      return false;
    }
    return matchesThreads(finding)
        && matchesOrigin(finding.origin())
        && matchesThreadLocal(finding.fact(THREAD_LOCAL).orElse(null));
  }

  /** A nested class as written in either way. */
  private boolean matchesThreadLocal(@Nullable String local) {
    return threadLocalPattern == null
        || (local != null
            && (threadLocalPattern.matcher(local).matches()
                || threadLocalPattern.matcher(local.replace('$', '.')).matches()));
  }

  private boolean matchesThreads(Finding finding) {
    return threadPattern == null
        || (!finding.threads().isEmpty() && finding.threads().stream().allMatch(this::matchesName));
  }

  private boolean matchesOrigin(Origin origin) {
    return createdByPattern == null
        || (origin instanceof Origin.Known known
            && Stacks.own(known.stack()).stream().anyMatch(this::matchesClass));
  }

  /** The frame's class, or one that it is nested in; nested ones as written in either way. */
  private boolean matchesClass(StackTraceElement frame) {
    String name = frame.getClassName();
    for (int end = name.length(); end > 0; end = name.lastIndexOf('$', end - 1)) {
      String outer = name.substring(0, end);
      if (isCreator(outer) || isCreator(outer.replace('$', '.'))) {
        return true;
      }
    }
    return false;
  }

  private boolean isCreator(String className) {
    return createdByPattern != null && createdByPattern.matcher(className).matches();
  }

  private boolean matchesName(ThreadRecord record) {
    return threadPattern != null && threadPattern.matcher(record.name()).matches();
  }

  private static @Nullable Pattern glob(@Nullable String pattern) {
    if (pattern == null) {
      return null;
    }
    StringBuilder regex = new StringBuilder();
    for (String literal : pattern.split("\\*", -1)) {
      regex.append(Pattern.quote(literal)).append(".*");
    }
    regex.setLength(regex.length() - 2);
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /**
   * How an allowance that matched nothing is mentioned.
   *
   * @param unused the allowance as {@link #toString()} describes it
   * @param recorded whether an agent recorded where things were created
   * @return the description, and what it lacks if it can match nothing without an agent
   */
  public static String mention(String unused, boolean recorded) {
    return recorded || !unused.contains(CREATED_BY)
        ? unused
        : unused + ": createdBy needs the agent, and there is none";
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    kinds.stream().map(Kind::id).sorted().forEach(kind -> text.append(kind).append(' '));
    if (thread != null) {
      text.append("thread \"").append(Printable.escape(thread)).append("\" ");
    }
    if (createdBy != null) {
      text.append(CREATED_BY).append(Printable.escape(createdBy)).append("\" ");
    }
    if (threadLocal != null) {
      text.append("threadLocal \"").append(threadLocal).append("\" ");
    }
    text.append(unlessProved ? "unless proved stuck " : "");
    return text.append("(").append(Printable.escape(reason)).append(")").toString();
  }
}
