package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Whose code was to run once a {@code CompletableFuture} is complete, of those that are not. Not
 * thread-safe.
 */
final class OpenStages {

  private static final String STAGE = "java.util.concurrent.CompletableFuture";

  private static final int NAMED = 3;

  private final Heap heap;

  /** Names of classes. */
  private final Set<String> code = new LinkedHashSet<>();

  OpenStages(Heap heap) {
    this.heap = heap;
  }

  /** Looks at an object, which may be no stage. */
  void look(int node) throws IOException {
    if (heap.asClass(node) != null || heap.classPlace(node) < 0) {
      return;
    }
    if (!heap.classOf(node).is(STAGE) || heap.target(node, STAGE, "result") >= 0) {
      return;
    }
    Set<Integer> seen = new HashSet<>();
    int next = heap.target(node, STAGE, "stack");
    while (next >= 0 && seen.add(next)) {
      addCode(next);
      next = heap.target(next, STAGE + "$Completion", "next");
    }
  }

  /** What goes on with two stages hangs at the second by an object of its own. */
  private void addCode(int completion) throws IOException {
    int base = heap.target(completion, STAGE + "$CoCompletion", "base");
    int runs = base < 0 ? completion : base;
    int function = heap.target(runs, heap.classOf(runs).name(), "fn");
    if (function >= 0) {
      HeapClass type = heap.classOf(function);
      int lambda = type.name().indexOf("$$Lambda");
      String name = lambda < 0 ? type.name() : type.name().substring(0, lambda);
      if (!Cuts.isJdk(name)) {
        code.add(name);
      }
    }
  }

  /** What there is to say; none if no code but the JDK's hangs at a stage that was looked at. */
  List<String> lines() {
    if (code.isEmpty()) {
      return List.of();
    }
    List<String> names = new ArrayList<>(code);
    int more = names.size() - NAMED;
    String named = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    return List.of(
        "code of "
            + named
            + (more > 0 ? " and of " + more + " more" : "")
            + " never runs, as the CompletableFuture that it follows is never completed");
  }
}
