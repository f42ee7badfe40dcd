package dev.leakcheck.capture.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Planted;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LoopsTest {

  @AutoClose private final Planted planted = new Planted();

  /** It runs for a quarter of the time, so that one look alone would see that soon. */
  @RepeatedTest(20)
  void whatIsBetweenTwoWaitsIsSeenWaiting() {
    LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
    Thread loop =
        planted.thread(
            "polls",
            () -> {
              while (queue.poll(30, TimeUnit.MILLISECONDS) == null) {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10);
                while (System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
              }
            });

    assertThat(kinds(loop)).containsExactly(Wait.Kind.QUEUE);
  }

  @Test
  void whatNeverWaitsIsSeenRunning() {
    assertThat(kinds(busy())).containsExactly(Wait.Kind.RUNNING);
  }

  /** Others that run do not change what is said of those that wait. */
  @Test
  void eachIsDescribedOnceAndInTheirOrder() {
    Thread first = planted.thread("first", new LinkedBlockingQueue<>()::take);
    Planted.awaitWaitingIn(first, LinkedBlockingQueue.class);
    Thread busy = busy();

    assertThat(Loops.describe(List.of(first, busy)))
        .extracting(ThreadRecord::name)
        .containsExactly("first", "busy");
  }

  private Thread busy() {
    return planted.thread(
        "busy",
        () -> {
          while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
          }
        });
  }

  private static List<Wait.Kind> kinds(Thread thread) {
    return Loops.describe(List.of(thread)).stream().map(Wait::of).map(Wait::kind).toList();
  }
}
