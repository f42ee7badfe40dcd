package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Finding;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** {@code java.net.http.HttpClient}, which can be closed since Java 21. */
class JdkHttpClientTest extends LibraryTest {

  private static final String NAME = "the JDK's HttpClient";
  private static final String FIX = "HttpClient.close()";

  private static HttpServer server;

  private HttpClient field;
  private HttpClient anotherField;

  @BeforeEach
  void startServer() throws Exception {
    server = JdkHttpServerTest.start(null);
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void aClosedClientIsNoLeak() throws Exception {
    LeakScope scope = open();

    field = HttpClient.newHttpClient();
    get(field);
    close(field);

    assertClean(scope);
  }

  @Test
  void aClientThatNothingRefersToIsNoLeak() throws Exception {
    LeakScope scope = open();

    get(HttpClient.newHttpClient());

    assertClean(scope);
  }

  @Test
  void aClientThatOnlyTheTestsCodeRefersToIsNoLeak() throws Exception {
    LeakScope scope = open();

    HttpClient client = HttpClient.newHttpClient();
    get(client);

    assertClean(scope);
    get(client);
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_20)
  void aClientInAFieldIsNoLeakWhereItCannotBeClosed() throws Exception {
    LeakScope scope = open();

    field = HttpClient.newHttpClient();
    get(field);

    assertClean(scope);
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void aClientInAFieldIsFound() throws Exception {
    LeakScope scope = openLeaky();

    field = HttpClient.newHttpClient();
    try {
      get(field);

      Finding finding = assertOne(scope, NAME, FIX);
      assertThat(finding.fact("held by").orElse("")).contains("JdkHttpClientTest.field");
    } finally {
      close(field);
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void aClientInAFieldThatWasNeverUsedIsFound() throws Exception {
    LeakScope scope = openLeaky();

    field = HttpClient.newHttpClient();
    try {
      assertOne(scope, NAME, FIX);
    } finally {
      close(field);
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void twoClientsInFieldsAreTwoLeaks() throws Exception {
    LeakScope scope = openLeaky();

    field = HttpClient.newHttpClient();
    anotherField = HttpClient.newHttpClient();
    try {
      get(field);
      get(anotherField);

      List<Finding> findings = assertEach(scope, 2, NAME);
      assertThat(findings)
          .extracting(finding -> finding.fact("held by").orElse(""))
          .anyMatch(path -> path.contains("JdkHttpClientTest.field"))
          .anyMatch(path -> path.contains("JdkHttpClientTest.anotherField"));
    } finally {
      close(field);
      close(anotherField);
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void thePoolOfAClosedClientIsFoundIfItWasForgotten() throws Exception {
    LeakScope scope = openLeaky();

    ExecutorService pool = Executors.newFixedThreadPool(2);
    field = HttpClient.newBuilder().executor(pool).build();
    try {
      get(field);
      close(field);

      assertOne(scope, "ThreadPoolExecutor", "shutdown()");
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void thePoolOfAClientInAFieldIsNamedAsTheClients() throws Exception {
    LeakScope scope = openLeaky();

    ExecutorService pool = Executors.newFixedThreadPool(2);
    field = HttpClient.newBuilder().executor(pool).build();
    try {
      get(field);

      assertThat(scope.findings().list())
          .filteredOn(finding -> finding.title().contains("ThreadPoolExecutor"))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.fact("held by"))
                    .contains("field JdkHttpClientTest.field.executor()");
                assertThat(finding.fix())
                    .startsWith("call shutdown() on field JdkHttpClientTest.field.executor()")
                    .doesNotContain("@AutoClose");
              });
    } finally {
      pool.shutdown();
      if (field instanceof AutoCloseable) {
        close(field);
      }
    }
  }

  private static void get(HttpClient client) throws Exception {
    URI uri = URI.create(JdkHttpServerTest.url(server));
    String body = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    assertThat(body).isEqualTo("hello");
  }

  private static void close(HttpClient client) throws Exception {
    ((AutoCloseable) client).close();
  }
}
