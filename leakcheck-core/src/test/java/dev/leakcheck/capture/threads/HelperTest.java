package dev.leakcheck.capture.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelperTest {

  private final Helper helper = Helper.jvm();

  private static Supplier<String> failing(Class<? extends Error> type) {
    return () -> {
      throw error(type);
    };
  }

  private static Error error(Class<? extends Error> type) {
    try {
      return type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class, Error.class})
  void aQuestionThatFailsHasNoAnswerAndTheNextOneHas(Class<? extends Error> type) {
    Object failed = new Object();

    assertThat(helper.<String>ask(failed, failing(type))).isNull();

    assertThat(helper.isWaitingFor(failed)).isFalse();
    assertThat(helper.<String>ask(failed, () -> "answer")).isEqualTo("answer");
  }

  @Test
  void soManyHelpersMayWaitAndNoMore() {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    List<Object> objects = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        Object object = new Object();
        objects.add(object);
        assertThat(
                helper.<String>ask(
                    object,
                    () -> {
                      asked.incrementAndGet();
                      await(end);
                      return "late";
                    }))
            .isNull();
      }

      assertThat(asked.get()).isBetween(1, 8);
    } finally {
      end.countDown();
    }
    objects.forEach(this::awaitAnswered);
    assertThat(helper.<String>ask(new Object(), () -> "answer")).isEqualTo("answer");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitAnswered(Object object) {
    while (helper.isWaitingFor(object)) {
      Thread.onSpinWait();
    }
  }
}
