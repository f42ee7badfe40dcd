package dev.leakcheck.proof.walk;

import dev.leakcheck.model.HeapPath;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How a walk came to where it came: for each node the one before it. Not thread-safe. */
final class Paths {

  private static final int UNREACHED = 0;
  private static final String STATIC = "static field ";

  private final Heap heap;

  /** One more than the node before; for a root, less than 0: minus one, minus its name's place. */
  private final int[] before;

  private final List<Step> names = new ArrayList<>();

  /** By the node that they lead to. */
  private final Map<Integer, Step> known = new HashMap<>();

  /**
   * A step of a path.
   *
   * @param users whether it is the user's own
   */
  private record Step(String text, boolean users) {}

  /**
   * For a walk through a dump.
   *
   * @param kept whether they are asked for; else nothing is noted
   */
  Paths(Heap heap, boolean kept) {
    this.heap = heap;
    this.before = new int[kept ? heap.nodes() : 0];
  }

  void clear() {
    Arrays.fill(before, UNREACHED);
    names.clear();
    known.clear();
  }

  /** The place of a root's name, for many nodes of one root. */
  int named(String root) {
    return named(root, false);
  }

  /** The same for a root that is the user's own. */
  int named(String root, boolean users) {
    names.add(new Step(root, users));
    return names.size() - 1;
  }

  void root(int node, int name) {
    if (before.length > 0 && before[node] == UNREACHED) {
      before[node] = -1 - name;
    }
  }

  void step(int from, int to) {
    if (before.length > 0 && before[to] == UNREACHED) {
      before[to] = from + 1;
    }
  }

  /** The path to a node, from a name that a person knows: that of a static field or of a root. */
  HeapPath to(int node) throws IOException {
    List<Step> steps = new ArrayList<>();
    int at = node;
    boolean isNamed = false;
    while (before[at] > 0 && !isNamed) {
      int from = before[at] - 1;
      Step step = known(from, at);
      steps.add(step);
      isNamed = step.text.startsWith(STATIC);
      at = from;
    }
    if (!isNamed) {
      HeapClass root = heap.asClass(at);
      Step name = before[at] < 0 ? names.get(-1 - before[at]) : new Step("", false);
      String type = root != null ? root.name() : heap.isFlat(at) ? "an array" : shortName(at);
      steps.add(new Step(name.text + " → " + type, name.users));
    }
    Collections.reverse(steps);
    return shortened(steps);
  }

  private static HeapPath shortened(List<Step> steps) {
    int letGo = -1;
    for (int i = 0; i < steps.size(); i++) {
      letGo = steps.get(i).users ? i : letGo;
    }
    List<String> all = new ArrayList<>();
    steps.forEach(step -> all.add(step.text));
    int most = HeapPath.MOST_STEPS;
    if (all.size() <= most) {
      return new HeapPath(all, letGo);
    }
    int head = most / 2 - 1;
    int tail = most - head - 3;
    int end = all.size() - tail;
    boolean between = letGo >= head && letGo < end;
    List<String> told = new ArrayList<>(all.subList(0, head));
    int at = between ? letGo : head;
    addMore(at - head, told);
    int shownAt = told.size();
    if (between) {
      told.add(all.get(letGo));
    }
    addMore(end - at - (between ? 1 : 0), told);
    int moved = between ? shownAt : letGo < head ? letGo : letGo - end + told.size();
    told.addAll(all.subList(end, all.size()));
    return new HeapPath(told, moved);
  }

  private static void addMore(int steps, List<String> told) {
    if (steps > 0) {
      told.add("… " + steps + (steps == 1 ? " more step …" : " more steps …"));
    }
  }

  /** Threads that wait for one thing are in a row: the way to the last leads past all others. */
  private Step known(int from, int to) throws IOException {
    Step step = known.get(to);
    if (step == null) {
      step = told(from, to);
      known.put(to, step);
    }
    return step;
  }

  private Step told(int from, int to) throws IOException {
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
      return label.isEmpty()
          ? new Step("class " + type.name(), false)
          : new Step(STATIC + type.name() + "." + label, isUsers(type.name()));
    }
    String owner = shortName(from);
    if (label.startsWith("[")) {
      return new Step(owner.replace("[]", "") + label, false);
    }
    return label.isEmpty()
        ? new Step(owner + "'s class", false)
        : new Step(owner + "." + label, isUsers(heap.classOf(from).name()));
  }

  /** Whether a class is neither the JDK's nor a test runner's. */
  static boolean isUsers(String type) {
    return !type.startsWith("[") && Stacks.isOwn(new StackTraceElement(type, "", "", -1));
  }

  /** Arrays as they are written, and the JDK's classes without their packages. */
  private String shortName(int node) throws IOException {
    String name = heap.classOf(node).name();
    int dimensions = 0;
    while (name.startsWith("[")) {
      name = name.substring(1);
      dimensions++;
    }
    if (dimensions > 0 && name.startsWith("L") && name.endsWith(";")) {
      name = name.substring(1, name.length() - 1);
    }
    String shown = name.startsWith("java.") ? name.substring(name.lastIndexOf('.') + 1) : name;
    return shown + "[]".repeat(dimensions);
  }
}
