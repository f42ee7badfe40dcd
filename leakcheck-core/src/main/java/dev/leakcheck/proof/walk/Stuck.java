package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import dev.leakcheck.proof.hprof.HeapFrame;
import dev.leakcheck.proof.hprof.HeapThread;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** In what a thread waits, as the dump itself tells: of the same instant as all that is in it. */
enum Stuck {
  /** It moves, may move by itself, or it is not known. */
  NOT,
  /** A class of {@code java.util.concurrent} has parked it. */
  PARKED,
  /** It is in {@code Object.wait}. */
  WAITS,
  /** It wants a monitor. */
  BLOCKED;

  /** Fields are looked for where they are declared: users' subclasses have their own. */
  static final String THREAD = "java.lang.Thread";

  static final String VIRTUAL_THREAD = "java.lang.VirtualThread";

  /** As {@code JavaThreadStatus} of HotSpot's {@code javaThreadStatus.hpp} has them. */
  private static final int STATUS_ALIVE = 0x1;

  private static final int STATUS_IN_OBJECT_WAIT = 0x191;

  private static final int STATUS_PARKED = 0x291;
  private static final int STATUS_BLOCKED = 0x401;

  private static final Set<String> PARKING =
      Set.of("jdk.internal.misc.Unsafe", "java.util.concurrent.locks.LockSupport");

  static Stuck of(Heap heap, HeapThread thread) throws IOException {
    HeapClass type = heap.classOf(thread.node());
    List<HeapFrame> stack = thread.stack();
    if (stack.isEmpty()
        || type.is("jdk.internal.misc.CarrierThread")
        || type.is("java.lang.BaseVirtualThread")
        || Cuts.isOurs(type.name())
        || stack.stream().anyMatch(frame -> frame.type().startsWith("java.lang.ref."))) {
      return NOT;
    }
    return switch (status(heap, thread.node())) {
      case STATUS_PARKED ->
          stack.stream()
                  .filter(frame -> !PARKING.contains(frame.type()))
                  .findFirst()
                  .filter(frame -> frame.type().startsWith("java.util.concurrent."))
                  .isPresent()
              ? PARKED
              : NOT;
      case STATUS_IN_OBJECT_WAIT -> stack.get(0).type().equals("java.lang.Object") ? WAITS : NOT;
      case STATUS_BLOCKED -> BLOCKED;
      default -> NOT;
    };
  }

  /**
   * What a thread was at. One that wants a monitor stands where the dump shows all of it, unless it
   * is compiled, or it is not its own bytecode that wants it; so does a virtual thread without a
   * carrier.
   *
   * @param slept whether the system says that it slept from before the dump until after
   */
  static Opacity.Moment moment(
      Heap heap,
      HeapThread thread,
      @Nullable Compiled compiled,
      JvmMonitors monitors,
      @Nullable Waiter waiter,
      boolean slept)
      throws IOException {
    if (heap.classOf(thread.node()).is(VIRTUAL_THREAD)) {
      return heap.target(thread.node(), VIRTUAL_THREAD, "carrierThread") < 0
          ? Opacity.Moment.CALLS
          : Opacity.Moment.WORKS;
    }
    List<HeapFrame> stack = thread.stack();
    boolean enters =
        !stack.isEmpty()
            && compiled != null
            && status(heap, thread.node()) == STATUS_BLOCKED
            && !stack.get(0).isNative()
            && !compiled.isCompiled(stack.get(0).type(), stack.get(0).method())
            && !monitors.mayWant(stack.get(0), waiter);
    return enters ? Opacity.Moment.CALLS : slept ? Opacity.Moment.SLEPT : Opacity.Moment.WORKS;
  }

  /** Whether a thread was started and has not told yet that it ended. */
  static boolean isAlive(Heap heap, int thread) throws IOException {
    return (status(heap, thread) & STATUS_ALIVE) != 0;
  }

  /** Since Java 19 the field is in an object of its own. */
  private static int status(Heap heap, int thread) throws IOException {
    int holder = heap.target(thread, THREAD, "holder");
    return (int)
        (holder < 0
            ? heap.number(thread, THREAD, "threadStatus", 0)
            : heap.number(holder, THREAD + "$FieldHolder", "threadStatus", 0));
  }
}
