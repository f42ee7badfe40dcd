package dev.leakcheck.proof.hprof;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The stacks of a dump, by their serial numbers. Not thread-safe. */
final class Stacks {

  private final PagedFile file;
  private final int idSize;
  private final Names names;
  private final LongTable classes = new LongTable();
  private final LongTable frames = new LongTable();
  private final LongTable traces = new LongTable();

  Stacks(PagedFile file, int idSize, Names names) {
    this.file = file;
    this.idSize = idSize;
    this.names = names;
  }

  /** Adds a class that was loaded, which frames name by its serial number. */
  void loaded(long serial, long type) {
    classes.add(serial, type);
  }

  /** Adds a frame whose record lies at a place. */
  void frame(long id, long place) {
    frames.add(id, place);
  }

  /** Adds a stack whose record lies at a place. */
  void trace(long serial, long place) {
    traces.add(serial, place);
  }

  void seal() {
    classes.seal();
    frames.seal();
    traces.seal();
  }

  long bytes() {
    return classes.bytes() + frames.bytes() + traces.bytes();
  }

  /** The frames of a stack, the innermost first. */
  List<HeapFrame> of(long serial, LongFunction<@Nullable HeapClass> classById) throws IOException {
    long at = traces.get(serial, -1);
    if (at < 0) {
      return List.of();
    }
    List<HeapFrame> stack = new ArrayList<>();
    long count = file.u4(at + 4);
    for (long i = 0; i < count; i++) {
      long frame = frames.get(id(at + 8 + i * idSize), -1);
      if (frame < 0) {
        throw new MalformedHeapException("the heap dump lacks a frame of a stack");
      }
      HeapClass declared = classById.apply(classes.get(file.u4(frame + 3L * idSize), 0));
      stack.add(
          new HeapFrame(
              declared == null ? "?" : declared.name(),
              names.of(id(frame)),
              file.s4(frame + 3L * idSize + 4),
              declared));
    }
    return stack;
  }

  private long id(long at) throws IOException {
    return idSize == 8 ? file.s8(at) : file.u4(at);
  }
}
