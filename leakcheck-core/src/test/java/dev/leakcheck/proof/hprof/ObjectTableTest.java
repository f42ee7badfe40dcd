package dev.leakcheck.proof.hprof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.SameOnEveryJdk;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every object is found where it was written, in whichever order a file has them. */
@SameOnEveryJdk
class ObjectTableTest {

  private static final int MANY = 5_000;

  @TempDir private Path directory;

  private final List<Long> places = new ArrayList<>();
  private PagedFile file;
  private final Random random = new Random(20261129);

  /** As a JVM lays objects out: aligned, side by side, with a gap now and then. */
  private List<Long> ids() {
    return ids(MANY);
  }

  private List<Long> ids(int many) {
    List<Long> ids = new ArrayList<>();
    long id = 0x7_1000_0000L;
    for (int i = 0; i < many; i++) {
      id += 8L * (2 + random.nextInt(i % 1000 == 0 ? 200_000 : 6));
      ids.add(id);
    }
    return ids;
  }

  /** The objects in that order, and now and then something else between them. */
  private ObjectTable tableOf(List<Long> ids) throws IOException {
    Path path = directory.resolve("heap.hprof");
    places.clear();
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(path)))) {
      for (int i = 0; i < ids.size(); i++) {
        out.write(new byte[i % 1000 == 0 ? 9 : 0]);
        places.add((long) out.size());
        write(ids.get(i), i, out);
      }
    }
    file = new PagedFile(path);
    return sealed(ids);
  }

  private static void write(long id, int i, DataOutputStream out) throws IOException {
    out.writeByte(
        isFlat(i)
            ? Records.PRIMITIVE_ARRAY_DUMP
            : i % 3 == 1 ? Records.OBJECT_ARRAY_DUMP : Records.INSTANCE_DUMP);
    out.writeLong(id);
    out.writeInt(0);
    int length = i % 7;
    if (isFlat(i)) {
      out.writeInt(length);
      out.writeByte(5); // two bytes each
      out.write(new byte[2 * length]);
    } else if (i % 3 == 1) {
      out.writeInt(length);
      out.writeLong(100);
      out.write(new byte[8 * length]);
    } else {
      out.writeLong(100);
      out.writeInt(length);
      out.write(new byte[length]);
    }
  }

  private ObjectTable sealed(List<Long> ids) throws IOException {
    ObjectTable table = new ObjectTable(file, 8);
    for (int i = 0; i < ids.size(); i++) {
      table.add(ids.get(i), places.get(i), isFlat(i));
    }
    table.seal();
    return table;
  }

  private static boolean isFlat(int i) {
    return i % 3 == 0;
  }

  @AfterEach
  void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  private void assertFindsAll(List<Long> ids, ObjectTable table) throws IOException {
    Set<Integer> nodes = new HashSet<>();
    assertThat(table.size()).isEqualTo(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      int node = table.find(ids.get(i));
      assertThat(table.isFlat()).isEqualTo(isFlat(i));
      assertThat(node).isBetween(0, ids.size() - 1);
      assertThat(nodes.add(node)).isTrue();
      assertThat(table.place(node)).isEqualTo(places.get(i));
      assertThat(table.isFlat()).isEqualTo(isFlat(i));
      assertThat(table.find(ids.get(i) + 1)).isNegative();
    }
    assertThat(table.find(0)).isNegative();
    assertThat(table.find(Long.MAX_VALUE)).isNegative();
    assertThat(table.find(-8)).isNegative();
  }

  @Test
  void whatIsInOrderTakesFewBytes() throws Exception {
    List<Long> ids = ids();
    ObjectTable table = tableOf(ids);

    assertFindsAll(ids, table);
    assertThat(table.bytes() - (1 << 18)).isLessThan(4L * MANY);
  }

  @Test
  void partsThatThreadsWroteOneAfterTheOther() throws Exception {
    List<Long> ids = ids();
    Collections.rotate(ids, MANY / 3);

    assertFindsAll(ids, tableOf(ids));
  }

  @Test
  void partsThatLieInEachOther() throws Exception {
    List<Long> ids = ids();
    List<Long> everyOther = new ArrayList<>();
    List<Long> rest = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      (i % 2 == 0 ? everyOther : rest).add(ids.get(i));
    }
    everyOther.addAll(rest);

    assertFindsAll(everyOther, tableOf(everyOther));
  }

  @Test
  void noOrderAtAll() throws Exception {
    List<Long> ids = ids();
    Collections.shuffle(ids, random);

    assertFindsAll(ids, tableOf(ids));
  }

  /** As ZGC writes them: each at its place in memory, and all in the order they were come by. */
  @Test
  void manyInNoOrderTakeFewBytesToo() throws Exception {
    List<Long> ids = ids(20 * MANY);
    Collections.shuffle(ids, random);
    ObjectTable table = tableOf(ids);

    assertFindsAll(ids, table);
    assertThat(table.bytes()).isLessThan(4L * ids.size());
  }

  @Test
  void thoseInNoOrderThatLieFarApart() throws Exception {
    List<Long> ids = new ArrayList<>();
    ids().forEach(id -> ids.add((id << 20) ^ (id << 61)));
    Collections.shuffle(ids, random);

    assertFindsAll(ids, tableOf(ids));
  }

  /** The first half of the file's places fit into four bytes, the others do not. */
  @Test
  void thoseInNoOrderThatAreWrittenBehindFourGigabytes() throws Exception {
    List<Long> ids = new ArrayList<>(List.of(80L, 160L, 96L, 112L, 104L, 88L));
    Path path = directory.resolve("large.hprof");
    try (SeekableByteChannel out =
        Files.newByteChannel(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      for (int i = 0; i < ids.size(); i++) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(ids.get(i), i, new DataOutputStream(bytes));
        out.position(i < 2 ? out.position() : i * (3L << 30));
        places.add(out.position());
        out.write(ByteBuffer.wrap(bytes.toByteArray()));
      }
    }
    file = new PagedFile(path);

    assertFindsAll(ids, sealed(ids));
  }

  @Test
  void oneIdOfManyObjectsIsRefused() {
    List<Long> ids = new ArrayList<>(Collections.nCopies(2_000, 8L));
    ids.set(0, 24L);
    ids.set(1, 32L);

    assertThatThrownBy(() -> tableOf(ids))
        .isInstanceOf(MalformedHeapException.class)
        .hasMessageContaining("same id");
  }

  @Test
  void idsThatAreNotAligned() throws Exception {
    List<Long> ids = new ArrayList<>();
    ids().forEach(id -> ids.add(id + random.nextInt(8)));

    assertFindsAll(ids, tableOf(ids));
  }

  @Test
  void anEmptyOneFindsNothing() throws Exception {
    assertThat(tableOf(List.of()).find(8)).isNegative();
  }
}
