package dev.leakcheck.proof.hprof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What is read of values: how much room they take, and the names of threads. */
public final class Values {

  private static final String STRING = "java.lang.String";
  private static final int CHAR = 5;
  private static final int BYTE = 8;
  private static final int LONGEST = 1_000;

  private Values() {}

  /**
   * What an object takes in the heap, about: the dump does not say it.
   *
   * @param reference what a reference takes, in bytes
   * @return the bytes; 0 for a class
   */
  public static long bytes(Heap heap, int node, int reference) throws IOException {
    if (heap.asClass(node) != null) {
      return 0;
    }
    PagedFile file = heap.file();
    long at = heap.place(node);
    int idSize = heap.idSize();
    long header = 8L + reference;
    long bytes =
        switch (file.u1(at)) {
          case Records.PRIMITIVE_ARRAY_DUMP ->
              header
                  + 4
                  + file.u4(at + 5 + idSize) * Records.size(file.u1(at + 9 + idSize), idSize);
          case Records.OBJECT_ARRAY_DUMP -> header + 4 + file.u4(at + 5 + idSize) * reference;
          default -> {
            HeapClass type = heap.classOf(node);
            yield header + type.size() - type.references().length * (long) (idSize - reference);
          }
        };
    return (bytes + 7) & -8;
  }

  /**
   * The name of a thread.
   *
   * @param thread its {@code Thread} object
   * @return the name, its first characters if it is long; null if the dump does not tell it
   */
  public static @Nullable String threadName(Heap heap, int thread) throws IOException {
    int string = heap.target(thread, "java.lang.Thread", "name");
    if (string < 0 || heap.isFlat(string) || heap.asClass(string) != null) {
      return null;
    }
    int value = heap.target(string, STRING, "value");
    if (value < 0 || !heap.isFlat(value)) {
      return null;
    }
    PagedFile file = heap.file();
    long at = heap.place(value) + 5 + heap.idSize();
    int type = file.u1(at + 4);
    boolean wide = type == CHAR || heap.number(string, STRING, "coder", 0) != 0;
    if (type != CHAR && type != BYTE) {
      return null;
    }
    long length = file.u4(at) * (type == CHAR ? 2 : 1);
    byte[] bytes = file.bytes(at + 5, (int) Math.min(length, LONGEST));
    return new String(
        bytes,
        type == CHAR
            ? StandardCharsets.UTF_16BE
            : wide ? StandardCharsets.UTF_16LE : StandardCharsets.ISO_8859_1);
  }
}
