package dev.leakcheck.capture.threads;

import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import org.jspecify.annotations.Nullable;

/** Receives what a thread dump lists, in the dump's order. */
public interface DumpVisitor {

  /**
   * An executor or another container of threads.
   *
   * @param name the container's name; {@code <root>} holds the threads of none
   * @param owner id of the thread that owns it, or null
   */
  void container(String name, @Nullable Long owner);

  /**
   * Whether a thread's stack is wanted. A stack that is not is skipped, not read.
   *
   * @param id the thread's id
   * @return true to be given the thread
   */
  boolean wants(long id);

  /**
   * A thread's id, for every thread, wanted or not.
   *
   * @param id the id
   * @param container name of the container that it is in
   */
  void member(long id, String container);

  /**
   * A wanted thread.
   *
   * @param thread the thread; {@code virtual} and {@code state} as far as the dump tells
   */
  void thread(ThreadRecord thread);

  /**
   * A monitor that a wanted thread owns, or an ownable synchronizer; called after {@link #thread}.
   *
   * @param id the thread's id
   * @param monitor the monitor
   * @param depth which frame of the stack took it; 0 is the innermost; negative if not known
   */
  default void owns(long id, Blocker monitor, int depth) {}

  /**
   * A carrier with the virtual thread that is mounted on it.
   *
   * @param carrier id of the carrier
   * @param virtual id of the virtual thread
   */
  default void carries(long carrier, long virtual) {}

  /**
   * What the dump says of the JVM and of itself, before its threads.
   *
   * @param key such as {@code processId}, {@code time} or {@code runtimeVersion}
   * @param value the value as it is written
   */
  default void about(String key, String value) {}
}
