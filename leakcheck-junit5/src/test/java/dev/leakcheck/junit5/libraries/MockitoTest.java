package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.verifyNoMoreInteractions;

import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.junit5.lifecycle.Plants;
import dev.leakcheck.junit5.lifecycle.Run;
import dev.leakcheck.junit5.lifecycle.Tier;
import java.lang.ref.WeakReference;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mock;
import org.mockito.MockedStatic;
import org.mockito.MockitoAnnotations;
import org.mockito.Spy;

/** Mocks and spies: nobody asks them anything, and they leak nothing. */
class MockitoTest {

  @Test
  void mocks_in_fields_are_never_asked_and_never_accused() {
    assertThat(Run.of(FieldsTestCase.class).outcomes())
        .containsExactlyInAnyOrder("usesNone() passed", "usesSome() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @SuppressWarnings("unchecked")
  static class FieldsTestCase {
    final BlockingQueue<?> queue = mock(BlockingQueue.class);
    final ExecutorService executor = mock(ExecutorService.class);
    final ScheduledExecutorService scheduler = mock(ScheduledExecutorService.class);

    // Mockito rewrites the JDK's own classes for these.
    final LinkedBlockingQueue<?> linked = mock(LinkedBlockingQueue.class);
    final ArrayBlockingQueue<?> array = mock(ArrayBlockingQueue.class);
    final ThreadPoolExecutor pool = mock(ThreadPoolExecutor.class);
    final ForkJoinPool forkJoin = mock(ForkJoinPool.class);
    final ReentrantLock lock = mock(ReentrantLock.class);
    final BlockingQueue<String> spied = spy(new LinkedBlockingQueue<>());
    final List<Object> list = spy(new ArrayList<>(List.of(new Object())));
    final Map<Thread.State, Object> map = mock(EnumMap.class);
    final AtomicReference<Object> reference = mock(AtomicReference.class);

    @Test
    void usesNone() {
      assertThat(queue).isNotNull();
    }

    @Test
    void usesSome() {
      executor.execute(() -> {});
      verify(executor).execute(any());
      verifyNoMoreInteractions(executor);
    }

    @AfterEach
    void nobodyElseHasUsedThem() {
      verifyNoInteractions(queue, scheduler, linked, array, pool, forkJoin, lock, spied);
      verifyNoInteractions(list, map, reference);
      verifyNoMoreInteractions(executor);
    }
  }

  @Test
  void mocks_that_annotations_make_are_left_alone() {
    assertThat(Run.of(AnnotatedTestCase.class).outcomes()).containsExactly("passes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class AnnotatedTestCase {
    @Mock ExecutorService executor;
    @Mock Future<?> future;
    @Spy LinkedBlockingQueue<String> queue;
    private AutoCloseable mocks;

    @BeforeEach
    void open() {
      mocks = MockitoAnnotations.openMocks(this);
    }

    @Test
    void passes() {
      verifyNoInteractions(executor, future, queue);
    }

    @AfterEach
    void close() throws Exception {
      verifyNoInteractions(executor, future, queue);
      mocks.close();
    }
  }

  @Test
  void mocks_in_static_fields_are_left_alone() {
    assertThat(Run.of(StaticFieldsTestCase.class).outcomes()).containsExactly("passes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class StaticFieldsTestCase {
    static final ExecutorService EXECUTOR = mock(ExecutorService.class);
    static final LinkedBlockingQueue<?> QUEUE = mock(LinkedBlockingQueue.class);
    static final List<Object> LIST = spy(new ArrayList<>());

    @Test
    void passes() {
      verifyNoInteractions(EXECUTOR, QUEUE, LIST);
    }

    @AfterAll
    static void nobodyHasUsedThem() {
      verifyNoInteractions(EXECUTOR, QUEUE, LIST);
    }
  }

  @Test
  void a_real_queue_beside_mocks_is_still_seen() {
    assertThat(Run.of(RealTestCase.class).outcomes())
        .containsExactly("leavesElement() left leftover-queue");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class RealTestCase {
    final LinkedBlockingQueue<?> mocked = mock(LinkedBlockingQueue.class);
    final LinkedBlockingQueue<String> real = new LinkedBlockingQueue<>();

    @Test
    void leavesElement() {
      Plants.onAThread(() -> real.add("left"));
      verifyNoInteractions(mocked);
    }
  }

  @Test
  void threads_and_clients_that_are_mocks_are_not_asked_beside_a_leak() {
    assertThat(Run.of(BesideALeakTestCase.class).outcomes())
        .containsExactly("leavesThread() left stray-thread", "passes() passed");

    verifyNoInteractions(
        BesideALeakTestCase.MOCK, BesideALeakTestCase.SPY, BesideALeakTestCase.CLIENT);
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class BesideALeakTestCase {
    static final Thread MOCK = mock(Thread.class);
    static final Thread SPY = spy(new Thread(() -> {}));
    static final HttpClient CLIENT = spy(HttpClient.newHttpClient());

    final Thread mock = MOCK;
    final List<Object> all = List.of(SPY, CLIENT);

    @Test
    void leavesThread() {
      assertThat(all).hasSize(2);
      Plants.thread();
    }

    @Test
    void passes() {
      assertThat(mock).isSameAs(MOCK);
    }
  }

  @Test
  void mocks_in_wrappers_of_the_jdk_are_not_asked_either() {
    assertThat(Run.of(WrappedTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leavesAThread() left stray-thread", "mocksHaveNotBeenUsed() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  @SuppressWarnings("unchecked")
  static class WrappedTestCase {
    static final List<String> NAMES = mock(List.class);
    static final Map<String, String> MAP = mock(Map.class);
    static final ExecutorService POOL = mock(ExecutorService.class);
    static final List<String> LIST = Collections.unmodifiableList(NAMES);
    static final Map<String, String> LOCKED = Collections.synchronizedMap(MAP);
    static final ExecutorService GUARDED = Executors.unconfigurableExecutorService(POOL);

    @Test
    void leavesAThread() {
      Plants.thread();
    }

    @Test
    void mocksHaveNotBeenUsed() {
      verifyNoInteractions(NAMES, MAP, POOL);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void spies_of_processes_are_not_asked_beside_one_that_is_left() {
    assertThat(Run.of(ProcessTestCase.class).outcomes())
        .containsExactly("leavesAProcess() left child-process", "spyHasNotBeenUsed() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class ProcessTestCase {
    static Process real;
    static Process spied;
    static ProcessHandle left;

    @BeforeAll
    static void start() throws Exception {
      real = new ProcessBuilder("cat").start();
      spied = spy(real);
    }

    @AfterAll
    static void end() {
      real.destroy();
      left.destroy();
    }

    @Test
    void leavesAProcess() throws Exception {
      left = new ProcessBuilder("cat").start().toHandle();
    }

    @Test
    void spyHasNotBeenUsed() {
      verifyNoInteractions(spied);
    }
  }

  @Test
  void static_methods_of_the_jdk_may_be_mocked() {
    assertThat(Run.of(MockedStaticsTestCase.class).outcomes()).containsExactly("passes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class MockedStaticsTestCase {
    private static MockedStatic<ProcessHandle> processes;

    @BeforeAll
    static void mock() {
      processes = mockStatic(ProcessHandle.class);
    }

    @Test
    void passes() {
      assertThat(ProcessHandle.current()).isNull();
    }

    @AfterAll
    static void close() {
      processes.close();
    }
  }

  @Test
  void what_is_left_is_told_while_the_classes_of_times_are_mocked() {
    try {
      assertThat(Run.of(MockedTimesTestCase.class).outcomes())
          .containsExactly("leaks() left stray-thread");
    } finally {
      MockedTimesTestCase.END.countDown();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class MockedTimesTestCase {
    static final CountDownLatch END = new CountDownLatch(1);
    private static final List<MockedStatic<?>> MOCKED = new ArrayList<>();

    @BeforeAll
    static void mock() {
      MOCKED.add(mockStatic(Instant.class));
      MOCKED.add(mockStatic(LocalDate.class));
    }

    @Test
    void leaks() {
      Thread thread =
          new Thread(
              () -> {
                try {
                  END.await();
                } catch (InterruptedException e) {
                  // It ends.
                }
              },
              "left-behind");
      thread.setDaemon(true);
      thread.start();
    }

    @AfterAll
    static void close() {
      MOCKED.forEach(MockedStatic::close);
      MOCKED.clear();
    }
  }

  @Test
  void what_a_spy_was_copied_from_is_the_tests_as_the_spy_is() {
    assertThat(Run.of(SpiedQueueTestCase.class).outcomes())
        .containsExactlyInAnyOrder("looks() passed", "hands_over_to_a_mock() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class SpiedQueueTestCase {
    final LinkedBlockingQueue<String> queue = spy(new LinkedBlockingQueue<>(List.of("x")));

    @SuppressWarnings("unchecked")
    final Consumer<Object> consumer = mock(Consumer.class);

    @Test
    void looks() {
      assertThat(queue.peek()).isEqualTo("x");
    }

    @Test
    void hands_over_to_a_mock() {
      consumer.accept(new LinkedBlockingQueue<>(List.of("x")));
      verify(consumer).accept(any());
    }
  }

  @Test
  void what_another_thread_left_in_a_spied_queue_is_told_with_the_agent() {
    assertThat(Run.of(SpiedChannelTestCase.class).outcomes())
        .containsExactly(Tier.hasAgent() ? "sends() left leftover-queue" : "sends() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class SpiedChannelTestCase {
    final LinkedBlockingQueue<String> queue = spy(new LinkedBlockingQueue<>());

    @Test
    void sends() throws InterruptedException {
      Thread sender = new Thread(() -> queue.add("nobody takes it"));
      sender.start();
      sender.join();
    }
  }

  @Test
  void a_spied_pool_that_was_shut_down_is_no_leak_when_all_of_it_is_garbage() {
    assertThat(Run.of(SpiedPoolTestCase.class).outcomes())
        .containsExactlyInAnyOrder("works() passed", "isNotUsed() passed", "forks() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class SpiedPoolTestCase {
    private static final List<WeakReference<ExecutorService>> SPIES = new ArrayList<>();

    private ExecutorService pool;

    private void use(ExecutorService real) {
      pool = spy(real);
      SPIES.add(new WeakReference<>(pool));
    }

    @AfterEach
    void stop() {
      pool.shutdown();
    }

    @Test
    void works() throws Exception {
      use(Executors.newFixedThreadPool(1));
      pool.submit(() -> 1).get();
    }

    @Test
    void isNotUsed() {
      use(Executors.newScheduledThreadPool(1));
    }

    @Test
    void forks() throws Exception {
      use(new ForkJoinPool(1));
      pool.submit(() -> 1).get();
    }

    /** As far as the collector will: whether it does must not change the verdict. */
    @AfterAll
    static void letGo() {
      mock(Runnable.class).run(); // what was called last, Mockito keeps
      for (int i = 0; i < 10 && !SPIES.stream().allMatch(spy -> spy.refersTo(null)); i++) {
        System.gc();
      }
    }
  }

  /** In no field of the class that is checked. */
  private static final List<ExecutorService> LEFT_OPEN = new CopyOnWriteArrayList<>();

  @Test
  void a_spied_pool_that_is_left_open_is_told_once() {
    try {
      Run run = Run.of(OpenSpiedPoolTestCase.class);

      assertThat(run.outcomes())
          .containsExactlyInAnyOrder(
              "forks() left unclosed-executor", "works() left unclosed-executor");
      if (Tier.hasAgent()) {
        assertThat(run.messages())
            .contains("OpenSpiedPoolTestCase.works(", "1 idle", "1 completed");
        assertThat(run.messages()).contains("OpenSpiedPoolTestCase.forks(");
      }
    } finally {
      LEFT_OPEN.forEach(ExecutorService::shutdownNow);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OpenSpiedPoolTestCase {
    @Test
    void works() throws Exception {
      use(spy(Executors.newFixedThreadPool(1)));
    }

    @Test
    void forks() throws Exception {
      use(spy(new ForkJoinPool(1)));
    }

    private static void use(ExecutorService pool) throws Exception {
      LEFT_OPEN.add(pool);
      pool.submit(() -> 1).get();
    }
  }
}
