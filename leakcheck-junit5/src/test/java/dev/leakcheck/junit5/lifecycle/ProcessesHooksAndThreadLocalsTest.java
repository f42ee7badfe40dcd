package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.NoLeaks;
import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Who answers for what is neither a thread nor an executor nor a queue. */
class ProcessesHooksAndThreadLocalsTest {

  private static final List<Process> PROCESSES = new CopyOnWriteArrayList<>();
  private static final List<Thread> HOOKS = new CopyOnWriteArrayList<>();
  private static final ThreadLocal<Session> CURRENT = new ThreadLocal<>();

  private static final class Session {}

  @AfterEach
  void release() throws InterruptedException {
    for (Process process : PROCESSES) {
      process.destroyForcibly().waitFor();
    }
    PROCESSES.clear();
    HOOKS.forEach(Runtime.getRuntime()::removeShutdownHook);
    HOOKS.clear();
    CURRENT.remove();
  }

  private static Process start() {
    try {
      Process process = new ProcessBuilder("sleep", "600").start();
      PROCESSES.add(process);
      return process;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  private static Thread hook() {
    Thread hook = new Thread(() -> {}, "closing");
    HOOKS.add(hook);
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  // Processes

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void only_the_test_that_left_a_process_fails() {
    assertThat(Run.of(ProcessTestCase.class).outcomes())
        .containsExactly(
            "ends() passed", "leaves() left child-process", "later() passed", "allowed() passed");
  }

  @NoLeaks(settle = "50ms")
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class ProcessTestCase {
    @Test
    @Order(1)
    void ends() throws InterruptedException {
      end(start());
    }

    @Test
    @Order(2)
    void leaves() {
      start();
    }

    @Test
    @Order(3)
    void later() {}

    @Test
    @Order(4)
    @AllowLeaks(kind = LeakKind.CHILD_PROCESS, reason = "ends when idle")
    void allowed() {
      start();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void a_process_of_a_fixture_is_its_classs() {
    assertThat(Run.of(FixtureProcessTestCase.class).outcomes())
        .containsExactly("first() passed", "second() passed");
    assertThat(Run.of(LeftFixtureProcessTestCase.class).outcomes())
        .containsExactly("first() passed", "LeftFixtureProcessTestCase left child-process");
  }

  @NoLeaks(settle = "50ms")
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class FixtureProcessTestCase {
    private static Process server;
    private Process client;

    @BeforeAll
    static void startServer() {
      server = start();
    }

    @BeforeEach
    void startClient() {
      client = start();
    }

    @Test
    void first() {}

    @Test
    void second() {}

    @AfterEach
    void endClient() throws InterruptedException {
      end(client);
    }

    @AfterAll
    static void endServer() throws InterruptedException {
      end(server);
    }
  }

  @NoLeaks(settle = "50ms")
  static class LeftFixtureProcessTestCase {
    @BeforeAll
    static void startServer() {
      start();
    }

    @Test
    void first() {}
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void a_process_of_another_extension_is_nobodys() {
    assertThat(Run.of(OtherExtensionTestCase.class).outcomes()).containsExactly("uses() passed");
  }

  static class StartsProcess implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
      start();
    }
  }

  @NoLeaks(settle = "50ms")
  @ExtendWith(StartsProcess.class)
  static class OtherExtensionTestCase {
    @Test
    void uses() {}
  }

  // Shutdown hooks

  @Test
  @Tier.WithAnyAgent
  void only_the_test_that_left_a_hook_fails() {
    assertThat(Run.of(HookTestCase.class).outcomes())
        .containsExactly("leaves() left shutdown-hook", "removes() passed");
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class HookTestCase {
    @Test
    void leaves() {
      hook();
    }

    @Test
    void removes() {
      Runtime.getRuntime().removeShutdownHook(hook());
    }
  }

  @Test
  @Tier.WithAnyAgent
  void a_hook_that_a_fixture_registers_as_it_is_first_used_is_its_classs() {
    assertThat(Run.of(HookOfFixtureTestCase.class).outcomes())
        .containsExactly(
            "leavesOneOfItsOwn() left shutdown-hook", "uses() passed", "usesAgain() passed");
    assertThat(Run.of(LeftHookOfFixtureTestCase.class).outcomes())
        .containsExactly("uses() passed", "LeftHookOfFixtureTestCase left shutdown-hook");
  }

  @Test
  @Tier.WithAnyAgent
  void so_is_one_that_the_fixture_does_not_keep() {
    assertThat(Run.of(UnkeptHookOfFixtureTestCase.class).outcomes())
        .containsExactly(
            "leavesOneOfItsOwn() left shutdown-hook",
            "uses() passed",
            "UnkeptHookOfFixtureTestCase left shutdown-hook");
  }

  @Test
  @Tier.WithAnyAgent
  void a_hook_that_a_test_gives_to_another_extension_is_the_tests() {
    assertThat(Run.of(GivenHookTestCase.class).outcomes())
        .containsExactly("gives() left shutdown-hook", "uses() passed");
  }

  private static class Client {
    private final boolean keepsHook;
    private Thread hook;

    Client(boolean keepsHook) {
      this.keepsHook = keepsHook;
    }

    void use() {
      if (hook == null) {
        Thread added = hook();
        hook = keepsHook ? added : null;
      }
    }

    void close() {
      if (hook != null) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class HookOfFixtureTestCase {
    private static Client client;

    @BeforeAll
    static void open() {
      client = new Client(true);
    }

    @Test
    void leavesOneOfItsOwn() {
      client.use();
      new Client(true).use();
    }

    @Test
    void uses() {
      client.use();
    }

    @Test
    void usesAgain() {
      client.use();
    }

    @AfterAll
    static void close() {
      client.close();
    }
  }

  @NoLeaks
  static class LeftHookOfFixtureTestCase {
    private static final Client CLIENT = new Client(true);

    @Test
    void uses() {
      CLIENT.use();
    }
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class UnkeptHookOfFixtureTestCase {
    private static final Client CLIENT = new Client(false);

    @Test
    void leavesOneOfItsOwn() {
      new Client(false).use();
    }

    @Test
    void uses() {
      CLIENT.use();
    }
  }

  static class KnowsHooks implements BeforeEachCallback {
    private static final List<Thread> GIVEN = new CopyOnWriteArrayList<>();
    private static final Client CLIENT = new Client(true);

    @Override
    public void beforeEach(ExtensionContext context) {
      GIVEN.clear();
    }
  }

  @NoLeaks
  @ExtendWith(KnowsHooks.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class GivenHookTestCase {
    @Test
    void gives() {
      KnowsHooks.GIVEN.add(hook());
    }

    @Test
    void uses() {
      KnowsHooks.CLIENT.use();
    }
  }

  // Thread-locals

  @Test
  @Tier.WithAgent
  void only_the_test_that_left_a_value_fails() {
    assertThat(Run.of(ThreadLocalTestCase.class).outcomes())
        .containsExactly(
            "leaves() left thread-local-residue",
            "leavesOnWorker() left thread-local-residue",
            "removes() passed",
            "sees() passed");
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class ThreadLocalTestCase {
    private static ExecutorService pool;

    @BeforeAll
    static void open() throws Exception {
      pool = Executors.newFixedThreadPool(1);
      pool.submit(() -> {}).get();
    }

    @Test
    void leaves() {
      CURRENT.set(new Session());
    }

    @Test
    void leavesOnWorker() throws Exception {
      pool.submit(() -> CURRENT.set(new Session())).get();
    }

    @Test
    void removes() throws Exception {
      CURRENT.set(new Session());
      CURRENT.remove();
    }

    @Test
    void sees() throws Exception {
      pool.submit(() -> CURRENT.get()).get();
    }

    @AfterAll
    static void close() {
      Plants.close(pool);
    }
  }

  @Test
  @Tier.WithAgent
  void a_pool_that_the_class_makes_in_its_first_test_outlives_that() {
    assertThat(Run.of(FreshPoolTestCase.class).outcomes())
        .containsExactly("leavesOnWorker() left thread-local-residue", "removes() passed");
    assertThat(Run.of(OwnPoolTestCase.class).outcomes())
        .containsExactly("closesItsPool() passed", "removes() passed");
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class FreshPoolTestCase {
    private static final ExecutorService POOL = Executors.newFixedThreadPool(1);

    @Test
    void leavesOnWorker() throws Exception {
      POOL.submit(() -> CURRENT.set(new Session())).get();
    }

    @Test
    void removes() throws Exception {
      POOL.submit(CURRENT::remove).get();
    }

    @AfterAll
    static void close() {
      Plants.close(POOL);
    }
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class OwnPoolTestCase {
    private static final ExecutorService POOL = Executors.newFixedThreadPool(1);

    @Test
    void closesItsPool() throws Exception {
      ExecutorService own = Executors.newFixedThreadPool(1);
      own.submit(() -> CURRENT.set(new Session())).get();
      Plants.close(own);
    }

    @Test
    void removes() throws Exception {
      POOL.submit(
              () -> {
                CURRENT.set(new Session());
                CURRENT.remove();
              })
          .get();
    }

    @AfterAll
    static void close() {
      Plants.close(POOL);
    }
  }

  @Test
  @Tier.WithAnyAgent
  void a_value_that_is_left_on_its_own_thread_fails_a_test() {
    assertThat(Run.of(OwnThreadTestCase.class).outcomes())
        .containsExactly("leaves() left thread-local-residue", "sees() passed");
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class OwnThreadTestCase {
    @Test
    void leaves() {
      CURRENT.set(new Session());
    }

    @Test
    void sees() {
      CURRENT.get();
    }
  }

  @Test
  @Tier.WithAnyAgent
  void what_a_test_sets_up_and_removes_passes() {
    assertThat(Run.of(SetUpTestCase.class).outcomes()).containsExactly("uses() passed");
  }

  @NoLeaks
  static class SetUpTestCase {
    @BeforeEach
    void logIn() {
      CURRENT.set(new Session());
    }

    @Test
    void uses() {
      assertThat(CURRENT.get()).isNotNull();
    }

    @AfterEach
    void logOut() {
      CURRENT.remove();
    }
  }
}
