package dev.leakcheck.model;

import java.util.Map;
import java.util.TreeMap;

/**
 * A blocking queue as it was at one instant. Its elements are never part of it, only their types.
 *
 * @param type class name of the queue
 * @param identity its identity hash code
 * @param where where it was found, such as {@code field OrderServiceTest.inbox}, or, if no field
 *     holds it, where it was made, such as {@code made at OrderService.java:12}
 * @param size elements it holds
 * @param sizeAtOpen elements it held when the scope opened
 * @param remaining how many more it takes; {@code Integer.MAX_VALUE} if it has no bound
 * @param elementTypes class names of the elements with how often each occurs; of a long queue, of
 *     its first elements only
 */
public record QueueRecord(
    String type,
    int identity,
    String where,
    int size,
    int sizeAtOpen,
    int remaining,
    Map<String, Integer> elementTypes) {

  /** Copies the element types, sorted by name. */
  public QueueRecord {
    elementTypes = java.util.Collections.unmodifiableMap(new TreeMap<>(elementTypes));
  }

  /**
   * The class name without its package.
   *
   * @return the simple name
   */
  public String simpleType() {
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
