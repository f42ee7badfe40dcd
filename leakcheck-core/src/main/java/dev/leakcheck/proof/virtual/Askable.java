package dev.leakcheck.proof.virtual;

import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import org.jspecify.annotations.Nullable;

/**
 * Which virtual threads the collector can be asked about: those that are off their carriers and
 * parked, without a time limit, by {@code java.util.concurrent}, and that nothing but the registry
 * enumerates. Thread-safe.
 */
final class Askable {

  private static final String VIRTUAL_THREAD = "java.lang.VirtualThread";
  private static final JdkField STATE = JdkField.of(VIRTUAL_THREAD, "state");
  private static final JdkField PARKED = JdkField.of(VIRTUAL_THREAD, "PARKED");
  private static final JdkField PINNED = JdkField.of(VIRTUAL_THREAD, "PINNED");

  private Askable() {}

  /**
   * Why the collector cannot be asked about a thread.
   *
   * @return what follows "because", or null if it can be
   */
  static @Nullable String whyNot(Thread thread) {
    ThreadRecord record = VirtualThreads.describe(thread);
    if (record == null) {
      return "it has ended meanwhile";
    }
    Wait wait = Wait.of(record);
    if (record.executor() != null) {
      return "an executor or a task scope holds it, and whoever has that can interrupt it";
    }
    if (isIn(record, "java.lang.ref.ReferenceQueue", "")) {
      return "it waits in a ReferenceQueue, where the collector wakes it";
    }
    if (isIn(record, "java.lang.Object", "wait")) {
      return "it waits in Object.wait, where the JVM itself holds it";
    }
    if (wait.kind() == Wait.Kind.MONITOR) {
      return "it waits for a monitor, where the JVM itself holds it";
    }
    if (wait.timed() || isIn(record, VIRTUAL_THREAD, "parkNanos")) {
      return "its wait has a time limit";
    }
    if (!record.waitsForEver()) {
      return "it runs";
    }
    if (STATE.read(thread) instanceof Integer state && state.equals(PINNED.readStatic())) {
      return "it is pinned to its carrier, which the JVM itself holds";
    }
    if (wait.kind() == Wait.Kind.IO) {
      return "it waits for input or output";
    }
    if (!isParkedByJdk(record)) {
      return "its own code parks it, and such a wait may end by itself";
    }
    return STATE.read(thread) instanceof Integer state && state.equals(PARKED.readStatic())
        ? null
        : "this JDK does not tell whether it is parked";
  }

  private static boolean isIn(ThreadRecord thread, String type, String method) {
    return thread.stack().stream()
        .takeWhile(frame -> frame.getClassName().startsWith("java."))
        .anyMatch(
            frame -> frame.getClassName().equals(type) && frame.getMethodName().startsWith(method));
  }

  /** Of those who call {@code park}, {@code java.util.concurrent} looks again when it returns. */
  private static boolean isParkedByJdk(ThreadRecord thread) {
    return thread.stack().stream()
        .map(StackTraceElement::getClassName)
        .dropWhile(
            type ->
                type.startsWith("java.lang.")
                    || type.startsWith("jdk.internal.")
                    || type.equals("java.util.concurrent.locks.LockSupport"))
        .findFirst()
        .filter(type -> type.startsWith("java.util.concurrent."))
        .isPresent();
  }
}
