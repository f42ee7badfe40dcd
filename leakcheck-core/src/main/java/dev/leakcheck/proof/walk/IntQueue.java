package dev.leakcheck.proof.walk;

import java.util.Arrays;

/** Nodes that are to be looked at, first come, first served. Not thread-safe. */
final class IntQueue {

  private int[] ring = new int[1024];
  private int first;
  private int size;

  void add(int node) {
    if (size == ring.length) {
      int[] larger = Arrays.copyOf(ring, 2 * size);
      System.arraycopy(ring, 0, larger, size, first);
      ring = larger;
    }
    ring[(first + size++) & (ring.length - 1)] = node;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int take() {
    int node = ring[first];
    first = (first + 1) & (ring.length - 1);
    size--;
    return node;
  }
}
