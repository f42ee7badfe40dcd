package dev.leakcheck;

import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.model.LeakKind;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportedOnceTest {

  @AutoClose private final Planted planted = new Planted();

  @Test
  void scopeThatLookedAtALeakStillFailsOnItWhenItCloses() {
    LeakScope scope = Scopes.atOnce();
    planted.thread("stray");

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
    assertThatThrownBy(scope::close).isInstanceOf(LeakAssertionError.class);
  }

  @Test
  void scopeThatLookedAtALeakPassesOnceItIsGone() {
    LeakScope scope = Scopes.patient();
    ExecutorService pool = planted.executor(Executors.newFixedThreadPool(1));
    LeakCheck.track(pool);
    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);

    pool.shutdown();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void threadThatWasReportedByTheInnerScopeIsNotReportedByTheOuter() {
    LeakScope outer = Scopes.atOnce();
    LeakScope inner = LeakCheck.open(Scopes.AT_ONCE.within(outer));
    planted.thread("stray");

    assertThat(inner).hasKinds(LeakKind.STRAY_THREAD);
    assertThat(outer).hasNoLeaks();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SINGLE", "SINGLE_SCHEDULED"})
  void executorThatWasReportedMayStartWorkersInALaterScope(UnclosedExecutorTest.Sort sort) {
    LeakScope first = Scopes.atOnce();
    ExecutorService pool = planted.executor(sort.create());
    planted.occupy(pool, 1);
    assertThat(first).hasKinds(LeakKind.UNCLOSED_EXECUTOR);

    LeakScope second = Scopes.patient();
    planted.occupy(pool, 1);

    assertThat(second).hasNoLeaks();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void executorThatWasReportedMayReplaceItsWorkersInALaterBriefScope(boolean named) {
    LeakScope first = Scopes.atOnce();
    ExecutorService pool =
        planted.executor(
            named
                ? Executors.newFixedThreadPool(2, new Numbered("orders-"))
                : Executors.newFixedThreadPool(2));
    planted.occupy(pool, 1);
    assertThat(first).hasKinds(LeakKind.UNCLOSED_EXECUTOR);

    LeakScope second = LeakCheck.open(Scopes.PATIENT.brief());
    planted.occupy(pool, 1);

    assertThat(second).hasNoLeaks();
  }

  /** Names threads as most factories do. */
  static final class Numbered implements java.util.concurrent.ThreadFactory {
    private final String prefix;
    private int next = 1;

    Numbered(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public synchronized Thread newThread(Runnable task) {
      return new Thread(task, prefix + next++);
    }
  }

  @Test
  void anotherLeakOfTheSameCauseIsReported() {
    for (int i = 0; i < 3; i++) {
      LeakScope scope = Scopes.atOnce();
      planted.thread("stray-" + i);

      assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
    }
  }

  @Test
  void anotherExecutorOfTheSameCauseIsReported() {
    for (int i = 0; i < 3; i++) {
      LeakScope scope = Scopes.atOnce();
      planted.occupy(planted.executor(Executors.newFixedThreadPool(1)), 1);

      assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
    }
  }

  @Test
  void executorThatWasReportedWithoutThreadIsNotReportedWhenItGetsOne() {
    Jdk21.assume();
    Holder holder = new Holder();
    LeakScope first = Scopes.atOnce().watch(holder);
    holder.pool = planted.executor(Executors.newFixedThreadPool(1));
    assertThat(first).hasKinds(LeakKind.UNCLOSED_EXECUTOR);

    LeakScope second = Scopes.patient().watch(holder);
    CountDownLatch done = new CountDownLatch(1);
    holder.pool.execute(done::countDown);
    Planted.await(done);

    assertThat(second).hasNoLeaks();
  }

  private static final class Holder {
    ExecutorService pool;
  }
}
