package dev.leakcheck.agent;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.Planted;
import dev.leakcheck.engine.Settling;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.ThreadRecord;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A JVM of its own in which threads are started while a check waits. */
final class LateThreadsChild {

  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private static Thread checker = Thread.currentThread();

  private LateThreadsChild() {}

  public static void main(String[] steps) throws Exception {
    checker = Thread.currentThread();
    for (String step : steps) {
      switch (step) {
        case "same-stem" -> {
          TestScope scope = open();
          start("job-1", () -> startLate("job-2", LateThreadsChild::stay, LateThreadsChild::stay));
          print(scope);
        }
        case "other-stem" -> {
          TestScope scope = open();
          start("left", () -> startLate("right", LateThreadsChild::stay, LateThreadsChild::stay));
          print(scope);
        }
        case "renamed" -> {
          CountDownLatch renamed = new CountDownLatch(1);
          start("worker-1", LateThreadsChild::stay);
          TestScope scope = open();
          start("keeps the check waiting", () -> awaitSpinning(renamed));
          start(
              "worker-2",
              () -> {
                awaitLook();
                Thread.currentThread().setName("task");
                renamed.countDown();
                stay();
              });
          print(scope);
        }
        case "of-older-family" -> {
          CountDownLatch opened = new CountDownLatch(1);
          CountDownLatch begun = new CountDownLatch(1);
          start(
              "worker-1",
              () -> {
                await(opened);
                startLate("worker-2", LateThreadsChild::stay, begun::countDown);
                stay();
              });
          TestScope scope = open();
          start("keeps the check waiting", () -> awaitSpinning(begun));
          opened.countDown();
          print(scope);
        }
        case "ends" -> {
          TestScope scope = open();
          start("task-1", () -> startLate("task-2", LateThreadsChild::awaitLook, () -> {}));
          print(scope);
        }
        default -> throw new IllegalArgumentException(step);
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static TestScope open() {
    return TestScope.open(
        TestOptions.of(LeakCheckOptions.defaults()).settle(Duration.ofSeconds(25)).brief());
  }

  private static void print(TestScope scope) {
    Findings findings = scope.findings();
    scope.end();
    System.out.println(
        findings.list().stream()
            .flatMap(finding -> finding.threads().stream())
            .map(ThreadRecord::name)
            .sorted()
            .toList());
  }

  private static void start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void startLate(String name, Runnable body, Runnable afterwards) {
    awaitLook();
    start(name, body);
    afterwards.run();
  }

  /** Until the check has looked at all threads, and waits again. */
  private static void awaitLook() {
    awaitWaiting(true);
    awaitWaiting(false);
    awaitWaiting(true);
  }

  private static void awaitWaiting(boolean waiting) {
    while (Planted.hasFrame(checker, Settling.class, "pauseUntil") != waiting) {
      Thread.onSpinWait();
    }
  }

  private static void awaitSpinning(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  private static void stay() {
    await(NEVER);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
