package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** The JDK's {@code com.sun.net.httpserver.HttpServer}. */
class JdkHttpServerTest extends LibraryTest {

  private static final String NAME = "the JDK's HttpServer";
  private static final String FIX = "HttpServer.stop(0)";

  private HttpServer field;

  @Test
  void aStoppedServerIsNoLeak() throws Exception {
    LeakScope scope = open();

    HttpServer server = start(null);
    get(server);
    server.stop(0);

    assertClean(scope);
  }

  @Test
  void aStoppedServerWithAPoolThatWasShutDownIsNoLeak() throws Exception {
    LeakScope scope = open();

    ExecutorService pool = Executors.newFixedThreadPool(2);
    HttpServer server = start(pool);
    get(server);
    server.stop(0);
    pool.shutdown();

    assertClean(scope);
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void aStoppedServerWithVirtualThreadsIsNoLeak() throws Exception {
    LeakScope scope = open();

    ExecutorService pool = virtualThreads();
    HttpServer server = start(pool);
    get(server);
    server.stop(0);
    pool.shutdown();

    assertClean(scope);
  }

  @Test
  void theDispatcherAndTheTimersOfAForgottenServerAreOneLeak() throws Exception {
    LeakScope scope = openLeaky();

    HttpServer server = start(null);
    try {
      get(server);

      assertOne(scope, NAME, FIX);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aForgottenServerInAFieldIsFound() throws Exception {
    LeakScope scope = openLeaky();

    field = start(null);
    try {
      assertOne(scope, NAME, FIX);
    } finally {
      field.stop(0);
    }
  }

  @Test
  void aForgottenServerAndItsForgottenPoolAreTwoLeaks() throws Exception {
    LeakScope scope = openLeaky();

    ExecutorService pool = Executors.newFixedThreadPool(2);
    HttpServer server = start(pool);
    try {
      get(server);

      List<Finding> findings = assertEach(scope, 2, "");
      assertThat(findings)
          .extracting(Finding::title)
          .anyMatch(title -> title.contains(NAME))
          .anyMatch(title -> title.contains("ThreadPoolExecutor"));
    } finally {
      server.stop(0);
      pool.shutdown();
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void aForgottenServerWithVirtualThreadsIsFound() throws Exception {
    LeakScope scope = openLeaky();

    ExecutorService pool = virtualThreads();
    HttpServer server = start(pool);
    try {
      get(server);
      pool.shutdown();

      assertOne(scope, NAME, FIX);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void thePoolOfAServerInAFieldIsNamedAsTheServers() throws Exception {
    LeakScope scope = openLeaky();

    ExecutorService pool = Executors.newFixedThreadPool(2);
    field = start(pool);
    try {
      get(field);

      assertThat(assertEach(scope, 2, ""))
          .filteredOn(finding -> finding.title().contains("ThreadPoolExecutor"))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.fact("held by"))
                    .contains("field JdkHttpServerTest.field.getExecutor()");
                assertThat(finding.fix())
                    .startsWith("call shutdown() on field JdkHttpServerTest.field.getExecutor()")
                    .doesNotContain("@AutoClose");
              });
    } finally {
      field.stop(0);
      pool.shutdown();
    }
  }

  static HttpServer start(ExecutorService executor) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 5);
          exchange.getResponseBody().write("hello".getBytes());
          exchange.close();
        });
    server.start();
    return server;
  }

  static String url(HttpServer server) {
    return "http://localhost:" + server.getAddress().getPort() + "/";
  }

  private static void get(HttpServer server) throws IOException {
    try (InputStream in = new URL(url(server)).openStream()) {
      assertThat(in.readAllBytes()).asString().isEqualTo("hello");
    }
  }

  private static ExecutorService virtualThreads() throws ReflectiveOperationException {
    return (ExecutorService)
        Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }
}
