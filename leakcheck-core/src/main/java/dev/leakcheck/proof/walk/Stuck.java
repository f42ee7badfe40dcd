package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import dev.leakcheck.proof.hprof.HeapFrame;
import dev.leakcheck.proof.hprof.HeapThread;
import java.io.IOException;
import java.util.List;
import java.util.Set;

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

  /** Since Java 19 the field is in an object of its own. */
  private static int status(Heap heap, int thread) throws IOException {
    int holder = heap.target(thread, "holder");
    return (int) heap.number(holder < 0 ? thread : holder, "threadStatus", 0);
  }
}
