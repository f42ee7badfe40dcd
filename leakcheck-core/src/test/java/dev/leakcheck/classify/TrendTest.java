package dev.leakcheck.classify;

import static dev.leakcheck.classify.CohortsTest.population;
import static dev.leakcheck.classify.CohortsTest.virtual;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.model.CohortTrend.Verdict;
import dev.leakcheck.model.Population;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class TrendTest {

  private static final int ROUNDS = 12;

  private final Trend trend = new Trend(ROUNDS, 1_000);

  /** Threads with ids from 1 on. */
  private static Population of(String name, int count) {
    return of(name, 1, count);
  }

  private static Population of(String name, long firstId, int count) {
    List<ThreadRecord> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(virtual(firstId + i, name));
    }
    return population(threads.toArray(new ThreadRecord[0]));
  }

  private Trend.Round last(int rounds, IntUnaryOperator count) {
    Trend.Round last = null;
    for (int i = 0; i < rounds; i++) {
      last = trend.add(of("worker", count.applyAsInt(i)));
    }
    return java.util.Objects.requireNonNull(last);
  }

  private static CohortTrend only(Trend.Round round) {
    assertThat(round.trends()).hasSize(1);
    return round.trends().get(0);
  }

  @Test
  void oneMoreEachRoundGrows() {
    CohortTrend worker = only(last(ROUNDS + 1, i -> 3 + i));

    assertThat(worker.verdict()).isEqualTo(Verdict.GROWING);
    assertThat(worker.from()).isEqualTo(3);
    assertThat(worker.first()).isEqualTo(3);
    assertThat(worker.growth()).isEqualTo(ROUNDS);
    assertThat(worker.rounds()).isEqualTo(ROUNDS);
  }

  @Test
  void growthAddsUpFromWhereItBegan() {
    CohortTrend worker = only(last(5 * ROUNDS, i -> 3 + i));

    assertThat(worker.from()).isEqualTo(3);
    assertThat(worker.growth()).isEqualTo(5 * ROUNDS - 1);
    assertThat(worker.rounds()).isEqualTo(5 * ROUNDS - 1);
  }

  @Test
  void nothingIsToldTooEarly() {
    assertThat(only(last(ROUNDS, i -> 3 + i)).verdict()).isEqualTo(Verdict.MOVING);
  }

  @Test
  void aNoisyLeakGrows() {
    int[] noise = {4, 0, 7, 2, 5, 1, 3, 6, 0, 7, 4, 2, 5};
    assertThat(only(last(ROUNDS + 1, i -> 10 * i + noise[i])).verdict()).isEqualTo(Verdict.GROWING);
  }

  @Test
  void whatWasNotThereBeforeGrowsFromNothing() {
    trend.add(population());
    assertThat(only(last(ROUNDS, i -> 1 + i)).growth()).isEqualTo(ROUNDS);
  }

  @Test
  void aPoolThatFillsUpStopsGrowing() {
    Trend.Round full = last(4 * ROUNDS, i -> Math.min(8, i));

    assertThat(only(full).verdict()).isEqualTo(Verdict.UNCHANGED);
  }

  @Test
  void upAndDownIsNotGrowth() {
    for (int most : new int[] {2, 3, 5, 10, 30}) {
      Random random = new Random(42);
      for (int i = 0; i < 3_000; i++) {
        CohortTrend worker = only(trend.add(of("worker", 1 + random.nextInt(most))));
        assertThat(worker.verdict()).as(most + ", " + i).isNotEqualTo(Verdict.GROWING);
      }
    }
  }

  @Test
  void aSlowLeakUnderAVaryingLoadIsFound() {
    Random random = new Random(42);
    boolean found = false;
    for (int i = 0; i < 2_000; i++) {
      found |=
          only(trend.add(of("worker", 1 + random.nextInt(30) + i / 20))).verdict()
              == Verdict.GROWING;
    }
    assertThat(found).isTrue();
  }

  @Test
  void oneMoreInTwentyRoundsIsFound() {
    CohortTrend worker = only(last(20 * (ROUNDS + 4), i -> 5 + i / 20));

    assertThat(worker.verdict()).isEqualTo(Verdict.GROWING);
    assertThat(worker.growth()).isPositive();
    assertThat(worker.rounds()).isGreaterThanOrEqualTo(10 * ROUNDS);
  }

  @Test
  void theSameThreadsForAWhileAreUnchanged() {
    assertThat(only(last(ROUNDS, i -> 4)).verdict()).isEqualTo(Verdict.MOVING);
    Trend.Round next = trend.add(of("worker", 4));

    assertThat(only(next).verdict()).isEqualTo(Verdict.UNCHANGED);
    assertThat(only(next).rounds()).isEqualTo(ROUNDS);
    assertThat(next.changed()).containsExactly(only(next));
    assertThat(trend.add(of("worker", 4)).changed()).isEmpty();
  }

  @Test
  void asManyOtherThreadsAreNotUnchanged() {
    for (int i = 0; i < 3 * ROUNDS; i++) {
      assertThat(only(trend.add(of("worker", 1 + i, 4))).verdict()).isEqualTo(Verdict.MOVING);
    }
  }

  @Test
  void whatComesAndGoesIsSaid() {
    assertThat(trend.add(of("worker", 4)).came()).hasSize(1);
    assertThat(trend.add(of("worker", 4)).came()).isEmpty();
    for (int i = 1; i < ROUNDS; i++) {
      assertThat(trend.add(population()).changed()).isEmpty();
    }
    Trend.Round gone = trend.add(population());

    assertThat(gone.trends()).isEmpty();
    assertThat(gone.changed()).extracting(CohortTrend::verdict).containsExactly(Verdict.GONE);
    assertThat(trend.add(population()).changed()).isEmpty();
    assertThat(trend.add(of("worker", 4)).came()).hasSize(1);
  }

  @Test
  void whatIsAbsentNowAndThenStaysKnown() {
    for (int i = 0; i < 3 * ROUNDS; i++) {
      Trend.Round round = trend.add(i % 2 == 0 ? of("worker", 4) : population());
      assertThat(round.came()).hasSize(i == 0 ? 1 : 0);
      assertThat(round.changed()).isEmpty();
    }
  }

  @Test
  void totalsGrowWhereEachThreadHasANameOfItsOwn() {
    Trend.Round round = null;
    for (int i = 0; i <= ROUNDS; i++) {
      List<ThreadRecord> threads = new ArrayList<>();
      for (int j = 0; j <= i; j++) {
        threads.add(virtual(j + 1, "customer " + (char) ('a' + j)));
      }
      round = trend.add(population(threads.toArray(new ThreadRecord[0])));
    }
    assertThat(round.suspicious(Verdict.GROWING)).isEmpty();
    assertThat(round.virtualGrows()).isTrue();
    assertThat(round.platformGrows()).isFalse();
    assertThat(round.executorsGrow()).isFalse();
  }

  @Test
  void benignCohortsAreNotSuspicious() {
    Trend.Round round = null;
    for (int i = 0; i <= ROUNDS; i++) {
      round = trend.add(of("jvm", 4));
    }
    assertThat(only(round).verdict()).isEqualTo(Verdict.UNCHANGED);
    assertThat(round.suspicious(Verdict.UNCHANGED)).isEmpty();
  }

  @Test
  void noMoreThanTheMostIsKept() {
    Trend small = new Trend(ROUNDS, 10);
    for (int i = 0; i < 200; i++) {
      String name = "a".repeat(1 + i % 70) + (char) ('b' + i % 20);
      Trend.Round round = small.add(of(name, 1));
      assertThat(round.trends()).as("round " + i).hasSizeLessThanOrEqualTo(1);
      if (i > 20) {
        assertThat(round.trends()).as("what is there has room, round " + i).hasSize(1);
      }
    }
  }

  @Test
  void tooFewRoundsTellNothing() {
    assertThatThrownBy(() -> new Trend(3, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rounds is 3: at least 4 are needed");
  }
}
