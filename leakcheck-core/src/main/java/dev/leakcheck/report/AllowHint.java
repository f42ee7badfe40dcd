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

  /**
   * The annotation that accepts findings, ready to be pasted: the narrowest that accepts them all.
   *
   * @param same findings of one id
   */
  static String of(List<Finding> same) {
    Finding first = same.get(0);
    String local = source(first.fact(Allowance.THREAD_LOCAL).orElse(""));
    String creator = source(createdBy(first.origin()));
    String thread = source(thread(same));
    String which =
        accepts(same, "", "", local)
            ? ", threadLocal = \"" + javaString(local) + "\""
            : accepts(same, "", creator, "")
                ? ", createdBy = \"" + javaString(creator) + "\""
                : accepts(same, thread, "", "") ? ", thread = \"" + javaString(thread) + "\"" : "";
    String kind =
        first.kind() instanceof LeakKind known
            ? "kind = LeakKind." + known.name()
            : "ownKind = \"" + first.kind().id() + "\"";
    return "@AllowLeaks("
        + kind
        + which
        + ", reason = \"…\")"
        + (which.isEmpty() && BROAD.contains(first.kind()) ? " // every leak of this kind" : "");
  }

  private static boolean accepts(
      List<Finding> same, String thread, String createdBy, String threadLocal) {
    if (thread.isEmpty() && createdBy.isEmpty() && threadLocal.isEmpty()) {
      return false;
    }
    Allowance pasted =
        Allowance.of(Set.of(same.get(0).kind()), thread, createdBy, threadLocal, "…");
    return same.stream().allMatch(pasted::matches);
  }

  /**
   * The class that made it, whatever nested class of it that was; not a library, of which it would
   * accept all that this ever makes.
   */
  private static String createdBy(Origin origin) {
    return origin instanceof Origin.Known known && !isLibrarysAlone(known.maker())
        ? known.users().map(AllowHint::outermost).orElse("")
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

  private static String thread(List<Finding> same) {
    List<String> patterns =
        same.stream()
            .flatMap(finding -> finding.threads().stream())
            .map(thread -> Printable.pattern(thread.name()))
            .distinct()
            .sorted()
            .toList();
    return common(patterns);
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

  /** A pattern with a star for what no source should hold. */
  private static String source(String pattern) {
    return UNPRINTABLE.matcher(pattern).replaceAll("*");
  }

  private static String javaString(String pattern) {
    return pattern.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
