package dev.leakcheck.proof.hprof;

import java.util.Arrays;

/** Where a walk begins: what the JVM itself holds, and what threads hold. Not thread-safe. */
final class Roots {

  private long[] globals = new long[64];
  private int globalCount;

  /** Object, serial number of the thread, and frame, three by three. */
  private long[] locals = new long[192];

  private int localCount;

  /** Object, serial number of the thread, and of its stack, three by three. */
  private long[] threads = new long[48];

  private int threadCount;
  private long[] virtualThreads = new long[16];
  private int virtualCount;
  private long[] classValues = new long[16];
  private int classValueCount;

  void global(long object) {
    if (globalCount == globals.length) {
      globals = Arrays.copyOf(globals, 2 * globalCount);
    }
    globals[globalCount++] = object;
  }

  void local(long object, long thread, int frame) {
    locals = room(locals, localCount);
    put(locals, localCount++, object, thread, frame);
  }

  void classValues(long object) {
    if (classValueCount == classValues.length) {
      classValues = Arrays.copyOf(classValues, 2 * classValueCount);
    }
    classValues[classValueCount++] = object;
  }

  long[] classValues() {
    return Arrays.copyOf(classValues, classValueCount);
  }

  void virtualThread(long object) {
    if (virtualCount == virtualThreads.length) {
      virtualThreads = Arrays.copyOf(virtualThreads, 2 * virtualCount);
    }
    virtualThreads[virtualCount++] = object;
  }

  long[] virtualThreads() {
    return Arrays.copyOf(virtualThreads, virtualCount);
  }

  void thread(long object, long serial, long stack) {
    threads = room(threads, threadCount);
    put(threads, threadCount++, object, serial, stack);
  }

  private static long[] room(long[] triples, int count) {
    return 3 * count == triples.length ? Arrays.copyOf(triples, 2 * triples.length) : triples;
  }

  private static void put(long[] triples, int index, long a, long b, long c) {
    triples[3 * index] = a;
    triples[3 * index + 1] = b;
    triples[3 * index + 2] = c;
  }

  int globalCount() {
    return globalCount;
  }

  long global(int index) {
    return globals[index];
  }

  int localCount() {
    return localCount;
  }

  long local(int index, int part) {
    return locals[3 * index + part];
  }

  int threadCount() {
    return threadCount;
  }

  long thread(int index, int part) {
    return threads[3 * index + part];
  }

  long bytes() {
    return 8L
        * (globals.length
            + locals.length
            + threads.length
            + virtualThreads.length
            + classValues.length);
  }
}
