package dev.leakcheck.report;

import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Printable;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What to paste above a test to accept a finding. */
final class AllowHint {

  private static final int SHORTEST_PREFIX = 4;

  /** What no source should hold, and what a compiler or an editor may not keep as it is. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cn}\\p{Cs}\\p{Zl}\\p{Zp}*]+");

  /** Kinds of which much else may be left that has nothing to do with what is accepted. */
  private static final Set<Kind> BROAD = Set.of(LeakKind.UNCLOSED_EXECUTOR, LeakKind.STRAY_THREAD);

  private AllowHint() {}

  /** The annotation that accepts the finding, ready to be pasted. */
  static String of(Finding finding) {
    String which = threadLocal(finding) + createdBy(finding.origin());
    if (which.isEmpty()) {
      which = thread(finding);
    }
    String kind =
        finding.kind() instanceof LeakKind known
            ? "kind = LeakKind." + known.name()
            : "ownKind = \"" + finding.kind().id() + "\"";
    return "@AllowLeaks("
        + kind
        + which
        + ", reason = \"…\")"
        + (which.isEmpty() && BROAD.contains(finding.kind()) ? " // every leak of this kind" : "");
  }

  private static String threadLocal(Finding finding) {
    return finding
        .fact(Allowance.THREAD_LOCAL)
        .map(local -> ", threadLocal = \"" + javaString(local) + "\"")
        .orElse("");
  }

  /**
   * The class that made it, whatever nested class of it that was; not a library, of which it would
   * accept all that this ever makes.
   */
  private static String createdBy(Origin origin) {
    return origin instanceof Origin.Known known && !isLibrarysAlone(known.maker())
        ? known
            .users()
            .map(frame -> ", createdBy = \"" + javaString(outermost(frame)) + "\"")
            .orElse("")
        : "";
  }

  /** Made on a thread of which it is not known who had the library start it. */
  private static boolean isLibrarysAlone(@Nullable Maker maker) {
    return maker != null && maker.librarys() && maker.caller() == null;
  }

  private static String outermost(StackTraceElement frame) {
    String type = frame.getClassName();
    int nested = type.indexOf('$', type.lastIndexOf('.') + 2);
    return nested < 0 ? type : type.substring(0, nested);
  }

  private static String thread(Finding finding) {
    List<String> patterns =
        finding.threads().stream()
            .map(thread -> Printable.pattern(thread.name()))
            .distinct()
            .sorted()
            .toList();
    String thread = common(patterns);
    return thread.isEmpty() ? "" : ", thread = \"" + javaString(thread) + "\"";
  }

  /** One pattern for all of the names, or empty if they have too little in common for one. */
  private static String common(List<String> patterns) {
    if (patterns.size() < 2) {
      return patterns.isEmpty() ? "" : patterns.get(0);
    }
    String first = patterns.get(0);
    String last = patterns.get(patterns.size() - 1); // sorted: the others lie between
    int length = 0;
    while (length < Math.min(first.length(), last.length())
        && first.charAt(length) == last.charAt(length)) {
      length++;
    }
    String prefix = first.substring(0, length);
    return length < SHORTEST_PREFIX ? "" : prefix.endsWith("*") ? prefix : prefix + "*";
  }

  /** A pattern as it stands in source: a star for what cannot be printed. */
  private static String javaString(String pattern) {
    return UNPRINTABLE.matcher(pattern).replaceAll("*").replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
