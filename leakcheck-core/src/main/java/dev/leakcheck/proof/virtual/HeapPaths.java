package dev.leakcheck.proof.virtual;

import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.capture.dump.HeapDumper.NoDumpException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which threads something alive leads to, directly or over other objects; and which of them only a
 * weak, soft or final reference leads to. Such a reference does not keep a thread alive, and yet may
 * be what wakes it. Left out is what merely lists threads: the JDK's registry and LeakCheck's own.
 *
 * <p>A dump does not tell all: code that was compiled to the full may hold an object that is not in
 * it. So who is not found here may be held all the same. Used by one thread.
 */
final class HeapPaths {

  /** Live bytes up to which a dump is a matter of some ten milliseconds. */
  static final long SMALL = 64L << 20;

  /** Live bytes up to which it is a matter of some seconds. */
  static final long LARGE = 512L << 20;

  private final HeapImage heap;
  private final Set<Long> wanted;
  private final Set<Long> found = new HashSet<>();
  private final BitSet seen;
  private final Deque<Integer> left = new ArrayDeque<>();

  /** Whether a thread was reached whose stack is not in the dump. */
  private boolean blind;

  /**
   * What was found.
   *
   * @param alive ids of threads that something alive leads to
   * @param weak ids of threads that only a weak reference leads to
   * @param refused why nothing could be found out: what follows "because"; else null
   */
  record Found(Set<Long> alive, Set<Long> weak, @Nullable String refused) {}

  private HeapPaths(HeapImage heap, Set<Long> wanted) {
    this.heap = heap;
    this.wanted = wanted;
    this.seen = new BitSet(heap.slots());
  }

  /** Looks through the heap as it is now, if no more than so many bytes are live. */
  static Found leadingTo(Set<Long> threads, long most) {
    try {
      ByteBuffer dump = HeapDumper.take(most);
      return new HeapPaths(new HeapImage(dump), threads).find();
    } catch (NoDumpException e) {
      return new Found(Set.of(), Set.of(), e.getMessage());
    } catch (RuntimeException otherwiseBuilt) {
      return new Found(Set.of(), Set.of(), "the heap dump could not be read");
    }
  }

  private Found find() {
    Set<Long> enumerating = enumerating();
    heap.roots(wanted, this::reach);
    walk(slot -> true);
    Set<Long> alive = new HashSet<>(found);
    found.clear();
    blind = false; // what the stacks of live threads hold the collector knows
    for (int slot = 0; slot < heap.slots(); slot++) {
      if (heap.isReference(slot) && !enumerating.contains(heap.id(slot))) {
        reach(heap.referent(slot));
      }
    }
    walk(slot -> true);
    return new Found(alive, blind ? wanted : found, null);
  }

  /** The weak references by which the JDK lists executors: nobody wakes a thread through these. */
  private Set<Long> enumerating() {
    Set<Long> references = new HashSet<>();
    reach(heap.containers());
    walk(
        slot -> {
          if (heap.isReference(slot)) {
            references.add(heap.id(slot));
            return false;
          }
          return true;
        });
    seen.clear();
    found.clear();
    blind = false;
    return references;
  }

  private interface Through {
    boolean go(int slot);
  }

  private void walk(Through through) {
    Integer slot;
    while ((slot = left.poll()) != null) {
      if (!through.go(slot)) {
        continue;
      }
      long thread = heap.threadId(slot);
      if (thread != 0 && wanted.contains(thread)) {
        found.add(thread);
      }
      blind |= heap.isWithoutStack(slot);
      heap.edges(slot, this::reach);
    }
  }

  private void reach(long object) {
    int slot = object == 0 ? -1 : heap.slot(object);
    if (slot >= 0 && !seen.get(slot)) {
      seen.set(slot);
      left.add(slot);
    }
  }
}
