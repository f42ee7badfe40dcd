package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Objects that whoever dumped put into a static array, so that they can be told in the dump. */
final class Marks {

  private Marks() {}

  /**
   * What is in an array, in order; what was null is left out.
   *
   * @param field class and name of the static field; empty if there is none
   */
  static List<Integer> in(Heap heap, String field) throws IOException {
    int dot = field.lastIndexOf('.');
    List<Integer> marked = new ArrayList<>();
    for (int i = 0; dot > 0 && i < heap.classes().size(); i++) {
      if (heap.classes().get(i).name().equals(field.substring(0, dot))) {
        int type = heap.nodeOfClass(i);
        List<Integer> arrays = new ArrayList<>();
        heap.references(
            type,
            (target, slot) -> {
              if (heap.label(type, slot).equals(field.substring(dot + 1))) {
                arrays.add(target);
              }
            });
        for (int array : arrays) {
          marked.addAll(elements(heap, array));
        }
      }
    }
    return marked;
  }

  /** What is in an array that is marked itself. */
  static List<Integer> elements(Heap heap, int array) throws IOException {
    List<Integer> elements = new ArrayList<>();
    heap.references(
        array,
        (target, slot) -> {
          if (slot >= 0) {
            elements.add(target);
          }
        });
    return elements;
  }
}
