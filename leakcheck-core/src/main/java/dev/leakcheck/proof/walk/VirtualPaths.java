package dev.leakcheck.proof.walk;

import dev.leakcheck.model.HeapPath;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapThread;
import java.io.IOException;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How something alive leads to virtual threads, as far as a dump shows it: weak, soft and final
 * references count, whoever holds these. They do not keep a thread from being collected, and yet
 * may be what wakes it; so may a reference that the collector puts into a queue. That nothing leads
 * to a thread is for the collector to say, which knows what a dump does not show. What merely lists
 * threads is in {@link Cuts}. Not thread-safe.
 */
public final class VirtualPaths {

  private static final List<String> NOT_HOLDING =
      List.of(
          "java.lang.ref.WeakReference",
          "java.lang.ref.SoftReference",
          "java.lang.ref.FinalReference");

  private final Heap heap;
  private final Set<Long> wanted;
  private final Walk walk;
  private final Paths paths;
  private final Map<Integer, HeapThread> listed = new HashMap<>();
  private final Locals locals;
  private final Map<Long, HeapPath> found = new HashMap<>();
  private boolean blind;

  /**
   * What was found.
   *
   * @param paths for each thread that was reached how, by its id
   * @param blind whether nothing can be said of the others, since a stack is not in the dump
   */
  public record Found(Map<Long, HeapPath> paths, boolean blind) {}

  private VirtualPaths(Heap heap, Set<Long> wanted) throws IOException {
    this.heap = heap;
    this.wanted = wanted;
    this.walk = new Walk(heap, new Cuts(heap, false), false);
    this.paths = walk.paths();
    this.locals = new Locals(heap);
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
    beginAtThreads();
    int name = paths.named("class");
    for (int i = 0; i < heap.classes().size(); i++) {
      begin(heap.nodeOfClass(i), name);
    }
    begin(heap.globals(), paths.named("native code (JNI)"));
    begin(heap.classValues(), paths.named("a ClassValue"));
    walk.run(this::look);
    blind = false; // what the stacks of live threads hold the collector knows
    beginAtReferences();
    do {
      walk.run(this::look);
    } while (walk.beginAtQueued());
    return new Found(found, blind);
  }

  /** Those that are asked about live only once they are reached; all others do. */
  private void beginAtThreads() throws IOException {
    for (HeapThread thread : heap.threads()) {
      listed.put(thread.node(), thread);
      long id = heap.number(thread.node(), Stuck.THREAD, "tid", -1);
      if (!wanted.contains(id)) {
        String label = Question.labelInDump(heap, thread.node());
        begin(thread.node(), paths.named("live " + label));
        locals.begin(walk, thread, label, followed(thread));
      }
    }
    for (int node : heap.virtualThreads()) {
      if (!wanted.contains(heap.number(node, Stuck.THREAD, "tid", -1))) {
        begin(node, paths.named("live " + Question.labelInDump(heap, node)));
      }
    }
  }

  private static List<Frames.Treatment> followed(HeapThread thread) {
    return Collections.nCopies(thread.stack().size(), Frames.Treatment.FOLLOW);
  }

  private void beginAtReferences() throws IOException {
    int name = paths.named("a weak reference");
    BitSet all =
        Instances.of(
            heap,
            node -> true,
            type -> !Cuts.isOurs(type.name()) && NOT_HOLDING.stream().anyMatch(type::is));
    for (int node = all.nextSetBit(0); node >= 0; node = all.nextSetBit(node + 1)) {
      int referent = heap.target(node, Cuts.REFERENCE, "referent");
      if (referent >= 0) {
        begin(referent, name);
      }
    }
  }

  private void begin(List<Integer> nodes, int name) {
    walk.begin(nodes, Walk.FIRST, name);
  }

  private void begin(int node, int name) {
    walk.begin(node, Walk.FIRST, name);
  }

  private boolean look(int node, byte when, int place) throws IOException {
    if (place >= 0 && heap.classes().get(place).name().equals("java.lang.VirtualThread")) {
      reachedThread(node);
    }
    return true;
  }

  private void reachedThread(int node) throws IOException {
    long id = heap.number(node, Stuck.THREAD, "tid", -1);
    if (wanted.contains(id)) {
      found.put(id, paths.to(node));
      HeapThread thread = listed.get(node);
      blind |= thread == null;
      for (int local : thread == null ? List.<Integer>of() : locals.nodes(thread)) {
        walk.step(node, local);
      }
    }
  }
}
