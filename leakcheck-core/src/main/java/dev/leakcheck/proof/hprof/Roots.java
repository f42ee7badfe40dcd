package dev.leakcheck.proof.hprof;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Where a walk begins: what the JVM itself holds, and what threads hold. Not thread-safe. */
final class Roots {

  /** What native code and the JVM hold. */
  final Longs globals = new Longs();

  /** Classes that the JVM never unloads. */
  final Longs sticky = new Longs();

  final Longs virtualThreads = new Longs();

  /** The maps in which a {@code ClassValue} keeps what it computed. */
  final Longs classValues = new Longs();

  private final Map<Collected, Longs> collected = new EnumMap<>(Collected.class);

  /** Object, serial number of the thread, and frame, three by three. */
  private final Longs locals = new Longs();

  /** Object, serial number of the thread, and of its stack, three by three. */
  private final Longs threads = new Longs();

  void local(long object, long thread, int frame) {
    add(locals, object, thread, frame);
  }

  void thread(long object, long serial, long stack) {
    add(threads, object, serial, stack);
  }

  private static void add(Longs triples, long a, long b, long c) {
    triples.add(a);
    triples.add(b);
    triples.add(c);
  }

  Longs collected(Collected sort) {
    return collected.computeIfAbsent(sort, s -> new Longs());
  }

  int localCount() {
    return locals.size() / 3;
  }

  long local(int index, int part) {
    return locals.get(3 * index + part);
  }

  int threadCount() {
    return threads.size() / 3;
  }

  long thread(int index, int part) {
    return threads.get(3 * index + part);
  }

  long bytes() {
    long bytes = 0;
    for (Longs each : collected.values()) {
      bytes += each.bytes();
    }
    for (Longs each : List.of(globals, sticky, virtualThreads, classValues, locals, threads)) {
      bytes += each.bytes();
    }
    return bytes;
  }
}
