package dev.leakcheck.proof.walk;

import dev.leakcheck.model.HeapPath;
import dev.leakcheck.model.Hold;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import dev.leakcheck.proof.hprof.HeapThread;
import dev.leakcheck.proof.hprof.Values;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who keeps alive what was left, and what that alone keeps alive, as the collector sees it. Each
 * time the heap is walked from all roots but the threads of what was left, and not through it. What
 * comes by is who holds it. What is reached from it afterwards and was not before would be garbage
 * without it.
 *
 * <p>All threads are roots, whether anybody can wake them or not. Weak, final and phantom
 * references lead nowhere; soft ones do, until memory runs short. What a cleaner runs is followed
 * after everything else. Classes of the JDK's own loaders are there for good, others as long as
 * their loader. Not thread-safe.
 */
public final class Holders {

  private static final int LOADERS_TOLD = 5;

  private final Heap heap;
  private final Question question;
  private final HoldQuestion asked;
  private final Locals locals;
  private final Walk walk;
  private final List<HeapThread> threads;
  private final List<Integer> owners;
  private final boolean opaque;

  private Holders(Heap heap, Question question, HoldQuestion asked) throws IOException {
    this.heap = heap;
    this.question = question;
    this.asked = asked;
    this.locals = new Locals(heap);
    this.walk = new Walk(heap, new Cuts(heap, true), true);
    this.threads = heap.threads();
    this.owners = Marks.in(heap, asked.owners());
    this.opaque = isOpaque();
  }

  /**
   * Answers for each subject.
   *
   * @param heap the dump
   * @param question what is known besides
   * @param asked what is asked about
   * @return an answer for each, in order; null for one of which the dump has nothing
   * @throws IOException if the dump can't be read, or is damaged
   */
  public static List<@Nullable Hold> of(Heap heap, Question question, HoldQuestion asked)
      throws IOException {
    List<@Nullable Hold> answers = new ArrayList<>();
    if (asked.subjects().isEmpty() || Liveness.unseenVirtualThread(heap) != null) {
      asked.subjects().forEach(subject -> answers.add(null));
      return answers;
    }
    Holders holders = new Holders(heap, question, asked);
    List<Integer> objects = Marks.in(heap, asked.objects());
    for (int i = 0; i < asked.subjects().size(); i++) {
      List<Integer> own = i < objects.size() ? Marks.elements(heap, objects.get(i)) : List.of();
      answers.add(holders.of(asked.subjects().get(i), own));
    }
    return answers;
  }

  private @Nullable Hold of(HoldQuestion.Subject subject, List<Integer> objects)
      throws IOException {
    Set<Integer> left = new HashSet<>(objects);
    List<HeapThread> own = new ArrayList<>();
    for (HeapThread thread : threads) {
      if (subject.threads().contains(heap.number(thread.node(), Stuck.THREAD, "tid", -1))) {
        own.add(thread);
        left.add(thread.node());
        left.addAll(locals.ofTypes(thread, subject.executorTypes()));
      }
    }
    for (int node : heap.virtualThreads()) {
      if (subject.threads().contains(heap.number(node, Stuck.THREAD, "tid", -1))) {
        left.add(node);
      }
    }
    if (left.isEmpty()) {
      return null;
    }
    walk.clear();
    int found = walkWithout(left);
    HeapPath by = found >= 0 ? walk.paths().to(found) : opaque ? null : HeapPath.NONE;
    return keeps(by, left, own);
  }

  /** Goes everywhere but on from what was left; returns what of that was met first, if any was. */
  private int walkWithout(Set<Integer> left) throws IOException {
    int[] found = {-1};
    beginAtClasses(false);
    walk.begin(heap.globals(), Walk.FIRST, walk.paths().named("native code (JNI)"));
    walk.begin(heap.classValues(), Walk.FIRST, walk.paths().named("a ClassValue"));
    for (HeapThread thread : threads) {
      if (!left.contains(thread.node())) {
        String label = question.label(heap, thread.node());
        walk.begin(thread.node(), Walk.FIRST, walk.paths().named("live " + label));
        locals.begin(walk, thread, label, treatments(thread));
      }
    }
    int virtual = walk.paths().named("a live virtual thread");
    for (int node : heap.virtualThreads()) {
      if (!left.contains(node)) {
        walk.begin(node, Walk.FIRST, virtual);
      }
    }
    walk.begin(owners, Walk.LAST, walk.paths().named("the test's own instance", true));
    beginAtClasses(true);
    do {
      walk.run(
          (node, when, place) -> {
            boolean isLeft = left.contains(node);
            found[0] = isLeft && found[0] < 0 ? node : found[0];
            return !isLeft;
          });
    } while (Ending.begin(heap, question, walk) || Cleanables.begin(heap, walk));
    return found[0];
  }

  private void beginAtClasses(boolean junits) throws IOException {
    int name = walk.paths().named("class");
    if (!junits) {
      walk.begin(heap.sticky(), Walk.FIRST, name);
    }
    for (int i = 0; i < heap.classes().size(); i++) {
      HeapClass type = heap.classes().get(i);
      int loader = heap.loader(type);
      if (Cuts.isJunit(type.name()) == junits
          && (loader < 0 || Cuts.isJdksLoader(heap.classOf(loader)))) {
        walk.begin(heap.nodeOfClass(i), junits ? Walk.LAST : Walk.FIRST, name);
      }
    }
  }

  private Hold keeps(@Nullable HeapPath by, Set<Integer> left, List<HeapThread> own)
      throws IOException {
    long[] counts = new long[2];
    Set<String> loaders = new HashSet<>();
    left.forEach(node -> walk.again(node, Walk.LAST));
    int none = walk.paths().named("");
    for (HeapThread thread : own) {
      for (int node : locals.nodes(thread)) {
        walk.begin(node, Walk.LAST, none);
      }
    }
    walk.run(
        (node, when, place) -> {
          counts[0]++;
          counts[1] += Values.bytes(heap, node, asked.referenceBytes());
          if (place >= 0) {
            HeapClass type = heap.classes().get(place);
            if (type.is("java.lang.ClassLoader") && !Cuts.isJdksLoader(type)) {
              loaders.add(type.name());
            }
          }
          return true;
        });
    return new Hold(
        by, counts[0], counts[1], loaders.stream().sorted().limit(LOADERS_TOLD).toList());
  }

  private List<Frames.Treatment> treatments(HeapThread thread) throws IOException {
    return Frames.of(thread.stack(), isChecker(thread), heap.classOf(thread.node()));
  }

  private boolean isChecker(HeapThread thread) throws IOException {
    return heap.number(thread.node(), Stuck.THREAD, "tid", -1) == question.checker();
  }

  /** Whether a thread may hold what the dump does not show: then nobody can be told to be none. */
  private boolean isOpaque() throws IOException {
    Unseen unseen = new Unseen(heap, question);
    for (HeapThread thread : threads) {
      if (unseen.of(thread, "", treatments(thread)) != null) {
        return true;
      }
    }
    return false;
  }
}
