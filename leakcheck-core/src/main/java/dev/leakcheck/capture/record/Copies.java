package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.base.WeakKey;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Which executors are copies of others, field by field, as a spy is: no constructor made them. A
 * copy has the very object in a field that each constructor makes for its executor alone. What uses
 * or stops the copy does so for the one that was made, which hardly anybody refers to any more.
 *
 * <p>Thread-safe. Takes no lock that others may hold, and holds weakly what it knows.
 */
final class Copies {

  /** Of each class a final field with an object of the executor's own. */
  private static final List<JdkField> PARTS =
      List.of(
          JdkField.of("java.util.concurrent.ThreadPoolExecutor", "ctl"),
          JdkField.of("java.util.concurrent.ForkJoinPool", "container"),
          JdkField.of("java.util.concurrent.ForkJoinPool", "registrationLock"), // before 19
          JdkField.of("java.util.concurrent.ThreadPerTaskExecutor", "threads"));

  private final Map<WeakKey, WeakReference<ExecutorBirth>> made = new ConcurrentHashMap<>();
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

  /** An executor was made, not copied. */
  void made(ExecutorService executor, ExecutorBirth birth) {
    Object part = part(executor);
    if (part != null) {
      for (Reference<?> key = collected.poll(); key != null; key = collected.poll()) {
        made.remove(key);
      }
      WeakKey key = new WeakKey(part, collected);
      made.put(key, new WeakReference<>(birth));
      birth.shares(key);
    }
  }

  /** The birth of what an executor was copied from, or null if it is no copy of a known one. */
  @Nullable ExecutorBirth original(Object copy) {
    if (!(copy instanceof ExecutorService executor) || made.isEmpty()) {
      return null;
    }
    Object part = part(executor);
    WeakReference<ExecutorBirth> known = part == null ? null : made.get(new WeakKey(part));
    ExecutorBirth birth = known == null ? null : known.get();
    if (birth != null && !birth.refersTo(executor)) {
      birth.copiedAs(executor);
    }
    return birth;
  }

  private static @Nullable Object part(ExecutorService executor) {
    for (JdkField field : PARTS) {
      Object part = field.read(executor);
      if (part != null) {
        return part;
      }
    }
    return null;
  }
}
