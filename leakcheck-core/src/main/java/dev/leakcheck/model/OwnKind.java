package dev.leakcheck.model;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A kind of the user's own, which a probe finds.
 *
 * @param id its name in lower case with hyphens, such as {@code held-lease}
 */
public record OwnKind(String id) implements Kind {

  private static final int LONGEST = 50;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if it has another form, or is that of a kind of LeakCheck's
   */
  public OwnKind {
    if (!isName(id)) {
      throw new IllegalArgumentException(
          "a kind is named '"
              + Printable.escape(id)
              + "', but a name has lower-case letters, digits and hyphens, such as held-lease, and"
              + " at most "
              + LONGEST
              + " of them");
    }
    if (Arrays.stream(LeakKind.values()).anyMatch(kind -> kind.id().equals(id))) {
      throw new IllegalArgumentException(
          "a kind is named '" + id + "', but LeakCheck has a kind of that name");
    }
  }

  /** Whether a text has the form of a name. */
  static boolean isName(String id) {
    return id.length() <= LONGEST && NAME.matcher(id).matches();
  }

  @Override
  public String summary() {
    return "a probe of this project's own found something open";
  }

  @Override
  public String page() {
    return """
        # %1$s

        ## What it is

        A kind of this project's own: a `LeakProbe` of the project lists what is open. What a test
        opened and did not close is told, once the settle time is over.

        ## How to fix it

        As the finding says. What the probe looks at, and what closes it, is known to whoever wrote
        the probe.

        ## How to allow it

        ```java
        @AllowLeaks(ownKind = "%1$s", reason = "why it may stay open")
        ```
        """
        .formatted(id);
  }

  @Override
  public String toString() {
    return id;
  }
}
