package dev.leakcheck.hang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.Planted;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadCounter;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.engine.scope.Key;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.wiring.ThisJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WatchdogTest {

  private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONG = TimeUnit.HOURS.toNanos(1);

  private final ThreadCounter counter = new ThreadCounter();
  private final Watchdog watchdog = new Watchdog(counter, SHORT);

  private static void awaitIdle(Watchdog watchdog) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (watchdog.isRunning()) {
      assertThat(System.nanoTime()).as("the thread does not end").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void alarmsGoOffInTheOrderOfTheirTimes() {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch last = new CountDownLatch(1);
    watchdog.after(
        Duration.ofNanos(10 * SHORT),
        () -> {
          order.add("late");
          last.countDown();
        });
    watchdog.after(Duration.ofNanos(SHORT), () -> order.add("early"));

    Planted.await(last);
    assertThat(order).containsExactly("early", "late");
  }

  @Test
  void alarmThatIsCalledOffDoesNothingAndTheThreadEnds() {
    AtomicReference<String> rang = new AtomicReference<>("no");
    CountDownLatch other = new CountDownLatch(1);
    watchdog.callOff(watchdog.after(Duration.ofNanos(2 * SHORT), () -> rang.set("yes")));
    watchdog.after(Duration.ofNanos(4 * SHORT), other::countDown);

    Planted.await(other);
    awaitIdle(watchdog);
    assertThat(rang).hasValue("no");
  }

  @Test
  void alarmAfterTheThreadHasEndedStartsAnother() {
    for (int i = 0; i < 3; i++) {
      CountDownLatch rang = new CountDownLatch(1);
      watchdog.after(Duration.ofNanos(0), rang::countDown);
      Planted.await(rang);
      awaitIdle(watchdog);
    }
  }

  @Test
  void alarmThatFailsTakesNoOtherAlong() {
    CountDownLatch rang = new CountDownLatch(1);
    watchdog.after(
        Duration.ofNanos(0),
        () -> {
          throw new IllegalStateException("on purpose");
        });
    watchdog.after(Duration.ofNanos(SHORT), rang::countDown);

    Planted.await(rang);
  }

  @Test
  void soonerAlarmWakesASleepingThread() {
    Watchdog.Alarm far = watchdog.after(Duration.ofNanos(LONG), () -> {});
    CountDownLatch rang = new CountDownLatch(1);
    watchdog.after(Duration.ofNanos(SHORT), rang::countDown);

    Planted.await(rang);
    watchdog.callOff(far);
  }

  @Test
  void itsThreadIsNobodys() {
    ThreadCounter.Reading before;
    ThreadCounter.Reading after;
    AtomicReference<Thread> thread = new AtomicReference<>();
    int tries = 0;
    do { // the JVM itself may start a thread meanwhile
      before = counter.read();
      CountDownLatch rang = new CountDownLatch(1);
      watchdog.after(
          Duration.ofNanos(0),
          () -> {
            thread.set(Thread.currentThread());
            rang.countDown();
          });
      Planted.await(rang);
      after = counter.read();
      awaitIdle(watchdog);
    } while (!before.sameAs(after) && ++tries < 20);

    assertThat(before.sameAs(after)).isTrue();
    assertThat(thread.get().isDaemon()).isTrue();
    assertThat(KnownThreads.matchWithoutStack(LiveThreads.withoutStack(thread.get())))
        .map(KnownThread::id)
        .contains("LEAKCHECK");
  }

  @Test
  void whatIsFarAwayKeepsNobodyFromBeingDone() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    Watchdog.Alarm never = watchdog.after(Duration.ofSeconds(Long.MAX_VALUE), () -> {});
    Watchdog.Alarm hardlyEver = watchdog.after(Duration.ofNanos(Long.MAX_VALUE), () -> {});

    watchdog.after(Duration.ofNanos(SHORT), done::countDown);

    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    watchdog.callOff(never);
    watchdog.callOff(hardlyEver);
  }

  /** Refuses to start the first threads it is asked for. */
  private static ThreadCounter refusing(int times) {
    AtomicInteger left = new AtomicInteger(times);
    return new ThreadCounter(
        thread -> {
          if (left.getAndDecrement() > 0) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          thread.start();
        });
  }

  @Test
  void threadThatCannotBeStartedIsNobodysFailureAndTheNextAlarmTriesAgain() {
    Watchdog refused = new Watchdog(refusing(1), SHORT);
    CountDownLatch rang = new CountDownLatch(1);

    assertThat(refused.after(Duration.ZERO, () -> {}).isUnwatched()).isTrue();
    assertThat(refused.isRunning()).isFalse();
    assertThat(refused.after(Duration.ZERO, rang::countDown).isUnwatched()).isFalse();
    Planted.await(rang);
    awaitIdle(refused);
  }

  @Test
  void scopeThatNobodyWatchesSaysSo() {
    Engine engine = ThisJvm.engine();
    Scope scope = engine.open(Key.OPTIONS.open(LeakCheckOptions.defaults()));
    try {
      new HangWatch(
              engine,
              new Watchdog(refusing(1), SHORT),
              scope,
              "a test",
              Duration.ofHours(1),
              true,
              () -> false)
          .close();

      assertThat(engine.check(scope).coverage().notes())
          .extracting(Coverage.Note::text)
          .contains(
              "whether it hangs was not looked at: the system had no room for a thread that looks");
    } finally {
      scope.end();
    }
  }
}
