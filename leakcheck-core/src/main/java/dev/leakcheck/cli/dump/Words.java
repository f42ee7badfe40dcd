package dev.leakcheck.cli.dump;

import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Ways to say what is in a dump. */
final class Words {

  private static final int FRAMES_SHOWN = 3;
  private static final String MORE = "                ";

  private static final Pattern TIME =
      Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d:\\d\\d)(?:\\.\\d+)?(Z?)");

  private Words() {}

  /** A day and a time as every dump has them, whichever way it wrote them. */
  static String time(String written) {
    Matcher time = TIME.matcher(written);
    return time.matches()
        ? time.group(1) + " " + time.group(2) + (time.group(3).isEmpty() ? "" : " UTC")
        : Printable.escape(written);
  }

  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** A number to the left, as the lines of a list have it. */
  static String numbered(long number, String text) {
    return String.format(Locale.ROOT, "%6d  %s", number, text);
  }

  /** What is said of a group besides how many threads it has. */
  static String group(Cohort cohort) {
    return (cohort.virtual() ? "virtual " : "")
        + cohort.label()
        + "  "
        + Printable.escape(cohort.activity());
  }

  /** Where the threads of a group stand, a line for each frame. */
  static List<String> where(Cohort cohort) {
    return Stacks.own(cohort.stack()).stream()
        .limit(FRAMES_SHOWN)
        .map(frame -> "          at " + Printable.escape(Stacks.text(frame)))
        .toList();
  }

  /** Some names, where there is more than one thread with a name. */
  static List<String> names(Cohort cohort) {
    if (cohort.count() < 2 || cohort.examples().isEmpty()) {
      return List.of();
    }
    List<String> distinct = cohort.examples().stream().distinct().map(Printable::name).toList();
    String names = distinct.stream().limit(3).collect(Collectors.joining(", "));
    return List.of(
        "          " + names + (cohort.count() > Math.min(3, distinct.size()) ? ", …" : ""));
  }

  /** An executor's name: its class without a package, and what tells it from others. */
  static String executor(String id) {
    int slash = id.indexOf('/');
    if (slash > 0 && id.startsWith("ForkJoinPool")) {
      return "ForkJoinPool (" + Printable.escape(id.substring(0, slash)) + ")";
    }
    int at = id.lastIndexOf('@');
    String type = at < 0 ? id : id.substring(0, at);
    return Printable.escape(simple(type) + (at < 0 ? "" : id.substring(at)));
  }

  static String simple(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  /** A fact in the shape that the messages of findings have. */
  static List<String> fact(String key, List<String> lines) {
    String head = String.format(Locale.ROOT, "     %-10s ", key);
    return java.util.stream.IntStream.range(0, lines.size())
        .mapToObj(i -> ((i == 0 ? head : MORE) + Printable.escape(lines.get(i))).stripTrailing())
        .toList();
  }
}
