package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.Heap.HeapFrame;
import dev.leakcheck.proof.hprof.Heap.HeapThread;
import dev.leakcheck.proof.hprof.HeapClass;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
      if (heap.asClass(locals[i]) == null && heap.classOf(locals[i]) == type) {
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
