package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import java.io.IOException;
import java.util.List;

/**
 * What a {@code Cleaner} of the JDK's has yet to run. Each is in a list with all the others of its
 * cleaner, through which nobody comes from one to another: so that list is not followed. The
 * cleaner's thread takes from its queue what it runs. In JDK 17 each leads to the next; by JDK 25
 * there is an array.
 */
final class Cleanables {

  static final String TYPE = "jdk.internal.ref.PhantomCleanable";

  /** The fields that lead to others of the list. */
  static final List<String> LINKS = List.of("list", "prev", "next", "node");

  private static final String LIST = "jdk.internal.ref.CleanerImpl$CleanableList";

  private Cleanables() {}

  static boolean isList(String type) {
    return type.startsWith(LIST);
  }

  /** Has a walk begin at those that it did not reach, and whose cleaner it did: that keeps them. */
  static boolean begin(Heap heap, Walk walk) throws IOException {
    int name = walk.paths().named("what a Cleaner runs");
    return walk.beginAtUnreached(
        type -> type.is(TYPE),
        node -> isListed(heap, node) && isKept(heap, walk, node) ? name : -1);
  }

  private static boolean isListed(Heap heap, int node) throws IOException {
    int next = heap.target(node, TYPE, "next");
    return (next >= 0 && next != node) || heap.target(node, TYPE, "node") >= 0;
  }

  private static boolean isKept(Heap heap, Walk walk, int node) throws IOException {
    int queue = heap.target(node, Cuts.REFERENCE, "queue");
    return queue >= 0 && walk.isReached(queue);
  }
}
