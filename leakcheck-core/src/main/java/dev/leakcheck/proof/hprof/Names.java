package dev.leakcheck.proof.hprof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The names of a dump, by their ids. Not thread-safe. */
final class Names {

  private static final int LONGEST = 4096;

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
    return length <= 0
        ? ""
        : new String(file.bytes(place + 4 + idSize, (int) length), StandardCharsets.UTF_8);
  }
}
