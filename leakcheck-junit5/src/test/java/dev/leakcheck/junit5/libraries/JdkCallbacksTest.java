package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.junit5.lifecycle.Run;
import dev.leakcheck.junit5.lifecycle.Tier;
import java.awt.EventQueue;
import java.lang.ref.Cleaner;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads of the JDK's that are nobody's, and run what the test gave them. */
class JdkCallbacksTest {

  /** Where the JDK runs what it is given. */
  enum Place {
    CLEANER("java.lang.ref.Cleaner") {
      @Override
      void give(Runnable action) {
        Cleaner.create().register(new Object(), action);
      }
    },
    OLDER_CLEANER("java.lang.ref.Cleaner") {
      @Override
      void give(Runnable action) {
        OLDER.register(new Object(), action);
      }
    },
    FINALIZER("the JVM's finalizer") {
      @Override
      void give(Runnable action) {
        Object unused = new Finalized(action);
        assertThat(unused).isNotNull();
      }
    },
    DELAYS("CompletableFuture's shared scheduler") {
      @Override
      void give(Runnable action) {
        CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, Runnable::run).execute(action);
      }
    },
    CHANNELS("the default group of asynchronous channels") {
      @Override
      void give(Runnable action) throws Exception {
        JdkTest.acceptOne(null, action);
      }
    },
    HTTP_CLIENT("java.net.http.HttpClient") {
      @Override
      void give(Runnable action) throws Exception {
        request(action);
      }
    },
    EVENT_QUEUE("the desktop toolkit") {
      @Override
      void give(Runnable action) {
        EventQueue.invokeLater(action);
      }
    },
    FLIGHT_RECORDER("Java Flight Recorder") {
      @Override
      void give(Runnable action) throws Exception {
        record(action);
      }
    };

    private static final Cleaner OLDER = Cleaner.create();

    private final String shared;

    Place(String shared) {
      this.shared = shared;
    }

    abstract void give(Runnable action) throws Exception;
  }

  @SuppressWarnings({"deprecation", "removal", "Finalize"})
  private static final class Finalized {
    private final Runnable action;

    Finalized(Runnable action) {
      this.action = action;
    }

    @Override
    protected void finalize() {
      action.run();
    }
  }

  /** The answer's head is what the action waits for: it comes before the body. */
  private static void request(Runnable action) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + server.getLocalPort())).build();
      CountDownLatch handled = new CountDownLatch(1);
      HttpClient.newHttpClient()
          .sendAsync(
              request,
              head -> {
                handled.countDown();
                action.run();
                return BodySubscribers.discarding();
              });
      try (Socket connection = server.accept()) {
        connection.getOutputStream().write(head());
        connection.getOutputStream().flush();
        handled.await();
      }
    }
  }

  private static byte[] head() {
    return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  }

  private static void record(Runnable action) throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    Runnable hook =
        () -> {
          if (ran.getCount() > 0) {
            ran.countDown();
            action.run();
          }
        };
    try (Recording recording = new Recording()) {
      FlightRecorder.addPeriodicEvent(Recorded.class, hook);
      recording.enable(Recorded.class).withPeriod(Duration.ofMillis(1));
      recording.start();
      ran.await();
    } finally {
      FlightRecorder.removePeriodicEvent(hook);
    }
  }

  /** Recorded in periods. */
  public static final class Recorded extends Event {}

  private static Place place = Place.CLEANER;
  private static CountDownLatch end = new CountDownLatch(1);

  /** Has an action run, collecting what it takes. */
  private static void run(Runnable action) throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    place.give(
        () -> {
          ran.countDown();
          action.run();
        });
    while (!ran.await(20, TimeUnit.MILLISECONDS)) {
      System.gc();
    }
  }

  @BeforeEach
  void begin() {
    end = new CountDownLatch(1);
  }

  @AfterEach
  void end() {
    end.countDown();
  }

  /** What is shared may be older than the test: then the class is told of it. */
  @ParameterizedTest
  @EnumSource
  void what_blocks_one_is_told(Place where) {
    place = where;
    BlocksTestCase.runner = null;

    // Up to Java 24 what is delayed is a task of an executor, and the agent knows whose.
    boolean isTask = where == Place.DELAYS && Tier.hasAgent() && Runtime.version().feature() < 25;
    assertThat(Run.of(BlocksTestCase.class).messages())
        .containsOnlyOnce(isTask ? ") leftover-task" : ") stray-thread")
        .contains(
            isTask
                ? "still runs in CompletableFuture.delayedExecutor(…)"
                : where.shared + " runs code of the test's");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class BlocksTestCase {
    static volatile Thread runner;

    /** A class's check looks once: by then it has to be where it stays. */
    @Test
    void blocks() throws Exception {
      run(BlocksTestCase::awaitEnd);
      while (runner == null || runner.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }

    private static void awaitEnd() {
      runner = Thread.currentThread();
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_ends_is_no_leak(Place where) {
    place = where;

    assertThat(Run.of(EndsTestCase.class).outcomes()).containsExactly("ends() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class EndsTestCase {
    @Test
    void ends() throws Exception {
      run(() -> {});
    }
  }
}
