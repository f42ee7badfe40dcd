package dev.leakcheck.agent;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.model.Findings;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/** A JVM of its own whose common pool nobody has used yet. */
final class CommonPoolChild {

  private CommonPoolChild() {}

  public static void main(String[] steps) throws Exception {
    LeakScope around = open("around");
    for (String step : steps) {
      switch (step) {
        case "properties" -> printParallelism();
        case "leaves" -> {
          LeakScope scope = open("test", around);
          occupy();
          print(scope);
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

  private static LeakScope open(String name) {
    return LeakCheck.open(LeakCheckOptions.defaults().named(name).settle(Duration.ZERO).byEntry());
  }

  private static LeakScope open(String name, LeakScope around) {
    return LeakCheck.open(
        LeakCheckOptions.defaults()
            .named(name)
            .settle(Duration.ZERO)
            .brief()
            .byEntry()
            .within(around));
  }

  private static void print(LeakScope scope) {
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
    LeakScope scope = open("first");
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

  private static void printOverlapped(LeakScope around) throws InterruptedException {
    LeakScope one = open("one", around);
    Thread other =
        new Thread(
            () -> {
              LeakScope two = open("two", around);
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
