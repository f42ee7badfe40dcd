package dev.leakcheck.integration;

import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static dev.leakcheck.integration.TestScopes.assertThat;

import dev.leakcheck.Jdk21;
import dev.leakcheck.Planted;
import dev.leakcheck.UnclosedExecutorTest;
import dev.leakcheck.model.LeakKind;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is made while scopes are paused belongs to none. */
class PauseTest {

  @AutoClose private final Planted planted = new Planted();

  private static final class Owner {
    ExecutorService pool;
  }

  @Test
  void threadThatWasMadeInAPausePasses() {
    TestScope scope = TestScopes.patient();
    try (TestScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void virtualThreadThatWasMadeInAPausePasses() {
    Jdk21.assume();
    TestScope scope = TestScopes.patient();
    try (TestScope.Pause pause = scope.pause()) {
      planted.virtual("context");
    }

    assertThat(scope).hasNoLeaks();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SINGLE", "SINGLE_SCHEDULED"})
  void executorThatWasMadeInAPausePassesAlsoWithWorkersOfLater(UnclosedExecutorTest.Sort sort) {
    Jdk21.assume();
    TestScope scope = TestScopes.patient();
    ExecutorService pool;
    try (TestScope.Pause pause = scope.pause()) {
      pool = planted.executor(sort.create());
      planted.occupy(pool, 1);
    }
    planted.occupy(pool, 1);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void pauseHoldsForEveryScope() {
    TestScope outer = TestScopes.patient();
    TestScope inner = TestScope.open(TestScopes.PATIENT.within(outer));
    try (TestScope.Pause pause = inner.pause()) {
      planted.thread("context");
    }

    assertThat(inner).hasNoLeaks();
    assertThat(outer).hasNoLeaks();
  }

  @Test
  void threadThatWasMadeBeforeThePauseIsFound() {
    TestScope scope = TestScopes.atOnce();
    planted.thread("stray");
    try (TestScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void threadThatWasMadeAfterThePauseIsFound() {
    TestScope scope = TestScopes.atOnce();
    try (TestScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }
    planted.thread("stray");

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void threadBetweenTwoPausesIsFound() {
    TestScope scope = TestScopes.atOnce();
    scope.pause().close();
    planted.thread("stray");
    try (TestScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void executorThatAFieldHeldBeforeThePauseIsFound() {
    Owner owner = new Owner();
    TestScope scope = TestScopes.atOnce().watch(owner);
    owner.pool = planted.executor(Executors.newFixedThreadPool(1));
    try (TestScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }
    planted.occupy(owner.pool, 1);

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void executorThatAWrapperInAFieldHidBeforeThePauseIsFound() {
    Owner owner = new Owner();
    TestScope scope = TestScopes.atOnce().watch(owner);
    owner.pool = planted.executor(Executors.newSingleThreadExecutor());
    try (TestScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void poolOfAnOwnerThatTheScopeDoesNotWatchIsFound() {
    Jdk21.assume();
    Owner owner = new Owner();
    TestScope scope = TestScopes.atOnce();
    owner.pool = planted.executor(new ForkJoinPool(1));
    try (TestScope.Pause pause = scope.pause(List.of(owner))) {
      planted.thread("context");
    }
    planted.occupy(owner.pool, 1);

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void executorThatHadAThreadBeforeThePauseIsFound() {
    TestScope scope = TestScopes.atOnce();
    planted.occupy(planted.executor(Executors.newFixedThreadPool(1)), 1);
    try (TestScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void secondCloseDoesNothing() {
    TestScope scope = TestScopes.atOnce();
    TestScope.Pause pause = scope.pause();
    pause.close();
    planted.thread("stray");
    pause.close();

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }
}
