package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.Heap.HeapThread;
import dev.leakcheck.proof.hprof.HeapClass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How something alive leads to virtual threads, as far as a dump shows it: weak, soft and final
 * references count, whoever holds these. They do not keep a thread from being collected, and yet
 * may be what wakes it. That nothing leads to a thread is for the collector to say, which knows
 * what a dump does not show. What merely lists threads is in {@link Cuts}. Not thread-safe.
 */
public final class VirtualPaths {

  private static final List<String> NOT_HOLDING =
      List.of(
          "java.lang.ref.WeakReference",
          "java.lang.ref.SoftReference",
          "java.lang.ref.FinalReference");

  private final Heap heap;
  private final Set<Long> wanted;
  private final Cuts cuts;
  private final Paths paths;
  private final IntQueue left = new IntQueue();
  private final Map<Integer, Long> numbers = new HashMap<>();
  private final Map<Long, List<Integer>> locals = new HashMap<>();
  private final Map<Long, List<String>> found = new HashMap<>();
  private boolean blind;

  /**
   * What was found.
   *
   * @param paths for each thread that was reached how, by its id
   * @param blind whether nothing can be said of the others, since a stack is not in the dump
   */
  public record Found(Map<Long, List<String>> paths, boolean blind) {}

  private VirtualPaths(Heap heap, Set<Long> wanted) {
    this.heap = heap;
    this.wanted = wanted;
    this.cuts = new Cuts(heap);
    this.paths = new Paths(heap);
  }

  /**
   * Looks for paths to threads.
   *
   * @param heap the dump
   * @param wanted ids of virtual threads
   * @return what was found
   * @throws IOException if the dump can't be read, or is damaged
   */
  public static Found to(Set<Long> wanted, Heap heap) throws IOException {
    return new VirtualPaths(heap, wanted).find();
  }

  private Found find() throws IOException {
    heap.locals(
        (thread, frame, node) ->
            locals.computeIfAbsent(thread, serial -> new ArrayList<>()).add(node));
    beginAtThreads();
    int name = paths.named("class");
    for (int i = 0; i < heap.classes().size(); i++) {
      begin(heap.nodeOfClass(i), name);
    }
    begin(heap.globals(), "native code (JNI)");
    begin(heap.classValues(), "a ClassValue");
    walk();
    blind = false; // what the stacks of live threads hold the collector knows
    beginAtReferences();
    walk();
    return new Found(found, blind);
  }

  /** Those that are asked about live only once they are reached; all others do. */
  private void beginAtThreads() throws IOException {
    for (HeapThread thread : heap.threads()) {
      numbers.put(thread.node(), thread.serial());
      long id = heap.number(thread.node(), "tid", -1);
      if (!wanted.contains(id)) {
        int name = paths.named("a live thread");
        begin(thread.node(), name);
        begin(locals.getOrDefault(thread.serial(), List.of()), frameName(thread));
      }
    }
    int name = paths.named("a live virtual thread");
    for (int node : heap.virtualThreads()) {
      if (!wanted.contains(heap.number(node, "tid", -1))) {
        begin(node, name);
      }
    }
  }

  private static String frameName(HeapThread thread) {
    return thread.stack().isEmpty() ? "a live thread" : Frames.text("thread", thread.stack(), 0);
  }

  private void beginAtReferences() throws IOException {
    int name = paths.named("a weak reference");
    for (int node = 0; node < heap.nodeOfClass(0); node++) {
      HeapClass type = heap.classOf(node);
      if (!Cuts.isOurs(type.name()) && NOT_HOLDING.stream().anyMatch(type::is)) {
        int referent = heap.target(node, "referent");
        if (referent >= 0) {
          begin(referent, name);
        }
      }
    }
  }

  private void begin(List<Integer> nodes, String root) {
    int name = paths.named(root);
    nodes.forEach(node -> begin(node, name));
  }

  private void begin(int node, int name) {
    if (!paths.isReached(node)) {
      paths.root(node, name);
      left.add(node);
    }
  }

  private void walk() throws IOException {
    while (!left.isEmpty()) {
      int node = left.take();
      HeapClass asClass = heap.asClass(node);
      if (asClass != null) {
        follow(node, Cuts.hasStatics(asClass) ? null : "*");
        continue;
      }
      int place = heap.classPlace(node);
      Cuts.Rule rule = cuts.of(place);
      if (rule != Cuts.Rule.CUT) {
        follow(node, rule == Cuts.Rule.ALL_BUT_FIELD ? cuts.field(place) : null);
      }
      if (heap.classes().get(place).name().equals("java.lang.VirtualThread")) {
        reachedThread(node);
      }
    }
  }

  private void reachedThread(int node) throws IOException {
    long id = heap.number(node, "tid", -1);
    if (wanted.contains(id)) {
      found.put(id, paths.to(node));
      Long serial = numbers.get(node);
      blind |= serial == null;
      for (int local : locals.getOrDefault(Objects.requireNonNullElse(serial, -1L), List.of())) {
        step(node, local);
      }
    }
  }

  /** Goes on to where a node leads, but for a field; for all static fields if that is a star. */
  private void follow(int node, @Nullable String but) throws IOException {
    heap.references(
        node,
        (target, slot) -> {
          if (!paths.isReached(target)
              && (but == null
                  || slot < 0
                  || (!but.equals("*") && !heap.label(node, slot).equals(but)))) {
            step(node, target);
          }
        });
  }

  private void step(int from, int to) {
    if (!paths.isReached(to)) {
      paths.step(from, to);
      left.add(to);
    }
  }
}
