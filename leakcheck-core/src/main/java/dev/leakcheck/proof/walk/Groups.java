package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The threads of each thread group: whoever comes by a group of the program's own may interrupt
 * them all. What a thread itself refers to as its group is not counted, nor are the two groups that
 * every thread comes by: to go by these is to list all threads. But what a group's own class has in
 * its fields counts for each thread in it: the JVM has the group handle what the thread throws. Not
 * thread-safe.
 */
final class Groups {

  /** Told of a field that the class of a thread's group adds. */
  @FunctionalInterface
  interface Added {
    /**
     * One field.
     *
     * @param target what it holds
     * @param name of the class and the field
     */
    void field(int target, String name) throws IOException;
  }

  static final String THREAD = "java.lang.Thread";

  /** What a thread keeps most of its fields in, since Java 19. */
  static final String FIELDS = "java.lang.Thread$FieldHolder";

  /** A thread's group, in either class. */
  static final String OWN = "group";

  private static final String GROUP = "java.lang.ThreadGroup";
  private static final String PARENT = "parent";

  /** What each group has, whatever its class: those around it and those in it. */
  private static final Set<String> OF_EACH = Set.of(PARENT, "name", "groups", "threads", "weaks");

  private final Heap heap;
  private final Map<Integer, List<Suspect>> members = new HashMap<>();
  private final BitSet nodes = new BitSet();
  private final boolean haveOwnClass;

  Groups(Heap heap) {
    this.heap = heap;
    this.haveOwnClass =
        heap.classes().stream().anyMatch(type -> type.is(GROUP) && !type.name().equals(GROUP));
  }

  /** A thread is in its group, and in the groups around that. */
  void add(Suspect suspect) throws IOException {
    for (int group : around(suspect.thread.node())) {
      members.computeIfAbsent(group, node -> new ArrayList<>()).add(suspect);
      nodes.set(group);
    }
  }

  /** The group of a thread and those around it, but for the two that every thread comes by. */
  private List<Integer> around(int thread) throws IOException {
    List<Integer> around = new ArrayList<>();
    int fields = heap.target(thread, THREAD, "holder");
    int group = fields < 0 ? heap.target(thread, THREAD, OWN) : heap.target(fields, FIELDS, OWN);
    while (group >= 0 && !isEverybodys(group) && !around.contains(group)) {
      around.add(group);
      group = heap.target(group, GROUP, PARENT);
    }
    return around;
  }

  /** The JVM makes the one that is in no other, and in it, before all others, that of main. */
  private boolean isEverybodys(int group) throws IOException {
    int parent = heap.target(group, GROUP, PARENT);
    return parent < 0 || (heap.target(parent, GROUP, PARENT) < 0 && group == first(parent));
  }

  private int first(int group) throws IOException {
    int groups = heap.target(group, GROUP, "groups");
    int[] first = {-1};
    if (groups >= 0) {
      heap.references(groups, (target, slot) -> first[0] = slot == 0 ? target : first[0]);
    }
    return first[0];
  }

  /** Tells what the classes of a thread's groups add to these; nothing if a node is no thread. */
  void added(int node, int place, Added told) throws IOException {
    if (!haveOwnClass || place < 0 || !heap.classes().get(place).is(THREAD)) {
      return;
    }
    for (int group : around(node)) {
      HeapClass type = heap.classOf(group);
      Set<Integer> ofEach = new HashSet<>();
      for (String field : OF_EACH) {
        ofEach.add(heap.slot(type, GROUP, field));
      }
      heap.references(
          group,
          (target, slot) -> {
            if (slot >= 0 && !ofEach.contains(slot)) {
              told.field(target, type.name() + "." + heap.label(group, slot));
            }
          });
    }
  }

  /** The threads in a group; none if it is no group, as are nearly all of millions. */
  List<Suspect> in(int node) {
    return nodes.get(node) ? members.getOrDefault(node, List.of()) : List.of();
  }
}
