package dev.leakcheck.proof.walk;

import dev.leakcheck.model.Printable;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.Values;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known besides the dump.
 *
 * @param waiters threads that were in the same wait before and after it, by their ids; empty if it
 *     is not known of any, as of a file
 * @param slept ids of threads of which the system says that they slept from before the dump until
 *     after it; empty if that is not told
 * @param compiled what had been compiled, or null if that is not known
 * @param checker id of the thread that asks, or a negative number
 * @param marked class and field of a static array of objects that a test framework holds and nobody
 *     else uses any more; empty if there is none
 * @param wanted ids of the threads that are asked about; empty for all
 * @param names what threads are called, by their ids; of others the dump tells it
 */
public record Question(
    Optional<Map<Long, Waiter>> waiters,
    Set<Long> slept,
    @Nullable Compiled compiled,
    long checker,
    String marked,
    Set<Long> wanted,
    Map<Long, String> names) {

  /** How a thread is called in a text. */
  String label(Heap heap, int thread) throws IOException {
    long id = heap.number(thread, Stuck.THREAD, "tid", -1);
    return label(
        heap, thread, id, names.containsKey(id) ? names.get(id) : Values.threadName(heap, thread));
  }

  /** The same by the name that the dump tells. */
  static String labelInDump(Heap heap, int thread) throws IOException {
    long id = heap.number(thread, Stuck.THREAD, "tid", -1);
    return label(heap, thread, id, Values.threadName(heap, thread));
  }

  private static String label(Heap heap, int thread, long id, @Nullable String name)
      throws IOException {
    return (heap.classOf(thread).is("java.lang.VirtualThread") ? "virtual " : "")
        + (name == null || name.isEmpty()
            ? "thread #" + id
            : "thread \"" + Printable.name(name) + "\"");
  }
}
