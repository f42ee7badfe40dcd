package dev.leakcheck.contract;

import static dev.leakcheck.contract.ContractErrors.message;
import static dev.leakcheck.contract.Stubborn.BRIEF;
import static dev.leakcheck.contract.Stubborn.PLENTY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.leakcheck.Jdk21;
import dev.leakcheck.Planted;
import dev.leakcheck.model.LeakKind;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AssertStopsTest {

  @AutoClose private final Planted planted = new Planted();
  private final Stubborn stubborn = new Stubborn();
  private final AtomicReference<Thread> runs = new AtomicReference<>();

  @AfterEach
  void endWhatDoesNotStop() {
    stubborn.release();
    Thread thread = runs.get();
    if (thread != null) {
      thread.interrupt();
      Planted.awaitEnd(thread);
    }
  }

  /** Remembers the thread, so that it can be waited for. */
  private ThreadFactory named(String name) {
    return body -> {
      Thread thread = new Thread(body, name);
      thread.setDaemon(true);
      runs.set(thread);
      return thread;
    };
  }

  private ContractError failure(Contracts.Task task) {
    return failure(task, BRIEF, named("worker"));
  }

  private static ContractError failure(
      Contracts.Task task, Duration within, ThreadFactory threads) {
    return ContractErrors.failure(() -> Contracts.assertStops(task, within, threads));
  }

  // What stops

  @Test
  void waitInAQueuePasses() {
    Contracts.assertStops(() -> new LinkedBlockingQueue<String>().take(), PLENTY);
  }

  @Test
  void loopThatLooksAtTheFlagPasses() {
    Contracts.assertStops(
        () -> {
          while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
          }
        },
        PLENTY);
  }

  @Test
  void returningInTheCatchBlockPasses() {
    Contracts.assertStops(
        () -> {
          try {
            TimeUnit.HOURS.sleep(1);
          } catch (InterruptedException e) {
            return;
          }
        },
        PLENTY);
  }

  @Test
  void interruptedExceptionThatIsWrappedPasses() {
    Contracts.assertStops(
        () -> {
          try {
            TimeUnit.HOURS.sleep(1);
          } catch (InterruptedException e) {
            throw new IllegalStateException("stopped", new RuntimeException(e));
          }
        },
        PLENTY);
  }

  @Test
  void channelThatTheInterruptClosesPasses() throws Exception {
    Pipe pipe = Pipe.open();
    try (Pipe.SinkChannel sink = pipe.sink();
        Pipe.SourceChannel source = pipe.source()) {
      Contracts.assertStops(() -> source.read(ByteBuffer.allocate(1)), PLENTY);
      assertThat(sink.isOpen()).isTrue();
    }
  }

  @Test
  void helperThatEndsWithTheTaskPasses() {
    Contracts.assertStops(
        () -> {
          CountDownLatch over = new CountDownLatch(1);
          planted.thread("helper", over::await);
          try {
            new CountDownLatch(1).await();
          } finally {
            over.countDown();
          }
        },
        PLENTY);
  }

  @Test
  void virtualThreadPasses() {
    Jdk21.assume();

    Contracts.assertStops(
        () -> new LinkedBlockingQueue<String>().take(), PLENTY, Jdk21.virtualThreads());
  }

  @Test
  void socketOfAVirtualThreadPasses() throws Exception {
    Jdk21.assume();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Contracts.assertStops(server::accept, PLENTY, Jdk21.virtualThreads());
    }
  }

  @Test
  void callersInterruptFlagIsLeftAlone() {
    Contracts.assertStops(() -> new CountDownLatch(1).await(), PLENTY);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  // What does not

  @Test
  void swallowedInterruptIsTold() {
    assertThat(message(failure(stubborn::swallow)))
        .isEqualTo(
            """
            LeakCheck: the task did not stop within 20 ms of its interrupt
                 thread     worker
                 now        waiting in CountDownLatch.await(), without a time limit
                            at dev.leakcheck.contract.Stubborn.swallow(Stubborn.java:LINE)
                 caught in  dev.leakcheck.contract.Stubborn.swallow, or in what it calls
                 why        its interrupt flag is clear again: it caught the InterruptedException, or cleared the flag by Thread.interrupted(), and went on
                 fix        leave the loop where it is caught: return, or let the InterruptedException through

            JDK N · LeakCheck VERSION""");
  }

  @Test
  void placeWhereItWentOnIsTold() {
    assertThat(message(failure(stubborn::swallowAndMoveOn)))
        .isEqualTo(
            """
            LeakCheck: the task did not stop within 20 ms of its interrupt
                 thread     worker
                 when told  waiting in CountDownLatch.await(), without a time limit
                            at dev.leakcheck.contract.Stubborn.swallowAndMoveOn(Stubborn.java:LINE)
                 now        sleeping
                            at dev.leakcheck.contract.Stubborn.elsewhere(Stubborn.java:LINE)
                            at dev.leakcheck.contract.Stubborn.swallowAndMoveOn(Stubborn.java:LINE)
                 caught in  dev.leakcheck.contract.Stubborn.swallowAndMoveOn, or in what it calls
                 why        its interrupt flag is clear again: it caught the InterruptedException, or cleared the flag by Thread.interrupted(), and went on
                 fix        leave the loop where it is caught: return, or let the InterruptedException through

            JDK N · LeakCheck VERSION""");
  }

  @Test
  void loopThatDoesNotLookIsTold() {
    assertThat(message(failure(stubborn::spin)))
        .isEqualTo(
            """
            LeakCheck: the task did not stop within 20 ms of its interrupt
                 thread     worker
                 now        running
                            at dev.leakcheck.contract.Stubborn.spin(Stubborn.java:LINE)
                 why        its interrupt flag is set and it runs on: nothing on its way looks at the flag
                 fix        leave the loop when Thread.currentThread().isInterrupted() is true

            JDK N · LeakCheck VERSION""");
  }

  @Test
  void virtualThreadThatSwallowsIsTold() {
    Jdk21.assume();
    AtomicReference<Thread> virtual = new AtomicReference<>();

    ContractError error =
        failure(
            stubborn::swallow,
            BRIEF,
            body -> {
              Thread thread = Jdk21.virtualThreads().newThread(body);
              virtual.set(thread);
              return thread;
            });
    runs.set(virtual.get());

    assertThat(error.fact("thread")).hasValue("(unnamed) (virtual)");
    assertThat(error.fact("why").orElseThrow()).contains("flag is clear again");
    assertThat(error.fact("now").orElseThrow()).contains("Stubborn.swallow");
  }

  @Test
  void lockIsTold() {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    try {
      ContractError error =
          failure(
              () -> {
                lock.lock();
                lock.unlock();
              });

      assertThat(error.fact("why"))
          .hasValue("it waits for a lock in lock(), which an interrupt does not end");
      assertThat(error.fact("fix").orElseThrow()).contains("lockInterruptibly()");
    } finally {
      lock.unlock();
    }
  }

  @Test
  void monitorAndItsHolderAreTold() {
    Object monitor = new Object();
    ContractError error;
    String holder = Thread.currentThread().getName();
    synchronized (monitor) {
      error =
          failure(
              () -> {
                synchronized (monitor) {
                  stubborn.release();
                }
              });
    }

    assertThat(error.fact("why"))
        .hasValue(
            "it waits to enter a synchronized block or method, which an interrupt does not end;"
                + " thread \""
                + holder
                + "\" holds it");
  }

  @Test
  void socketIsTold() throws Exception {
    ContractError error;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept();
        InputStream in = client.getInputStream()) {
      error = failure(in::read);
      assertThat(accepted.isConnected()).isTrue();
    }

    assertThat(error.fact("why").orElseThrow()).contains("waits for a socket");
    assertThat(error.fact("fix").orElseThrow()).contains("close the socket");
  }

  @Test
  void semaphoreAndJoinAreTold() {
    Semaphore none = new Semaphore(0);
    assertThat(failure(none::acquireUninterruptibly).fact("fix").orElseThrow())
        .contains("acquire()");
    none.release();
    Planted.awaitEnd(runs.get());

    CompletableFuture<String> never = new CompletableFuture<>();
    assertThat(failure(never::join).fact("fix").orElseThrow()).contains("get()");
    never.complete("done");
  }

  @Test
  void conditionIsTold() {
    ReentrantLock lock = new ReentrantLock();
    java.util.concurrent.locks.Condition condition = lock.newCondition();
    ContractError error =
        failure(
            () -> {
              lock.lock();
              try {
                condition.awaitUninterruptibly();
              } finally {
                lock.unlock();
              }
            });
    lock.lock();
    try {
      condition.signalAll();
    } finally {
      lock.unlock();
    }

    assertThat(error.fact("why").orElseThrow()).contains("awaitUninterruptibly()");
  }

  @Test
  void threadThatIsLeftIsTold() {
    CountDownLatch started = new CountDownLatch(1);
    ContractError error =
        failure(
            () -> {
              planted.thread("left-behind");
              started.countDown();
              new CountDownLatch(1).await();
            },
            PLENTY,
            named("worker"));

    assertThat(error.leaks().orElseThrow().list())
        .singleElement()
        .satisfies(finding -> assertThat(finding.kind()).isEqualTo(LeakKind.STRAY_THREAD));
    assertThat(message(error))
        .startsWith(
            """
            LeakCheck: the task stopped, but left something behind
                 left       stray-thread""")
        .contains("LeakCheck: the task left 1 thread behind", "left-behind");
  }

  @Test
  void otherExceptionIsTold() {
    ContractError error =
        failure(
            () -> {
              try {
                TimeUnit.HOURS.sleep(1);
              } catch (InterruptedException e) {
                throw new IllegalStateException("no connection");
              }
            },
            PLENTY,
            named("worker"));

    assertThat(error).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(message(error))
        .isEqualTo(
            """
            LeakCheck: the task was interrupted and ended by another exception
                 threw      java.lang.IllegalStateException: no connection
                 at         dev.leakcheck.contract.AssertStopsTest.lambda$otherExceptionIsTold$N(AssertStopsTest.java:LINE)
                 why        who runs the task takes that for a failure, not for an answer to a stop
                 fix        return, throw InterruptedException, or keep it as the cause of what is thrown

            JDK N · LeakCheck VERSION""");
  }

  @Test
  void timeoutOfASocketIsNoInterrupt() {
    assertThat(Stopping.isInterrupt(new SocketTimeoutException("timed out"))).isFalse();
    assertThat(Stopping.isInterrupt(new java.io.InterruptedIOException())).isTrue();
  }

  @Test
  void lateEndIsTold() {
    ContractError error =
        failure(
            () -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(30);
                while (System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
              }
            },
            Duration.ZERO,
            named("worker"));

    assertThat(error.getMessage()).containsPattern("did not stop within|not within 0 ms");
  }

  // What shows nothing

  @Test
  void taskThatEndsByItselfShowsNothing() {
    assertThat(message(failure(() -> {}, PLENTY, named("worker"))))
        .isEqualTo(
            """
            LeakCheck: the task ended by itself
                 why        it was over before it could be interrupted: whether it stops is not known
                 fix        pass a task that goes on until it is stopped, such as a loop or a wait

            JDK N · LeakCheck VERSION""");
  }

  @Test
  void taskThatFailsShowsNothingButItsFailure() {
    ContractError error =
        failure(
            () -> {
              throw new IllegalArgumentException("no such topic");
            },
            PLENTY,
            named("worker"));

    assertThat(error).hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(error.fact("threw")).hasValue("java.lang.IllegalArgumentException: no such topic");
  }

  @Test
  void errorPointsAtTheLineThatAsked() {
    assertThat(failure(() -> {}).getStackTrace()[0].getClassName())
        .isEqualTo(AssertStopsTest.class.getName());
  }

  @Test
  void impossibleTimesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Contracts.assertStops(() -> {}, Duration.ofMillis(-1)))
        .withMessageContaining("must be between 0 and 1 day");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Contracts.assertStops(() -> {}, PLENTY, body -> null));
  }

  @Test
  void interruptOfTheTestEndsTheWait() {
    Thread.currentThread().interrupt();
    try {
      ContractError error = failure(stubborn::swallow, PLENTY, named("worker"));

      assertThat(error).hasMessageContaining("was itself interrupted");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
