package dev.leakcheck.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who keeps alive what was left, and what is kept alive by that alone, as a heap dump tells it of
 * the instant at which it was taken. Immutable.
 *
 * @param by who holds it besides its own threads, in the fewest steps; with no steps if nobody
 *     does; null if that is not known
 * @param objects how many objects would be garbage without it and its threads, itself too
 * @param bytes about how many bytes of the heap these take
 * @param loaders class names of class loaders among them, the JDK's own not counted
 */
public record Hold(@Nullable HeapPath by, long objects, long bytes, List<String> loaders) {

  /** The key of the fact that tells who holds it. */
  public static final String KEPT_BY = "kept by";

  /** The key of the fact that tells what it holds. */
  public static final String KEEPS = "keeps";

  /** How a fix calls the object whose owner is not known. */
  public static final String OF_UNKNOWN_OWNER = "on it when its owner stops";

  private static final String STATIC = "static field ";

  /** A step through a field, of which the class and the name are of interest. */
  private static final Pattern FIELD =
      Pattern.compile("(?:" + STATIC + ")?(?:[\\w$]+\\.)*([\\w$]+)\\.([\\w$]+)");

  /** Copies the list. */
  public Hold {
    loaders = List.copyOf(loaders);
  }

  /**
   * Who holds it, as a report tells it.
   *
   * @return the lines of the fact; empty if it is not known
   */
  public List<String> keptBy() {
    return by == null
        ? List.of()
        : by.steps().isEmpty() ? List.of("nobody besides itself and its own threads") : by.lines();
  }

  /**
   * What it holds, as a report tells it.
   *
   * @return the lines of the fact
   */
  public List<String> keeps() {
    List<String> lines = new ArrayList<>();
    lines.add(
        objects
            + (objects == 1 ? " object" : " objects")
            + " that would be garbage without it, about "
            + size(bytes));
    loaders.forEach(loader -> lines.add("class loader " + loader + ", with all its classes"));
    return lines;
  }

  /**
   * A fix that names the owner, now that it is known.
   *
   * @param fix how to mend it
   * @param recorded whether an agent records how things are made
   * @return the same, if it names one already or none is known
   */
  String owned(String fix, boolean recorded) {
    int unknown = fix.indexOf(OF_UNKNOWN_OWNER);
    if (unknown < 0 || by == null) {
      return fix;
    }
    String call = fix.substring(0, unknown);
    String tail = fix.substring(unknown + OF_UNKNOWN_OWNER.length());
    String unlessDone = tail.startsWith(";") ? tail : "";
    if (by.steps().isEmpty()) {
      return call
          + "on it before the last reference to it is gone: nobody has one any more"
          + unlessDone;
    }
    Matcher everybodys = FIELD.matcher(isAnothers(by) ? "" : everybodys(by));
    if (everybodys.matches()) {
      return STATIC
          + everybodys.group(1)
          + "."
          + everybodys.group(2)
          + " keeps it for as long as the JVM lives: if that is meant, allow it"
          + (recorded ? "" : ", or run with the agent, which knows what belongs to a class")
          + "; else "
          + call
          + "on it where it is no longer needed"
          + unlessDone;
    }
    Matcher field = FIELD.matcher(by.letGo() < 0 ? "" : by.steps().get(by.letGo()));
    return field.matches()
        ? call
            + "on it when "
            + field.group(1)
            + " stops, in whose field "
            + field.group(2)
            + " it is"
            + unlessDone
            + "; if that is a library's and was stopped, this is the library's own leak"
        : fix;
  }

  /** The static field that leads to it, if one does; else empty. */
  private static String everybodys(HeapPath by) {
    return by.steps().stream().filter(step -> step.startsWith(STATIC)).findFirst().orElse("");
  }

  /**
   * Whether a static field only leads to an object that keeps it, as to a context of which some
   * part is known to all: there are fields of at least two classes between.
   */
  private static boolean isAnothers(HeapPath by) {
    int first = by.steps().indexOf(everybodys(by));
    return first >= 0
        && by.letGo() > first
        && by.steps().subList(first, by.letGo()).stream()
                .map(FIELD::matcher)
                .filter(Matcher::matches)
                .map(field -> field.group(1))
                .distinct()
                .count()
            > 1;
  }

  private static String size(long bytes) {
    return bytes < 1 << 10
        ? bytes + " bytes"
        : bytes < 1 << 20
            ? (bytes >> 10) + " KB"
            : String.format(Locale.ROOT, "%.1f MB", bytes / (double) (1 << 20));
  }
}
