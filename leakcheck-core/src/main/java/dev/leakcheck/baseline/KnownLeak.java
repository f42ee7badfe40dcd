package dev.leakcheck.baseline;

import dev.leakcheck.model.Kind;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A leak that the baseline accepts. Immutable.
 *
 * @param kind what sort of leak it is
 * @param place where it is made or, where that is not known, what it is; for a person
 * @param fingerprint the stable id of its cause
 * @param plainFingerprints what the fingerprint is in runs without an agent, sorted; itself where
 *     no creation is part of it. Of one creator there are several where nothing but the test class
 *     tells its leaks from others to whoever does not see it
 * @param reason why it is accepted; not blank
 * @param owner who sees to it, or null if nobody is named
 * @param expires the last day on which it is accepted, or null if it is without limit
 */
public record KnownLeak(
    Kind kind,
    String place,
    String fingerprint,
    List<String> plainFingerprints,
    String reason,
    @Nullable String owner,
    @Nullable LocalDate expires) {

  /** How they are sorted in a file: nothing moves when something else is added. */
  static final Comparator<KnownLeak> ORDER =
      Comparator.comparing((KnownLeak leak) -> leak.kind().id())
          .thenComparing(KnownLeak::place)
          .thenComparing(KnownLeak::fingerprint);

  /** Checks the reason and sorts the fingerprints. */
  public KnownLeak {
    plainFingerprints = plainFingerprints.stream().distinct().sorted().toList();
    if (reason.isBlank()) {
      throw new IllegalArgumentException("a leak in the baseline needs a reason");
    }
  }

  /**
   * The same leak with further plain fingerprints.
   *
   * @param more what it was called without an agent, or would have been
   * @return a copy
   */
  public KnownLeak with(Collection<String> more) {
    List<String> all = new ArrayList<>(plainFingerprints);
    all.addAll(more);
    return new KnownLeak(kind, place, fingerprint, all, reason, owner, expires);
  }

  /**
   * Whether who created it is part of its fingerprint.
   *
   * @return false if it is called the same without an agent
   */
  public boolean isExact() {
    return !plainFingerprints.contains(fingerprint);
  }

  /**
   * Whether it is not accepted any more.
   *
   * @param today the day it is asked for, in days since 1970
   * @return true after the day on which it expires
   */
  public boolean isExpired(long today) {
    return expires != null && today > expires.toEpochDay();
  }
}
