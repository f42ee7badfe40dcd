package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import dev.leakcheck.proof.hprof.HeapFrame;
import dev.leakcheck.proof.hprof.HeapThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** What the frames of each thread hold. Not thread-safe. */
final class Locals {

  private final Heap heap;

  /** By the thread's number in the dump: node and frame, two by two. */
  private final Map<Long, int[]> ofThread = new HashMap<>();

  Locals(Heap heap) {
    this.heap = heap;
    Map<Long, Integer> counts = new HashMap<>();
    heap.locals((thread, frame, node) -> counts.merge(thread, 2, Integer::sum));
    counts.forEach((thread, count) -> ofThread.put(thread, new int[count]));
    counts.clear();
    heap.locals(
        (thread, frame, node) -> {
          int next = counts.merge(thread, 2, Integer::sum) - 2;
          int[] locals = Objects.requireNonNull(ofThread.get(thread));
          locals[next] = node;
          locals[next + 1] = frame;
        });
  }

  /** Nodes and the frames that hold them, two by two. */
  int[] of(HeapThread thread) {
    return ofThread.getOrDefault(thread.serial(), new int[0]);
  }

  List<Integer> nodes(HeapThread thread) {
    List<Integer> nodes = new ArrayList<>();
    int[] locals = of(thread);
    for (int i = 0; i < locals.length; i += 2) {
      nodes.add(locals[i]);
    }
    return nodes;
  }

  /** Instances of classes that its frames hold. */
  List<Integer> ofTypes(HeapThread thread, Set<String> types) throws IOException {
    List<Integer> found = new ArrayList<>();
    for (int node : types.isEmpty() ? List.<Integer>of() : nodes(thread)) {
      if (isOf(node, type -> types.contains(type.name()))) {
        found.add(node);
      }
    }
    return found;
  }

  private boolean isOf(int node, Predicate<HeapClass> types) throws IOException {
    return heap.asClass(node) == null && !heap.isFlat(node) && types.test(heap.classOf(node));
  }

  /** Has a walk begin at what a thread's frames hold. */
  void begin(Walk walk, HeapThread thread, String label, List<Frames.Treatment> treatments) {
    List<HeapFrame> stack = thread.stack();
    boolean[] used = Frames.ofUsers(stack);
    int[] held = of(thread);
    int[] names = new int[stack.size()];
    Arrays.fill(names, -1);
    for (int i = 0; i < held.length; i += 2) {
      int frame = held[i + 1];
      boolean known = frame >= 0 && frame < stack.size();
      Frames.Treatment treatment = known ? treatments.get(frame) : Frames.Treatment.FOLLOW;
      if (treatment != Frames.Treatment.CUT) {
        if (known && names[frame] < 0) {
          names[frame] = Frames.named(walk.paths(), label, stack, frame);
        }
        walk.begin(
            held[i],
            treatment == Frames.Treatment.LAST
                ? Walk.LAST
                : known && used[frame] ? Walk.USED : Walk.FIRST,
            known ? names[frame] : walk.paths().named(label + " in native code"));
      }
    }
  }

  boolean hold(HeapThread thread, int node) {
    int[] locals = of(thread);
    for (int i = 0; i < locals.length; i += 2) {
      if (locals[i] == node) {
        return true;
      }
    }
    return false;
  }

  /** Whether they hold any instance of a class. */
  boolean holdAny(HeapThread thread, HeapClass type) throws IOException {
    int[] locals = of(thread);
    for (int i = 0; i < locals.length; i += 2) {
      if (isOf(locals[i], type::equals)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the monitor is among what the thread's frames hold: a synchronized block keeps it in a
   * variable until its end, and {@code Thread.join} asks it again after each wait. A method that is
   * synchronized itself need not, once it is compiled, nor does native code.
   */
  static boolean keepMonitor(HeapThread thread, HeapClass lockType) {
    List<HeapFrame> stack = thread.stack();
    boolean joins =
        stack.stream()
            .filter(frame -> !frame.type().equals("java.lang.Object"))
            .findFirst()
            .filter(frame -> frame.type().equals("java.lang.Thread"))
            .filter(frame -> frame.method().equals("join"))
            .isPresent();
    return joins
        || stack.stream()
            .filter(frame -> !frame.type().equals("java.lang.Object"))
            .noneMatch(frame -> lockType.is(frame.type()) || Frames.isForeign(frame));
  }
}
