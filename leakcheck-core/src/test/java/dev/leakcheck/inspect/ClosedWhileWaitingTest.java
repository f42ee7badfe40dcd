package dev.leakcheck.inspect;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.Scopes;
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
