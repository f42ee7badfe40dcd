package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The threads of each thread group: whoever comes by a group of the program's own may interrupt
 * them all. What a thread itself refers to as its group is not counted, nor are the two groups that
 * every thread comes by: to go by these is to list all threads. Not thread-safe.
 */
final class Groups {

  static final String THREAD = "java.lang.Thread";

  /** What a thread keeps most of its fields in, since Java 19. */
  static final String FIELDS = "java.lang.Thread$FieldHolder";

  /** A thread's group, in either class. */
  static final String OWN = "group";

  private static final String GROUP = "java.lang.ThreadGroup";

  private final Heap heap;
  private final Map<Integer, List<Suspect>> members = new HashMap<>();

  Groups(Heap heap) {
    this.heap = heap;
  }

  /** A thread is in its group, and in the groups around that. */
  void add(Suspect suspect) throws IOException {
    int thread = suspect.thread.node();
    int fields = heap.target(thread, THREAD, "holder");
    int group = fields < 0 ? heap.target(thread, THREAD, OWN) : heap.target(fields, FIELDS, OWN);
    while (group >= 0) {
      int around = heap.target(group, GROUP, "parent");
      if (around < 0 || heap.target(around, GROUP, "parent") < 0) {
        return;
      }
      members.computeIfAbsent(group, node -> new ArrayList<>()).add(suspect);
      group = around;
    }
  }

  /** The threads in a group; none if it is no group. */
  List<Suspect> in(int node) {
    return members.getOrDefault(node, List.of());
  }
}
