package dev.leakcheck.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thread as it was at one instant.
 *
 * @param id the thread's id, never reused within a JVM
 * @param name the thread's name as it was set: may be empty, long or hold control characters; print
 *     {@link #label()} instead
 * @param virtual whether it is a virtual thread
 * @param daemon whether it lets the JVM exit; virtual threads always do
 * @param state its state; for virtual threads on JDK 21 to 24 derived from the stack
 * @param type class name of the {@code Thread} object
 * @param group name of its thread group, empty if it has none or that is not known
 * @param stack innermost frame first; empty if the thread had not begun, had ended or was running
 *     native code only
 * @param blocker what it waits for, or null if it waits for nothing or that is not known
 * @param executor {@link ExecutorRecord#id()} of the executor it works for, or null if it works for
 *     none or that is not known
 */
public record ThreadRecord(
    long id,
    String name,
    boolean virtual,
    boolean daemon,
    Thread.State state,
    String type,
    String group,
    List<StackTraceElement> stack,
    @Nullable Blocker blocker,
    @Nullable String executor) {

  /** Class name of a plain thread. */
  public static final String PLAIN_TYPE = "java.lang.Thread";

  /** Copies the stack. */
  public ThreadRecord {
    stack = List.copyOf(stack);
  }

  /**
   * The name as it is shown to a person.
   *
   * @return the name, escaped and cut
   */
  public String label() {
    return Printable.name(name);
  }

  /**
   * Whether the thread waits without a time limit, so that only something else can wake it.
   *
   * @return true if it is waiting or blocked without a time limit
   */
  public boolean waitsForEver() {
    return state == Thread.State.WAITING || state == Thread.State.BLOCKED;
  }

  /**
   * The same thread, known to work for an executor.
   *
   * @param id the executor's id, or null
   * @return a copy
   */
  public ThreadRecord inExecutor(@Nullable String id) {
    return new ThreadRecord(this.id, name, virtual, daemon, state, type, group, stack, blocker, id);
  }

  /**
   * The same thread, known to wait for an object.
   *
   * @param object the object, or null
   * @return a copy
   */
  public ThreadRecord blockedOn(@Nullable Blocker object) {
    return new ThreadRecord(id, name, virtual, daemon, state, type, group, stack, object, executor);
  }

  /**
   * The same thread, now that it has ended.
   *
   * @return a copy without a stack
   */
  public ThreadRecord ended() {
    return new ThreadRecord(
        id, name, virtual, daemon, Thread.State.TERMINATED, type, group, List.of(), null, executor);
  }

  /**
   * The same thread with an equal stack, so that threads at one place share one.
   *
   * @param equal the stack
   * @return a copy
   */
  public ThreadRecord withStack(List<StackTraceElement> equal) {
    return new ThreadRecord(
        id, name, virtual, daemon, state, type, group, equal, blocker, executor);
  }
}
