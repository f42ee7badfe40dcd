package dev.leakcheck.proof.hprof;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a heap dump holds, as numbered nodes: objects that may lead somewhere, and then the classes.
 * Arrays of plain values are none. What a node leads to is read from the file each time, so that
 * memory holds 16 bytes an object. Not thread-safe.
 */
public final class Heap implements Closeable {

  private static final int FLAT = -1;

  private final PagedFile file;
  private final int idSize;
  private final LongTable strings;
  private final LongTable serials;
  private final LongTable frames;
  private final LongTable traces;
  private final LongTable objects;
  private final List<HeapClass> classes;
  private final LongTable classIndex = new LongTable();
  private final Roots roots;

  /** Is told what a node leads to. */
  @FunctionalInterface
  public interface References {
    /**
     * One reference.
     *
     * @param target the node that it leads to
     * @param slot tells it from others of the same node; negative for what a class is made of
     */
    void to(int target, int slot) throws IOException;
  }

  /**
   * A thread that the dump lists.
   *
   * @param node its {@code Thread} object
   * @param serial its number in the dump
   * @param stack its frames, the innermost first; empty if it has none
   */
  public record HeapThread(int node, long serial, List<HeapFrame> stack) {}

  /**
   * A frame.
   *
   * @param type the class's name
   * @param method the method's name
   * @param line line number, or a negative number
   * @param declared the class, or null if the dump does not have it
   */
  public record HeapFrame(String type, String method, int line, @Nullable HeapClass declared) {

    /** Whether it is in native code. */
    public boolean isNative() {
      return line == -3;
    }
  }

  Heap(
      PagedFile file,
      int idSize,
      LongTable strings,
      LongTable serials,
      LongTable frames,
      LongTable traces,
      LongTable objects,
      List<HeapClass> classes,
      Roots roots) {
    this.file = file;
    this.idSize = idSize;
    this.strings = strings;
    this.serials = serials;
    this.frames = frames;
    this.traces = traces;
    this.objects = objects;
    this.classes = classes;
    this.roots = roots;
    for (int i = 0; i < classes.size(); i++) {
      classIndex.add(classes.get(i).id, i);
    }
    classIndex.seal();
  }

  /** How many nodes there are. */
  public int nodes() {
    return objects.size() + classes.size();
  }

  /** The classes, in the order of their nodes, which are the last ones. */
  public List<HeapClass> classes() {
    return classes;
  }

  /** The node of a class, by its place in {@link #classes()}. */
  public int nodeOfClass(int place) {
    return objects.size() + place;
  }

  /** The class that a node is, or null if it is an object. */
  public @Nullable HeapClass asClass(int node) {
    return node < objects.size() ? null : classes.get(node - objects.size());
  }

  /** The class of an object. */
  public HeapClass classOf(int node) throws IOException {
    long at = objects.value(node);
    boolean array = file.u1(at) == Records.OBJECT_ARRAY_DUMP;
    return classById(id(at + 1 + idSize + (array ? 8 : 4)));
  }

  /** Its place among {@link #classes()}. */
  public int classPlace(int node) throws IOException {
    long at = objects.value(node);
    boolean array = file.u1(at) == Records.OBJECT_ARRAY_DUMP;
    int place = classIndex.find(id(at + 1 + idSize + (array ? 8 : 4)));
    if (place < 0) {
      throw lacksClass();
    }
    return (int) classIndex.value(place);
  }

  private HeapClass classById(long id) throws IOException {
    int place = classIndex.find(id);
    if (place < 0) {
      throw lacksClass();
    }
    return classes.get((int) classIndex.value(place));
  }

  private static MalformedHeapException lacksClass() {
    return new MalformedHeapException("the heap dump has an object whose class it lacks");
  }

  private int node(long id) {
    if (id == 0) {
      return FLAT;
    }
    int place = objects.find(id);
    if (place >= 0) {
      return place;
    }
    int type = classIndex.find(id);
    return type < 0 ? FLAT : objects.size() + (int) classIndex.value(type);
  }

  /** Tells what a node leads to. */
  public void references(int node, References told) throws IOException {
    HeapClass asClass = asClass(node);
    if (asClass != null) {
      classReferences(asClass, told);
      return;
    }
    long at = objects.value(node);
    if (file.u1(at) == Records.OBJECT_ARRAY_DUMP) {
      long length = file.u4(at + 5 + idSize);
      long from = at + 9 + 2L * idSize;
      tell(id(at + 9 + idSize), -1, told);
      for (long i = 0; i < length; i++) {
        tell(id(from + i * idSize), (int) i, told);
      }
      return;
    }
    HeapClass type = classById(id(at + 5 + idSize));
    long from = fields(at, type);
    tell(type.id, -1, told);
    int[] references = type.references();
    for (int i = 0; i < references.length; i++) {
      tell(id(from + references[i]), i, told);
    }
  }

  /** Where the values of an instance begin. */
  private long fields(long at, HeapClass type) throws IOException {
    if (file.u4(at + 5 + 2L * idSize) != type.size()) {
      throw new MalformedHeapException("the heap dump has an object that its class does not fit");
    }
    return at + 9 + 2L * idSize;
  }

  private void classReferences(HeapClass type, References told) throws IOException {
    long at = type.at + idSize + 4;
    for (int i = 0; i < 4; i++, at += idSize) { // parent, loader, signers, protection domain
      tell(id(at), -1, told);
    }
    at = staticsAt(type);
    int n = file.u2(at);
    at += 2;
    for (int i = 0; i < n; i++) {
      int value = file.u1(at + idSize);
      at += idSize + 1;
      if (value == Records.OBJECT) {
        tell(id(at), i, told);
      }
      at += Records.size(value, idSize);
    }
  }

  private long staticsAt(HeapClass type) throws IOException {
    long at = type.at + 7L * idSize + 8;
    int n = file.u2(at);
    at += 2;
    for (int i = 0; i < n; i++) {
      at += 3 + Records.size(file.u1(at + 2), idSize);
    }
    return at;
  }

  private void tell(long id, int slot, References told) throws IOException {
    int target = node(id);
    if (target != FLAT) {
      told.to(target, slot);
    }
  }

  /** The name of what leads from a node to another: a field's, an index in brackets, or empty. */
  public String label(int node, int slot) throws IOException {
    if (slot < 0) {
      return "";
    }
    HeapClass asClass = asClass(node);
    if (asClass != null) {
      long at = staticsAt(asClass) + 2;
      for (int i = 0; i < slot; i++) {
        at += idSize + 1 + Records.size(file.u1(at + idSize), idSize);
      }
      return name(id(at));
    }
    if (file.u1(objects.value(node)) == Records.OBJECT_ARRAY_DUMP) {
      return "[" + slot + "]";
    }
    Field found = field(classOf(node), null, slot);
    return found == null ? "" : found.name;
  }

  private record Field(String name, long offset, int type) {}

  /** A field by its name, or the one that holds the n-th reference. */
  private @Nullable Field field(HeapClass of, @Nullable String wanted, int nth) throws IOException {
    long offset = 0;
    int references = 0;
    for (HeapClass type = of; type != null; type = type.parent()) {
      long at = type.fieldsAt;
      int n = file.u2(at);
      at += 2;
      for (int i = 0; i < n; i++, at += idSize + 1) {
        int value = file.u1(at + idSize);
        boolean nthReference = value == Records.OBJECT && references++ == nth;
        if (wanted == null ? nthReference : name(id(at)).equals(wanted)) {
          return new Field(name(id(at)), offset, value);
        }
        offset += Records.size(value, idSize);
      }
    }
    return null;
  }

  /** The number in a field of an object; a default if there is no such field. */
  public long number(int node, String field, long otherwise) throws IOException {
    HeapClass type = classOf(node);
    Field found = field(type, field, -1);
    if (found == null) {
      return otherwise;
    }
    long at = fields(objects.value(node), type) + found.offset;
    return switch (Records.size(found.type, idSize)) {
      case 1 -> file.u1(at);
      case 2 -> file.u2(at);
      case 4 -> file.s4(at);
      default -> file.s8(at);
    };
  }

  /** The node that a field of an object leads to; negative if there is none. */
  public int target(int node, String field) throws IOException {
    HeapClass type = classOf(node);
    Field found = field(type, field, -1);
    return found == null || found.type != Records.OBJECT
        ? FLAT
        : node(id(fields(objects.value(node), type) + found.offset));
  }

  /** The nodes that the JVM itself holds. */
  public List<Integer> globals() {
    List<Integer> nodes = new ArrayList<>();
    for (int i = 0; i < roots.globalCount(); i++) {
      int node = node(roots.global(i));
      if (node != FLAT) {
        nodes.add(node);
      }
    }
    return nodes;
  }

  /** What a thread's frame holds. */
  @FunctionalInterface
  public interface Locals {
    /**
     * One variable.
     *
     * @param thread the thread's number in the dump
     * @param frame which of its frames, 0 for the innermost; negative if that is not told
     * @param node what it holds
     */
    void local(long thread, int frame, int node);
  }

  /** Tells what the frames of all threads hold. */
  public void locals(Locals told) {
    for (int i = 0; i < roots.localCount(); i++) {
      int node = node(roots.local(i, 0));
      if (node != FLAT) {
        told.local(roots.local(i, 1), (int) roots.local(i, 2), node);
      }
    }
  }

  /** The threads that run, as the dump lists them. */
  public List<HeapThread> threads() throws IOException {
    List<HeapThread> threads = new ArrayList<>();
    for (int i = 0; i < roots.threadCount(); i++) {
      int node = node(roots.thread(i, 0));
      if (node != FLAT && asClass(node) == null) {
        threads.add(new HeapThread(node, roots.thread(i, 1), stack(roots.thread(i, 2))));
      }
    }
    return threads;
  }

  /** The virtual threads, whatever their state. */
  public List<Integer> virtualThreads() {
    List<Integer> nodes = new ArrayList<>();
    for (long object : roots.virtualThreads()) {
      nodes.add(node(object));
    }
    return nodes;
  }

  /** The maps that hang on classes, and hold what a {@code ClassValue} gives. */
  public List<Integer> classValues() {
    List<Integer> nodes = new ArrayList<>();
    for (long object : roots.classValues()) {
      nodes.add(node(object));
    }
    return nodes;
  }

  private List<HeapFrame> stack(long serial) throws IOException {
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
      int type = classIndex.find(serials.get(file.u4(frame + 3L * idSize), 0));
      HeapClass declared = type < 0 ? null : classes.get((int) classIndex.value(type));
      stack.add(
          new HeapFrame(
              declared == null ? "?" : declared.name(),
              name(id(frame)),
              file.s4(frame + 3L * idSize + 4),
              declared));
    }
    return stack;
  }

  private String name(long string) throws IOException {
    long at = strings.get(string, -1);
    return at < 0 ? "?" : text(file, at, idSize, 4096);
  }

  /** A name, of which the record's length lies at a place. */
  static String text(PagedFile file, long at, int idSize, int longest) throws IOException {
    long length = Math.min(longest, file.u4(at) - idSize);
    return length <= 0
        ? ""
        : new String(file.bytes(at + 4 + idSize, (int) length), StandardCharsets.UTF_8);
  }

  private long id(long at) throws IOException {
    return idSize == 8 ? file.s8(at) : file.u4(at);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
