package dev.leakcheck.proof.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapReader;
import dev.leakcheck.proof.hprof.HeapWriter;
import dev.leakcheck.proof.hprof.MalformedHeapException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dumps of some GB, which are holes for the most part: they take no room on the disk. */
@SameOnEveryJdk
class LargeHeapTest {

  private static final int SEGMENT = 0x1c;
  private static final int HEAD_OF_RECORD = 9;
  private static final int PRIMITIVE_ARRAY = 0x23;
  private static final int OF_BYTES = 8;
  private static final int HEAD_OF_ARRAY = 18;

  /** As an int it is negative. */
  private static final long OVER_2_GB = 0x9000_0000L;

  /** The longest there is: a record's length takes four bytes. */
  private static final long NEARLY_4_GB = 0xffff_ffffL - HEAD_OF_ARRAY;

  @TempDir private Path directory;

  private Path write(byte[] dump, long... arrays) throws IOException {
    int at = secondSegment(dump);
    Path file = directory.resolve("heap.hprof");
    try (SeekableByteChannel out =
        Files.newByteChannel(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      out.write(ByteBuffer.wrap(dump, 0, at));
      for (int i = 0; i < arrays.length; i++) {
        out.write(segmentOf(400 + i, arrays[i]));
        out.position(out.position() + arrays[i]);
      }
      out.write(ByteBuffer.wrap(dump, at, dump.length - at));
    }
    return file;
  }

  /** The head of a segment with an array of bytes and nothing else. */
  private static ByteBuffer segmentOf(int id, long length) {
    return ByteBuffer.allocate(HEAD_OF_RECORD + HEAD_OF_ARRAY)
        .put((byte) SEGMENT)
        .putInt(0)
        .putInt((int) (HEAD_OF_ARRAY + length))
        .put((byte) PRIMITIVE_ARRAY)
        .putLong(id)
        .putInt(0)
        .putInt((int) length)
        .put((byte) OF_BYTES)
        .flip();
  }

  /** The first one has the classes. */
  private static int secondSegment(byte[] dump) {
    ByteBuffer bytes = ByteBuffer.wrap(dump);
    int at = "JAVA PROFILE 1.0.2".length() + 1 + 4 + 8;
    int seen = 0;
    while (dump[at] != SEGMENT || seen++ == 0) {
      at += HEAD_OF_RECORD + bytes.getInt(at + 5);
    }
    return at;
  }

  private static List<Liveness.Answer> answers(Path file) throws IOException {
    try (Heap heap = HeapReader.read(file, 1 << 20, read -> {})) {
      return Liveness.of(
          heap,
          new Question(Optional.empty(), Set.of(), Compiled.read(""), -1, "", Set.of(), Map.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatLiesBehindFourGigabytesIsReadAsElsewhere(boolean holds) throws IOException {
    Path file = write(new HeapWriter(8).dump(holds), OVER_2_GB, NEARLY_4_GB, OVER_2_GB);

    assertThat(Files.size(file)).isGreaterThan(8L << 30);
    assertThat(answers(file))
        .singleElement()
        .extracting(Liveness.Answer::proof)
        .isInstanceOf(holds ? Proof.Reachable.class : Proof.Proved.class);
  }

  @Test
  void oneThatIsCutShortInSuchASegmentIsRefused() throws IOException {
    Path file = write(new HeapWriter(8).dump(false), NEARLY_4_GB);
    try (SeekableByteChannel out = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      out.truncate(OVER_2_GB);
    }

    assertThatThrownBy(() -> answers(file))
        .isInstanceOf(MalformedHeapException.class)
        .hasMessageContaining("cut short");
  }
}
