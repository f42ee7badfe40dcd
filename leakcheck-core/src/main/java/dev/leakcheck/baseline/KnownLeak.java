package dev.leakcheck.baseline;

import dev.leakcheck.model.LeakKind;
import java.time.LocalDate;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A leak that the baseline accepts. Immutable.
 *
 * @param kind what sort of leak it is
 * @param place where it is made or, where that is not known, what it is; for a person
 * @param fingerprint the stable id of its cause
 * @param plainFingerprint what the fingerprint is in a run without an agent; the same where no
 *     creation is part of it
 * @param reason why it is accepted; not blank
 * @param owner who sees to it, or null if nobody is named
 * @param expires the last day on which it is accepted, or null if it is without limit
 */
public record KnownLeak(
    LeakKind kind,
    String place,
    String fingerprint,
    String plainFingerprint,
    String reason,
    @Nullable String owner,
    @Nullable LocalDate expires) {

  /** How they are sorted in a file: nothing moves when something else is added. */
  static final Comparator<KnownLeak> ORDER =
      Comparator.comparing((KnownLeak leak) -> leak.kind().id())
          .thenComparing(KnownLeak::place)
          .thenComparing(KnownLeak::fingerprint);

  /** Checks the reason. */
  public KnownLeak {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("a leak in the baseline needs a reason");
    }
  }

  /**
   * Whether it is not accepted any more.
   *
   * @param today the day it is asked for
   * @return true after the day on which it expires
   */
  public boolean isExpired(LocalDate today) {
    return expires != null && today.isAfter(expires);
  }
}
