package dev.leakcheck.model;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A leak that the user accepts, with a reason. It matches a finding if the kind is one of the kinds
 * and, where a thread pattern is given, every thread of the finding has a matching name. Immutable.
 */
public final class Allowance {

  private final Set<LeakKind> kinds;
  private final @Nullable String thread;
  private final @Nullable Pattern threadPattern;
  private final String reason;

  private Allowance(Set<LeakKind> kinds, @Nullable String thread, String reason) {
    this.kinds = Set.copyOf(kinds);
    this.thread = thread;
    this.threadPattern = thread == null ? null : glob(thread);
    this.reason = reason;
  }

  /**
   * Accepts leaks.
   *
   * @param kinds kinds that are accepted; empty for every kind
   * @param thread pattern of thread names in which {@code *} stands for any characters, or empty
   *     for every thread. A finding without threads does not match a pattern.
   * @param reason why they are accepted
   * @return the allowance
   * @throws IllegalArgumentException if the reason is blank, or neither a kind nor a thread is
   *     named
   */
  public static Allowance of(Set<LeakKind> kinds, String thread, String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException(
          "an allowance needs a reason: say why "
              + (kinds.isEmpty() ? "'" + Printable.escape(thread) + "'" : kinds)
              + " may be left behind");
    }
    if (kinds.isEmpty() && thread.isEmpty()) {
      throw new IllegalArgumentException(
          "an allowance needs a kind or a thread pattern: without either it would accept every leak"
              + " (reason given: '"
              + Printable.escape(reason)
              + "')");
    }
    return new Allowance(kinds, thread.isEmpty() ? null : thread, reason);
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
   * @return true if kind and threads match
   */
  public boolean matches(Finding finding) {
    if (!kinds.isEmpty() && !kinds.contains(finding.kind())) {
      return false;
    }
    return threadPattern == null
        || (!finding.threads().isEmpty() && finding.threads().stream().allMatch(this::matchesName));
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

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    kinds.stream().map(LeakKind::id).sorted().forEach(kind -> text.append(kind).append(' '));
    if (thread != null) {
      text.append("thread \"").append(Printable.escape(thread)).append("\" ");
    }
    return text.append("(").append(Printable.escape(reason)).append(")").toString();
  }
}
