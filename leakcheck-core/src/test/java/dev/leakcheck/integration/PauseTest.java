package dev.leakcheck.integration;

import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;

import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.Scopes;
import dev.leakcheck.UnclosedExecutorTest;
import dev.leakcheck.model.LeakKind;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
    LeakScope scope = Scopes.patient();
    try (LeakScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void virtualThreadThatWasMadeInAPausePasses() {
    Jdk21.assume();
    LeakScope scope = Scopes.patient();
    try (LeakScope.Pause pause = scope.pause()) {
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
    LeakScope scope = Scopes.patient();
    ExecutorService pool;
    try (LeakScope.Pause pause = scope.pause()) {
      pool = planted.executor(sort.create());
      planted.occupy(pool, 1);
    }
    planted.occupy(pool, 1);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void pauseHoldsForEveryScope() {
    LeakScope outer = Scopes.patient();
    LeakScope inner = LeakCheck.open(Scopes.PATIENT.within(outer));
    try (LeakScope.Pause pause = inner.pause()) {
      planted.thread("context");
    }

    assertThat(inner).hasNoLeaks();
    assertThat(outer).hasNoLeaks();
  }

  @Test
  void threadThatWasMadeBeforeThePauseIsFound() {
    LeakScope scope = Scopes.atOnce();
    planted.thread("stray");
    try (LeakScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void threadThatWasMadeAfterThePauseIsFound() {
    LeakScope scope = Scopes.atOnce();
    try (LeakScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }
    planted.thread("stray");

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void threadBetweenTwoPausesIsFound() {
    LeakScope scope = Scopes.atOnce();
    scope.pause().close();
    planted.thread("stray");
    try (LeakScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void executorThatAFieldHeldBeforeThePauseIsFound() {
    Owner owner = new Owner();
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.pool = planted.executor(Executors.newFixedThreadPool(1));
    try (LeakScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }
    planted.occupy(owner.pool, 1);

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void executorThatAWrapperInAFieldHidBeforeThePauseIsFound() {
    Owner owner = new Owner();
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.pool = planted.executor(Executors.newSingleThreadExecutor());
    try (LeakScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void executorThatHadAThreadBeforeThePauseIsFound() {
    LeakScope scope = Scopes.atOnce();
    planted.occupy(planted.executor(Executors.newFixedThreadPool(1)), 1);
    try (LeakScope.Pause pause = scope.pause()) {
      planted.thread("context");
    }

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void secondCloseDoesNothing() {
    LeakScope scope = Scopes.atOnce();
    LeakScope.Pause pause = scope.pause();
    pause.close();
    planted.thread("stray");
    pause.close();

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }
}
