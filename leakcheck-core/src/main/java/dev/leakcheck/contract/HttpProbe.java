package dev.leakcheck.contract;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Objects;

/**
 * A {@link CancellationProbe} in the JDK's HTTP server. A class of its own, since its module,
 * {@code jdk.httpserver}, need not be there. Thread-safe.
 */
public final class HttpProbe {

  private HttpProbe() {}

  /**
   * A handler that tells a probe of one exchange: it starts with the request and ends with the
   * handler, which notices that its client went away when it writes to it. The JDK's server notices
   * at no other time: a handler that only waits is never told.
   *
   * @param probe the probe
   * @param handler does the work
   * @return the handler to give to the server
   */
  public static HttpHandler handler(CancellationProbe probe, HttpHandler handler) {
    Objects.requireNonNull(probe, "probe");
    Objects.requireNonNull(handler, "handler");
    return exchange -> {
      probe.begin();
      try {
        exchange.setStreams(null, new ProbeOutputStream(probe, exchange.getResponseBody()));
        handler.handle(exchange);
      } catch (IOException | RuntimeException | Error failure) {
        if (Stopping.isInterrupt(failure)) {
          probe.notice(CancellationProbe.Signal.INTERRUPTED);
        }
        throw failure;
      } finally {
        probe.end();
      }
    };
  }
}
