package dev.leakcheck.proof.hprof;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a heap dump holds, as numbered nodes: objects, and then the classes. Arrays of plain values
 * are nodes that lead nowhere, and are told of only where their size counts. What a node leads to
 * is read from the file each time, so that memory holds {@linkplain ObjectTable a few bytes an
 * object}. Not thread-safe.
 */
public final class Heap implements Closeable {

  private static final int FLAT = -1;

  private final PagedFile file;
  private final int idSize;
  private final Names names;
  private final Stacks stacks;
  private final ObjectTable objects;
  private final List<HeapClass> classes;
  private final LongTable classIndex = new LongTable();
  private final Roots roots;
  private final InstanceFields fields;

  private long lastClass;
  private int lastPlace;

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

  Heap(
      PagedFile file,
      int idSize,
      Names names,
      Stacks stacks,
      ObjectTable objects,
      List<HeapClass> classes,
      Roots roots) {
    this.file = file;
    this.idSize = idSize;
    this.names = names;
    this.stacks = stacks;
    this.objects = objects;
    this.classes = classes;
    this.roots = roots;
    this.fields = new InstanceFields(file, idSize, names);
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

  /** Whether it is an array of plain values. */
  public boolean isFlat(int node) throws IOException {
    if (node >= objects.size()) {
      return false;
    }
    objects.place(node);
    return objects.isFlat();
  }

  /** The class of an object that is not flat. */
  public HeapClass classOf(int node) throws IOException {
    int place = classPlace(node);
    if (place < 0) {
      throw new MalformedHeapException("the heap dump has an array where an object has to be");
    }
    return classes.get(place);
  }

  /** The place of an object's class among {@link #classes()}; negative for one that is flat. */
  public int classPlace(int node) throws IOException {
    long at = objects.place(node);
    if (objects.isFlat()) {
      return FLAT;
    }
    boolean array = file.u1(at) == Records.OBJECT_ARRAY_DUMP;
    return placeOfClass(id(at + 1 + idSize + (array ? 8 : 4)));
  }

  private int placeOfClass(long id) throws IOException {
    if (id == lastClass) {
      return lastPlace;
    }
    int place = classIndex.find(id);
    if (place < 0) {
      throw new MalformedHeapException("the heap dump has an object whose class it lacks");
    }
    lastClass = id;
    lastPlace = (int) classIndex.value(place);
    return lastPlace;
  }

  private @Nullable HeapClass knownClass(long id) {
    int place = classIndex.find(id);
    return place < 0 ? null : classes.get((int) classIndex.value(place));
  }

  private int node(long id) {
    int place = anyNode(id);
    return place >= 0 && place < objects.size() && objects.isFlat() ? FLAT : place;
  }

  private int anyNode(long id) {
    int place = id == 0 ? FLAT : objects.find(id);
    if (place >= 0 || id == 0) {
      return place;
    }
    int type = classIndex.find(id);
    return type < 0 ? FLAT : objects.size() + (int) classIndex.value(type);
  }

  /** Tells what a node leads to, but for arrays of plain values. */
  public void references(int node, References told) throws IOException {
    references(node, false, told);
  }

  /** Tells what a node leads to, arrays of plain values too. */
  public void allReferences(int node, References told) throws IOException {
    references(node, true, told);
  }

  private void references(int node, boolean all, References told) throws IOException {
    HeapClass asClass = asClass(node);
    if (asClass != null) {
      classReferences(asClass, all, told);
      return;
    }
    long at = objects.place(node);
    if (objects.isFlat()) {
      return;
    }
    if (file.u1(at) == Records.OBJECT_ARRAY_DUMP) {
      long length = file.u4(at + 5 + idSize);
      long from = at + 9 + 2L * idSize;
      told.to(nodeOfClass(placeOfClass(id(at + 9 + idSize))), -1);
      for (long i = 0; i < length; i++) {
        tell(id(from + i * idSize), (int) i, all, told);
      }
      return;
    }
    int place = placeOfClass(id(at + 5 + idSize));
    HeapClass type = classes.get(place);
    long from = values(at, type);
    told.to(nodeOfClass(place), -1);
    int[] references = type.references();
    for (int i = 0; i < references.length; i++) {
      tell(id(from + references[i]), i, all, told);
    }
  }

  /** The loader of a class; negative if the JVM itself loaded it. */
  public int loader(HeapClass type) throws IOException {
    return node(id(type.at + 4 + 2L * idSize));
  }

  /** Where the values of an instance begin. */
  private long values(long at, HeapClass type) throws IOException {
    if (file.u4(at + 5 + 2L * idSize) != type.size()) {
      throw new MalformedHeapException("the heap dump has an object that its class does not fit");
    }
    return at + 9 + 2L * idSize;
  }

  private void classReferences(HeapClass type, boolean all, References told) throws IOException {
    long at = type.at + idSize + 4;
    for (int i = 0; i < 4; i++, at += idSize) { // parent, loader, signers, protection domain
      tell(id(at), -1, all, told);
    }
    at = staticsAt(type);
    int n = file.u2(at);
    at += 2;
    for (int i = 0; i < n; i++) {
      int value = file.u1(at + idSize);
      at += idSize + 1;
      if (value == Records.OBJECT) {
        tell(id(at), i, all, told);
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

  private void tell(long id, int slot, boolean all, References told) throws IOException {
    int target = all ? anyNode(id) : node(id);
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
      return names.of(id(at));
    }
    if (file.u1(objects.place(node)) == Records.OBJECT_ARRAY_DUMP) {
      return "[" + slot + "]";
    }
    return fields.nameOf(classOf(node), slot);
  }

  /**
   * Which of the references of a class's instances a field is.
   *
   * @param declaring the name of the class that declares it: others may have one of its name
   * @return its slot; negative if there is no such field
   */
  public int slot(HeapClass type, String declaring, String field) throws IOException {
    InstanceFields.Field found = fields.of(type, declaring, field);
    return found == null ? FLAT : found.slot();
  }

  /** The number in a field of an object; a default if there is no such field. */
  public long number(int node, String declaring, String field, long otherwise) throws IOException {
    HeapClass type = classOf(node);
    InstanceFields.Field found = fields.of(type, declaring, field);
    if (found == null) {
      return otherwise;
    }
    long at = values(objects.place(node), type) + found.offset();
    return switch (Records.size(found.type(), idSize)) {
      case 1 -> file.u1(at);
      case 2 -> file.u2(at);
      case 4 -> file.s4(at);
      default -> file.s8(at);
    };
  }

  /** What a field of an object leads to, be it flat; negative if there is nothing. */
  public int target(int node, String declaring, String field) throws IOException {
    HeapClass type = classOf(node);
    InstanceFields.Field found = fields.of(type, declaring, field);
    return found == null || found.slot() < 0
        ? FLAT
        : anyNode(id(values(objects.place(node), type) + found.offset()));
  }

  /** What native code and the JVM itself hold. */
  public List<Integer> globals() {
    return nodes(roots.globals);
  }

  /** The classes that are never unloaded. */
  public List<Integer> sticky() {
    return nodes(roots.sticky);
  }

  /** The virtual threads, whatever their state. */
  public List<Integer> virtualThreads() {
    return nodes(roots.virtualThreads);
  }

  /** The maps that hang on classes, and hold what a {@code ClassValue} gives. */
  public List<Integer> classValues() {
    return nodes(roots.classValues);
  }

  /** All objects of some sort. */
  public List<Integer> all(Collected sort) {
    return nodes(roots.collected(sort));
  }

  private List<Integer> nodes(Longs ids) {
    List<Integer> nodes = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      int node = anyNode(ids.get(i));
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
      int node = anyNode(roots.local(i, 0));
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
        threads.add(
            new HeapThread(
                node, roots.thread(i, 1), stacks.of(roots.thread(i, 2), this::knownClass)));
      }
    }
    return threads;
  }

  /** The bytes of the file. */
  PagedFile file() {
    return file;
  }

  /** Where an object is written. */
  long place(int node) throws IOException {
    return objects.place(node);
  }

  int idSize() {
    return idSize;
  }

  private long id(long at) throws IOException {
    return idSize == 8 ? file.s8(at) : file.u4(at);
  }

  /** What is kept of it in memory, in bytes. */
  public long indexBytes() {
    return objects.bytes() + names.bytes() + stacks.bytes() + roots.bytes();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
