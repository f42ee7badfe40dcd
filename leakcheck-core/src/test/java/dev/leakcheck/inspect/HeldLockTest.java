package dev.leakcheck.inspect;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static dev.leakcheck.integration.TestScopes.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Golden;
import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.Scopes;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.integration.TestScopes;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldLockTest {

  @AutoClose private final Planted planted = new Planted();
  private final Service service = new Service();
  private final OrderServiceTest owner = new OrderServiceTest(service);

  /** Stands in for a user's test. */
  private static final class OrderServiceTest {
    final Service service;
    final Lock ownLock = new ReentrantLock();
    Object later = "nothing yet";

    OrderServiceTest(Service service) {
      this.service = service;
    }
  }

  private static final class Service {
    final ReentrantLock lock = new ReentrantLock();
    final ReadWriteLock orders = new ReentrantReadWriteLock();
    final StampedLock prices = new StampedLock();
    final Lock[] stripes = {new ReentrantLock(), new ReentrantLock(true)};

    ReentrantReadWriteLock orders() {
      return (ReentrantReadWriteLock) orders;
    }

    void place(boolean fails) throws IOException {
      lock.lock();
      if (fails) {
        throw new IOException("no connection");
      }
      lock.unlock();
    }
  }

  private static final class StaticsTest {
    static final ReentrantLock LOCK = new ReentrantLock();
  }

  @AfterEach
  void unlockAll() {
    unlock(service.lock);
    unlock((ReentrantLock) owner.ownLock);
    unlock(StaticsTest.LOCK);
    for (Lock stripe : service.stripes) {
      unlock((ReentrantLock) stripe);
    }
    while (service.orders().isWriteLockedByCurrentThread()) {
      service.orders().writeLock().unlock();
    }
    while (service.orders().getReadHoldCount() > 0) {
      service.orders().readLock().unlock();
    }
  }

  private static void unlock(ReentrantLock lock) {
    while (lock.isHeldByCurrentThread()) {
      lock.unlock();
    }
  }

  private LeakScope atOnce() {
    return Scopes.atOnce().watch(owner);
  }

  private LeakScope patient() {
    return Scopes.patient().watch(owner);
  }

  private static String title(LeakScope scope) {
    Finding finding = only(scope.findings());
    assertThat(finding.kind()).isEqualTo(LeakKind.HELD_LOCK);
    return finding.title();
  }

  private static String me() {
    return "thread \"" + Thread.currentThread().getName() + "\"";
  }

  /** Runs to its end in a thread. */
  private Thread ended(String name, Planted.Body body) {
    Thread thread = planted.thread(name, body);
    Planted.awaitEnd(thread);
    return thread;
  }

  // What is found

  @Test
  void lockThatAnExceptionLeftLockedIsFound() {
    LeakScope scope = atOnce();
    try {
      service.place(true);
    } catch (IOException expected) {
      assertThat(expected).hasMessage("no connection");
    }

    assertThat(title(scope))
        .isEqualTo(
            "ReentrantLock in field OrderServiceTest.service.lock is still held by %s (1 hold)",
            me());
  }

  @Test
  void lockThatWasUnlockedOnceTooFewIsFound() {
    LeakScope scope = atOnce();
    service.lock.lock();
    service.lock.lock();
    service.lock.lock();
    service.lock.unlock();

    assertThat(title(scope)).endsWith("is still held by " + me() + " (2 holds)");
  }

  @Test
  void lockThatTheScopeOpenedWithIsFoundIfItIsHeldOnceMore() {
    service.lock.lock();
    LeakScope scope = atOnce();
    service.lock.lock();

    assertThat(only(scope.findings()).fact("holds")).contains("2 (1 when the scope opened)");
  }

  @Test
  void lockThatTheInterfaceNamesIsFound() {
    LeakScope scope = atOnce();
    owner.ownLock.lock();

    assertThat(title(scope)).startsWith("ReentrantLock in field OrderServiceTest.ownLock is still");
  }

  @Test
  void lockInAnArrayIsFound() {
    LeakScope scope = atOnce();
    service.stripes[1].lock();

    assertThat(title(scope))
        .startsWith("ReentrantLock in field OrderServiceTest.service.stripes[1]");
  }

  @Test
  void lockThatWasMadeInTheScopeIsFound() {
    LeakScope scope = atOnce();
    ReentrantLock made = new ReentrantLock();
    made.lock();
    owner.later = made;

    assertThat(title(scope)).startsWith("ReentrantLock in field OrderServiceTest.later");
  }

  @Test
  void lockInAStaticFieldIsFound() {
    LeakScope scope = Scopes.atOnce().watchStatics(StaticsTest.class);
    StaticsTest.LOCK.lock();

    assertThat(title(scope)).startsWith("ReentrantLock in static field StaticsTest.LOCK is still");
  }

  @Test
  void writeLockIsFound() {
    LeakScope scope = atOnce();
    service.orders.writeLock().lock();

    assertThat(title(scope))
        .isEqualTo(
            "ReentrantReadWriteLock in field OrderServiceTest.service.orders is still write-locked"
                + " by %s (1 hold)",
            me());
  }

  @Test
  void readLockIsFound() {
    LeakScope scope = atOnce();
    service.orders.readLock().lock();
    service.orders.readLock().lock();

    assertThat(title(scope))
        .isEqualTo(
            "ReentrantReadWriteLock in field OrderServiceTest.service.orders is still read-locked"
                + " by %s (2 holds)",
            me());
  }

  @Test
  void readLockIsFoundThoughAnotherThreadWasTheFirstToTakeIt() {
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch unlock = new CountDownLatch(1);
    Thread reader =
        planted.thread(
            "reader",
            () -> {
              service.orders.readLock().lock();
              locked.countDown();
              unlock.await();
              service.orders.readLock().unlock();
            });
    Planted.await(locked);
    LeakScope scope = atOnce();
    service.orders.readLock().lock();
    unlock.countDown();
    Planted.awaitEnd(reader);

    assertThat(title(scope)).endsWith("is still read-locked by " + me() + " (1 hold)");
  }

  @Test
  void lockOfAThreadThatHasEndedIsFound() {
    LeakScope scope = atOnce();
    ended("price-writer", service.lock::lock);

    Finding finding = only(scope.findings());

    assertThat(finding.title())
        .startsWith(
            "ReentrantLock in field OrderServiceTest.service.lock is still held by thread"
                + " \"price-writer\"");
    assertThat(finding.fact("held by")).contains("thread \"price-writer\", which has ended");
  }

  @Test
  void writeLockOfAThreadThatHasEndedIsFound() {
    LeakScope scope = atOnce();
    ended("price-writer", service.orders.writeLock()::lock);

    assertThat(title(scope)).contains("is still write-locked by thread \"price-writer\"");
  }

  @Test
  void lockOfAVirtualThreadThatHasEndedIsFound() {
    Jdk21.assume();
    LeakScope scope = atOnce();
    Planted.awaitEnd(planted.virtual("price-writer", service.lock::lock));

    assertThat(title(scope)).contains("is still held by thread \"price-writer\"");
  }

  @Test
  void threadThatWaitsForTheLockIsToldWithIt() {
    LeakScope scope = atOnce();
    service.lock.lock();
    Thread waiting = planted.thread("waiting", service.lock::lockInterruptibly);
    Planted.awaitWaitingIn(waiting, ReentrantLock.class);

    assertThat(only(scope.findings()).fact("waiting").orElseThrow())
        .startsWith("1 thread: waiting (")
        .contains("at dev.leakcheck.Planted");
  }

  @Test
  void readerThatWaitsForTheWriteLockIsToldWithIt() {
    LeakScope scope = atOnce();
    service.orders.writeLock().lock();
    Thread waiting = planted.thread("waiting", () -> service.orders.readLock().lockInterruptibly());
    Planted.awaitWaitingIn(waiting, ReentrantReadWriteLock.class);

    assertThat(only(scope.findings()).fact("waiting").orElseThrow())
        .startsWith("1 thread: waiting (");
  }

  @Test
  void threadThatWaitsForTheLockIsNotToldAgainByTheScopeAround() {
    LeakScope around = Scopes.atOnce();
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.within(around)).watch(owner);
    service.lock.lock();
    Thread waiting = planted.thread("waiting", service.lock::lockInterruptibly);
    Planted.awaitWaitingIn(waiting, ReentrantLock.class);

    assertThat(scope).hasKinds(LeakKind.HELD_LOCK);
    assertThat(around).hasNoLeaks();
  }

  @Test
  void threadThatWaitsForAnotherLockIsToldForItself() {
    LeakScope scope = atOnce();
    ReentrantLock other = planted.keep(new ReentrantLock());
    service.lock.lock();
    other.lock();
    try {
      Thread waiting = planted.thread("waiting", other::lockInterruptibly);
      Planted.awaitWaitingIn(waiting, ReentrantLock.class);

      assertThat(scope.findings().list())
          .extracting(Finding::kind)
          .contains(LeakKind.HELD_LOCK, LeakKind.STRAY_THREAD);
    } finally {
      other.unlock();
    }
  }

  @Test
  void threadThatWaitsForALockThatIsAcceptedIsToldForItself() {
    LeakScope scope =
        LeakCheck.open(
                Scopes.AT_ONCE.allow(
                    Allowance.of(Set.of(LeakKind.HELD_LOCK), "", "", "held on purpose")))
            .watch(owner);
    service.lock.lock();
    Thread waiting = planted.thread("waiting", service.lock::lockInterruptibly);
    Planted.awaitWaitingIn(waiting, ReentrantLock.class);

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void poolWhoseWorkerWaitsForTheLockIsTold() {
    LeakScope scope = atOnce();
    service.lock.lock();
    ExecutorService pool = planted.executor(Executors.newFixedThreadPool(1));
    pool.submit(
        () -> {
          service.lock.lockInterruptibly();
          return null;
        });
    while (service.lock.getQueueLength() == 0) {
      Thread.onSpinWait();
    }

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR, LeakKind.HELD_LOCK);
  }

  @Test
  void stampedLockThatNobodyIsLeftToUnlockIsFound() {
    LeakScope scope = atOnce();
    long stamp = service.prices.writeLock();
    try {
      assertThat(title(scope))
          .isEqualTo("StampedLock in field OrderServiceTest.service.prices is still write-locked");
    } finally {
      service.prices.unlockWrite(stamp);
    }
  }

  @Test
  void readModeOfAStampedLockIsFound() {
    LeakScope scope = atOnce();
    long stamp = service.prices.readLock();
    try {
      assertThat(title(scope))
          .isEqualTo(
              "StampedLock in field OrderServiceTest.service.prices is still read-locked (1 hold)");
    } finally {
      service.prices.unlockRead(stamp);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "main][Locked by thread other",
        "]",
        "[Locked by thread main]",
        "line\nbreak",
        " ",
        "\u001b[31mred"
      })
  void hostileNameIsToldAsItIsAndNotTakenForAnother(String name) {
    LeakScope scope = atOnce();
    ended(name, service.lock::lock);

    assertThat(title(scope)).contains("is still held by thread \"" + Printable.name(name) + "\"");
  }

  @Test
  void lockIsReportedOnce() {
    LeakScope outer = atOnce();
    LeakScope inner = atOnce();
    service.lock.lock();

    assertThat(inner).hasKinds(LeakKind.HELD_LOCK);
    assertThat(outer).hasNoLeaks();
  }

  // What comes close and passes

  @Test
  void lockThatWasUnlockedInFinallyPasses() throws IOException {
    LeakScope scope = patient();
    service.place(false);
    service.orders.readLock().lock();
    service.orders.readLock().unlock();
    service.orders.writeLock().lock();
    service.orders.writeLock().unlock();
    service.prices.unlockWrite(service.prices.writeLock());

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void lockThatTheScopeOpenedWithPasses() {
    service.lock.lock();
    service.orders.writeLock().lock();
    service.orders.readLock().lock();
    service.stripes[0].lock();
    long stamp = service.prices.writeLock();
    LeakScope scope = patient();
    service.lock.lock();
    service.lock.unlock();
    try {
      assertThat(scope).hasNoLeaks();
    } finally {
      service.prices.unlockWrite(stamp);
    }
  }

  @Test
  void lockThatTheScopeOpenedWithPassesOnAnotherThread() {
    CountDownLatch opened = new CountDownLatch(1);
    LeakScope[] scope = new LeakScope[1];
    service.lock.lock();
    Planted.awaitEnd(
        planted.thread(
            "opener",
            () -> {
              scope[0] = patient();
              opened.countDown();
            }));

    assertThat(scope[0]).hasNoLeaks();
  }

  @Test
  void lockOfAThreadThatEndedBeforeTheScopeOpenedPasses() {
    ended("price-writer", service.lock::lock);
    LeakScope scope = patient();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void lockOfAFixturesLiveThreadPasses() {
    Fixture fixture =
        new Fixture(
            () -> {
              service.lock.lock();
              service.orders.writeLock().lock();
              service.prices.writeLock();
            });
    planted.thread("fixture", fixture::live);

    assertThat(fixture.lockedIn(atOnce())).hasNoLeaks();
  }

  @Test
  void readLockOfAFixturesLiveThreadPasses() {
    Fixture fixture =
        new Fixture(
            () -> {
              service.orders.readLock().lock();
              service.prices.readLock();
            });
    planted.thread("fixture", fixture::live);

    assertThat(fixture.lockedIn(atOnce())).hasNoLeaks();
  }

  @Test
  void lockOfAFixturesVirtualThreadPasses() {
    Jdk21.assume();
    Fixture fixture =
        new Fixture(
            () -> {
              service.lock.lock();
              service.prices.writeLock();
            });
    planted.virtual("", fixture::live);

    assertThat(fixture.lockedIn(atOnce())).hasNoLeaks();
  }

  /** A thread that is older than the scope in which it locks. */
  private final class Fixture {
    private final Runnable locking;
    private final CountDownLatch work = new CountDownLatch(1);
    private final CountDownLatch locked = new CountDownLatch(1);

    Fixture(Runnable locking) {
      this.locking = locking;
    }

    void live() throws InterruptedException {
      work.await();
      locking.run();
      locked.countDown();
      planted.awaitRelease();
    }

    LeakScope lockedIn(LeakScope scope) {
      work.countDown();
      Planted.await(locked);
      return scope;
    }
  }

  @Test
  void lockOfALeakedThreadIsToldWithThatThreadOnly() {
    LeakScope scope = atOnce();
    CountDownLatch locked = new CountDownLatch(1);
    planted.thread(
        "leaked",
        () -> {
          service.lock.lock();
          locked.countDown();
          planted.awaitRelease();
        });
    Planted.await(locked);

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void lockThatWasNotGotPasses() {
    CountDownLatch locked = new CountDownLatch(1);
    planted.thread(
        "fixture",
        () -> {
          service.lock.lock();
          locked.countDown();
          planted.awaitRelease();
        });
    Planted.await(locked);
    LeakScope scope = patient();
    assertThat(service.lock.tryLock()).isFalse();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void lockWhoseConditionALiveThreadAwaitsPasses() {
    Condition filled = service.lock.newCondition();
    Thread fixture =
        planted.thread(
            "fixture",
            () -> {
              service.lock.lock();
              try {
                filled.await();
              } finally {
                service.lock.unlock();
              }
            });
    Planted.awaitWaitingIn(
        fixture, ReentrantLock.class.getPackageName() + ".AbstractQueuedSynchronizer");
    LeakScope scope = patient();
    service.lock.lock();
    service.lock.unlock();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void lockOfTheScopeAroundIsThatScopes() {
    LeakScope outer = atOnce();
    LeakScope inner =
        LeakCheck.open(Scopes.AT_ONCE.within(outer))
            .watch(planted.keep(new OrderServiceTest(service)));
    service.lock.lock();

    assertThat(inner).hasNoLeaks();
    assertThat(outer).hasKinds(LeakKind.HELD_LOCK);
  }

  @Test
  void lockOfAnotherExtensionsObjectPasses() {
    OrderServiceTest test = new OrderServiceTest(new Service());
    TestScope scope =
        TestScope.open(TestScopes.AT_ONCE.heldByOthers(() -> List.of(service))).watch(test);
    test.later = service.lock;
    service.lock.lock();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void lockThatNothingWatchedLeadsToPasses() {
    LeakScope scope = Scopes.patient();
    service.lock.lock();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void usersOwnLockThatFailsToAnswerPasses() {
    owner.later =
        new ReentrantLock() {
          private static final long serialVersionUID = 1;

          @Override
          public boolean isLocked() {
            throw new IllegalStateException("broken");
          }

          @Override
          public String toString() {
            throw new IllegalStateException("broken");
          }
        };
    LeakScope scope = patient();
    ((ReentrantLock) owner.later).lock();

    assertThat(scope).hasNoLeaks();
  }

  // The message

  @Test
  void messageTellsWhoHoldsTheLock() {
    LeakScope scope =
        LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()")).watch(owner);
    service.lock.lock();
    service.lock.lock();

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 held lock behind (waited T)

            1) held-lock   ReentrantLock in field OrderServiceTest.service.lock is still held by thread "main" (2 holds)
                 held by    thread "main", the scope's own
                 holds      2 (0 when the scope opened)
                 waiting    no thread yet
                 why        only the thread that locked it can unlock it, and the scope's code left it locked: any other thread that locks it waits for ever
                 fix        call unlock() in a finally block right after lock(), as often as it was locked
                 allow      @AllowLeaks(kind = LeakKind.HELD_LOCK, reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }

  @Test
  void messageTellsThatTheHolderHasEnded() {
    LeakScope scope =
        LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()")).watch(owner);
    ended("price-writer-3", service.orders.writeLock()::lock);

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 held lock behind (waited T)

            1) held-lock   ReentrantReadWriteLock in field OrderServiceTest.service.orders is still write-locked by thread "price-writer-3"
                 held by    thread "price-writer-3", which has ended
                 waiting    no thread yet
                 why        only the thread that locked it could unlock it, and that is gone: whoever locks it next waits for ever
                 fix        call writeLock().unlock() in a finally block right after writeLock().lock(), as often as it was locked
                 allow      @AllowLeaks(kind = LeakKind.HELD_LOCK, reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }

  @Test
  void messageTellsThatNobodyIsLeftToUnlock() {
    LeakScope scope =
        LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()")).watch(owner);
    long stamp = service.prices.writeLock();
    try {
      assertThat(Golden.message(scope))
          .isEqualTo(
              """
              LeakCheck: OrderServiceTest.placesOrder() left 1 held lock behind (waited T)

              1) held-lock   StampedLock in field OrderServiceTest.service.prices is still write-locked
                   held by    not known: this lock does not record its thread
                   why        no thread of the test is left that could unlock it: whoever locks it next waits for ever
                   fix        call unlockWrite(stamp) in a finally block right after the lock was taken
                   allow      @AllowLeaks(kind = LeakKind.HELD_LOCK, reason = "…")
                   id         FINGERPRINT

              plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
    } finally {
      service.prices.unlockWrite(stamp);
    }
  }
}
