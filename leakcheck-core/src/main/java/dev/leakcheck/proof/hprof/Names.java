package dev.leakcheck.proof.hprof;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.charset.StandardCharsets;

/** The names of a dump, by their ids. Not thread-safe. */
final class Names {

  /** More bytes than a class file can give a name. */
  private static final int LONGEST = 0xffff;

  private final PagedFile file;
  private final int idSize;
  private final LongTable places = new LongTable();

  Names(PagedFile file, int idSize) {
    this.file = file;
    this.idSize = idSize;
  }

  /** Adds one, of which the record's length lies at a place. */
  void add(long id, long place) {
    places.add(id, place);
  }

  void seal() {
    places.seal();
  }

  long bytes() {
    return places.bytes();
  }

  String of(long id) throws IOException {
    long at = places.get(id, -1);
    return at < 0 ? "?" : at(at);
  }

  /** The one of which the record's length lies at a place. */
  String at(long place) throws IOException {
    long length = Math.min(LONGEST, file.u4(place) - idSize);
    if (length <= 0) {
      return "";
    }
    byte[] bytes = file.bytes(place + 4 + idSize, (int) length);
    if (isAscii(bytes)) {
      return new String(bytes, StandardCharsets.US_ASCII);
    }
    byte[] text = new byte[(int) length + 2]; // as readUTF wants it: the length first
    text[0] = (byte) (length >> 8);
    text[1] = (byte) length;
    System.arraycopy(bytes, 0, text, 2, (int) length);
    try (DataInputStream name = new DataInputStream(new ByteArrayInputStream(text))) {
      return name.readUTF(); // of a name a dump has the bytes that its class file has
    } catch (UTFDataFormatException e) {
      throw new MalformedHeapException("the heap dump has a name that is no text");
    }
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte each : bytes) {
      if (each < 0) {
        return false;
      }
    }
    return true;
  }
}
