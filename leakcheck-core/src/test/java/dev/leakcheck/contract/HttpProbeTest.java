package dev.leakcheck.contract;

import static dev.leakcheck.contract.Stubborn.BRIEF;
import static dev.leakcheck.contract.Stubborn.PLENTY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.leakcheck.Planted;
import dev.leakcheck.contract.CancellationProbe.Signal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpProbeTest {

  @AutoClose private final Planted planted = new Planted();
  private final CancellationProbe probe = new CancellationProbe();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    server.setExecutor(planted.executor(Executors.newCachedThreadPool()));
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
  }

  private Socket request(HttpHandler handler) throws IOException {
    server.createContext("/", HttpProbe.handler(probe, handler));
    Socket client = new Socket(server.getAddress().getAddress(), server.getAddress().getPort());
    client
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  private static Runnable closing(Socket client) {
    return () -> {
      try {
        client.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  @Test
  void handlerThatWritesNoticesThatItsClientIsGone() throws IOException {
    try (Socket client =
        request(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              try (OutputStream out = exchange.getResponseBody()) {
                byte[] event = new byte[1024];
                while (true) {
                  out.write(event);
                  out.flush();
                }
              }
            })) {
      assertThat(client.getInputStream().read()).isEqualTo('H');
      probe.awaitStarted(PLENTY);
      assertThat(probe.hasEnded()).isFalse();

      probe.tell(closing(client));

      probe.assertStopped(PLENTY);
      assertThat(probe.signal()).contains(Signal.CLIENT_GONE);
      assertThat(probe.whenNoticed()).isPresent();
    }
  }

  @Test
  void handlerThatOnlyWaitsNoticesNothing() throws IOException {
    try (Socket client = request(exchange -> Planted.await(over))) {
      probe.awaitStarted(PLENTY);

      probe.tell(closing(client));

      ContractError error =
          catchThrowableOfType(ContractError.class, () -> probe.assertStopped(BRIEF));
      assertThat(error.fact("why").orElseThrow()).contains("no signal to stop is known");
      assertThat(error.fact("now").orElseThrow()).contains("HttpProbeTest");
      assertThat(probe.wasToldToStop()).isFalse();
    }
  }

  @Test
  void handlerThatWritesTooLittleHasNotLostItsClient() throws IOException {
    try (Socket client =
        request(
            exchange -> {
              exchange.sendResponseHeaders(200, 10);
              try (OutputStream out = exchange.getResponseBody()) {
                out.write(1);
              }
            })) {
      assertThat(client.isConnected()).isTrue();
      probe.awaitEnded(PLENTY);

      assertThat(probe.signal()).isEmpty();
    }
  }
}
