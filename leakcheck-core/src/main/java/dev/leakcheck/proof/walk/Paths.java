package dev.leakcheck.proof.walk;

import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** How a walk came to where it came: for each node the one before it. Not thread-safe. */
final class Paths {

  private static final int UNREACHED = 0;

  private final Heap heap;

  /** One more than the node before; for a root, less than 0: minus one, minus its name's place. */
  private final int[] before;

  private final List<String> names = new ArrayList<>();

  Paths(Heap heap) {
    this.heap = heap;
    this.before = new int[heap.nodes()];
  }

  boolean isReached(int node) {
    return before[node] != UNREACHED;
  }

  /** The place of a root's name, for many nodes of one root. */
  int named(String root) {
    names.add(root);
    return names.size() - 1;
  }

  void root(int node, int name) {
    if (before[node] == UNREACHED) {
      before[node] = -1 - name;
    }
  }

  void step(int from, int to) {
    if (before[to] == UNREACHED) {
      before[to] = from + 1;
    }
  }

  /** The path to a node: who holds it first. */
  List<String> to(int node) throws IOException {
    Deque<String> steps = new ArrayDeque<>();
    int at = node;
    while (before[at] > 0) {
      int from = before[at] - 1;
      steps.addFirst(text(from, at));
      at = from;
    }
    HeapClass root = heap.asClass(at);
    if (root == null || steps.isEmpty()) {
      String name = before[at] < 0 ? names.get(-1 - before[at]) : "";
      steps.addFirst(name + " → " + shortName(root == null ? heap.classOf(at) : root));
    }
    List<String> all = new ArrayList<>(steps);
    if (all.size() > Proof.MOST_STEPS) {
      int cut = all.size() - Proof.MOST_STEPS + 1;
      int half = Proof.MOST_STEPS / 2;
      all.subList(half, half + cut).clear();
      all.add(half, "… " + cut + " more steps …");
    }
    return all;
  }

  private String text(int from, int to) throws IOException {
    int[] slot = {Integer.MIN_VALUE};
    heap.references(
        from,
        (target, at) -> {
          if (target == to && slot[0] == Integer.MIN_VALUE) {
            slot[0] = at;
          }
        });
    HeapClass type = heap.asClass(from);
    String label = slot[0] == Integer.MIN_VALUE ? "" : heap.label(from, slot[0]);
    if (type != null) {
      return "static field " + type.name() + "." + label;
    }
    String owner = shortName(heap.classOf(from));
    if (label.startsWith("[")) {
      return owner.replace("[]", "") + label;
    }
    return owner + (label.isEmpty() ? "'s class" : "." + label);
  }

  /** Arrays as they are written, and the JDK's classes without their packages. */
  static String shortName(HeapClass type) {
    String name = type.name();
    int dimensions = 0;
    while (name.startsWith("[")) {
      name = name.substring(1);
      dimensions++;
    }
    if (dimensions > 0 && name.startsWith("L") && name.endsWith(";")) {
      name = name.substring(1, name.length() - 1);
    }
    String shown = name.startsWith("java.") ? name.substring(name.lastIndexOf('.') + 1) : name;
    char[] brackets = new char[2 * dimensions];
    Arrays.fill(brackets, '[');
    for (int i = 1; i < brackets.length; i += 2) {
      brackets[i] = ']';
    }
    return shown + new String(brackets);
  }
}
