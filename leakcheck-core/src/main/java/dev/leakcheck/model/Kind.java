package dev.leakcheck.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/** What sort of leak a finding is: one that LeakCheck knows, or one of the user's own. */
public sealed interface Kind permits LeakKind, OwnKind {

  /** Those of LeakCheck first, the most actionable first; then the user's own by name. */
  Comparator<Kind> ORDER = Comparator.comparingInt(Kind::place).thenComparing(Kind::id);

  private static int place(Kind kind) {
    int known = Arrays.asList(LeakKind.values()).indexOf(kind);
    return known >= 0 ? known : Integer.MAX_VALUE;
  }

  /**
   * The kind with a name.
   *
   * @param id as {@link #id()} gives it
   * @return empty if it can be the name of none
   */
  static Optional<Kind> of(String id) {
    Optional<Kind> known =
        Arrays.stream(LeakKind.values())
            .filter(kind -> kind.id().equals(id))
            .map(Kind.class::cast)
            .findFirst();
    return known.isPresent() || !OwnKind.isName(id) ? known : Optional.of(new OwnKind(id));
  }

  /**
   * The kind's stable name in messages, reports and settings.
   *
   * @return the name in lower case with hyphens, such as {@code unclosed-executor}
   */
  String id();

  /**
   * What the kind means, in one line.
   *
   * @return a clause without a full stop
   */
  String summary();

  /**
   * The kind's page: what it is and how to fix it.
   *
   * @return the page as Markdown
   */
  String page();
}
