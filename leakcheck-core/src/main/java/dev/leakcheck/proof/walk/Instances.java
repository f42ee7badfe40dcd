package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** Finds all objects of some classes. */
final class Instances {

  private Instances() {}

  /**
   * The objects of some classes. Each class is asked about once: there may be millions of objects.
   *
   * @param among the nodes that are gone over
   * @param sort the classes
   * @return their nodes
   */
  static BitSet of(Heap heap, IntPredicate among, Predicate<HeapClass> sort) throws IOException {
    List<HeapClass> classes = heap.classes();
    boolean[] wanted = new boolean[classes.size()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = sort.test(classes.get(i));
    }
    BitSet found = new BitSet();
    for (int node = 0; node < heap.nodeOfClass(0); node++) {
      if (among.test(node)) {
        int place = heap.classPlace(node);
        if (place >= 0 && wanted[place]) {
          found.set(node);
        }
      }
    }
    return found;
  }
}
