package dev.leakcheck.cli;

import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry.Leak;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a leak comes from, in words that stay the same as code around it changes. */
final class Place {

  private static final Pattern HASH = Pattern.compile("@[0-9a-f]{1,8}\\b");
  private static final Pattern LAMBDA = Pattern.compile("[$-]\\d+(?=\\$|$)");

  private Place() {}

  /** The method that created it; where that is not known, what it is and where it stands. */
  static String of(Leak leak) {
    return leak.usersLine().map(Place::method).orElseGet(() -> what(leak));
  }

  private static String what(Leak leak) {
    String title = Printable.pattern(HASH.matcher(leak.title()).replaceAll(""));
    Optional<String> where =
        leak.threads().stream()
            .map(ThreadRecord::stack)
            .flatMap(stack -> Stacks.own(stack).stream().reduce((inner, outer) -> outer).stream())
            .map(Place::method)
            .sorted()
            .findFirst();
    return Printable.escape(title)
        + where.map(method -> ", in " + method).orElseGet(() -> whose(leak));
  }

  /** Whose it is, if nothing else of it is the user's own. */
  private static String whose(Leak leak) {
    if (leak.title().contains(" in field ")) {
      return "";
    }
    return leak.facts().stream()
        .filter(fact -> fact.key().equals("held by"))
        .map(fact -> ", held by " + Printable.escape(Printable.pattern(fact.lines().get(0))))
        .findFirst()
        .orElseGet(() -> leak.type() == null ? "" : ", left by " + Printable.escape(leak.type()));
  }

  private static String method(StackTraceElement frame) {
    return Printable.escape(
        LAMBDA.matcher(frame.getClassName() + "." + frame.getMethodName()).replaceAll(""));
  }
}
