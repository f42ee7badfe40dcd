package dev.leakcheck.contract;

import static dev.leakcheck.contract.ContractErrors.failure;
import static dev.leakcheck.contract.ContractErrors.message;
import static dev.leakcheck.contract.Stubborn.BRIEF;
import static dev.leakcheck.contract.Stubborn.PLENTY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.leakcheck.Jdk21;
import dev.leakcheck.Planted;
import dev.leakcheck.contract.CancellationProbe.Signal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CancellationProbeTest {

  @AutoClose private final Planted planted = new Planted();
  private final ExecutorService executor =
      planted.executor(Executors.newSingleThreadExecutor(body -> new Thread(body, "worker")));
  private final CancellationProbe probe = new CancellationProbe();

  @AfterEach
  void release() {
    probe.release();
  }

  @Test
  void freshProbeKnowsNothing() {
    assertThat(probe.wasStarted()).isFalse();
    assertThat(probe.wasToldToStop()).isFalse();
    assertThat(probe.signal()).isEmpty();
    assertThat(probe.whenNoticed()).isEmpty();
    assertThat(probe.hasEnded()).isFalse();
  }

  @Test
  void cancelledWorkIsSeenToStop() {
    Future<?> future = executor.submit(probe.blocking());
    probe.awaitStarted(PLENTY);
    assertThat(probe.wasToldToStop()).isFalse();

    probe.tell(() -> future.cancel(true));

    probe.assertStopped(PLENTY);
    assertThat(probe.wasToldToStop()).isTrue();
    assertThat(probe.signal()).contains(Signal.INTERRUPTED);
    assertThat(probe.whenNoticed()).hasValueSatisfying(time -> assertThat(time).isLessThan(PLENTY));
  }

  @Test
  void workOnAVirtualThreadIsSeenToStop() {
    Jdk21.assume();
    ExecutorService virtual = planted.executor(Jdk21.virtualThreadPerTask());
    Future<?> future = virtual.submit(probe.blocking());
    probe.awaitStarted(PLENTY);

    probe.tell(() -> future.cancel(true));

    probe.assertStopped(PLENTY);
    assertThat(probe.signal()).contains(Signal.INTERRUPTED);
  }

  @Test
  void signalThatDoesNotArriveIsTold() {
    executor.submit(probe.blocking());
    probe.awaitStarted(PLENTY);
    probe.tell(() -> {});

    assertThat(message(failure(() -> probe.assertStopped(BRIEF))))
        .isEqualTo(
            """
            LeakCheck: the probe was not stopped within 20 ms
                 thread     worker
                 now        waiting in CountDownLatch.await(), without a time limit
                            at java.util.concurrent.CountDownLatch.await(CountDownLatch.java:LINE)
                 why        no signal to stop is known to have reached it: its interrupt flag is clear, its stream is open, and it has met no client that went away (an interrupt that wrapped code swallowed leaves no trace)
                 fix        have the code under test pass the stop on: interrupt the thread (Future.cancel(true), shutdownNow()), or close what it reads

            JDK N · LeakCheck VERSION""");
  }

  @Test
  void workThatNoticesAndGoesOnIsTold() {
    Future<?> future = executor.submit(probe.blockingUninterruptibly());
    probe.awaitStarted(PLENTY);
    probe.tell(() -> future.cancel(true));

    ContractError error = failure(() -> probe.assertStopped(BRIEF));

    assertThat(error.fact("why").orElseThrow()).contains("went on");
    assertThat(probe.hasEnded()).isFalse();
    probe.release();
    probe.assertStopped(PLENTY);
  }

  @Test
  void loopThatDoesNotLookIsTold() {
    try (Stubborn stubborn = new Stubborn()) {
      Future<?> future = executor.submit(probe.runnable(stubborn::spin));
      probe.awaitStarted(PLENTY);
      probe.tell(() -> future.cancel(true));

      assertThat(probe.wasToldToStop()).isTrue();
      assertThat(failure(() -> probe.awaitEnded(BRIEF)).fact("why").orElseThrow())
          .contains("runs on");
    }
    probe.assertStopped(PLENTY);
  }

  @Test
  void workThatEndsByItselfWasNotStopped() {
    executor.submit(probe.runnable(() -> {}));
    probe.awaitEnded(PLENTY);

    assertThat(message(failure(() -> probe.assertStopped(PLENTY))))
        .isEqualTo(
            """
            LeakCheck: the probe ended, but nothing shows that it was told to stop
                 why        no interrupt, close or lost client was seen, and tell() was not called before its end: it may have ended by itself
                 fix        tell it to stop by probe.tell(…), and use work that goes on until then, such as probe.blocking()

            JDK N · LeakCheck VERSION""");
  }

  @Test
  void wrappedWorkThatReturnsOnAnInterruptIsSeenToStop() {
    Future<?> future =
        executor.submit(
            probe.runnable(
                () -> {
                  try {
                    TimeUnit.HOURS.sleep(1);
                  } catch (InterruptedException e) {
                    return;
                  }
                }));
    probe.awaitStarted(PLENTY);

    probe.tell(() -> future.cancel(true));

    probe.assertStopped(PLENTY);
  }

  @Test
  void callableGivesItsResultAndItsException() throws Exception {
    Callable<String> good = probe.callable(() -> "done");
    assertThat(good.call()).isEqualTo("done");
    assertThat(probe.hasEnded()).isTrue();

    CancellationProbe interrupted = new CancellationProbe();
    Callable<String> bad =
        interrupted.callable(
            () -> {
              throw new InterruptedException("stop");
            });
    assertThat(catchThrowableOfType(InterruptedException.class, bad::call)).hasMessage("stop");
    assertThat(interrupted.signal()).contains(Signal.INTERRUPTED);
  }

  @Test
  void probeThatNobodyStartsIsTold() {
    assertThat(message(failure(() -> probe.awaitStarted(BRIEF))))
        .isEqualTo(
            """
            LeakCheck: the probe was not started within 20 ms
                 why        nothing ran the work that the probe stands for
                 fix        hand the probe's work to the code under test, and have it run it

            JDK N · LeakCheck VERSION""");
    assertThat(failure(() -> probe.awaitEnded(Duration.ZERO)).fact("why"))
        .hasValue("it was never started");
  }

  @Test
  void readerOfAClosedStreamIsSeenToStop() throws IOException {
    CountDownLatch closed = new CountDownLatch(1);
    InputStream source =
        new InputStream() {
          @Override
          public int read() throws IOException {
            Planted.await(closed);
            throw new IOException("Stream closed");
          }

          @Override
          public void close() {
            closed.countDown();
          }
        };
    InputStream in = probe.inputStream(source);
    Future<?> future = executor.submit(() -> in.read());
    probe.awaitStarted(PLENTY);
    assertThat(probe.hasEnded()).isFalse();

    in.close();

    probe.assertStopped(PLENTY);
    assertThat(probe.signal()).contains(Signal.CLOSED);
    assertThat(future).failsWithin(PLENTY);
  }

  @Test
  void readerThatIsInterruptedIsSeenToStop() throws IOException {
    try (PipedOutputStream out = new PipedOutputStream();
        InputStream in = probe.inputStream(new PipedInputStream(out))) {
      Future<?> future = executor.submit(() -> in.read());
      probe.awaitStarted(PLENTY);

      probe.tell(() -> future.cancel(true));

      probe.assertStopped(PLENTY);
      assertThat(probe.signal()).contains(Signal.INTERRUPTED);
    }
  }

  @Test
  void readerThatReachesTheEndWasNotStopped() throws IOException {
    try (InputStream in = probe.inputStream(new ByteArrayInputStream(new byte[3]))) {
      assertThat(in.readAllBytes()).hasSize(3);

      assertThat(probe.hasEnded()).isTrue();
      assertThat(failure(() -> probe.assertStopped(PLENTY)))
          .hasMessageContaining("nothing shows that it was told");
    }
  }
}
