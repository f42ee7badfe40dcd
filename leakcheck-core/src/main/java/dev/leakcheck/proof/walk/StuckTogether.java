package dev.leakcheck.proof.walk;

import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapFrame;
import dev.leakcheck.proof.hprof.HeapThread;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Of threads that are stuck for good: which of them could wake which, had somebody woken them. That
 * tells a circle, through queues, latches, futures, joins or locks alike, from a thread that
 * everybody forgot.
 *
 * <p>A thread could wake those that its frames lead to. What it waits on itself does not count,
 * since who waits beside it at the same queue could do nothing for it. So what the JDK's frames at
 * the top of its stack hold is not gone through. Not thread-safe.
 */
final class StuckTogether {

  /** More are not looked at: each takes a walk. */
  private static final int MOST = 50;

  private static final int DRAWN = 8;

  private final Heap heap;
  private final Locals locals;
  private final Walk alive;
  private final Map<Integer, Suspect> byNode = new LinkedHashMap<>();

  /** What, if it is reached, could wake a thread: its object, and what it waits for in a wait. */
  private final Map<Integer, Set<Suspect>> woken = new HashMap<>();

  private final Map<Suspect, Set<Suspect>> wakers = new HashMap<>();

  /** What never runs because a thread is stuck. */
  private final Map<Suspect, List<String>> neverRuns = new HashMap<>();

  private final boolean complete;

  /**
   * Of the threads of a dump.
   *
   * @param alive the walk that did not reach the stuck ones
   * @param stuck those that are stuck for good
   */
  StuckTogether(Heap heap, Locals locals, Walk alive, Collection<Suspect> stuck)
      throws IOException {
    this.heap = heap;
    this.locals = locals;
    this.alive = alive;
    this.complete = stuck.size() <= MOST;
    for (Suspect suspect : stuck) {
      byNode.put(suspect.thread.node(), suspect);
      woken.computeIfAbsent(suspect.thread.node(), n -> new LinkedHashSet<>()).add(suspect);
      wakers.put(suspect, new LinkedHashSet<>());
    }
    if (complete) {
      for (Suspect suspect : stuck) {
        if (suspect.stuck == Stuck.WAITS) {
          addMonitor(suspect);
        }
      }
      Walk walk = Walk.like(alive);
      for (Suspect suspect : stuck) {
        walk.clear();
        addWokenBy(suspect, walk);
      }
    }
  }

  /** Who joins a thread is woken by its end; of others anybody who has the monitor may notify. */
  private void addMonitor(Suspect waiting) throws IOException {
    for (int node : held(waiting.thread, true)) {
      Suspect joined = byNode.get(node);
      if (joined != null && joined != waiting) {
        of(waiting).add(joined);
      } else if (!alive.isReached(node)) {
        woken.computeIfAbsent(node, n -> new LinkedHashSet<>()).add(waiting);
      }
    }
  }

  private void addWokenBy(Suspect waker, Walk walk) throws IOException {
    Set<Integer> own = new HashSet<>(held(waker.thread, true));
    OpenStages stages = new OpenStages(heap);
    for (int node : own) {
      if (!alive.isReached(node)) {
        stages.look(node);
      }
    }
    int name = walk.paths().named("");
    for (int node : held(waker.thread, false)) {
      walk.begin(node, Walk.FIRST, name);
    }
    walk.run(
        (node, when, place) -> {
          if (!alive.isReached(node) && !own.contains(node)) {
            stages.look(node);
          }
          for (Suspect each : woken.getOrDefault(node, Set.of())) {
            if (each != waker && !own.contains(node)) {
              of(each).add(waker);
            }
          }
          return !alive.isReached(node) && !own.contains(node) && !byNode.containsKey(node);
        });
    neverRuns.put(waker, stages.lines());
  }

  /** A thread holds the monitor that another wants. */
  void addOwner(Suspect blocked, Suspect owner) {
    if (wakers.containsKey(blocked) && wakers.containsKey(owner)) {
      of(blocked).add(owner);
    }
  }

  private Set<Suspect> of(Suspect stuck) {
    return wakers.computeIfAbsent(stuck, s -> new LinkedHashSet<>());
  }

  /** What a thread holds in the JDK's frames at the top of its stack, or in all the others. */
  private Set<Integer> held(HeapThread thread, boolean waiting) {
    int first = users(thread.stack());
    Set<Integer> held = new LinkedHashSet<>();
    int[] all = locals.of(thread);
    for (int i = 0; i < all.length; i += 2) {
      if (waiting == (all[i + 1] >= 0 && all[i + 1] < first)) {
        held.add(all[i]);
      }
    }
    return held;
  }

  private static int users(List<HeapFrame> stack) {
    int first = 0;
    while (first < stack.size() && Cuts.isJdk(stack.get(first).type())) {
      first++;
    }
    return first;
  }

  /** What there is to say of a thread besides that it is stuck. */
  Proof.Proved describe(Suspect stuck, Set<String> barring) {
    if (!complete) {
      return new Proof.Proved(barring);
    }
    List<String> never = neverRuns.getOrDefault(stuck, List.of());
    List<Suspect> circle = circle(stuck);
    if (!circle.isEmpty()) {
      return new Proof.Proved(
          barring, "it waits in a circle of " + circle.size() + " threads", never, draw(circle));
    }
    Set<Suspect> others = of(stuck);
    if (others.isEmpty()) {
      return new Proof.Proved(
          barring,
          "whoever was to wake it has ended, has let go of what it waits for, or came before it waited",
          never,
          List.of());
    }
    Suspect other = others.iterator().next();
    return new Proof.Proved(
        barring,
        "it could be woken by "
            + other.label
            + (others.size() == 1
                ? " alone, which is stuck itself, "
                : " and " + (others.size() - 1) + " more, which are stuck themselves, ")
            + wait(other),
        never,
        List.of());
  }

  /** The shortest circle: each could be woken by the next, and the last by the first. */
  private List<Suspect> circle(Suspect stuck) {
    Map<Suspect, Suspect> from = new HashMap<>();
    Deque<Suspect> left = new ArrayDeque<>(List.of(stuck));
    while (!left.isEmpty()) {
      Suspect each = left.remove();
      for (Suspect waker : of(each)) {
        if (waker == stuck) {
          List<Suspect> circle = new ArrayList<>();
          for (Suspect at = each; at != null; at = from.get(at)) {
            circle.add(0, at);
          }
          return circle;
        }
        if (!from.containsKey(waker)) {
          from.put(waker, each);
          left.add(waker);
        }
      }
    }
    return List.of();
  }

  private static List<String> draw(List<Suspect> circle) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < Math.min(DRAWN, circle.size()); i++) {
      Suspect each = circle.get(i);
      Suspect next = circle.get((i + 1) % circle.size());
      lines.add(each.label);
      lines.add("  is " + wait(each) + ", which " + next.label + " could end");
      List<HeapFrame> stack = each.thread.stack();
      int users = users(stack);
      if (users < stack.size()) {
        HeapFrame frame = stack.get(users);
        lines.add(
            "    at "
                + frame.type()
                + "."
                + frame.method()
                + (frame.line() > 0 ? ":" + frame.line() : ""));
      }
    }
    if (circle.size() > DRAWN) {
      lines.add("and " + (circle.size() - DRAWN) + " more threads");
    }
    return lines;
  }

  /** Such as {@code waiting in LinkedBlockingQueue.take()}. */
  private static String wait(Suspect suspect) {
    if (suspect.stuck == Stuck.BLOCKED) {
      return "waiting for a monitor";
    }
    List<HeapFrame> stack = suspect.thread.stack();
    HeapFrame frame = stack.get(Math.max(0, Math.min(users(stack), stack.size()) - 1));
    return "waiting in "
        + frame.type().substring(frame.type().lastIndexOf('.') + 1)
        + "."
        + frame.method()
        + "()";
  }
}
