package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
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
    return walk.beginAtUnreached(
        type -> type.is(Stuck.THREAD) && !type.is("java.lang.BaseVirtualThread"),
        node ->
            !listed.contains(node) && Stuck.isAlive(heap, node)
                ? walk.paths().named("ending " + question.label(heap, node))
                : -1);
  }
}
