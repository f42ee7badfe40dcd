package dev.leakcheck;

import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;

import dev.leakcheck.model.LeakKind;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A scope within another: what the outer one's objects hold is the outer one's. */
class NestedScopesTest {

  @AutoClose private final Planted planted = new Planted();

  /** Such as the instance of a test class with nested classes. */
  private static final class Fixture {
    ExecutorService pool;
    Thread thread;
    final BlockingQueue<Object> inbox = new LinkedBlockingQueue<>();
  }

  private static final class Statics {
    static ExecutorService pool;
  }

  private LeakScope within(LeakScope outer) {
    return LeakCheck.open(Scopes.PATIENT.within(outer).brief());
  }

  @Test
  void innerScopeDoesNotAnswerForAnExecutorThatTheOuterOnesObjectsHold() {
    Fixture fixture = new Fixture();
    LeakScope outer = Scopes.atOnce().watch(fixture);
    LeakScope inner = within(outer);
    fixture.pool = planted.executor(Executors.newFixedThreadPool(1));
    planted.occupy(fixture.pool, 1);

    assertThat(inner).hasNoLeaks();
    assertThat(outer).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void innerScopeDoesNotAnswerForAWrappedExecutorThatTheOuterOnesObjectsHold() {
    Fixture fixture = new Fixture();
    LeakScope outer = Scopes.atOnce().watch(fixture);
    LeakScope inner = within(outer);
    fixture.pool = planted.executor(Executors.newSingleThreadExecutor());
    planted.occupy(fixture.pool, 1);

    assertThat(inner).hasNoLeaks();
    assertThat(outer).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void innerScopeDoesNotAnswerForAnExecutorInAStaticFieldOfTheOuter() {
    LeakScope outer = Scopes.atOnce().watchStatics(Statics.class);
    LeakScope inner = within(outer);
    Statics.pool = planted.executor(Executors.newFixedThreadPool(1));
    planted.occupy(Statics.pool, 1);

    assertThat(inner).hasNoLeaks();
    assertThat(outer).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
    Statics.pool = null;
  }

  @Test
  void innerScopeDoesNotAnswerForAThreadThatTheOuterOnesObjectsHold() {
    Fixture fixture = new Fixture();
    LeakScope outer = Scopes.atOnce().watch(fixture);
    LeakScope inner = within(outer);
    fixture.thread = planted.thread("fixture");

    assertThat(inner).hasNoLeaks();
    assertThat(outer).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void innerScopeDoesNotAnswerForAQueueThatTheOuterOnesObjectsHold() {
    Fixture fixture = new Fixture();
    LeakScope outer = Scopes.atOnce().watch(fixture);
    LeakScope inner = within(outer).watch(fixture);
    fixture.inbox.add("something");

    assertThat(inner).hasNoLeaks();
    assertThat(outer).hasKinds(LeakKind.LEFTOVER_QUEUE);
  }

  @Test
  void innerScopeAnswersForItsOwn() {
    Fixture fixture = new Fixture();
    LeakScope outer = Scopes.patient().watch(fixture);
    LeakScope inner = LeakCheck.open(Scopes.AT_ONCE.within(outer).brief());
    planted.thread("stray");

    assertThat(inner).hasKinds(LeakKind.STRAY_THREAD);
    assertThat(outer).hasNoLeaks();
  }

  @Test
  void innerScopeAnswersForAnExecutorBesideTheFixtures() {
    Fixture fixture = new Fixture();
    fixture.pool = planted.executor(Executors.newSingleThreadExecutor());
    LeakScope outer = Scopes.patient().watch(fixture);
    LeakScope inner = LeakCheck.open(Scopes.AT_ONCE.within(outer).brief());
    planted.occupy(planted.executor(Executors.newSingleThreadExecutor()), 1);

    assertThat(inner).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void scopeThatIsWithinTheInnermostDoesNotAnswerForTheOutermost() {
    Fixture fixture = new Fixture();
    LeakScope outermost = Scopes.atOnce().watch(fixture);
    LeakScope middle = LeakCheck.open(Scopes.PATIENT.within(outermost).brief());
    LeakScope inner = within(middle);
    fixture.thread = planted.thread("fixture");

    assertThat(inner).hasNoLeaks();
    assertThat(middle).hasNoLeaks();
    assertThat(outermost).hasKinds(LeakKind.STRAY_THREAD);
  }
}
