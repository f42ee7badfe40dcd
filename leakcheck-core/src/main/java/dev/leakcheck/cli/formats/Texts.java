package dev.leakcheck.cli.formats;

import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What formats say alike. Text that somebody else chose comes out without control characters. */
final class Texts {

  private Texts() {}

  /** Text of several lines: only the line breaks stay as they are. */
  static String lines(String text) {
    return text.lines().map(Printable::escape).collect(Collectors.joining("\n"));
  }

  /** What was left, on one line. */
  static String title(Leak leak) {
    return Printable.escape(leak.title());
  }

  /** All that is known of a leak; for a repeated one, which has no message, where that is told. */
  static String message(Leak leak) {
    return leak.message().isEmpty()
        ? title(leak)
            + "\nfix: "
            + Printable.escape(leak.fix())
            + "\nmore of it: where "
            + Printable.escape(leak.fingerprint())
            + " was found first"
        : lines(leak.message());
  }

  /** The same of a group, with what was proved of others in it. */
  static String message(Group group, Leak leak) {
    List<String> more = group.otherProofs(leak);
    return message(leak) + (more.isEmpty() ? "" : "\n\n" + lines(String.join("\n", more)));
  }

  /** What became of a leak, with the reason; empty for a new one. */
  static String acceptance(Leak leak) {
    String reason = leak.reason() == null ? "" : ": " + Printable.escape(leak.reason());
    return switch (leak.verdict()) {
      case NEW -> "";
      case ALLOWED -> "allowed" + reason;
      case KNOWN -> "known" + reason;
      case EXPIRED -> "no longer accepted" + reason;
    };
  }

  /** The leak that tells best why a group fails, or is accepted. */
  static Leak telling(Group group) {
    return group.occurrences().stream()
        .map(Occurrence::leak)
        .filter(leak -> leak.isFailing() == group.isFailing())
        .filter(leak -> group.isFailing() || leak.verdict() != Verdict.NEW)
        .findFirst()
        .orElseGet(group::first);
  }

  /** The user's line that created it, as briefly as that can be said, or else a test it was in. */
  static String place(Leak leak) {
    return Printable.escape(leak.usersLine().map(Stacks::place).orElse(leak.scope()));
  }

  /** The scopes that a group was found in, in the order of time, and how often in each. */
  static Map<String, Integer> scopes(Group group) {
    Map<String, Integer> scopes = new LinkedHashMap<>();
    group
        .occurrences()
        .forEach(
            occurrence ->
                scopes.merge(Printable.escape(occurrence.leak().scope()), 1, Integer::sum));
    return scopes;
  }
}
