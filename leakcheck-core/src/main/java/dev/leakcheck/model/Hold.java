package dev.leakcheck.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  private static String size(long bytes) {
    return bytes < 1 << 10
        ? bytes + " bytes"
        : bytes < 1 << 20
            ? (bytes >> 10) + " KB"
            : String.format(Locale.ROOT, "%.1f MB", bytes / (double) (1 << 20));
  }
}
