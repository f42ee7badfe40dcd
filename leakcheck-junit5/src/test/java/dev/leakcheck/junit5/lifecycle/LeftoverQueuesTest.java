package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

class LeftoverQueuesTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void a_queue_in_a_field_that_still_holds_elements_fails_its_test() {
    assertThat(Run.of(FieldTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leavesElement() left leftover-queue",
            "takesAll() passed",
            "clears() passed",
            "leavesInEveryQueue() left leftover-queue, leftover-queue, leftover-queue,"
                + " leftover-queue");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FieldTestCase {
    final LinkedBlockingQueue<String> linked = new LinkedBlockingQueue<>();
    final BlockingQueue<String> array = new ArrayBlockingQueue<>(3);
    private final LinkedBlockingDeque<String> deque = new LinkedBlockingDeque<>();
    protected Object priority = new PriorityBlockingQueue<>();

    @Test
    void leavesElement() {
      Plants.onAThread(() -> linked.add("left"));
    }

    @Test
    void takesAll() throws InterruptedException {
      linked.add("taken");
      linked.take();
    }

    @Test
    void clears() {
      array.add("cleared");
      array.clear();
    }

    @Test
    @SuppressWarnings("unchecked")
    void leavesInEveryQueue() {
      Plants.onAThread(() -> linked.add("left"));
      array.add("left");
      deque.add("left");
      ((PriorityBlockingQueue<String>) priority).add("left");
    }
  }

  @Test
  void a_queue_in_a_field_of_a_superclass_fails_its_test() {
    assertThat(Run.of(SuperclassTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leavesElement() left leftover-queue", "passes() passed");
  }

  abstract static class QueueHolder {
    private final LinkedTransferQueue<String> inbox = new LinkedTransferQueue<>();

    void receive() {
      Plants.onAThread(() -> inbox.add("message"));
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class SuperclassTestCase extends QueueHolder {
    @Test
    void leavesElement() {
      receive();
    }

    @Test
    void passes() {}
  }

  @Test
  void what_the_constructor_put_in_is_the_baseline() {
    assertThat(Run.of(FilledInConstructorTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leavesItThere() passed", "takes() passed", "addsAnother() left leftover-queue");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FilledInConstructorTestCase {
    final LinkedBlockingQueue<String> tokens = new LinkedBlockingQueue<>();

    FilledInConstructorTestCase() {
      tokens.add("one");
      tokens.add("two");
    }

    @Test
    void leavesItThere() {}

    @Test
    void takes() {
      tokens.clear();
    }

    @Test
    void addsAnother() {
      Plants.onAThread(() -> tokens.add("three"));
    }
  }

  @Test
  void what_BeforeEach_put_in_is_the_tests() {
    assertThat(Run.of(FilledInBeforeEachTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leaves() left leftover-queue", "takes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FilledInBeforeEachTestCase {
    final LinkedBlockingQueue<String> inbox = new LinkedBlockingQueue<>();

    @BeforeEach
    void setUp() {
      Plants.onAThread(() -> inbox.add("message"));
    }

    @Test
    void leaves() {}

    @Test
    void takes() {
      inbox.remove();
    }
  }

  @Test
  void the_class_answers_for_a_queue_in_a_static_field() {
    assertThat(Run.of(StaticTestCase.class).outcomes())
        .containsExactly(
            "leaves() passed", "passes() passed", "StaticTestCase left leftover-queue");
    assertThat(Run.of(ClearedStaticTestCase.class).outcomes()).containsExactly("leaves() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class StaticTestCase {
    static final LinkedBlockingQueue<String> INBOX = new LinkedBlockingQueue<>();

    @Test
    @Order(1)
    void leaves() {
      INBOX.add("message");
    }

    @Test
    @Order(2)
    void passes() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ClearedStaticTestCase {
    static final LinkedBlockingQueue<String> INBOX = new LinkedBlockingQueue<>();

    @Test
    void leaves() {
      INBOX.add("message");
    }

    @AfterAll
    static void tearDown() {
      INBOX.clear();
    }
  }

  @Test
  void what_a_static_initialiser_put_in_is_the_baseline_and_what_BeforeAll_put_in_is_not() {
    assertThat(Run.of(FilledStaticTestCase.class).outcomes()).containsExactly("passes() passed");
    assertThat(Run.of(FilledInBeforeAllTestCase.class).outcomes())
        .containsExactly("passes() passed", "FilledInBeforeAllTestCase left leftover-queue");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FilledStaticTestCase {
    static final LinkedBlockingQueue<String> TOKENS = new LinkedBlockingQueue<>();

    static {
      TOKENS.add("token");
    }

    @Test
    void passes() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FilledInBeforeAllTestCase {
    static final LinkedBlockingQueue<String> TOKENS = new LinkedBlockingQueue<>();

    @BeforeAll
    static void setUp() {
      TOKENS.add("token");
    }

    @Test
    void passes() {}
  }

  @Test
  void the_class_answers_for_a_queue_in_a_per_class_instance() {
    assertThat(Run.of(PerClassTestCase.class).outcomes())
        .containsExactly(
            "leaves() passed", "passes() passed", "PerClassTestCase left leftover-queue");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class PerClassTestCase {
    final LinkedBlockingQueue<String> inbox = new LinkedBlockingQueue<>();

    @Test
    @Order(1)
    void leaves() {
      inbox.add("message");
    }

    @Test
    @Order(2)
    void passes() {}
  }

  @Test
  void a_tracked_queue_fails_the_test_that_tracked_it() {
    assertThat(Run.of(TrackedTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leaves() left leftover-queue", "takes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class TrackedTestCase {
    @Test
    void leaves() {
      BlockingQueue<String> queue = LeakCheck.track(new LinkedBlockingQueue<>());
      Plants.atRelease(queue::clear); // keeps it alive, out of the sight of this class
      queue.add("message");
    }

    @Test
    void takes() {
      BlockingQueue<String> queue = LeakCheck.track(new LinkedBlockingQueue<>());
      Plants.atRelease(queue::clear); // keeps it alive, out of the sight of this class
      queue.add("message");
      queue.remove();
    }
  }

  @Test
  void the_work_queue_of_a_pool_in_a_field_is_not_a_leak_of_its_own() {
    assertThat(Run.of(WorkQueueTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leaves() left unclosed-executor", "drains() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class WorkQueueTestCase {
    final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    final ExecutorService pool =
        Plants.kept(
            new java.util.concurrent.ThreadPoolExecutor(
                1, 1, 1, java.util.concurrent.TimeUnit.MINUTES, work));

    @Test
    void leaves() {
      java.util.concurrent.CountDownLatch release = new java.util.concurrent.CountDownLatch(1);
      pool.execute(() -> Plants.await(release));
      pool.execute(() -> {});
      Plants.atRelease(release::countDown);
    }

    @Test
    void drains() {
      Plants.close(pool);
    }
  }

  @Test
  void elements_are_counted_by_type_and_never_asked_for_anything() {
    Run run = Run.of(SecretsTestCase.class);
    assertThat(run.outcomes()).containsExactly("leaves() left leftover-queue");
    assertThat(run.failure("leaves"))
        .hasMessageContaining(
            "LinkedBlockingQueue in field SecretsTestCase.inbox still holds 3 elements")
        .hasMessageContaining("Secret");
    assertThat(Secret.asked).isZero();
  }

  static final class Secret {
    static int asked;

    @Override
    public String toString() {
      asked++;
      return "secret";
    }

    @Override
    public boolean equals(Object other) {
      asked++;
      return this == other;
    }

    @Override
    public int hashCode() {
      asked++;
      return 1;
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class SecretsTestCase {
    final LinkedBlockingQueue<Secret> inbox = new LinkedBlockingQueue<>();

    @Test
    void leaves() {
      Plants.onAThread(() -> inbox.add(new Secret()));
      inbox.add(new Secret());
      inbox.add(new Secret());
    }
  }

  @Test
  void a_thread_that_waits_on_a_queue_for_ever_fails_its_test() {
    assertThat(Run.of(StuckTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leavesConsumer() left stuck-on-queue", "stopsConsumer() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class StuckTestCase {
    final LinkedBlockingQueue<String> inbox = new LinkedBlockingQueue<>();

    private Thread consumer() {
      Thread consumer =
          new Thread(
              () -> {
                try {
                  while (!inbox.take().equals("stop")) {}
                } catch (InterruptedException released) {
                  // the end
                }
              },
              "consumer");
      consumer.start();
      Plants.atRelease(consumer::interrupt);
      return consumer;
    }

    @Test
    void leavesConsumer() {
      consumer();
    }

    @Test
    void stopsConsumer() throws InterruptedException {
      Thread consumer = consumer();
      inbox.add("stop");
      consumer.join();
    }
  }

  @Test
  void a_pool_without_threads_behind_a_wrapper_in_a_field_fails_its_test() {
    assertThat(Run.of(WrapperTestCase.class).outcomes())
        .containsExactlyInAnyOrder("forgets() left unclosed-executor", "closes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class WrapperTestCase {
    final ExecutorService single = Plants.kept(Executors.newSingleThreadExecutor());

    @Test
    void forgets() {}

    @Test
    void closes() {
      single.shutdown();
    }
  }
}
