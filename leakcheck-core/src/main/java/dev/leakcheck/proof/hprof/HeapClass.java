package dev.leakcheck.proof.hprof;

import org.jspecify.annotations.Nullable;

/** A class as a dump describes it. Not thread-safe. */
public final class HeapClass {

  final long id;
  final long superId;

  /** Where its record begins, behind the tag. */
  final long at;

  /** Where the instance fields that it declares are told. */
  final long fieldsAt;

  /** Bytes of the fields that it declares itself. */
  final int ownSize;

  /** Where the references lie among them. */
  final int[] ownReferences;

  private final String name;
  private final boolean hidden;
  private int @Nullable [] references;
  private @Nullable HeapClass parent;

  HeapClass(
      long id,
      long superId,
      long at,
      long fieldsAt,
      int ownSize,
      int[] ownReferences,
      String name,
      boolean hidden) {
    this.id = id;
    this.superId = superId;
    this.at = at;
    this.fieldsAt = fieldsAt;
    this.ownSize = ownSize;
    this.ownReferences = ownReferences;
    this.name = name;
    this.hidden = hidden;
  }

  /** As {@code Class.getName()} has it, but for what makes hidden classes differ. */
  public String name() {
    return name;
  }

  /** Whether it was made at run time, to be found by no name. */
  public boolean isHidden() {
    return hidden;
  }

  /** The class that it extends, or null. */
  public @Nullable HeapClass parent() {
    return parent;
  }

  void parent(HeapClass extended) {
    parent = extended;
  }

  /** Whether it is a class of that name or extends one. */
  public boolean is(String className) {
    for (HeapClass type = this; type != null; type = type.parent) {
      if (type.name.equals(className)) {
        return true;
      }
    }
    return false;
  }

  /** Bytes of all fields of an instance. */
  int size() {
    int size = 0;
    for (HeapClass type = this; type != null; type = type.parent) {
      size += type.ownSize;
    }
    return size;
  }

  /** Where references lie in an instance: fields of the class itself come first. */
  int[] references() {
    int[] all = references;
    if (all == null) {
      int count = 0;
      for (HeapClass type = this; type != null; type = type.parent) {
        count += type.ownReferences.length;
      }
      all = new int[count];
      int next = 0;
      int base = 0;
      for (HeapClass type = this; type != null; type = type.parent) {
        for (int offset : type.ownReferences) {
          all[next++] = base + offset;
        }
        base += type.ownSize;
      }
      references = all;
    }
    return all;
  }
}
