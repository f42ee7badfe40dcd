package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import dev.leakcheck.proof.hprof.HeapThread;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Threads that are about to end, which a dump does not list. Each of them has its own {@code
 * Thread} object yet to notify, for whoever joins it, and may wait for that object's monitor until
 * then. Their objects are told by their status, which HotSpot changes last.
 */
final class Ending {

  private Ending() {}

  /** Has a walk begin at those that it did not reach. Threads of the JVM's own are among them. */
  static boolean begin(Heap heap, Question question, Walk walk) throws IOException {
    Set<Integer> listed = new HashSet<>();
    for (HeapThread thread : heap.threads()) {
      listed.add(thread.node());
    }
    boolean found = false;
    for (int node = 0; node < heap.nodeOfClass(0); node++) {
      if (!walk.isReached(node) && !listed.contains(node) && isAlive(heap, node)) {
        String name = "ending " + question.label(heap, node);
        walk.begin(node, Walk.FIRST, walk.paths().named(name));
        found = true;
      }
    }
    return found;
  }

  private static boolean isAlive(Heap heap, int node) throws IOException {
    int place = heap.classPlace(node);
    HeapClass type = place < 0 ? null : heap.classes().get(place);
    return type != null
        && type.is(Stuck.THREAD)
        && !type.is("java.lang.BaseVirtualThread")
        && Stuck.isAlive(heap, node);
  }
}
