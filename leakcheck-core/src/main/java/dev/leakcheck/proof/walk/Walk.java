package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Goes from node to node, the nearest first, and notes how it came there. What JUnit holds is
 * followed after everything else, but for what a user's object leads to, be it JUnit's: that code
 * may use it. What is not followed is in {@link Cuts}. Not thread-safe.
 */
final class Walk {

  /** When something is followed. */
  static final byte LAST = 1;

  static final byte FIRST = 2;

  private static final int[] ALL = {-1};
  private static final int[] NOTHING = {};

  /** By way of a user's object, which may use whatever it leads to. */
  static final byte USED = 3;

  private final Heap heap;
  private final Cuts cuts;
  private final boolean flat;
  private final Paths paths;
  private final byte[] reached;
  private final IntQueue used = new IntQueue();
  private final IntQueue first = new IntQueue();
  private final IntQueue last = new IntQueue();

  /** The threads and references that it had not reached when it came to its end first. */
  private @Nullable BitSet unreached;

  /** Tells of a node that was not reached whether to begin there. */
  @FunctionalInterface
  interface Roots {
    /**
     * One node.
     *
     * @param node the node
     * @return the place of its name as a root; negative if it is none
     */
    int nameOf(int node) throws IOException;
  }

  /** Is told of each node that is reached. */
  @FunctionalInterface
  interface Visitor {
    /**
     * A node was reached.
     *
     * @param node the node
     * @param when when it is followed
     * @param classPlace the place of an object's class, negative for a class and a flat array
     * @return whether to go on from it
     */
    boolean reached(int node, byte when, int classPlace) throws IOException;
  }

  /**
   * A walk through a dump.
   *
   * @param flat whether arrays of plain values are reached too
   */
  Walk(Heap heap, Cuts cuts, boolean flat) {
    this(heap, cuts, flat, true);
  }

  /** One that follows what another does, without a word on how it came anywhere. */
  static Walk like(Walk other) {
    return new Walk(other.heap, other.cuts, other.flat, false);
  }

  private Walk(Heap heap, Cuts cuts, boolean flat, boolean withPaths) {
    this.heap = heap;
    this.cuts = cuts;
    this.flat = flat;
    this.paths = new Paths(heap, withPaths);
    this.reached = new byte[heap.nodes()];
  }

  Paths paths() {
    return paths;
  }

  /** Forgets where it came, for another walk. */
  void clear() {
    Arrays.fill(reached, (byte) 0);
    unreached = null;
    paths.clear();
  }

  boolean isReached(int node) {
    return reached[node] != 0;
  }

  void begin(List<Integer> nodes, byte when, int name) {
    nodes.forEach(node -> begin(node, when, name));
  }

  void begin(int node, byte when, int name) {
    if (reached[node] < when) {
      paths.root(node, name);
      again(node, when);
    }
  }

  /** Goes on to a node that another one leads to in a way of its own. */
  void step(int from, int to) {
    if (reached[to] < FIRST) {
      paths.step(from, to);
      again(to, FIRST);
    }
  }

  /** Goes on from a node, also if it did not when it came there. */
  void again(int node, byte when) {
    reached[node] = when;
    (when == USED ? used : when == FIRST ? first : last).add(node);
  }

  /**
   * Begins at references that were not reached, though their queue was: whoever reads that is
   * handed them by the collector, even if nobody leads to them but a thread that waits.
   *
   * @return whether there are such
   */
  boolean beginAtQueued() throws IOException {
    int name = paths.named("the queue of a reference");
    return beginAtUnreached(type -> type.is(Cuts.REFERENCE), node -> isQueued(node) ? name : -1);
  }

  /**
   * Begins at threads or references that were not reached.
   *
   * @param sort their classes
   * @param roots tells of each whether to begin there
   * @return whether there are such
   */
  boolean beginAtUnreached(Predicate<HeapClass> sort, Roots roots) throws IOException {
    BitSet among = unreached;
    if (among == null) {
      among =
          Instances.of(
              heap,
              node -> reached[node] == 0,
              type -> type.is(Groups.THREAD) || type.is(Cuts.REFERENCE));
      unreached = among;
    }
    boolean found = false;
    for (int node = among.nextSetBit(0); node >= 0; node = among.nextSetBit(node + 1)) {
      if (reached[node] == 0 && sort.test(heap.classOf(node))) {
        int name = roots.nameOf(node);
        if (name >= 0) {
          begin(node, FIRST, name);
          found = true;
        }
      }
    }
    return found;
  }

  private boolean isQueued(int node) throws IOException {
    if (cuts.of(heap.classPlace(node)).rule == Cuts.Rule.CUT) {
      return false;
    }
    int queue = heap.target(node, Cuts.REFERENCE, "queue");
    return queue >= 0
        && isReached(queue)
        && !heap.classOf(queue).name().equals("java.lang.ref.ReferenceQueue$Null");
  }

  void run(Visitor visitor) throws IOException {
    while (true) {
      if (!used.isEmpty()) {
        look(used.take(), USED, visitor);
      } else if (!first.isEmpty()) {
        look(first.take(), FIRST, visitor);
      } else if (!last.isEmpty()) {
        look(last.take(), LAST, visitor);
      } else {
        return;
      }
    }
  }

  private void look(int node, byte when, Visitor visitor) throws IOException {
    HeapClass asClass = heap.asClass(node);
    int place = asClass == null ? heap.classPlace(node) : -1;
    if (!visitor.reached(node, when, place)) {
      return;
    }
    if (asClass != null) {
      follow(node, when, Cuts.hasStatics(asClass) ? NOTHING : ALL, false);
    } else if (place >= 0) {
      Cuts.Way way = cuts.of(place);
      switch (way.rule) {
        case FOLLOW -> follow(node, (byte) Math.max(when, way.least), NOTHING, false);
        case ALL_BUT_FIELDS -> follow(node, (byte) Math.max(when, way.least), way.slots, false);
        case LAST -> {
          if (when == FIRST) {
            last.add(node);
          } else {
            follow(node, when, NOTHING, way.entry);
          }
        }
        case CUT -> {}
      }
    }
  }

  private boolean isAnothers(int object) throws IOException {
    int place = heap.classPlace(object);
    return place >= 0 && cuts.of(place).isAnothers();
  }

  private static boolean isAmong(int slot, int[] slots) {
    for (int each : slots) {
      if (each == slot) {
        return true;
      }
    }
    return slots == ALL;
  }

  /**
   * Goes on to where a node leads.
   *
   * @param but the slots that are left out, or {@link #ALL} or {@link #NOTHING}
   * @param entry whether it is what a store of JUnit's has for a value: who put that will use it
   */
  private void follow(int node, byte level, int[] but, boolean entry) throws IOException {
    Heap.References told =
        (target, slot) -> {
          // Whose a class is says how its fields count, not who came by it.
          byte when =
              slot < 0 || heap.asClass(target) != null
                  ? (byte) Math.min(level, FIRST)
                  : entry && isAnothers(target) ? USED : level;
          if (reached[target] < when && (slot < 0 || !isAmong(slot, but))) {
            paths.step(node, target);
            again(target, when);
          }
        };
    reached[node] = (byte) Math.max(reached[node], level);
    if (flat) {
      heap.allReferences(node, told);
    } else {
      heap.references(node, told);
    }
  }
}
