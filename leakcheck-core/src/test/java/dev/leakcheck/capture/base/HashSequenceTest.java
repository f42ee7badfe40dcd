package dev.leakcheck.capture.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** HotSpot draws identity hash codes from a sequence of each thread. */
class HashSequenceTest {

  @Test
  void tellsWhichHashCodesWereDrawnBetweenTwoPlaces() {
    Object before = new Object();
    int drawnBefore = System.identityHashCode(before);
    HashSequence from = HashSequence.here();
    int first = System.identityHashCode(new Object());
    int second = System.identityHashCode(new Object());
    HashSequence to = HashSequence.here();
    int after = System.identityHashCode(new Object());

    int count = from.drawnUntil(to);

    assertThat(count).isEqualTo(2);
    assertThat(from.drew(first, count)).isTrue();
    assertThat(from.drew(second, count)).isTrue();
    assertThat(from.drew(drawnBefore, count)).isFalse();
    assertThat(from.drew(after, count)).isFalse();
  }

  @Test
  void tellsThatNothingWasDrawn() {
    Object known = new Object();
    System.identityHashCode(known);
    HashSequence from = HashSequence.here();
    System.identityHashCode(known);

    assertThat(from.drawnUntil(HashSequence.here())).isZero();
  }

  @Test
  void toldByWhatWasDrawnAPoolIsOneOfThem() {
    HashSequence from = HashSequence.here();
    ExecutorService pool =
        new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    HashSequence to = HashSequence.here();
    try {
      if (Jdk.HAS_CONTAINERS) {
        assertThat(from.drew(System.identityHashCode(pool), from.drawnUntil(to))).isTrue();
      } else {
        assertThat(from.drawnUntil(to)).isZero();
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void anotherThreadHasAnotherSequence() throws Exception {
    HashSequence from = HashSequence.here();
    FutureTask<HashSequence> other = new FutureTask<>(HashSequence::here);
    Thread thread = new Thread(other);
    thread.start();
    thread.join();

    assertThat(from.drawnUntil(other.get())).isNegative();
  }

  @Test
  void numbersOfNoSuchSequenceHaveNoPlace() {
    int[] counted = new int[HashSequence.PROBES];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = i + 1;
    }

    assertThat(HashSequence.solve(counted)).isNull();
  }
}
