package dev.leakcheck.inspect;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static dev.leakcheck.integration.TestScopes.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Golden;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.Scopes;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.integration.TestScopes;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnclosedTaskScopeTest {

  @AutoClose private final Planted planted = new Planted();

  private final Deque<TaskScopeOfJdk> left = new ArrayDeque<>();

  @BeforeEach
  void needsTaskScopes() {
    TaskScopeOfJdk.assume();
  }

  @AfterEach
  void closeWhatIsLeft() {
    planted.release();
    while (!left.isEmpty()) {
      try (TaskScopeOfJdk scope = left.pop()) {
        scope.join();
      }
    }
  }

  /** Left open until the test is over. */
  private TaskScopeOfJdk leave() {
    TaskScopeOfJdk scope = TaskScopeOfJdk.open();
    left.push(scope);
    return scope;
  }

  /** Forks a task that waits until it is released, and has begun. */
  private void forkWaiting(TaskScopeOfJdk scope) {
    CountDownLatch started = new CountDownLatch(1);
    scope.fork(
        () -> {
          started.countDown();
          planted.awaitRelease();
          return null;
        });
    Planted.await(started);
  }

  @Test
  void openTaskScopeWithoutForksIsFound() {
    LeakScope scope = Scopes.atOnce();
    leave();

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_TASK_SCOPE);
    assertThat(finding.fact("forks")).contains("none is alive");
  }

  @Test
  void taskScopeWithoutForksIsToldBesideWhatElseIsLeft() {
    LeakScope scope = Scopes.atOnce();
    leave();
    planted.thread("stray");

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_TASK_SCOPE, LeakKind.STRAY_THREAD);
  }

  @Test
  void forksAreExplainedByTheirTaskScope() {
    LeakScope scope = Scopes.atOnce();
    TaskScopeOfJdk tasks = leave();
    forkWaiting(tasks);
    forkWaiting(tasks);

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_TASK_SCOPE);
    assertThat(finding.threads()).hasSize(2);
  }

  @Test
  void forksOfForksAreExplainedToo() {
    LeakScope scope = Scopes.atOnce();
    CountDownLatch started = new CountDownLatch(1);
    leave()
        .fork(
            () -> {
              try (TaskScopeOfJdk inner = TaskScopeOfJdk.open()) {
                inner.fork(
                    () -> {
                      started.countDown();
                      planted.awaitRelease();
                      return null;
                    });
                inner.join();
              }
              return null;
            });
    Planted.await(started);

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_TASK_SCOPE);
    assertThat(finding.threads()).hasSize(2);
  }

  @Test
  void forkedThreadTellsOfItInABriefScope() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.brief());
    forkWaiting(leave());

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_TASK_SCOPE);
  }

  @Test
  void closedTaskScopePasses() {
    LeakScope scope = Scopes.patient();
    try (TaskScopeOfJdk tasks = TaskScopeOfJdk.open()) {
      tasks.fork(() -> 1);
      tasks.join();
    }

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void scopeInsideATaskScopePasses() {
    try (TaskScopeOfJdk tasks = TaskScopeOfJdk.open()) {
      LeakScope scope = Scopes.patient();
      tasks.fork(() -> 1);
      tasks.join();

      assertThat(scope).hasNoLeaks();
    }
  }

  @Test
  void taskScopeOfAnotherThreadPasses() {
    CountDownLatch open = new CountDownLatch(1);
    CountDownLatch opened = new CountDownLatch(1);
    Thread server =
        planted.thread(
            "server",
            () -> {
              open.await();
              try (TaskScopeOfJdk tasks = TaskScopeOfJdk.open()) {
                opened.countDown();
                planted.awaitRelease();
              }
            });
    LeakScope scope = Scopes.atOnce();
    open.countDown();
    Planted.await(opened);

    assertThat(server.isAlive()).isTrue();
    assertThat(scope).hasNoLeaks();
  }

  @Test
  void taskScopeOfAThreadThatHasEndedPasses() {
    LeakScope scope = Scopes.patient();
    Thread ended = planted.thread("ended", TaskScopeOfJdk::open);
    Planted.awaitEnd(ended);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void innermostScopeTellsOfItAndTheOthersDoNot() {
    LeakScope outer = Scopes.patient();
    LeakScope inner = Scopes.atOnce();
    leave();

    assertThat(inner).hasKinds(LeakKind.UNCLOSED_TASK_SCOPE);
    assertThat(outer).hasNoLeaks();
  }

  @Test
  void taskScopeThatWasOpenedBeforeAPauseIsFound() {
    TestScope scope = TestScopes.atOnce();
    leave();
    try (TestScope.Pause pause = scope.pause()) {
      planted.thread("context"); // has executors listed when the pause ends
    }

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_TASK_SCOPE);
  }

  @Test
  void laterBriefScopeThatMakesAVirtualThreadPasses() {
    LeakScope around = Scopes.atOnce();
    LeakScope first = LeakCheck.open(Scopes.AT_ONCE.brief().within(around));
    leave();
    assertThat(first).hasNoLeaks();
    first.end();
    LeakScope second = LeakCheck.open(Scopes.PATIENT.brief().within(around));
    try (TaskScopeOfJdk tasks = TaskScopeOfJdk.open()) {
      tasks.fork(() -> 1);
      tasks.join();
    }

    assertThat(second).hasNoLeaks();
    second.end();
    assertThat(around).hasKinds(LeakKind.UNCLOSED_TASK_SCOPE);
  }

  @Test
  void scopeThatAnswersForWhatIsSharedOnlyPasses() {
    TestScope scope = TestScopes.atOnce();
    leave();

    assertThat(scope.with(scope.options().unattributed())).hasNoLeaks();
  }

  @Test
  void eachOfTwoIsFound() {
    LeakScope scope = Scopes.atOnce();
    leave();
    leave();

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_TASK_SCOPE, LeakKind.UNCLOSED_TASK_SCOPE);
  }

  @Test
  void messageTellsTheForksAndTheFix() {
    AtomicReference<String> message = new AtomicReference<>("");
    Thread runner =
        planted.thread(
            "runner-1",
            () -> {
              LeakScope scope =
                  LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
              forkWaiting(TaskScopeOfJdk.open());
              message.set(Golden.message(scope));
              planted.release();
            });
    Planted.awaitEnd(runner);

    assertThat(message.get())
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 open task scope behind (waited T)

            1) unclosed-task-scope   StructuredTaskScope@HASH, never closed
                 opened by  thread "runner-1"
                 forks      1 still alive
                 doing      waiting in CountDownLatch.await(), without a time limit
                              at dev.leakcheck.Planted.awaitRelease(Planted.java:LINE)
                              at dev.leakcheck.inspect.UnclosedTaskScopeTest.lambda$forkWaiting$N(UnclosedTaskScopeTest.java:LINE)
                 why        it stays open until its thread calls close() or ends; every task scope that this thread opens meanwhile is inside it
                 fix        open it in try (var scope = StructuredTaskScope.open(…)) { … }, or call close() on the thread that opened it; that interrupts its forks and waits for them
                 allow      @AllowLeaks(kind = LeakKind.UNCLOSED_TASK_SCOPE, reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }
}
