package dev.leakcheck.proof.hprof;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the fields of a class's instances lie in a dump. Not thread-safe. */
final class InstanceFields {

  private final PagedFile file;
  private final int idSize;
  private final Names names;

  /**
   * One of them.
   *
   * @param offset where its value begins among those of an instance
   * @param type of the value, as in {@link Records}
   * @param slot which of the references it is; negative if it is none
   */
  record Field(long offset, int type, int slot) {}

  InstanceFields(PagedFile file, int idSize, Names names) {
    this.file = file;
    this.idSize = idSize;
    this.names = names;
  }

  /** The field of that name that a class of that name declares; null if there is none. */
  @Nullable Field of(HeapClass instances, String declaring, String wanted) throws IOException {
    long offset = 0;
    int references = 0;
    for (HeapClass type = instances; type != null; type = type.parent()) {
      if (type.name().equals(declaring)) {
        return declared(type, wanted, offset, references);
      }
      offset += type.ownSize;
      references += type.ownReferences.length;
    }
    return null;
  }

  private @Nullable Field declared(HeapClass type, String wanted, long before, int referencesBefore)
      throws IOException {
    long offset = before;
    int references = referencesBefore;
    long at = type.fieldsAt + 2;
    for (int left = file.u2(type.fieldsAt); left > 0; left--, at += idSize + 1) {
      int value = file.u1(at + idSize);
      boolean reference = value == Records.OBJECT;
      if (names.of(id(at)).equals(wanted)) {
        return new Field(offset, value, reference ? references : -1);
      }
      offset += Records.size(value, idSize);
      references += reference ? 1 : 0;
    }
    return null;
  }

  /** The name of the one that is some reference; empty if there is no such. */
  String nameOf(HeapClass instances, int slot) throws IOException {
    int before = 0;
    for (HeapClass type = instances; type != null; type = type.parent()) {
      if (slot < before + type.ownReferences.length) {
        return nameOfDeclared(type, slot - before);
      }
      before += type.ownReferences.length;
    }
    return "";
  }

  private String nameOfDeclared(HeapClass type, int nth) throws IOException {
    int references = 0;
    long at = type.fieldsAt + 2;
    for (int left = file.u2(type.fieldsAt); left > 0; left--, at += idSize + 1) {
      if (file.u1(at + idSize) == Records.OBJECT && references++ == nth) {
        return names.of(id(at));
      }
    }
    return "";
  }

  private long id(long at) throws IOException {
    return idSize == 8 ? file.s8(at) : file.u4(at);
  }
}
