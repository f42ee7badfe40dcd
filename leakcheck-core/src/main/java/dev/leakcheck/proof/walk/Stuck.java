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
   * Whether a thread was in the midst of something that is not native. One that wants a monitor is
   * in none, unless it is compiled; nor is a virtual thread without a carrier.
   */
  static boolean works(Heap heap, HeapThread thread, @Nullable Compiled compiled)
      throws IOException {
    if (heap.classOf(thread.node()).is(VIRTUAL_THREAD)) {
      return heap.target(thread.node(), VIRTUAL_THREAD, "carrierThread") >= 0;
    }
    List<HeapFrame> stack = thread.stack();
    return stack.isEmpty()
        || compiled == null
        || status(heap, thread.node()) != STATUS_BLOCKED
        || compiled.isCompiled(stack.get(0).type(), stack.get(0).method());
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
