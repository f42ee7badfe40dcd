package dev.leakcheck.proof.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongTableTest {

  private final Random random = new Random(20261201);
  private final LongTable table = new LongTable();

  @Test
  void everyKeyIsFoundAndNoOther() {
    Map<Long, Long> pairs = new LinkedHashMap<>();
    for (long i = 0; i < 10_000; i++) {
      pairs.put(i % 2 == 0 ? i : random.nextLong(), i);
    }
    pairs.forEach(table::add);
    table.seal();

    pairs.forEach((key, value) -> assertThat(table.get(key, -1)).isEqualTo(value));
    for (long key = 1; key < 10_000; key += 2) {
      assertThat(table.find(key)).isNegative();
    }
  }

  @Test
  void ofTwoPairsWithOneKeyTheFirstIsFound() {
    for (long value = 0; value < 1_000; value++) {
      table.add(value % 10, value);
    }
    table.seal();

    for (long key = 0; key < 10; key++) {
      assertThat(table.get(key, -1)).isEqualTo(key);
    }
  }

  @Test
  void anEmptyOneFindsNothing() {
    table.seal();

    assertThat(table.find(0)).isNegative();
    assertThat(table.get(0, 7)).isEqualTo(7);
  }
}
