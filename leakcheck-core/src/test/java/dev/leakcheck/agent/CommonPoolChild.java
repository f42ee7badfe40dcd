package dev.leakcheck.agent;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.Planted;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Findings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/** A JVM of its own whose common pool nobody has used yet. */
final class CommonPoolChild {

  private CommonPoolChild() {}

  public static void main(String[] steps) throws Exception {
    TestScope around = open("around");
    for (String step : steps) {
      switch (step) {
        case "properties" -> printParallelism();
        case "leaves" -> {
          TestScope scope = open("test", around);
          occupy();
          print(scope);
          scope.end();
        }
        case "async" -> {
          TestScope scope = open("test", around);
          CountDownLatch started = new CountDownLatch(1);
          try (TestScope.Entry entry = scope.enter()) {
            CompletableFuture.runAsync(() -> blocks(started));
            Planted.await(started);
          }
          scope
              .findings()
              .list()
              .forEach(found -> System.out.println(found.kind().id() + " " + found.fingerprint()));
          scope.end();
        }
        case "used-before" -> {
          ForkJoinPool.commonPool().submit(() -> {}).get();
          ForkJoinPool.commonPool().awaitQuiescence(30, TimeUnit.SECONDS);
        }
        case "overlapped" -> printOverlapped(around);
        case "around" -> print(around);
        default -> throw new IllegalArgumentException(step);
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static TestScope open(String name) {
    return TestScope.open(options(name));
  }

  private static TestScope open(String name, TestScope around) {
    return TestScope.open(options(name).brief().within(around));
  }

  private static TestOptions options(String name) {
    return TestOptions.of(LeakCheckOptions.defaults()).named(name).settle(Duration.ZERO).byEntry();
  }

  private static void print(TestScope scope) {
    Findings findings = scope.findings();
    System.out.println(
        findings.scope()
            + " "
            + findings.list().stream()
                .map(found -> found.kind().id() + found.fact("whose").map(w -> "?").orElse(""))
                .toList());
  }

  /** What a program sets late still counts, though LeakCheck has looked at everything. */
  private static void printParallelism() throws InterruptedException {
    TestScope scope = open("first");
    Thread thread = new Thread(() -> {});
    thread.start();
    thread.join();
    print(scope);
    scope.end();
    System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "7");
    System.out.println("common pool of " + ForkJoinPool.commonPool().getParallelism());
  }

  private static void occupy() {
    CountDownLatch started = new CountDownLatch(1);
    ForkJoinPool.commonPool()
        .execute(
            Planted.unchecked(
                () -> {
                  started.countDown();
                  new CountDownLatch(1).await();
                }));
    Planted.await(started);
  }

  private static void blocks(CountDownLatch started) {
    started.countDown();
    Planted.unchecked(() -> new CountDownLatch(1).await()).run();
  }

  private static void printOverlapped(TestScope around) throws InterruptedException {
    TestScope one = open("one", around);
    Thread other =
        new Thread(
            () -> {
              TestScope two = open("two", around);
              occupy();
              print(two);
              two.end();
            });
    other.start();
    other.join();
    print(one);
    one.end();
  }
}
