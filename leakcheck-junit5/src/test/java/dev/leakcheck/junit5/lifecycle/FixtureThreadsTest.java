package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thread that no field holds and that a fixture started for itself during a test is the
 * fixture's: the class answers for it.
 */
class FixtureThreadsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  /** Waits in a thread, and is over when it is stopped. */
  abstract static class Stoppable {
    private final CountDownLatch stopped = new CountDownLatch(1);

    Stoppable() {
      Plants.atRelease(this::stop);
    }

    final void untilStopped(CountDownLatch begun) {
      begun.countDown();
      Plants.await(stopped);
    }

    void stop() {
      stopped.countDown();
    }
  }

  /** Starts a thread as it is first used. */
  static class Poller extends Stoppable {
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean started;

    void subscribe() {
      if (!started) {
        started = true;
        CountDownLatch begun = new CountDownLatch(1);
        start(() -> poll(begun));
        Plants.await(begun);
      }
    }

    void start(Runnable run) {
      new Thread(run, "poller").start();
    }

    void poll(CountDownLatch begun) {
      untilStopped(begun);
      over.countDown();
    }

    CountDownLatch begun;

    void pollAgain() {
      poll(begun);
    }

    void close() {
      stop();
      Plants.await(over);
    }
  }

  static class VirtualPoller extends Poller {
    @Override
    void start(Runnable run) {
      try {
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, run);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Its thread runs an object that it made, with itself in a field. */
  static class Worker extends Poller {
    static final class Task implements Runnable {
      private final Worker worker;
      private final CountDownLatch begun = new CountDownLatch(1);

      Task(Worker worker) {
        this.worker = worker;
      }

      @Override
      public void run() {
        worker.poll(begun);
      }

      void start() {
        new Thread(this, "task").start();
        Plants.await(begun);
      }
    }

    @Override
    void subscribe() {
      new Task(this).start();
    }
  }

  /** Each session starts a thread of its own as it is made. */
  static final class Registry {
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new ArrayList<>();

    Session session(String name) {
      return sessions.computeIfAbsent(name, key -> new Session(this));
    }

    void close() {
      sessions.values().forEach(Poller::close);
    }
  }

  static final class Session extends Poller {
    final Registry registry;

    Session(Registry registry) {
      this.registry = registry;
      subscribe();
    }
  }

  /** What a thread runs for an exporter. */
  static final class Export extends Poller implements Runnable {
    private final CountDownLatch begun = new CountDownLatch(1);

    @Override
    public void run() {
      poll(begun);
    }

    void start() {
      new Thread(this, "export").start();
      Plants.await(begun);
    }
  }

  /** Has a thread run what it keeps, from the beginning on. */
  static final class Exporter {
    private final Export export;

    private Exporter(Export export) {
      this.export = export;
    }

    Exporter() {
      this(new Export());
      export.start();
    }

    static Exporter opened() {
      Exporter exporter = new Exporter(new Export());
      exporter.export.start();
      return exporter;
    }

    void close() {
      export.close();
    }
  }

  /** Its thread starts another for each request. */
  static class Server extends Stoppable {
    private final LinkedBlockingQueue<CountDownLatch> requests = new LinkedBlockingQueue<>();
    final List<Runnable> listeners = new ArrayList<>();
    private final Thread acceptor = new Thread(this::accept, "acceptor");

    Server() {
      acceptor.start();
    }

    private void accept() {
      try {
        while (true) {
          CountDownLatch request = requests.take();
          listeners.forEach(Runnable::run);
          answer(request);
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }

    void answer(CountDownLatch request) {
      new Thread(() -> untilStopped(request), "connection").start();
    }

    void request() {
      CountDownLatch answered = new CountDownLatch(1);
      requests.add(answered);
      Plants.await(answered);
    }

    @Override
    void stop() {
      acceptor.interrupt();
      Plants.join(acceptor);
      super.stop();
    }
  }

  /** Its thread starts one that knows nothing of it, and a pool in a local variable. */
  static final class LocalServer extends Server {
    private static final CountDownLatch STOPPED = new CountDownLatch(1);

    @Override
    void answer(CountDownLatch request) {
      new Thread(() -> Plants.await(STOPPED), "connection").start();
      ExecutorService local = Plants.kept(Executors.newFixedThreadPool(1));
      local.execute(request::countDown);
    }
  }

  /** A worker of its pool starts a thread for a job. */
  static final class JobRunner extends Stoppable {
    private final ExecutorService front = Plants.pool();

    void job() {
      CountDownLatch begun = new CountDownLatch(1);
      front.execute(() -> new Thread(() -> untilStopped(begun), "job").start());
      Plants.await(begun);
    }

    void close() {
      stop();
      Plants.close(front);
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        PollerTestCase.class,
        PerClassTestCase.class,
        ExtensionTestCase.class,
        WorkerTestCase.class,
        SessionTestCase.class,
        ServerTestCase.class,
        JobTestCase.class,
        StoreTestCase.class,
        LazyTestCase.class,
        LazyFactoryTestCase.class,
      })
  void what_a_fixture_starts_for_itself_and_stops_is_no_leak(Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes()).containsExactly("uses() passed", "usesAgain() passed");
  }

  @Test
  @org.junit.jupiter.api.condition.EnabledForJreRange(
      min = org.junit.jupiter.api.condition.JRE.JAVA_21)
  void nor_is_a_virtual_thread() {
    what_a_fixture_starts_for_itself_and_stops_is_no_leak(VirtualTestCase.class);
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  abstract static class FixtureTestCase {
    abstract void use();

    @Test
    @Order(1)
    void uses() {
      use();
    }

    @Test
    @Order(2)
    void usesAgain() {
      use();
    }
  }

  static class PollerTestCase extends FixtureTestCase {
    static Poller poller;

    @BeforeAll
    static void setUp() {
      poller = new Poller();
    }

    @Override
    void use() {
      poller.subscribe();
    }

    @AfterAll
    static void tearDown() {
      poller.close();
    }
  }

  static class VirtualTestCase extends FixtureTestCase {
    static Poller poller;

    @BeforeAll
    static void setUp() {
      poller = new VirtualPoller();
    }

    @Override
    void use() {
      poller.subscribe();
    }

    @AfterAll
    static void tearDown() {
      poller.close();
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassTestCase extends FixtureTestCase {
    final Poller poller = new Poller();

    @Override
    void use() {
      poller.subscribe();
    }

    @AfterAll
    void tearDown() {
      poller.close();
    }
  }

  static class ExtensionTestCase extends FixtureTestCase {
    static class PollerExtension implements BeforeAllCallback, AfterAllCallback {
      Poller poller;

      @Override
      public void beforeAll(ExtensionContext context) {
        poller = new Poller();
      }

      @Override
      public void afterAll(ExtensionContext context) {
        poller.close();
      }
    }

    @RegisterExtension static final PollerExtension EXTENSION = new PollerExtension();

    @Override
    void use() {
      EXTENSION.poller.subscribe();
    }
  }

  @Test
  @Tier.WithAgent
  void what_a_thread_of_another_extensions_makes_and_leaves_is_mentioned() {
    Run run = Run.of(OlderServerTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "requests() passed", "OlderServerTestCase left unclosed-executor");
    assertThat(run.failure("OlderServerTestCase"))
        .hasMessageContaining(
            "thread \"connection\" made by an older thread at "
                + LocalServer.class.getName()
                + ".answer(");
  }

  @Test
  @Tier.WithAgent
  void the_report_of_a_check_that_passes_says_what_was_left_alone(@TempDir Path directory)
      throws IOException {
    Run.configured()
        .with("leakcheck.report.dir", directory.toString())
        .over(PassingServerTestCase.class);

    StringBuilder report = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        report.append(Files.readString(file));
      }
    }
    assertThat(report.toString().lines().filter(line -> line.contains("leftAlone")))
        .isNotEmpty()
        .allMatch(line -> line.contains("\"failing\":0"))
        .anyMatch(line -> line.contains("\\\"connection\\\" made by an older thread"));
  }

  @ExtendWith(LeakCheckExtension.class)
  static class PassingServerTestCase {
    @RegisterExtension
    static final OlderServerTestCase.ServerExtension EXTENSION =
        new OlderServerTestCase.ServerExtension();

    @Test
    void requests() {
      EXTENSION.server.request();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OlderServerTestCase {
    static class ServerExtension implements BeforeAllCallback, AfterAllCallback {
      Server server;

      @Override
      public void beforeAll(ExtensionContext context) {
        server = new LocalServer();
      }

      @Override
      public void afterAll(ExtensionContext context) {
        server.stop();
      }
    }

    @RegisterExtension static final ServerExtension EXTENSION = new ServerExtension();

    @BeforeAll
    static void leaves() {
      Plants.pool();
    }

    @Test
    void requests() {
      EXTENSION.server.request();
    }
  }

  static class WorkerTestCase extends FixtureTestCase {
    static Worker worker;

    @BeforeAll
    static void setUp() {
      worker = new Worker();
    }

    @Override
    void use() {
      worker.subscribe();
    }

    @AfterAll
    static void tearDown() {
      worker.close();
    }
  }

  static class SessionTestCase extends FixtureTestCase {
    static Registry registry;
    static int sessions;

    @BeforeAll
    static void setUp() {
      registry = new Registry();
    }

    @Override
    void use() {
      registry.session("session " + sessions++);
    }

    @AfterAll
    static void tearDown() {
      registry.close();
    }
  }

  static class ServerTestCase extends FixtureTestCase {
    static Server server;

    @BeforeAll
    static void setUp() {
      server = new Server();
    }

    @Override
    void use() {
      server.request();
    }

    @AfterAll
    static void tearDown() {
      server.stop();
    }
  }

  static class JobTestCase extends FixtureTestCase {
    static JobRunner jobs;

    @BeforeAll
    static void setUp() {
      jobs = new JobRunner();
    }

    @Override
    void use() {
      jobs.job();
    }

    @AfterAll
    static void tearDown() {
      jobs.close();
    }
  }

  static class StoreTestCase extends FixtureTestCase {
    static class InStore implements BeforeAllCallback {
      static Server server;

      @Override
      public void beforeAll(ExtensionContext context) {
        server = new Server();
        context.getRoot().getStore(Namespace.GLOBAL).put("server", server);
      }
    }

    @RegisterExtension static final InStore EXTENSION = new InStore();

    @Override
    void use() {
      InStore.server.request();
    }
  }

  static class LazyTestCase extends FixtureTestCase {
    static Exporter exporter;

    @Override
    void use() {
      if (exporter == null) {
        exporter = new Exporter();
      }
    }

    @AfterAll
    static void tearDown() {
      exporter.close();
    }
  }

  static class LazyFactoryTestCase extends FixtureTestCase {
    static Exporter exporter;

    @Override
    void use() {
      if (exporter == null) {
        exporter = Exporter.opened();
      }
    }

    @AfterAll
    static void tearDown() {
      exporter.close();
    }
  }

  @Test
  void what_only_the_test_has_is_its_own_beside_a_fixture_of_that_class() {
    assertThat(Run.of(OwnExporterTestCase.class).outcomes())
        .containsExactly(
            "madeByIt() left stray-thread",
            "givenToIt() left stray-thread",
            "startedForTheFixture() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class OwnExporterTestCase {
    static Exporter exporter;
    static final List<Export> EXPORTS = new ArrayList<>();

    @BeforeAll
    static void setUp() {
      exporter = new Exporter();
    }

    @Test
    @Order(1)
    void madeByIt() {
      new Exporter();
    }

    @Test
    @Order(2)
    void givenToIt() {
      Exporter.opened();
    }

    @Test
    @Order(3)
    void startedForTheFixture() {
      Export export = new Export();
      EXPORTS.add(export);
      export.start();
    }

    @AfterAll
    static void tearDown() {
      exporter.close();
      Plants.release();
    }
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_it_is_told_what_an_older_thread_made() {
    assertThat(Run.of(LocalTestCase.class).outcomes())
        .containsExactly("uses() passed", "LocalTestCase left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LocalTestCase {
    static LocalServer server;

    @BeforeAll
    static void setUp() {
      server = new LocalServer();
    }

    @Test
    void uses() {
      server.request();
    }

    @AfterAll
    static void tearDown() {
      server.stop();
    }
  }

  @Test
  void what_is_not_stopped_with_the_fixture_is_the_leak_of_the_class() {
    Run run = Run.of(UnstoppedTestCase.class);
    assertThat(run.outcomes())
        .containsExactly("uses() passed", "UnstoppedTestCase left stray-thread");
    assertThat(run.messages()).contains("thread \"poller\"");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class UnstoppedTestCase {
    static final Poller POLLER = new Poller();

    @Test
    void uses() {
      POLLER.subscribe();
    }
  }

  @Test
  void what_the_test_starts_is_its_own_whatever_it_knows() {
    Run run = Run.of(NearMissTestCase.class);
    assertThat(run.outcomes())
        .containsExactly(
            "lambdaWithFixture() left stray-thread",
            "methodOfFixture() left stray-thread",
            "ofItsOwn() left stray-thread",
            "inFixturesPool() left stray-thread",
            "listener() left stray-thread",
            "listenerOfAnotherClass() left stray-thread");
    if (Tier.hasAgent()) {
      assertThat(run.messages()).contains("when the test ends (thread \"pool-");
    }
  }

  /** Starts a thread on whichever thread it is called. */
  static final class Listener extends Poller implements Runnable {
    @Override
    public void run() {
      subscribe();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class NearMissTestCase {
    static Poller poller;
    static Server server;
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      poller = new Poller();
      pool = Plants.pool();
      server =
          new Server() {
            @Override
            void answer(CountDownLatch request) {
              request.countDown();
            }
          };
    }

    @Test
    @Order(1)
    void lambdaWithFixture() {
      CountDownLatch begun = new CountDownLatch(1);
      new Thread(() -> poller.poll(begun), "lambda").start();
      Plants.await(begun);
    }

    @Test
    @Order(2)
    void methodOfFixture() {
      poller.begun = new CountDownLatch(1);
      new Thread(poller::pollAgain, "method").start();
      Plants.await(poller.begun);
    }

    @Test
    @Order(3)
    void ofItsOwn() {
      new Poller().subscribe();
    }

    @Test
    @Order(4)
    void inFixturesPool() throws Exception {
      CountDownLatch begun = new CountDownLatch(1);
      pool.submit(() -> new Thread(() -> loop(begun), "loop").start()).get();
      Plants.await(begun);
    }

    private void loop(CountDownLatch begun) {
      poller.untilStopped(begun);
    }

    @Test
    @Order(5)
    void listener() {
      server.listeners.add(
          () -> {
            CountDownLatch begun = new CountDownLatch(1);
            new Thread(() -> poller.untilStopped(begun), "listener").start();
            Plants.await(begun);
          });
      server.request();
      server.listeners.clear();
    }

    @Test
    @Order(6)
    void listenerOfAnotherClass() {
      server.listeners.add(new Listener());
      server.request();
    }

    @AfterAll
    static void tearDown() {
      Plants.release();
    }
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_it_is_told_that_the_test_made_what_runs() {
    assertThat(Run.of(TaskTestCase.class).outcomes())
        .containsExactly("startsTask() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class TaskTestCase {
    static Worker worker;

    @BeforeAll
    static void setUp() {
      worker = new Worker();
    }

    @Test
    void startsTask() {
      new Worker.Task(worker).start();
    }

    @AfterAll
    static void tearDown() {
      worker.close();
    }
  }

  @Test
  @Tier.WithAgent
  @org.junit.jupiter.api.condition.EnabledForJreRange(
      min = org.junit.jupiter.api.condition.JRE.JAVA_21)
  void with_an_agent_it_is_told_which_of_two_objects_a_virtual_thread_is_of() {
    assertThat(Run.of(OfOneClassTestCase.class).outcomes())
        .containsExactly("uses() passed", "startsItsOwn() left stray-virtual-thread");
  }

  /** Makes one that no code of the test's class makes. */
  static final class Pollers {
    private Pollers() {}

    static Poller another() {
      return new VirtualPoller();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class OfOneClassTestCase {
    static Poller poller;

    @BeforeAll
    static void setUp() {
      poller = Pollers.another();
    }

    @Test
    @Order(1)
    void uses() {
      poller.subscribe();
    }

    @Test
    @Order(2)
    void startsItsOwn() {
      Pollers.another().subscribe();
    }

    @AfterAll
    static void tearDown() {
      poller.close();
      Plants.release();
    }
  }
}
