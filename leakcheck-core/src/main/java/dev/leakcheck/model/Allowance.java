package dev.leakcheck.model;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A leak that the user accepts, with a reason. It matches a finding if the kind is one of the
 * kinds, and, where a thread pattern is given, every thread of the finding has a matching name,
 * and, where a creator is given, the finding is known to have been created by it. Immutable.
 */
public final class Allowance {

  private static final String CREATED_BY = "createdBy \"";

  private final Set<LeakKind> kinds;
  private final @Nullable String thread;
  private final @Nullable Pattern threadPattern;
  private final @Nullable String createdBy;
  private final @Nullable Pattern createdByPattern;
  private final String reason;

  private Allowance(
      Set<LeakKind> kinds, @Nullable String thread, @Nullable String createdBy, String reason) {
    this.kinds = Set.copyOf(kinds);
    this.thread = thread;
    this.threadPattern = thread == null ? null : glob(thread);
    this.createdBy = createdBy;
    this.createdByPattern = createdBy == null ? null : glob(createdBy);
    this.reason = reason;
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
  public static Allowance of(Set<LeakKind> kinds, String thread, String createdBy, String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException(
          "an allowance needs a reason: say why "
              + (kinds.isEmpty()
                  ? "'" + Printable.escape(thread.isEmpty() ? createdBy : thread) + "'"
                  : kinds)
              + " may be left behind");
    }
    if (kinds.isEmpty() && thread.isEmpty() && createdBy.isEmpty()) {
      throw new IllegalArgumentException(
          "an allowance needs a kind, a thread pattern or a class that creates the leak (createdBy):"
              + " without any it would accept every leak (reason given: '"
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
    return new Allowance(
        kinds, thread.isEmpty() ? null : thread, createdBy.isEmpty() ? null : createdBy, reason);
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
   * Whether a finding is accepted.
   *
   * @param finding the finding
   * @return true if kind, threads and creator match
   */
  public boolean matches(Finding finding) {
    if (!kinds.isEmpty() && !kinds.contains(finding.kind())) {
      return false;
    }
    return matchesThreads(finding) && matchesOrigin(finding.origin());
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

  private static Pattern glob(String pattern) {
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
    kinds.stream().map(LeakKind::id).sorted().forEach(kind -> text.append(kind).append(' '));
    if (thread != null) {
      text.append("thread \"").append(Printable.escape(thread)).append("\" ");
    }
    if (createdBy != null) {
      text.append(CREATED_BY).append(Printable.escape(createdBy)).append("\" ");
    }
    return text.append("(").append(Printable.escape(reason)).append(")").toString();
  }
}
