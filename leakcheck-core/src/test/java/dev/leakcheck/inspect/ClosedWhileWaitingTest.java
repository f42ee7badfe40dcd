package dev.leakcheck.inspect;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.Scopes;
import dev.leakcheck.capture.objects.WorkerExecutors;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.WatchService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Loops that are stopped by closing what they wait on. */
class ClosedWhileWaitingTest {

  private PrintStream err;
  private UncaughtExceptionHandler handler;

  @BeforeEach
  void dropOutput() {
    err = System.err;
    System.setErr(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    handler = Thread.getDefaultUncaughtExceptionHandler();
  }

  @AfterEach
  void restore() {
    System.setErr(err);
    Thread.setDefaultUncaughtExceptionHandler(handler);
  }

  private static Thread start(Callable<?> body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.call();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            "loop");
    thread.start();
    return thread;
  }

  private static void dies(Callable<?> body) {
    Planted.awaitEnd(start(body));
  }

  /** Whether the loop waits by then or is about to, it ends. */
  private static void isClosedWhile(Closeable closed, Callable<?> waiting) throws IOException {
    LeakScope scope = Scopes.patient();
    Thread loop =
        start(
            () -> {
              while (true) {
                waiting.call();
              }
            });
    closed.close();
    Planted.awaitEnd(loop);
    assertThat(scope).hasNoLeaks();
  }

  @Test
  void loopThatAcceptsOnASocketPasses() throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    isClosedWhile(server, server::accept);
  }

  @Test
  void loopThatReadsFromASocketPasses() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
      isClosedWhile(socket, () -> socket.getInputStream().read());
    }
  }

  @Test
  void loopThatReceivesDatagramsPasses() throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    isClosedWhile(
        socket,
        () -> {
          socket.receive(new DatagramPacket(new byte[1], 1));
          return null;
        });
  }

  @Test
  void loopThatAcceptsOnAChannelPasses() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    isClosedWhile(server, server::accept);
  }

  @Test
  void loopThatSelectsPasses() throws IOException {
    Selector selector = Selector.open();
    isClosedWhile(selector, selector::select);
  }

  @Test
  void loopThatWatchesFilesPasses() throws IOException {
    WatchService watcher = FileSystems.getDefault().newWatchService();
    isClosedWhile(watcher, watcher::take);
  }

  /** Has a task of one pool give the next to one that is, or is not, shut down meanwhile. */
  private static void givesTheNext(ExecutorService own, ExecutorService next, Runnable meanwhile)
      throws InterruptedException {
    CompletableFuture<Thread> runner = new CompletableFuture<>();
    CountDownLatch released = new CountDownLatch(1);
    own.execute(
        () -> {
          runner.complete(Thread.currentThread());
          Planted.await(released);
          next.execute(() -> {});
        });
    Thread dies = runner.join();
    meanwhile.run();
    released.countDown();
    Planted.awaitEnd(dies);
    own.shutdown();
    assertThat(own.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void taskThatGivesTheNextToItsPoolWhichIsShutDownPasses() throws InterruptedException {
    LeakScope scope = Scopes.patient();
    ExecutorService pool = Executors.newFixedThreadPool(1);
    givesTheNext(pool, pool, pool::shutdown);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void taskThatGivesTheNextToItsExecutorOfVirtualThreadsPasses() throws InterruptedException {
    Jdk21.assume();
    LeakScope scope = Scopes.patient();
    ExecutorService executor = Jdk21.virtualThreadPerTask();
    givesTheNext(executor, executor, executor::shutdown);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void taskThatItsPoolHasNoRoomForIsFound() throws InterruptedException {
    LeakScope scope = Scopes.atOnce();
    ExecutorService pool =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>());
    givesTheNext(pool, pool, () -> {});

    assertThat(only(scope.findings()).title()).contains("died of ");
  }

  @Test
  void taskThatIsGivenToAnotherPoolThatWasShutDownIsFound() throws InterruptedException {
    assumeTrue(WorkerExecutors.isTold(), "whose worker a thread is");
    LeakScope scope = Scopes.atOnce();
    ExecutorService next = Executors.newFixedThreadPool(1);
    givesTheNext(Executors.newFixedThreadPool(1), next, next::shutdown);

    assertThat(only(scope.findings()).title()).contains("died of ");
  }

  @Test
  void socketThatFailsOtherwiseIsFound() {
    LeakScope scope = Scopes.atOnce();
    dies(
        () -> {
          throw new SocketException("Connection reset");
        });

    assertThat(only(scope.findings()).title()).contains("died of ");
  }

  /** Such as a library that lets its callers know that the peer has hung up. */
  @Test
  void closedChannelThatOthersCodeTellsOfIsFound() {
    LeakScope scope = Scopes.atOnce();
    dies(
        () -> {
          throw new ClosedChannelException();
        });

    assertThat(only(scope.findings()).title()).contains("died of ");
  }

  @Test
  void closedSocketThatOthersCodeTellsOfIsFound() {
    LeakScope scope = Scopes.atOnce();
    dies(
        () -> {
          throw new SocketException("Socket closed");
        });

    assertThat(only(scope.findings()).title()).contains("died of ");
  }

  @Test
  void otherStateOfAChannelIsFound() throws IOException {
    try (DatagramChannel channel = DatagramChannel.open()) {
      LeakScope scope = Scopes.atOnce();
      dies(() -> channel.write(ByteBuffer.allocate(1)));

      assertThat(only(scope.findings()).title()).contains("died of ");
    }
  }
}
