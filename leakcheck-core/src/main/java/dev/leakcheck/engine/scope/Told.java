package dev.leakcheck.engine.scope;

import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of things by their ids: exactly of the newest {@code most}; of older ones only that
 * something was known, in a filter of fixed size that errs towards yes (Bloom, 1970). So nothing is
 * told twice however much there was. Not thread-safe.
 */
final class Told<V> {

  private static final int BITS = 1 << 20; // 128 KB
  private static final int HASHES = 3;

  private final int most;
  private final Map<Object, V> newest = new LinkedHashMap<>();
  private @Nullable BitSet older;

  Told(int most) {
    this.most = most;
  }

  void put(Object id, V value) {
    newest.put(id, value);
    if (newest.size() > most) {
      Iterator<Object> oldest = newest.keySet().iterator();
      forget(oldest.next());
      oldest.remove();
    }
  }

  void putIfAbsent(Object id, V value) {
    if (!newest.containsKey(id)) {
      put(id, value);
    }
  }

  private void forget(Object id) {
    if (older == null) {
      older = new BitSet(BITS);
    }
    for (int i = 0; i < HASHES; i++) {
      older.set(bit(id, i));
    }
  }

  /** What is known, or null if that is nothing or too long ago. */
  @Nullable V get(Object id) {
    return newest.get(id);
  }

  /** Whether something was known of an id and the rest is forgotten, or that cannot be told. */
  boolean mayHaveForgotten(Object id) {
    if (older == null || newest.containsKey(id)) {
      return false;
    }
    for (int i = 0; i < HASHES; i++) {
      if (!older.get(bit(id, i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether nothing was ever known. */
  boolean isEmpty() {
    return newest.isEmpty();
  }

  /** Whether anything was forgotten. */
  boolean isFull() {
    return older != null;
  }

  /** One of several hashes, spread by the finaliser of MurmurHash3. */
  private static int bit(Object id, int number) {
    long hash = id.hashCode() + 0x9e3779b97f4a7c15L * (number + 1) + 31L * text(id);
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return (int) ((hash ^ (hash >>> 33)) & (BITS - 1));
  }

  /** More of an id than the 32 bits of its hash. */
  private static long text(Object id) {
    if (id instanceof Long number) {
      return number;
    }
    long hash = 0;
    String text = id.toString();
    for (int i = 0; i < text.length(); i++) {
      hash = hash * 1_000_003 + text.charAt(i);
    }
    return hash;
  }
}
