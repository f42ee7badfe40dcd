package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.leakcheck.junit5.LeakCheckExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.file.FileSystems;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the JDK runs threads or processes for, made as a test first needs it: what a field that
 * outlives the test holds is not the test's, what no field holds is.
 */
@DisabledOnOs(OS.WINDOWS) // it has no sleep
class FixtureServicesTest {

  /** What is planted in the test cases of the test that runs. */
  private static Service service = Service.HTTP_SERVER;

  enum Service {
    HTTP_SERVER {
      @Override
      AutoCloseable start() throws IOException {
        HttpServer server = httpServer();
        server.start();
        return new Closing(server, () -> server.stop(0));
      }
    },
    WATCH_SERVICE {
      @Override
      AutoCloseable start() throws IOException {
        WatchService watching = FileSystems.getDefault().newWatchService();
        return new Closing(watching, watching);
      }
    },
    CHANNEL_GROUP {
      @Override
      AutoCloseable start() throws IOException {
        AsynchronousChannelGroup group =
            AsynchronousChannelGroup.withFixedThreadPool(2, Executors.defaultThreadFactory());
        return new Closing(group, group::shutdownNow);
      }
    },
    PROCESS {
      @Override
      AutoCloseable start() throws IOException {
        Process process = new ProcessBuilder("sleep", "600").start();
        return new Closing(process, () -> process.destroyForcibly().waitFor());
      }
    };

    abstract AutoCloseable start() throws IOException;
  }

  /** A user's object around what is planted, and how that is closed. */
  record Closing(Object planted, AutoCloseable closer) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      closer.close();
    }
  }

  private static HttpServer httpServer() throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  /** What is planted itself. */
  private static Object started() {
    return ((Closing) wrapped()).planted();
  }

  private static Object wrapped() {
    try {
      AutoCloseable started = service.start();
      Plants.atRelease(
          () -> {
            try {
              started.close();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void releasePlants() {
    Plants.release();
    SharingTestCase.shared = null;
    WrappingTestCase.shared = null;
    HoldingTestCase.shared = null;
    ClosingTestCase.own = null;
    LeavingTestCase.own = null;
  }

  private static List<String> outcomes(Service planted, Class<?> testCase) {
    service = planted;
    return Run.of(testCase).outcomes().stream()
        .map(outcome -> outcome.replaceFirst(" left .*", " left one"))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void what_a_superclass_keeps_is_no_tests_and_one_beside_it_is(Service planted) {
    assertThat(outcomes(planted, SubTestCase.class))
        .containsExactly("first() passed", "second() passed", "leaves() left one");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  abstract static class SharingTestCase {
    static Object shared;

    @BeforeEach
    void setUp() {
      if (shared == null) {
        shared = started();
      }
    }
  }

  static class SubTestCase extends SharingTestCase {
    @Test
    @Order(1)
    void first() {}

    @Test
    @Order(2)
    void second() {}

    @Test
    @Order(3)
    void leaves() {
      started();
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_an_object_holds_that_a_superclass_keeps_is_no_tests(Service planted) {
    assertThat(outcomes(planted, SubWrappingTestCase.class))
        .containsExactlyInAnyOrder("first() passed", "second() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  abstract static class WrappingTestCase {
    static Object shared;

    @BeforeEach
    void setUp() {
      if (shared == null) {
        shared = wrapped();
      }
    }
  }

  static class SubWrappingTestCase extends WrappingTestCase {
    @Test
    void first() {}

    @Test
    void second() {}
  }

  @ParameterizedTest
  @EnumSource
  void one_of_two_that_a_test_made_is_told(Service planted) {
    assertThat(outcomes(planted, BothTestCase.class)).containsExactly("leaves() left one");
    assertThat(outcomes(planted, LosingTestCase.class)).containsExactly("loses() left one");
  }

  abstract static class HoldingTestCase {
    static Object shared;
  }

  @ExtendWith(LeakCheckExtension.class)
  static class BothTestCase extends HoldingTestCase {
    @Test
    void leaves() {
      shared = started();
      started();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LosingTestCase extends HoldingTestCase {
    @Test
    void loses() {
      shared = started();
      shared = started();
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_the_class_itself_holds_is_told_at_its_end_unless_it_is_closed(Service planted) {
    assertThat(outcomes(planted, ClosingTestCase.class)).containsExactly("uses() passed");
    assertThat(outcomes(planted, LeavingTestCase.class))
        .containsExactly("uses() passed", "LeavingTestCase left one");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ClosingTestCase {
    static Closing own;

    @Test
    void uses() {
      own = (Closing) wrapped();
    }

    @AfterAll
    static void tearDown() throws Exception {
      own.close();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LeavingTestCase {
    static Object own;

    @Test
    void uses() {
      own = started();
    }
  }

  @Test
  void the_pool_that_a_superclasss_server_was_given_is_held_by_the_server() {
    assertThat(Run.of(ServingTestCase.class).outcomes())
        .containsExactly("first() passed", "second() passed");
  }

  abstract static class ServerTestCase {
    static HttpServer server;

    static void serve() throws IOException {
      server = httpServer();
      ExecutorService pool = Executors.newFixedThreadPool(2);
      server.setExecutor(pool);
      server.start();
      Plants.atRelease(
          () -> {
            server.stop(0);
            pool.shutdownNow();
          });
      String url = "http://localhost:" + server.getAddress().getPort() + "/";
      assertThat(((HttpURLConnection) new URL(url).openConnection()).getResponseCode())
          .isEqualTo(404);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class ServingTestCase extends ServerTestCase {
    @Test
    void first() throws IOException {
      serve();
    }

    @Test
    void second() {}
  }

  @Test
  void the_pool_that_a_superclasss_client_was_given_is_held_by_the_client() {
    assertThat(Run.of(CallingTestCase.class).outcomes())
        .containsExactly("first() passed", "second() passed");
  }

  /** Near one: the publisher is the test's own. */
  @Test
  void the_pool_that_the_tests_own_publisher_was_given_is_told() {
    Run run = Run.of(PublishingTestCase.class);
    assertThat(run.outcomes()).containsExactly("first() left unclosed-executor", "second() passed");
    assertThat(run.messages())
        .contains(
            "held by    field PublishingTestCase.publisher.getExecutor()",
            "call shutdown() on field PublishingTestCase.publisher.getExecutor()")
        .doesNotContain("@AutoClose");
  }

  abstract static class ClientTestCase {
    static HttpClient client;
    static SubmissionPublisher<String> publisher;

    static void call() {
      client = HttpClient.newBuilder().executor(used()).build();
      publisher = new SubmissionPublisher<>(used(), 1);
    }
  }

  private static ExecutorService used() {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    pool.execute(() -> {});
    Plants.atRelease(pool::shutdownNow);
    return pool;
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class CallingTestCase extends ClientTestCase {
    @Test
    void first() {
      call();
    }

    @Test
    void second() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class PublishingTestCase {
    SubmissionPublisher<String> publisher;

    @Test
    void first() {
      publisher = new SubmissionPublisher<>(used(), 1);
    }

    @Test
    void second() {}
  }
}
