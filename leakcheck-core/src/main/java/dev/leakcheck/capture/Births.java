package dev.leakcheck.capture;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is made while a scope is open, recorded as it is made. The agent's hooks call this class;
 * without an agent nothing does. Thread-safe.
 */
public final class Births {

  private static final Births JVM = new Births();

  private volatile Set<Part> parts = Set.of();
  private volatile List<String> refusals = List.of();
  private volatile Consumer<Boolean> hooks = on -> {};

  private Births() {}

  /** What the agent records, each by a hook of its own. */
  public enum Part {
    /** Platform threads, as they are started. */
    THREADS,
    /** Virtual threads, as they are started. */
    VIRTUAL_THREADS,
    /** Executors, as they are made and as they are told to stop. */
    EXECUTORS,
    /** Blocking queues, as they are made. */
    QUEUES
  }

  /**
   * The records of this JVM.
   *
   * @return the one instance
   */
  public static Births jvm() {
    return JVM;
  }

  /**
   * The agent is in place.
   *
   * @param recorded the parts whose hooks were tried and work
   * @param refused for each part that is not recorded, a sentence for a person
   * @param hookSwitch switches the hooks on (true) and off; they are off at first
   */
  public void connect(Set<Part> recorded, List<String> refused, Consumer<Boolean> hookSwitch) {
    this.refusals = List.copyOf(refused);
    hooks.accept(false);
    this.hooks = hookSwitch;
    this.parts = recorded.isEmpty() ? Set.of() : EnumSet.copyOf(recorded);
  }

  /**
   * Whether the hooks for a part work.
   *
   * @param part the part
   * @return true if they do
   */
  public boolean records(Part part) {
    return parts.contains(part);
  }

  /**
   * What the agent could not hook.
   *
   * @return a sentence for each part, empty if there is no agent or nothing was refused
   */
  public List<String> refusals() {
    return refusals;
  }

  /**
   * A hook: a thread is about to be started by the current thread.
   *
   * @param thread the thread
   * @param container what the JDK starts it in, such as a thread-per-task executor, or null
   */
  public void starting(Thread thread, @Nullable Object container) {}

  /**
   * A hook: an executor or a queue is being made by the current thread. Its constructor may not
   * have finished.
   *
   * @param object an {@code AbstractExecutorService}, {@code ThreadPerTaskExecutor} or {@code
   *     AbstractQueue}
   */
  public void made(Object object) {}

  /**
   * A hook: somebody tells an executor to stop.
   *
   * @param executor the executor
   */
  public void stopping(Object executor) {}
}
