package dev.leakcheck.agent;

import dev.leakcheck.Golden;
import dev.leakcheck.GrowthOptions;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.Planted;
import dev.leakcheck.model.Findings;
import dev.leakcheck.report.TextReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A JVM of its own that has the agent, and prints what grows there. */
final class GrowthChild {

  private static final LeakCheckOptions AT_ONCE =
      LeakCheckOptions.defaults().settle(Duration.ZERO).named("the test");
  private static final List<Object> KEPT = new ArrayList<>();
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Planted PLANTED = new Planted();

  private GrowthChild() {}

  public static void main(String[] steps) throws Throwable {
    try (PLANTED) {
      for (String step : steps) {
        print(step, LeakCheck.growth(GrowthOptions.of(6).with(AT_ONCE), () -> run(step)));
      }
    }
  }

  private static void print(String step, Findings findings) {
    System.out.println(step + ": " + findings.list().size());
    if (step.equals("message")) {
      System.out.println(Golden.normalise(TextReport.render(findings)));
    } else {
      findings.forEach(finding -> System.out.println("  " + finding.title()));
    }
  }

  private static void run(String step) throws Exception {
    int number = NUMBER.incrementAndGet();
    switch (step) {
      case "thread" -> PLANTED.thread("random-" + Integer.toString(number * 7919, 36));
      case "two-places" -> {
        PLANTED.executor(pool());
        PLANTED.executor(otherPool());
      }
      case "queue" -> keptQueue().add("order");
      case "unreachable-queue" -> new LinkedBlockingQueue<Object>().add("order");
      case "queue-once" -> {
        if (number % 8 == 4) {
          keptQueue().add("order");
        }
      }
      case "dropped-pool" -> pool();
      case "closed-pool" -> pool().shutdown();
      case "message" -> PLANTED.executor(pool()).submit(() -> {}).get();
      default -> throw new IllegalArgumentException(step);
    }
  }

  private static ExecutorService pool() {
    return Executors.newFixedThreadPool(1);
  }

  private static ExecutorService otherPool() {
    return Executors.newFixedThreadPool(2);
  }

  private static BlockingQueue<Object> keptQueue() {
    BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    KEPT.add(queue);
    return queue;
  }
}
