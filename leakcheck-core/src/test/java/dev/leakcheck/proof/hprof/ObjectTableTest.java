package dev.leakcheck.proof.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.SameOnEveryJdk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every object is found where it was written, in whichever order a file has them. */
@SameOnEveryJdk
class ObjectTableTest {

  private static final int MANY = 5_000;

  private final Random random = new Random(20261129);

  /** As a JVM lays objects out: aligned, side by side, with a gap now and then. */
  private List<Long> ids() {
    List<Long> ids = new ArrayList<>();
    long id = 0x7_1000_0000L;
    for (int i = 0; i < MANY; i++) {
      id += 8L * (2 + random.nextInt(i % 100 == 0 ? 200_000 : 12));
      ids.add(id);
    }
    return ids;
  }

  private static ObjectTable tableOf(List<Long> ids) {
    ObjectTable table = new ObjectTable();
    for (int i = 0; i < ids.size(); i++) {
      table.add(ids.get(i), place(i), i % 3 == 0);
    }
    table.seal();
    return table;
  }

  private static long place(int i) {
    return 1000 + 53L * i;
  }

  private static void assertFindsAll(List<Long> ids, ObjectTable table) {
    List<Long> inOrder = new ArrayList<>(ids);
    Collections.sort(inOrder);
    assertThat(table.size()).isEqualTo(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      int node = table.find(ids.get(i));
      assertThat(table.isFlat()).isEqualTo(i % 3 == 0);
      assertThat(inOrder.get(node)).isEqualTo(ids.get(i));
      assertThat(table.place(node)).isEqualTo(place(i));
      assertThat(table.isFlat()).isEqualTo(i % 3 == 0);
      assertThat(table.find(ids.get(i) + 1)).isNegative();
    }
    assertThat(table.find(0)).isNegative();
    assertThat(table.find(Long.MAX_VALUE)).isNegative();
    assertThat(table.find(-8)).isNegative();
  }

  @Test
  void whatIsInOrderTakesFewBytes() {
    List<Long> ids = ids();
    ObjectTable table = tableOf(ids);

    assertFindsAll(ids, table);
    assertThat(table.bytes() - (1 << 18)).isLessThan(4L * MANY);
  }

  @Test
  void partsThatThreadsWroteOneAfterTheOther() {
    List<Long> ids = ids();
    Collections.rotate(ids, MANY / 3);

    assertFindsAll(ids, tableOf(ids));
  }

  @Test
  void partsThatLieInEachOther() {
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
  void noOrderAtAll() {
    List<Long> ids = ids();
    Collections.shuffle(ids, random);

    assertFindsAll(ids, tableOf(ids));
  }

  @Test
  void idsThatAreNotAligned() {
    List<Long> ids = new ArrayList<>();
    ids().forEach(id -> ids.add(id + random.nextInt(8)));

    assertFindsAll(ids, tableOf(ids));
  }

  @Test
  void anEmptyOneFindsNothing() {
    assertThat(tableOf(List.of()).find(8)).isNegative();
  }
}
