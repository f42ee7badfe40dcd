package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakScope;
import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JDK itself starts behind its API. */
class JdkTest extends LibraryTest {

  @Test
  void aCancelledTimerIsNoLeak() throws Exception {
    LeakScope scope = open();

    Timer timer = startTimer("cancelled");
    timer.cancel();

    assertClean(scope);
  }

  @Test
  void aForgottenTimerIsFound() throws Exception {
    LeakScope scope = openLeaky();

    Timer timer = startTimer("forgotten");
    try {
      assertThat(assertOne(scope, "java.util.Timer \"forgotten\"", "Timer.cancel()").kind())
          .isEqualTo(LeakKind.UNCANCELLED_TIMER);
    } finally {
      timer.cancel();
    }
  }

  @Test
  void twoForgottenTimersAreTwoLeaks() throws Exception {
    LeakScope scope = openLeaky();

    Timer first = startTimer("first");
    Timer second = startTimer("second");
    try {
      assertEach(scope, 2, "java.util.Timer");
    } finally {
      first.cancel();
      second.cancel();
    }
  }

  @Test
  void delaysOfCompletableFutureAreNoLeak() {
    LeakScope scope = open();

    new CompletableFuture<String>().completeOnTimeout("late", 1, TimeUnit.MILLISECONDS).join();
    CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS))
        .join();
    new CompletableFuture<String>().orTimeout(1, TimeUnit.HOURS);

    assertClean(scope);
  }

  @Test
  void aParallelStreamIsNoLeak() {
    LeakScope scope = open();

    assertThat(IntStream.range(0, 100_000).parallel().sum()).isEqualTo(704_982_704);

    assertClean(scope);
  }

  @Test
  void aProcessThatEndedIsNoLeak() throws Exception {
    LeakScope scope = open();

    Process process = startJava();
    CompletableFuture<Process> exit = process.onExit();
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    exit.join();

    assertClean(scope);
  }

  @Test
  void aClosedWatchServiceIsNoLeak(@TempDir Path directory) throws Exception {
    LeakScope scope = open();

    try (WatchService service = FileSystems.getDefault().newWatchService()) {
      directory.register(service, StandardWatchEventKinds.ENTRY_CREATE);
    }

    assertClean(scope);
  }

  @Test
  void aForgottenWatchServiceIsFound(@TempDir Path directory) throws Exception {
    LeakScope scope = openLeaky();

    try (WatchService service = FileSystems.getDefault().newWatchService()) {
      directory.register(service, StandardWatchEventKinds.ENTRY_CREATE);

      assertOne(scope, "WatchService", "WatchService.close()");
    }
  }

  @Test
  void aJmxConnectorThatWasClosedIsNoLeak() throws Exception {
    JMXConnectorServer server = startJmx();
    try {
      LeakScope scope = open();

      try (JMXConnector connector = server.toJMXConnector(null)) {
        connector.connect();
      }

      assertClean(scope);
    } finally {
      server.stop();
    }
  }

  @Test
  void aForgottenJmxConnectorIsFound() throws Exception {
    JMXConnectorServer server = startJmx();
    try {
      LeakScope scope = openLeaky();

      try (JMXConnector connector = server.toJMXConnector(null)) {
        connector.connect();

        assertOne(scope, "a JMXConnector of the JDK", "call JMXConnector.close()");
      }
    } finally {
      server.stop();
    }
  }

  private static JMXConnectorServer startJmx() throws IOException {
    JMXConnectorServer server =
        JMXConnectorServerFactory.newJMXConnectorServer(
            new JMXServiceURL("service:jmx:rmi://"),
            null,
            ManagementFactory.getPlatformMBeanServer());
    server.start();
    return server;
  }

  @Test
  void theDefaultGroupOfAsynchronousChannelsIsNoLeak() throws Exception {
    LeakScope scope = open();

    acceptOne(null);

    assertClean(scope);
  }

  @Test
  void aChannelGroupThatWasShutDownIsNoLeak() throws Exception {
    LeakScope scope = open();

    AsynchronousChannelGroup group =
        AsynchronousChannelGroup.withFixedThreadPool(2, Executors.defaultThreadFactory());
    acceptOne(group);
    group.shutdownNow();

    assertClean(scope);
  }

  @Test
  void aForgottenChannelGroupIsFound() throws Exception {
    LeakScope scope = openLeaky();

    AsynchronousChannelGroup group =
        AsynchronousChannelGroup.withFixedThreadPool(2, Executors.defaultThreadFactory());
    try {
      acceptOne(group);

      assertOne(scope, "AsynchronousChannelGroup", "AsynchronousChannelGroup.shutdown()");
    } finally {
      group.shutdownNow();
    }
  }

  /** Its threads are like those of the default group, but for who made them. */
  @Test
  void aForgottenChannelGroupWithThreadsWithoutNamesIsFound() throws Exception {
    LeakScope scope = openLeaky();

    AsynchronousChannelGroup group =
        AsynchronousChannelGroup.withFixedThreadPool(
            1,
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            });
    try {
      acceptOne(group);

      assertOne(scope, "AsynchronousChannelGroup", "AsynchronousChannelGroup.shutdown()");
    } finally {
      group.shutdownNow();
    }
  }

  private static Timer startTimer(String name) throws InterruptedException {
    Timer timer = new Timer(name);
    CountDownLatch ran = new CountDownLatch(1);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            ran.countDown();
          }
        },
        0);
    ran.await();
    return timer;
  }

  private static Process startJava() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
        .redirectErrorStream(true)
        .start();
  }

  private static void acceptOne(AsynchronousChannelGroup group) throws Exception {
    acceptOne(group, () -> {});
  }

  /** Has a group accept one connection, and run something of its own then. */
  static void acceptOne(AsynchronousChannelGroup group, Runnable then) throws Exception {
    CompletableFuture<AsynchronousSocketChannel> accepted = new CompletableFuture<>();
    try (AsynchronousServerSocketChannel server = AsynchronousServerSocketChannel.open(group)) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      server.accept(
          null,
          new CompletionHandler<AsynchronousSocketChannel, Void>() {
            @Override
            public void completed(AsynchronousSocketChannel channel, Void nothing) {
              accepted.complete(channel);
              then.run();
            }

            @Override
            public void failed(Throwable problem, Void nothing) {
              accepted.completeExceptionally(problem);
            }
          });
      InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
      try (Socket client = new Socket(address.getAddress(), address.getPort())) {
        assertThat(client.isConnected()).isTrue();
        accepted.join().close();
      }
    }
  }
}
