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
import dev.leakcheck.engine.Settling;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.integration.TestScopes;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UncaughtExceptionTest {

  @AutoClose private final Planted planted = new Planted();

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private PrintStream err;
  private UncaughtExceptionHandler handler;

  @BeforeEach
  void keepOutput() {
    err = System.err;
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    handler = Thread.getDefaultUncaughtExceptionHandler();
  }

  @AfterEach
  void restore() {
    System.setErr(err);
    Thread.setDefaultUncaughtExceptionHandler(handler);
  }

  private static Thread ended(Thread thread) {
    thread.start();
    Planted.awaitEnd(thread);
    return thread;
  }

  private static Thread dies(String name) {
    return ended(new Thread(UncaughtExceptionTest::fail, name));
  }

  private static void fail() {
    throw new IllegalStateException("no price");
  }

  @Test
  void threadThatDiesIsFound() {
    LeakScope scope = Scopes.atOnce();
    dies("price-poller");

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.UNCAUGHT_EXCEPTION);
    assertThat(finding.title())
        .isEqualTo("thread \"price-poller\" died of IllegalStateException: no price");
    assertThat(finding.fact("thrown at").orElseThrow()).contains("UncaughtExceptionTest.fail(");
  }

  @Test
  void virtualThreadThatDiesIsFound() {
    Jdk21.assume();
    LeakScope scope = Scopes.atOnce();
    Planted.awaitEnd(Jdk21.startVirtual("virtual-poller", UncaughtExceptionTest::fail));

    assertThat(only(scope.findings()).title())
        .isEqualTo("virtual thread \"virtual-poller\" died of IllegalStateException: no price");
  }

  @Test
  void workerThatDiesIsFound() throws InterruptedException {
    LeakScope scope = Scopes.patient();
    List<Thread> workers = new CopyOnWriteArrayList<>();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            1,
            task -> {
              workers.add(new Thread(task, "worker"));
              return workers.get(workers.size() - 1);
            });
    pool.execute(UncaughtExceptionTest::fail);
    workers.get(0).join(); // an interrupt that came before its end would ask for that
    pool.shutdown();

    assertThat(only(scope.findings()).title())
        .isEqualTo("thread \"worker\" died of IllegalStateException: no price");
  }

  @Test
  void taskOfAForkJoinPoolThatFailsIsFound() throws InterruptedException {
    LeakScope scope = Scopes.patient();
    ForkJoinPool pool = new ForkJoinPool(1);
    pool.execute((Runnable) UncaughtExceptionTest::fail);
    pool.shutdown();
    assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

    assertThat(only(scope.findings()).title())
        .endsWith(" failed with IllegalStateException: no price");
  }

  @Test
  void threadThatDiesWhileTheCheckWaitsIsFound() {
    LeakScope scope = Scopes.patient();
    Thread checker = Thread.currentThread();
    planted.thread(
        "late",
        () -> {
          while (!Planted.hasFrame(checker, Settling.class, "pauseUntil")) {
            Thread.onSpinWait();
          }
          fail();
        });

    assertThat(scope).hasKinds(LeakKind.UNCAUGHT_EXCEPTION);
  }

  @Test
  void sameExceptionFromTheSamePlaceIsOneFinding() {
    LeakScope scope = Scopes.atOnce();
    dies("poller-1");
    dies("poller-2");
    ended(
        new Thread(
            () -> {
              throw new IllegalArgumentException();
            },
            "other"));

    List<Finding> findings = scope.findings().list();

    assertThat(findings)
        .extracting(Finding::title)
        .containsExactly(
            "2 threads died of IllegalStateException: no price",
            "thread \"other\" died of IllegalArgumentException");
  }

  @Test
  void deathIsToldOnce() {
    LeakScope outer = Scopes.atOnce();
    LeakScope inner = Scopes.atOnce();
    dies("first");
    assertThat(inner).hasKinds(LeakKind.UNCAUGHT_EXCEPTION);
    dies("second");

    assertThat(only(outer.findings()).title()).startsWith("thread \"second\" died");
    assertThat(only(inner.findings()).title()).startsWith("thread \"first\" died");
  }

  @Test
  void threadThatTheScopeOpenedWithPasses() {
    CountDownLatch opened = new CountDownLatch(1);
    Thread older =
        planted.thread(
            "older",
            () -> {
              opened.await();
              fail();
            });
    LeakScope scope = Scopes.patient();
    opened.countDown();
    Planted.awaitEnd(older);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void deathBeforeTheScopePasses() {
    dies("earlier");

    assertThat(Scopes.patient()).hasNoLeaks();
  }

  @Test
  void exceptionThatAHandlerOfTheThreadSawPasses() {
    LeakScope scope = Scopes.patient();
    Thread thread = new Thread(UncaughtExceptionTest::fail);
    thread.setUncaughtExceptionHandler((dead, seen) -> {});
    ended(thread);
    thread = new Thread(UncaughtExceptionTest::fail);
    thread.setUncaughtExceptionHandler(
        (dead, seen) -> Thread.getDefaultUncaughtExceptionHandler().uncaughtException(dead, seen));
    ended(thread);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void exceptionThatAThreadGroupSawPasses() {
    LeakScope scope = Scopes.patient();
    ThreadGroup group =
        new ThreadGroup("watched") {
          @Override
          public void uncaughtException(Thread thread, Throwable exception) {
            super.uncaughtException(thread, exception);
          }
        };
    ended(new Thread(new ThreadGroup(group, "inner"), UncaughtExceptionTest::fail, "in-group"));

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void threadOfAPlainGroupIsFound() {
    LeakScope scope = Scopes.atOnce();
    ThreadGroup group = new ThreadGroup("plain") {};
    ended(new Thread(group, UncaughtExceptionTest::fail, "in-group"));

    assertThat(scope).hasKinds(LeakKind.UNCAUGHT_EXCEPTION);
  }

  @Test
  void exceptionThatTheUsersDefaultHandlerSawPasses() {
    LeakScope scope = Scopes.patient();
    UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, seen) -> {});
    dies("seen");
    Thread.setDefaultUncaughtExceptionHandler(before::uncaughtException);
    dies("passed-on");
    Thread.setDefaultUncaughtExceptionHandler(before);
    assertThat(scope).hasNoLeaks();

    LeakScope later = Scopes.atOnce();
    dies("unseen");
    assertThat(later).hasKinds(LeakKind.UNCAUGHT_EXCEPTION);
  }

  @Test
  void handlerOfTheUsersStaysAndTheNextScopeReplacesNone() {
    UncaughtExceptionHandler users = (thread, seen) -> {};
    Thread.setDefaultUncaughtExceptionHandler(users);
    Scopes.patient().close();
    assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(users);

    Thread.setDefaultUncaughtExceptionHandler(null);
    LeakScope scope = Scopes.atOnce();
    dies("unseen");
    assertThat(scope).hasKinds(LeakKind.UNCAUGHT_EXCEPTION);
  }

  @Test
  void threadThatAnInterruptEndsPasses() {
    LeakScope scope = Scopes.patient();
    Thread wrapping =
        planted.thread(
            "wrapping",
            () -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(new RuntimeException(e));
              }
            });
    Thread flagging =
        planted.thread(
            "flagging",
            () -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("stopped");
              }
            });
    wrapping.interrupt();
    flagging.interrupt();
    Planted.awaitEnd(wrapping);
    Planted.awaitEnd(flagging);
    ended(
        new Thread(
            () -> {
              throw new CancellationException();
            }));

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void threadDeathPasses() {
    LeakScope scope = Scopes.patient();
    ended(
        new Thread(
            () -> {
              throw new ThreadDeath();
            }));

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void exceptionThatTheCheckingThreadHandsOverPasses() {
    LeakScope scope = Scopes.patient();
    Thread self = Thread.currentThread();
    self.getUncaughtExceptionHandler().uncaughtException(self, new IllegalStateException());
    Thread other = new Thread(() -> {});
    other.getUncaughtExceptionHandler().uncaughtException(other, new IllegalStateException());

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void taskOfTheCommonPoolPasses() throws Exception {
    LeakScope scope = Scopes.patient();
    CountDownLatch failed = new CountDownLatch(1);
    ForkJoinPool.commonPool()
        .execute(
            () -> {
              failed.countDown();
              fail();
            });
    Planted.await(failed);
    assertThat(ForkJoinPool.commonPool().awaitQuiescence(30, TimeUnit.SECONDS)).isTrue();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void checkThatIsOverlappedLeavesDeathsToAnother() {
    TestScope scope = TestScopes.patient();
    dies("whose");

    assertThat(scope.findingsInFields().list()).isEmpty();
    assertThat(scope).hasKinds(LeakKind.UNCAUGHT_EXCEPTION);
  }

  @Test
  void whatThreadsMakeOutsideOfScopesPasses() {
    TestScope scope = TestScopes.patient();
    try (TestScope.Pause outside = scope.pause()) {
      assertThat(outside).isNotNull();
      dies("outside");
    }

    assertThat(scope).hasNoLeaks();
  }

  /** Reflection keeps what was thrown in a field of its own. */
  @Test
  void interruptThatReflectionHandedOnIsNoLeak() {
    LeakScope scope = Scopes.atOnce();
    ended(
        new Thread(
            () -> {
              throw new IllegalStateException(
                  new InvocationTargetException(new InterruptedException("told to end")));
            },
            "reflecting"));

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void exceptionThatOverridesItsMessageIsFoundAndPrintedAndNotAsked() {
    AtomicInteger asked = new AtomicInteger();
    LeakScope scope = Scopes.atOnce();
    ended(
        new Thread(
            () -> {
              throw new IllegalStateException("below") {
                @Override
                public String getMessage() {
                  asked.incrementAndGet();
                  throw new UnsupportedOperationException("no message");
                }

                @Override
                public String toString() {
                  return "unspeakable";
                }
              };
            },
            "hostile"));

    assertThat(only(scope.findings()).title())
        .endsWith(
            Runtime.version().feature() < 24
                ? ": below"
                : ": (its class tells its message, and was not asked)");
    assertThat(asked).hasValue(0);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .startsWith("Exception in thread \"hostile\" unspeakable");
  }

  @Test
  void exceptionWhoseCauseAndStackCannotBeReadIsFound() {
    LeakScope scope = Scopes.atOnce();
    ended(
        new Thread(
            () -> {
              throw new IllegalStateException("no price") {
                @Override
                public synchronized Throwable getCause() {
                  throw new UnsupportedOperationException("no cause");
                }

                @Override
                public StackTraceElement[] getStackTrace() {
                  throw new UnsupportedOperationException("no stack");
                }
              };
            },
            "hostile"));

    Finding finding = only(scope.findings());
    assertThat(finding.kind()).isEqualTo(LeakKind.UNCAUGHT_EXCEPTION);
    assertThat(finding.title()).endsWith(": no price");
  }

  @Test
  void whatIsPrintedIsWhatTheJdkPrints() {
    RuntimeException failure = new IllegalStateException("no price", new Error("cause"));
    Runnable body =
        () -> {
          throw failure;
        };
    Runnable stop =
        () -> {
          throw new ThreadDeath();
        };
    Thread.setDefaultUncaughtExceptionHandler(null);
    ended(new Thread(body, "printed"));
    ended(new Thread(body, ""));
    boolean jdkPrintsThreadDeath = printsSomething(stop);
    String jdks = printed.toString(StandardCharsets.UTF_8);
    printed.reset();

    Scopes.patient().close();
    ended(new Thread(body, "printed"));
    ended(new Thread(body, ""));
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualTo(jdks)
        .contains("Exception in thread \"printed\" java.lang.IllegalStateException: no price");
    assertThat(printsSomething(stop)).isEqualTo(jdkPrintsThreadDeath);
  }

  /** Leaves what was printed before as it was. */
  private boolean printsSomething(Runnable body) {
    byte[] before = printed.toByteArray();
    printed.reset();
    ended(new Thread(body));
    boolean something = printed.size() > 0;
    printed.reset();
    printed.writeBytes(before);
    return something;
  }

  @Test
  void hostileMessageIsEscapedAndShortened() {
    LeakScope scope = Scopes.atOnce();
    ended(
        new Thread(
            () -> {
              throw new IllegalStateException("\n a\u001b[31m\n  " + "x".repeat(10_000));
            }));

    assertThat(only(scope.findings()).title())
        .contains("IllegalStateException: a\\u001b[31m xxx")
        .endsWith("x…")
        .hasSizeLessThan(300);
  }

  @Test
  void messageTellsTheExceptionAndItsCause() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
    ended(
        new Thread(
            () -> {
              try {
                fail();
              } catch (IllegalStateException e) {
                throw new RuntimeException("cannot refresh", e);
              }
            },
            "price-poller-3"));

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 uncaught exception behind (waited T)

            1) uncaught-exception   thread "price-poller-3" died of RuntimeException: cannot refresh
                 thrown at  dev.leakcheck.inspect.UncaughtExceptionTest.lambda$messageTellsTheExceptionAndItsCause$N(UncaughtExceptionTest.java:LINE)
                 caused by  IllegalStateException: no price
                              at dev.leakcheck.inspect.UncaughtExceptionTest.fail(UncaughtExceptionTest.java:LINE)
                 why        the exception left the thread's run(), and no handler was there to see it
                 fix        mend what threw it; or catch it in the thread and let somebody know; if it is meant to fail, give the thread a handler of its own with setUncaughtExceptionHandler(…)
                 allow      @AllowLeaks(kind = LeakKind.UNCAUGHT_EXCEPTION, thread = "price-poller-*", reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }

  @Test
  void messageTellsOfAnAssertionThatFailedInTheBackground() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
    for (int i = 1; i <= 2; i++) {
      String expected = "price " + i;
      ended(new Thread(() -> assertEqual(expected), "subscriber-" + i));
    }

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 uncaught exception behind (waited T)

            1) uncaught-exception   2 threads died of AssertionError: expected price 1 (the first message of several)
                 thrown at  dev.leakcheck.inspect.UncaughtExceptionTest.assertEqual(UncaughtExceptionTest.java:LINE)
                            dev.leakcheck.inspect.UncaughtExceptionTest.lambda$messageTellsOfAnAssertionThatFailedInTheBackground$N(UncaughtExceptionTest.java:LINE)
                 threads    subscriber-1, subscriber-2
                 why        an assertion that fails outside the test's own thread fails no test: the exception left the thread's run(), and no handler was there to see it
                 fix        bring the outcome to the test's own thread and assert it there: submit() the code and get() its Future, or hand over what it computed
                 allow      @AllowLeaks(kind = LeakKind.UNCAUGHT_EXCEPTION, thread = "subscriber-*", reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }

  private static void assertEqual(String expected) {
    throw new AssertionError("expected " + expected);
  }
}
