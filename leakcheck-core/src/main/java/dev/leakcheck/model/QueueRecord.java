package dev.leakcheck.model;

import java.util.Map;
import java.util.Set;
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
 * @param knownTo ids of threads that wait on some queue and run code of an object that leads to
 *     this one
 */
public record QueueRecord(
    String type,
    int identity,
    String where,
    int size,
    int sizeAtOpen,
    int remaining,
    Map<String, Integer> elementTypes,
    Set<Long> knownTo) {

  /** Copies the element types, sorted by name, and the ids. */
  public QueueRecord {
    elementTypes = java.util.Collections.unmodifiableMap(new TreeMap<>(elementTypes));
    knownTo = Set.copyOf(knownTo);
  }

  /**
   * One that is known to no thread.
   *
   * @param type class name of the queue
   * @param identity its identity hash code
   * @param where where it was found, or made
   * @param size elements it holds
   * @param sizeAtOpen elements it held when the scope opened
   * @param remaining how many more it takes
   * @param elementTypes class names of the elements with how often each occurs
   */
  public QueueRecord(
      String type,
      int identity,
      String where,
      int size,
      int sizeAtOpen,
      int remaining,
      Map<String, Integer> elementTypes) {
    this(type, identity, where, size, sizeAtOpen, remaining, elementTypes, Set.of());
  }

  /**
   * The same queue, known to threads.
   *
   * @param threads their ids
   * @return a copy
   */
  public QueueRecord knownTo(Set<Long> threads) {
    return new QueueRecord(
        type, identity, where, size, sizeAtOpen, remaining, elementTypes, threads);
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
