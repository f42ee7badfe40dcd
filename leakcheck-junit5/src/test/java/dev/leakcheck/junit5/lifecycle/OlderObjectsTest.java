package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an object that is older than the test makes for itself, on a thread of its own or as it is
 * first used, is that object's; what the test made and gave to it is the test's.
 */
class OlderObjectsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
    Application.current = null;
  }

  /** Starts no thread but that of its server before the first request. */
  static final class Application {
    static Application current;

    final Server server = new Server(this::answer);
    final DataSource dataSource = new DataSource();
    final Map<String, ExecutorService> pools = new ConcurrentHashMap<>();
    final List<Object> registered = new ArrayList<>();
    final Subscriber subscriber = new Subscriber(this);
    ExecutorService given;

    private void answer(String request) {
      dataSource.connect();
    }

    /** Uses what is made as it is first needed, on the caller's thread. */
    void use() {
      dataSource.connect();
    }

    void register(Object other) {
      registered.add(other);
    }

    ExecutorService pool(String name) {
      return pools.computeIfAbsent(name, key -> Plants.pool());
    }

    void stop() {
      server.stop();
    }
  }

  /** Answers on a thread of its own. */
  static final class Server {
    private final LinkedBlockingQueue<Runnable> requests = new LinkedBlockingQueue<>();
    private final Consumer<String> handler;
    private final Thread thread = new Thread(this::serve, "server");

    Server(Consumer<String> handler) {
      this.handler = handler;
      thread.start();
    }

    private void serve() {
      try {
        while (true) {
          requests.take().run();
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }

    void request() {
      CountDownLatch answered = new CountDownLatch(1);
      requests.add(
          () -> {
            handler.accept("");
            answered.countDown();
          });
      Plants.await(answered);
    }

    void stop() {
      thread.interrupt();
      Plants.join(thread);
    }
  }

  /** Makes its pool with the first connection. */
  static final class DataSource {
    private Connections connections;

    synchronized void connect() {
      if (connections == null) {
        connections = new Connections();
      }
    }
  }

  static final class Connections {
    private final ExecutorService housekeeper = Plants.pool();
    private final Thread filler = Plants.thread("filler");

    void close() {
      Plants.close(housekeeper);
      filler.interrupt();
    }
  }

  /** Is known to the application, and has a thread of its own once it is started. */
  static final class Subscriber {
    private final Application application;
    private Thread thread;

    Subscriber(Application application) {
      this.application = application;
    }

    Subscriber start() {
      application.register(this);
      thread = Plants.thread("subscriber");
      return this;
    }
  }

  abstract static class ApplicationExtension implements BeforeAllCallback {
    static Application start() {
      if (Application.current == null) {
        Application application = new Application();
        Plants.atRelease(application::stop);
        Application.current = application;
      }
      return Application.current;
    }
  }

  /** Keeps it in JUnit's store. */
  static class InStore extends ApplicationExtension {
    @Override
    public void beforeAll(ExtensionContext context) {
      context.getRoot().getStore(Namespace.GLOBAL).put("application", start());
    }
  }

  /** Keeps it in a field of its own. */
  static class InField extends ApplicationExtension {
    Application application;

    @Override
    public void beforeAll(ExtensionContext context) {
      application = start();
    }
  }

  /** Keeps it as Spring keeps contexts. */
  static class InCache extends ApplicationExtension {
    private static final Cache CACHE = new Cache();
    private final Map<String, Object> cache = java.util.Collections.synchronizedMap(CACHE);

    @Override
    public void beforeAll(ExtensionContext context) {
      cache.put("application", new Object[] {start()});
    }

    static final class Cache extends java.util.LinkedHashMap<String, Object> {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Object> eldest) {
        return size() > 1;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {StoreTestCase.class, FieldTestCase.class, CacheTestCase.class})
  void what_it_makes_for_itself_is_its_own(Class<?> testCase) {
    Run run = Run.of(testCase);
    assertThat(run.outcomes())
        .containsExactly(
            "requests() passed",
            "usesAgain() passed",
            "leavesBeside() left unclosed-executor",
            "registersPool() left unclosed-executor",
            "registersThread() left stray-thread",
            "registersInbox() left leftover-queue");
  }

  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  abstract static class ApplicationTestCase {
    final LinkedBlockingQueue<String> inbox = new LinkedBlockingQueue<>();

    @Test
    @Order(1)
    void requests() throws IOException {
      Application.current.server.request();
    }

    @Test
    @Order(2)
    void usesAgain() {
      Application.current.server.request();
    }

    @Test
    @Order(3)
    void leavesBeside() {
      Application.current.use();
      Plants.pool();
    }

    @Test
    @Order(4)
    void registersPool() {
      Application.current.register(Plants.pool());
    }

    @Test
    @Order(5)
    void registersThread() {
      Application.current.register(Plants.thread());
    }

    @Test
    @Order(6)
    void registersInbox() {
      Application.current.register(inbox);
      CountDownLatch answered = new CountDownLatch(1);
      Application.current.server.requests.add(
          () -> {
            inbox.add("answer");
            answered.countDown();
          });
      Plants.await(answered);
    }
  }

  @ExtendWith({LeakCheckExtension.class, InStore.class})
  static class StoreTestCase extends ApplicationTestCase {}

  @ExtendWith({LeakCheckExtension.class, InField.class})
  static class FieldTestCase extends ApplicationTestCase {}

  @ExtendWith({LeakCheckExtension.class, InCache.class})
  static class CacheTestCase extends ApplicationTestCase {}

  @Test
  void what_it_makes_as_it_is_first_used_is_mentioned() {
    Run run = Run.of(LazyTestCase.class);
    assertThat(run.outcomes())
        .containsExactly("uses() left unclosed-executor", "usesAgain() passed");
    assertThat(run.failure("uses"))
        .hasMessageContaining("left alone: ThreadPoolExecutor held by an older object: ")
        .hasMessageContaining(".connections.housekeeper");
  }

  @ExtendWith({LeakCheckExtension.class, InStore.class})
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class LazyTestCase {
    @Test
    @Order(1)
    void uses() {
      Application.current.use();
      Plants.pool();
    }

    @Test
    @Order(2)
    void usesAgain() {
      Application.current.use();
    }
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_it_is_told_who_made_what_a_collection_or_a_field_holds() {
    assertThat(Run.of(MakersTestCase.class).outcomes())
        .containsExactly(
            "makesInMap() passed",
            "setsPool() left unclosed-executor",
            "registersDataSource() left unclosed-executor",
            "startsThatOfTheApplication() passed",
            "startsAndRegistersItsOwn() left stray-thread");
    assertThat(Run.of(PreparedTestCase.class).outcomes())
        .containsExactly("starts() left stray-thread");
  }

  @ExtendWith({LeakCheckExtension.class, InField.class})
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class MakersTestCase {
    @Test
    @Order(1)
    void makesInMap() {
      Application.current.pool("first");
    }

    @Test
    @Order(2)
    void setsPool() {
      Application.current.given = Plants.pool();
    }

    @Test
    @Order(3)
    void registersDataSource() {
      Connections connections = new Connections();
      Application.current.register(connections);
    }

    @Test
    @Order(4)
    void startsThatOfTheApplication() {
      Application.current.subscriber.start();
    }

    @Test
    @Order(5)
    void startsAndRegistersItsOwn() {
      new Subscriber(Application.current).start();
    }
  }

  @ExtendWith({LeakCheckExtension.class, InField.class})
  static class PreparedTestCase {
    private Subscriber prepared;

    @BeforeEach
    void prepare() {
      prepared = new Subscriber(Application.current);
    }

    @Test
    void starts() {
      prepared.start();
    }
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_the_threads_of_an_older_object_lead_to_it() {
    assertThat(Run.of(ThreadTestCase.class).outcomes())
        .containsExactly(
            "requests() passed",
            "leavesInARequest() left unclosed-executor",
            "registersPool() left unclosed-executor");
  }

  /** Nothing leads to the application but its thread. */
  static class Forgetful extends ApplicationExtension {
    @Override
    public void beforeAll(ExtensionContext context) {
      start();
    }
  }

  @ExtendWith({LeakCheckExtension.class, Forgetful.class})
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class ThreadTestCase {
    @Test
    @Order(1)
    void requests() {
      Application.current.server.request();
    }

    @Test
    @Order(2)
    void leavesInARequest() {
      CountDownLatch answered = new CountDownLatch(1);
      Application.current.server.requests.add(
          () -> {
            Plants.pool();
            answered.countDown();
          });
      Plants.await(answered);
    }

    @Test
    @Order(3)
    void registersPool() {
      Application.current.register(Plants.pool());
    }
  }
}
