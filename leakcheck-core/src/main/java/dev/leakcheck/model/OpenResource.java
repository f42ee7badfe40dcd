package dev.leakcheck.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that is open, as a probe of the user's lists it. Immutable: each method returns a
 * changed copy.
 *
 * @param id what tells it from all others that the probe lists, now and later: an address, a
 *     session's number, a path with a counter. If it was closed and is open again meanwhile under
 *     the same id, it counts as open all the time
 * @param title what it is, in one line
 * @param fix what closes it
 * @param facts what else there is to say, most telling first
 * @param openedAt the stack that opened it, innermost frame first; empty if that is not known
 * @param object the object itself, so that LeakCheck can see whose fields lead to it; null if there
 *     is none. Not kept
 */
public record OpenResource(
    String id,
    String title,
    String fix,
    List<Fact> facts,
    List<StackTraceElement> openedAt,
    @Nullable Object object) {

  private static final int LONGEST = 1_000;

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if id, title or fix are blank or longer than 1000 characters
   */
  public OpenResource {
    title = Printable.escape(checked("title", title));
    fix = Printable.escape(checked("fix", fix));
    checked("id", id);
    facts = List.copyOf(facts);
    openedAt = List.copyOf(openedAt);
  }

  private static String checked(String what, String text) {
    if (text.isBlank() || text.length() > LONGEST) {
      throw new IllegalArgumentException(
          text.isBlank() ? what + " is blank" : what + " has more than " + LONGEST + " characters");
    }
    return text;
  }

  /**
   * Something that is open.
   *
   * @param id what tells it from others, now and later
   * @param title what it is, in one line, such as {@code lease on /orders}
   * @param fix what closes it, such as {@code call release() in a finally block}
   * @return without facts, stack and object
   * @throws IllegalArgumentException if one of them is blank or longer than 1000 characters
   */
  public static OpenResource of(String id, String title, String fix) {
    return new OpenResource(id, title, fix, List.of(), List.of(), null);
  }

  /**
   * Says something more.
   *
   * @param key what it is about, a word or two
   * @param line what there is to say
   * @return a copy that says so as well
   */
  public OpenResource with(String key, String line) {
    List<Fact> more = new ArrayList<>(facts);
    more.add(Fact.of(Printable.escape(checked("key", key)), line));
    return new OpenResource(id, title, fix, more, openedAt, object);
  }

  /**
   * Says where it was opened. Then messages show the line, allowances can name the class, and the
   * finding's id has the method in it.
   *
   * @param stack innermost frame first, as {@link Throwable#getStackTrace()} gives it
   * @return a copy that says so
   */
  public OpenResource openedAt(StackTraceElement... stack) {
    return new OpenResource(id, title, fix, facts, List.of(stack), object);
  }

  /**
   * Names the object: one that fields of a fixture or of another extension's lead to is theirs, and
   * no test's.
   *
   * @param itself such as the lock
   * @return a copy with the object
   */
  public OpenResource object(Object itself) {
    return new OpenResource(id, title, fix, facts, openedAt, itself);
  }
}
