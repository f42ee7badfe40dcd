package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.leakcheck.LeakScope;
import dev.leakcheck.junit5.lifecycle.Tier;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

class OkHttpTest extends LibraryTest {

  private static final String FIX = "dispatcher().executorService().shutdown()";

  private OkHttpClient field;
  private Shop shop;

  @Test
  void aClosedMockWebServerAndASynchronousCallAreNoLeak() throws Exception {
    LeakScope scope = open();

    OkHttpClient client = new OkHttpClient();
    try (MockWebServer server = startMock()) {
      call(client, server.url("/").toString());
    }

    assertClean(scope);
  }

  @Test
  void aSynchronousCallToAnotherServerIsNoLeak() throws Exception {
    LeakScope scope = open();

    OkHttpClient client = new OkHttpClient();
    HttpServer server = JdkHttpServerTest.start(null);
    call(client, JdkHttpServerTest.url(server));
    server.stop(0);

    assertClean(scope);
  }

  @Test
  void aClientThatWasShutDownAfterAnAsynchronousCallIsNoLeak() throws Exception {
    LeakScope scope = open();

    OkHttpClient client = new OkHttpClient();
    try (MockWebServer server = startMock()) {
      callAsync(client, server.url("/").toString());
    }
    stop(client);

    assertClean(scope);
  }

  @Test
  void theDispatcherOfAForgottenClientIsFound() throws Exception {
    LeakScope scope = openLeaky();

    OkHttpClient client = new OkHttpClient();
    try (MockWebServer server = startMock()) {
      callAsync(client, server.url("/").toString());
    }
    try {
      assertOne(scope, "OkHttp", FIX);
    } finally {
      stop(client);
    }
  }

  @Test
  void theDispatcherOfAForgottenClientInAFieldIsFound() throws Exception {
    LeakScope scope = openLeaky();

    field = new OkHttpClient();
    HttpServer server = JdkHttpServerTest.start(null);
    callAsync(field, JdkHttpServerTest.url(server));
    server.stop(0);
    try {
      assertOne(scope, "OkHttp", FIX);
    } finally {
      stop(field);
    }
  }

  /** The dispatcher's executor is made by the first call, long after the client. */
  private static final class Shop implements AutoCloseable {
    private final OkHttpClient client = new OkHttpClient();

    void call(String url) {
      CompletableFuture<String> body = new CompletableFuture<>();
      client.newCall(request(url)).enqueue(into(body));
      assertThat(body.join()).isEqualTo("hello");
    }

    @Override
    public void close() {
      stop(client);
    }
  }

  @Test
  void ofAClientInsideSomethingCloseableThatIsToBeClosed() throws Exception {
    LeakScope scope = openLeaky();

    shop = new Shop();
    try (MockWebServer server = startMock()) {
      shop.call(server.url("/").toString());
    }
    try {
      assertOne(scope, "", "close field OkHttpTest.shop (OkHttpTest$Shop is AutoCloseable), ");
    } finally {
      shop.close();
    }
  }

  @Test
  void soItIsOfOneInALocalVariableWhereAnAgentSawWhoCalledIt() throws Exception {
    LeakScope scope = openLeaky();

    Shop local = new Shop();
    try (MockWebServer server = startMock()) {
      local.call(server.url("/").toString());
    }
    try {
      assertOne(scope, "", Tier.hasAgent() ? "see that OkHttpTest$Shop.close() ends it" : FIX);
    } finally {
      local.close();
    }
  }

  @Test
  void aForgottenMockWebServerIsOneLeak() throws Exception {
    LeakScope scope = openLeaky();

    OkHttpClient client = new OkHttpClient();
    MockWebServer server = startMock();
    try {
      call(client, server.url("/").toString());

      assertOne(scope, "MockWebServer", "MockWebServer.close()");
    } finally {
      server.close();
      stop(client);
    }
  }

  @Test
  void anUnusedMockWebServerIsFoundAsWell() throws Exception {
    LeakScope scope = openLeaky();

    try (MockWebServer server = startMock()) {
      assertOne(scope, "MockWebServer", "MockWebServer.close()");
    }
  }

  private static MockWebServer startMock() throws IOException {
    MockWebServer server = new MockWebServer();
    server.enqueue(new MockResponse.Builder().body("hello").build());
    server.start();
    return server;
  }

  private static void call(OkHttpClient client, String url) throws IOException {
    try (Response response = client.newCall(request(url)).execute()) {
      assertThat(response.body().string()).isEqualTo("hello");
    }
  }

  private static void callAsync(OkHttpClient client, String url) {
    CompletableFuture<String> body = new CompletableFuture<>();
    client.newCall(request(url)).enqueue(into(body));
    assertThat(body.join()).isEqualTo("hello");
  }

  private static Callback into(CompletableFuture<String> body) {
    return new Callback() {
      @Override
      public void onFailure(Call call, IOException problem) {
        body.completeExceptionally(problem);
      }

      @Override
      public void onResponse(Call call, Response response) throws IOException {
        body.complete(response.body().string());
      }
    };
  }

  private static Request request(String url) {
    return new Request.Builder().url(url).build();
  }

  private static void stop(OkHttpClient client) {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
