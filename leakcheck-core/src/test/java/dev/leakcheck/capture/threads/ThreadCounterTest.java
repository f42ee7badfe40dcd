package dev.leakcheck.capture.threads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import dev.leakcheck.Planted;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ThreadCounterTest {

  @AutoClose private final Planted planted = new Planted();
  private final ThreadCounter counter = new ThreadCounter();

  /** A reading at a time when nobody else creates threads, as the JVM itself may. */
  private Reading quiet() {
    Reading before;
    Reading after = counter.read();
    do {
      before = after;
      after = counter.read();
    } while (!before.sameAs(after));
    return after;
  }

  @Test
  void itsOwnProbesAreNotCounted() {
    Reading first = quiet();
    Reading last = first;
    for (int i = 0; i < 100; i++) {
      last = counter.read();
    }

    assertThat(last.created()).isEqualTo(first.created());
    assertThat(last.started()).isEqualTo(first.started());
    assertThat(last.sameAs(first)).isTrue();
  }

  @Test
  void startedThreadIsCountedTwice() {
    Reading before = quiet();
    Planted.awaitEnd(planted.thread("counted", () -> {}));
    Reading after = counter.read();

    assertThat(after.created() - before.created()).isEqualTo(1);
    assertThat(after.started() - before.started()).isEqualTo(1);
    assertThat(before.sameAs(after)).isFalse();
    assertThat(before.mayHaveVirtualSince(after)).isFalse();
  }

  @Test
  void unstartedThreadIsCountedAsCreated() {
    Reading before = quiet();
    Thread unstarted = new Thread(() -> {});
    Reading after = counter.read();

    assertThat(LiveThreads.id(unstarted)).isBetween(before.lastId() + 1, after.lastId());
    assertThat(before.sameAs(after)).isFalse();
    assertThat(before.mayHaveVirtualSince(after)).isTrue();
  }

  @Test
  void virtualThreadIsToldFromAPlatformThread() {
    Jdk21.assume();
    Planted.awaitEnd(planted.virtual("warm up the scheduler", () -> {}));
    Reading before = quiet();
    Planted.awaitEnd(planted.virtual("counted", () -> {}));
    Reading after = counter.read();

    assertThat(before.sameAs(after)).isFalse();
    assertThat(before.mayHaveVirtualSince(after)).isTrue();
  }

  @Test
  void everyLaterThreadHasAGreaterId() {
    Reading reading = counter.read();

    assertThat(LiveThreads.id(new Thread(() -> {}))).isGreaterThan(reading.lastId());
  }

  /** As before Java 19 whoever creates a thread. */
  @Test
  void theLockOfAllThreadsIsNotWaitedFor() {
    CountDownLatch holds = new CountDownLatch(1);
    CountDownLatch isRead = new CountDownLatch(1);
    Thread reader =
        planted.thread(
            "reads",
            () -> {
              holds.await();
              counter.read();
            });
    planted.start(
        new Thread(
            () -> {
              synchronized (Thread.class) {
                holds.countDown();
                try {
                  isRead.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }
            },
            "holds"),
        holds);

    try {
      Planted.awaitEnd(reader);
    } finally {
      isRead.countDown();
    }
  }

  @Test
  void probeRunsNoInheritedThreadLocalOfTheUsers() {
    InheritableThreadLocal<String> hostile =
        new InheritableThreadLocal<>() {
          @Override
          protected String childValue(String parent) {
            throw new AssertionError("childValue was called");
          }
        };
    hostile.set("set");
    try {
      assertThat(counter.read()).isNotNull();
    } finally {
      hostile.remove();
    }
  }
}
