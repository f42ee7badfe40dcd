package dev.leakcheck.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An interrupt ends every wait, as soon as the thread has a processor. */
class StillnessTest {

  @Test
  void threadThatHasNotTakenNoticeOfAnInterruptDoesNotStandStill() {
    Thread current = Thread.currentThread();
    current.interrupt();
    try {
      assertThat(Stillness.isWoken(current, Thread.State.WAITING)).isTrue();
      assertThat(Stillness.isWoken(current, Thread.State.BLOCKED)).isFalse();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(Stillness.isWoken(current, Thread.State.WAITING)).isFalse();
  }

  @Test
  void classThatAnswersForItselfIsNotAsked() {
    Thread liar =
        new Thread() {
          @Override
          public boolean isInterrupted() {
            throw new AssertionError("asked");
          }
        };

    assertThat(Stillness.isWoken(liar, Thread.State.WAITING)).isFalse();
  }
}
