package dev.leakcheck.baseline;

import dev.leakcheck.model.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leaks of a baseline, and which of them a leak that was found is. Immutable.
 *
 * <p>With an agent a fingerprint tells who created the leak, without one it can't. A leak that was
 * found on one tier is looked for under what it would be called on the other as well, so that one
 * file serves both; of two leaks that were both seen with an agent, those of different creators
 * stay different.
 */
public final class KnownLeaks {

  /** No leak is known. */
  public static final KnownLeaks NONE = new KnownLeaks(List.of());

  private final List<KnownLeak> list;
  private final Map<String, KnownLeak> byFingerprint = new HashMap<>();
  private final Map<String, KnownLeak> byPlainFingerprint = new HashMap<>();

  /**
   * Known leaks.
   *
   * @param leaks in any order
   * @throws IllegalArgumentException if two have the same fingerprint
   */
  public KnownLeaks(Collection<KnownLeak> leaks) {
    List<KnownLeak> sorted = new ArrayList<>(leaks);
    sorted.sort(KnownLeak.ORDER);
    this.list = List.copyOf(sorted);
    for (KnownLeak leak : list) {
      if (byFingerprint.put(leak.fingerprint(), leak) != null) {
        throw new IllegalArgumentException("fingerprint " + leak.fingerprint() + " is there twice");
      }
      for (String plain : leak.plainFingerprints()) {
        byPlainFingerprint.merge(plain, leak, KnownLeaks::longer);
      }
    }
  }

  /** Of two that can't be told apart without an agent, the one that is accepted for longer. */
  private static KnownLeak longer(KnownLeak one, KnownLeak other) {
    return one.expires() == null
            || (other.expires() != null && !other.expires().isAfter(one.expires()))
        ? one
        : other;
  }

  /**
   * The leaks.
   *
   * @return by kind, place and fingerprint
   */
  public List<KnownLeak> list() {
    return list;
  }

  /**
   * The known leak that a leak is.
   *
   * @param kind what sort of leak it is
   * @param fingerprint the stable id of its cause
   * @param plainFingerprint what that is in a run without an agent
   * @return empty if it is not known, or known as another kind
   */
  public Optional<KnownLeak> find(Kind kind, String fingerprint, String plainFingerprint) {
    KnownLeak known = ofKind(kind, byFingerprint.get(fingerprint));
    if (known == null && fingerprint.equals(plainFingerprint)) {
      known = ofKind(kind, byPlainFingerprint.get(fingerprint)); // it was written with an agent
    }
    if (known == null) {
      known = ofKind(kind, byFingerprint.get(plainFingerprint)); // it was written without one
    }
    return Optional.ofNullable(known);
  }

  private static @Nullable KnownLeak ofKind(Kind kind, @Nullable KnownLeak leak) {
    return leak != null && leak.kind().equals(kind) ? leak : null;
  }
}
