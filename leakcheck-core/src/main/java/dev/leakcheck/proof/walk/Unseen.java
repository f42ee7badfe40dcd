package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapFrame;
import dev.leakcheck.proof.hprof.HeapThread;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which threads may hold what a dump does not show. Not thread-safe. */
final class Unseen {

  private final Heap heap;
  private final Question question;
  private final JvmMonitors monitors;

  Unseen(Heap heap, Question question) {
    this.heap = heap;
    this.question = question;
    this.monitors = new JvmMonitors(heap);
  }

  /** Why a thread may hold what is not to be seen, or null if it does not. */
  @Nullable String of(HeapThread thread, String label, List<Frames.Treatment> treatments)
      throws IOException {
    List<HeapFrame> stack = thread.stack();
    long id = heap.number(thread.node(), Stuck.THREAD, "tid", -1);
    if (!Starts.areOfTheJvm(heap.classOf(thread.node()), id, stack)) {
      HeapFrame first = stack.get(stack.size() - 1);
      return "native code has called "
          + name(first)
          + " in live "
          + label
          + ", and what it holds meanwhile is not in the dump";
    }
    List<HeapFrame> seen = Frames.seen(stack, treatments, id == question.checker());
    boolean isFirst = !seen.isEmpty() && seen.get(0) == stack.get(0);
    Opacity.Hiding hiding =
        Opacity.of(seen, question.compiled(), isFirst ? moment(thread, id) : Opacity.Moment.CALLS);
    return hiding == null
        ? null
        : "live " + label + " is in " + name(hiding.frame()) + ", " + hiding.how();
  }

  private Opacity.Moment moment(HeapThread thread, long id) throws IOException {
    Waiter waiter = question.waiters().map(known -> known.get(id)).orElse(null);
    boolean slept = question.slept().contains(id);
    return Stuck.moment(heap, thread, question.compiled(), monitors, waiter, slept);
  }

  private static String name(HeapFrame frame) {
    return frame.type() + "." + frame.method();
  }
}
