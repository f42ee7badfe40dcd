package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.model.LeakKind;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

class HeldLocksTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  /** Is unlocked when the outer test is over, as far as this thread holds it. */
  private static ReentrantLock kept(ReentrantLock lock) {
    Plants.atRelease(
        () -> {
          while (lock.isHeldByCurrentThread()) {
            lock.unlock();
          }
        });
    return lock;
  }

  private static final class Service {
    final ReentrantLock lock = kept(new ReentrantLock());
    final ReentrantReadWriteLock orders = new ReentrantReadWriteLock();
    final StampedLock prices = new StampedLock();

    void place(boolean fails) {
      lock.lock();
      if (fails) {
        throw new IllegalStateException("no connection");
      }
      lock.unlock();
    }
  }

  @Test
  void a_lock_that_is_still_held_fails_its_test() {
    Run run = Run.of(FieldTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "exceptionPath() left held-lock",
            "onceTooFew() left held-lock",
            "madeInTest() left held-lock",
            "reads() left held-lock",
            "unlocks() passed",
            "unlocksAll() passed",
            "tries() passed");
    assertThat(run.failure("exceptionPath"))
        .hasMessageContaining("ReentrantLock in field FieldTestCase.service.lock is still held by");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FieldTestCase {
    Service service;
    Object later = "nothing yet";

    @BeforeEach
    void setUp() {
      service = new Service();
    }

    @Test
    void exceptionPath() {
      try {
        service.place(true);
      } catch (IllegalStateException expected) {
        assertThat(expected).hasMessage("no connection");
      }
    }

    @Test
    void onceTooFew() {
      service.lock.lock();
      service.lock.lock();
      service.lock.unlock();
    }

    @Test
    void madeInTest() {
      ReentrantLock lock = kept(new ReentrantLock());
      lock.lock();
      later = lock;
    }

    @Test
    void reads() {
      ReentrantReadWriteLock.ReadLock lock = service.orders.readLock();
      lock.lock();
      Plants.atRelease(lock::unlock);
    }

    @Test
    void unlocks() {
      service.place(false);
    }

    @Test
    void unlocksAll() {
      service.lock.lock();
      service.orders.writeLock().lock();
      long stamp = service.prices.readLock();
      try {
        assertThat(service.lock.isLocked()).isTrue();
      } finally {
        service.prices.unlockRead(stamp);
        service.orders.writeLock().unlock();
        service.lock.unlock();
      }
    }

    @Test
    void tries() throws InterruptedException {
      CountDownLatch locked = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(1);
      Thread other =
          new Thread(
              () -> {
                service.lock.lock();
                locked.countDown();
                Plants.await(done);
                service.lock.unlock();
              });
      other.start();
      locked.await();
      assertThat(service.lock.tryLock()).isFalse();
      done.countDown();
      other.join();
    }
  }

  @Test
  void a_lock_that_AfterEach_unlocks_passes() {
    assertThat(Run.of(AfterEachTestCase.class).outcomes())
        .containsExactlyInAnyOrder("locks() passed", "locksAgain() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class AfterEachTestCase {
    final ReentrantLock lock = new ReentrantLock();

    @BeforeEach
    void lock() {
      lock.lock();
    }

    @Test
    void locks() {}

    @Test
    void locksAgain() {
      lock.lock();
    }

    @AfterEach
    void unlock() {
      while (lock.isHeldByCurrentThread()) {
        lock.unlock();
      }
    }
  }

  @Test
  void a_lock_that_the_class_fixture_holds_passes() {
    assertThat(Run.of(FixtureTestCase.class).outcomes()).containsExactly("passes() passed");
    assertThat(Run.of(PerClassTestCase.class).outcomes()).containsExactly("passes() passed");
    assertThat(Run.of(HiddenFixtureTestCase.class).outcomes()).containsExactly("passes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FixtureTestCase {
    static final ReentrantLock LOCK = new ReentrantLock();
    final ReentrantLock same = LOCK;

    @BeforeAll
    static void lock() {
      LOCK.lock();
    }

    @Test
    void passes() {
      assertThat(same.isHeldByCurrentThread()).isTrue();
    }

    @AfterAll
    static void unlock() {
      LOCK.unlock();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassTestCase {
    final ReentrantLock lock = new ReentrantLock();

    @BeforeAll
    void lock() {
      lock.lock();
    }

    @Test
    void passes() {}

    @AfterAll
    void unlock() {
      lock.unlock();
    }
  }

  /** Nothing of a test class leads to what it holds. */
  private static final class Registry {
    static final ReentrantLock LOCK = new ReentrantLock();
  }

  @ExtendWith(LeakCheckExtension.class)
  static class HiddenFixtureTestCase {
    final ReentrantLock lock = Registry.LOCK;

    @BeforeAll
    static void lock() {
      Registry.LOCK.lock();
    }

    @Test
    void passes() {}

    @AfterAll
    static void unlock() {
      Registry.LOCK.unlock();
    }
  }

  @Test
  void the_class_answers_for_a_lock_in_a_static_field() {
    assertThat(Run.of(StaticTestCase.class).outcomes())
        .containsExactly("locks() passed", "passes() passed", "StaticTestCase left held-lock");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class StaticTestCase {
    static final ReentrantLock LOCK = kept(new ReentrantLock());

    @Test
    @Order(1)
    void locks() {
      LOCK.lock();
    }

    @Test
    @Order(2)
    void passes() {}
  }

  @Test
  void the_class_answers_for_a_lock_in_a_static_field_that_a_later_test_locks() {
    assertThat(Run.of(StaticLockedLaterTestCase.class).outcomes())
        .containsExactly(
            "first() passed", "locks() passed", "StaticLockedLaterTestCase left held-lock");
    assertThat(Run.of(StaticLockedInThreadTestCase.class).outcomes())
        .containsExactly(
            "first() passed", "locks() passed", "StaticLockedInThreadTestCase left held-lock");
    assertThat(Run.of(StaticMadeInTestCase.class).outcomes())
        .containsExactly("first() passed", "locks() passed", "StaticMadeInTestCase left held-lock");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  abstract static class FirstTest {
    @Test
    void first() {}
  }

  static class StaticLockedLaterTestCase extends FirstTest {
    static final ReentrantLock LOCK = kept(new ReentrantLock());

    @Test
    void locks() {
      LOCK.lock();
    }
  }

  static class StaticLockedInThreadTestCase extends FirstTest {
    static final ReentrantReadWriteLock LOCK = new ReentrantReadWriteLock();

    @Test
    void locks() {
      Plants.onAThread(LOCK.writeLock()::lock);
    }
  }

  static class StaticMadeInTestCase extends FirstTest {
    static Service service;

    @BeforeEach
    void setUp() {
      if (service == null) {
        service = new Service();
      }
    }

    @Test
    void locks() {
      service.lock.lock();
    }
  }

  @Test
  void a_lock_in_a_static_field_that_is_unlocked_later_passes() {
    assertThat(Run.of(UnlockedLaterTestCase.class).outcomes())
        .containsExactly("first() passed", "locks() passed", "unlocks() passed");
    assertThat(Run.of(UnlockedAtLastTestCase.class).outcomes())
        .containsExactly("first() passed", "locks() passed");
  }

  static class UnlockedLaterTestCase extends FirstTest {
    static final ReentrantLock LOCK = new ReentrantLock();

    @Test
    void locks() {
      LOCK.lock();
    }

    @Test
    void unlocks() {
      LOCK.unlock();
    }
  }

  static class UnlockedAtLastTestCase extends FirstTest {
    static final ReentrantLock LOCK = new ReentrantLock();

    @Test
    void locks() {
      LOCK.lock();
    }

    @AfterAll
    static void unlock() {
      LOCK.unlock();
    }
  }

  @Test
  void a_lock_of_a_test_thread_that_has_ended_fails_its_test() {
    Run run = Run.of(SeparateThreadTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder("locks() left held-lock", "unlocks() passed");
    assertThat(run.failure("locks")).hasMessageContaining("by thread \"junit-timeout-thread-");
  }

  @ExtendWith(LeakCheckExtension.class)
  @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  static class SeparateThreadTestCase {
    final ReentrantLock lock = new ReentrantLock();

    @Test
    void locks() {
      lock.lock();
    }

    @Test
    void unlocks() {
      lock.lock();
      lock.unlock();
    }
  }

  @Test
  void tests_in_parallel_answer_for_their_own_locks() {
    assertThat(
            Run.configured()
                .with("junit.jupiter.execution.parallel.enabled", "true")
                .with("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .over(ParallelTestCase.class)
                .outcomes())
        .containsExactlyInAnyOrder(
            "locks() left held-lock", "unlocks() passed", "holdsMeanwhile() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ParallelTestCase {
    final ReentrantLock lock = new ReentrantLock();

    @Test
    void locks() {
      lock.lock();
    }

    @Test
    void unlocks() {
      lock.lock();
      lock.unlock();
    }

    @Test
    void holdsMeanwhile() {
      lock.lock();
      try {
        Thread.yield();
      } finally {
        lock.unlock();
      }
    }
  }

  @Test
  void a_lock_that_another_extension_holds_passes() {
    assertThat(Run.of(ExtensionTestCase.class).outcomes())
        .containsExactlyInAnyOrder("passes() passed", "passesToo() passed");
  }

  /** Holds a lock while the class's tests run, and gives its object to each of them. */
  static final class Database implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    final Service service = new Service();

    @Override
    public void beforeAll(ExtensionContext context) {
      service.lock.lock();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      ((ExtensionTestCase) context.getRequiredTestInstance()).service = service;
    }

    @Override
    public void afterAll(ExtensionContext context) {
      service.lock.unlock();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  @ExtendWith(Database.class)
  static class ExtensionTestCase {
    Service service;

    @Test
    void passes() {
      assertThat(service.lock.isHeldByCurrentThread()).isTrue();
    }

    @Test
    void passesToo() {}
  }

  @Test
  void an_allowance_accepts_it() {
    assertThat(Run.of(AllowedTestCase.class).outcomes()).containsExactly("locks() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class AllowedTestCase {
    final ReentrantLock lock = kept(new ReentrantLock());

    @Test
    @AllowLeaks(kind = LeakKind.HELD_LOCK, reason = "the session is dropped with its lock")
    void locks() {
      lock.lock();
    }
  }

  // What is known only where an agent saw the lock being made

  @Test
  @Tier.WithAnyAgent
  void a_lock_that_no_field_leads_to_fails_the_test_that_made_it() {
    Run run = Run.of(LocalTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "keeps() left held-lock",
            "reads() left held-lock",
            "ends() left held-lock",
            "drops() passed",
            "unlocks() passed",
            "live() passed");
    assertThat(run.failure("keeps"))
        .hasMessageContaining("ReentrantLock made at")
        .hasMessageContaining("HeldLocksTest$LocalTestCase.keeps(HeldLocksTest.java:");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LocalTestCase {
    @Test
    void keeps() {
      kept(new ReentrantLock()).lock();
    }

    @Test
    void reads() throws InterruptedException {
      ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
      Plants.atRelease(lock::getReadLockCount);
      run(lock.readLock()::lock);
    }

    @Test
    void ends() throws InterruptedException {
      run(kept(new ReentrantLock())::lock);
    }

    @Test
    void drops() {
      new ReentrantLock().lock();
    }

    @Test
    void unlocks() {
      ReentrantLock lock = kept(new ReentrantLock());
      lock.lock();
      lock.unlock();
    }

    @Test
    @AllowLeaks(kind = LeakKind.STRAY_THREAD, reason = "is at work")
    void live() throws InterruptedException {
      ReentrantLock lock = kept(new ReentrantLock());
      CountDownLatch locked = new CountDownLatch(1);
      CountDownLatch released = new CountDownLatch(1);
      Thread thread =
          new Thread(
              () -> {
                lock.lock();
                locked.countDown();
                Plants.await(released);
              });
      thread.start();
      Plants.atRelease(released::countDown);
      locked.await();
    }

    private static void run(Runnable body) throws InterruptedException {
      Thread thread = new Thread(body, "worker");
      thread.start();
      thread.join();
    }
  }

  @Test
  void a_lock_that_was_held_before_and_nothing_led_to_then_passes() {
    assertThat(Run.of(LateFieldTestCase.class).outcomes()).containsExactly("passes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LateFieldTestCase {
    ReentrantLock lock;

    @BeforeAll
    static void lock() {
      Registry.LOCK.lock();
    }

    @BeforeEach
    void setUp() {
      lock = Registry.LOCK;
    }

    @Test
    void passes() {}

    @AfterAll
    static void unlock() {
      Registry.LOCK.unlock();
    }
  }

  private static String normalise(String message) {
    return message
        .replaceAll("waited \\d+ ms", "waited T")
        .replaceAll("\\.java:\\d+\\)", ".java:LINE)")
        .replaceAll("(?m)^(     id         )[0-9a-f]{16}$", "$1FINGERPRINT")
        .replaceAll("JDK \\d+ · LeakCheck \\S+$", "JDK N · LeakCheck VERSION");
  }

  @Test
  @Tier.WithAgent
  void the_message_tells_where_the_lock_was_made() {
    Run run = Run.of(MessageTestCase.class);

    assertThat(normalise(run.failure("placesOrder").getMessage()))
        .isEqualTo(
            """
            LeakCheck: HeldLocksTest.MessageTestCase.placesOrder() left 1 held lock behind (waited T)

            1) held-lock   ReentrantLock in field MessageTestCase.service.lock is still held by thread "main" (1 hold)
                 created at dev.leakcheck.junit5.lifecycle.HeldLocksTest$Service.<init>(HeldLocksTest.java:LINE)
                            dev.leakcheck.junit5.lifecycle.HeldLocksTest$MessageTestCase.<init>(HeldLocksTest.java:LINE)
                 held by    thread "main", the scope's own
                 holds      1 (0 when the scope opened)
                 waiting    no thread yet
                 why        only the thread that locked it can unlock it, and the scope's code left it locked: any other thread that locks it waits for ever
                 fix        call unlock() in a finally block right after lock(), as often as it was locked
                 allow      @AllowLeaks(kind = LeakKind.HELD_LOCK, createdBy = "dev.leakcheck.junit5.lifecycle.HeldLocksTest", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N · LeakCheck VERSION""");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class MessageTestCase {
    final Service service = new Service();

    @Test
    void placesOrder() {
      service.lock.lock();
    }
  }
}
