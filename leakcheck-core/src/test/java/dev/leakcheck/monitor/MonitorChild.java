package dev.leakcheck.monitor;

import dev.leakcheck.Jdk21;
import dev.leakcheck.Planted;
import dev.leakcheck.model.CohortTrend;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** A JVM of its own that has the agent, and prints what its monitor sees. */
final class MonitorChild {

  private static final int ROUNDS = 5;

  private MonitorChild() {}

  public static void main(String[] args) {
    CountDownLatch first = new CountDownLatch(1);
    Semaphore second = new Semaphore(0);
    LeakMonitor monitor =
        LeakMonitor.builder()
            .rounds(ROUNDS)
            .unstarted(new Sampler(true, Long.MAX_VALUE, System::nanoTime)::sample);
    Thread mover =
        Jdk21.startVirtual(
            "mover",
            () -> {
              Planted.unchecked(first::await).run();
              second.acquireUninterruptibly();
            });
    Planted.awaitWaitingIn(mover, CountDownLatch.class);
    for (int i = 0; i <= ROUNDS; i++) {
      Planted.awaitWaitingIn(
          Jdk21.startVirtual("session-" + i, Planted.unchecked(new CountDownLatch(1)::await)),
          CountDownLatch.class);
      monitor.sample();
    }
    print("grows", monitor.last().orElseThrow().growing());
    print("unchanged", monitor.last().orElseThrow().unchanged());

    first.countDown();
    Planted.awaitWaitingIn(mover, Semaphore.class);
    ExecutorService pool = Executors.newFixedThreadPool(1);
    monitor.sample();
    MonitorSample last = monitor.last().orElseThrow();
    last.population().cohorts().stream()
        .filter(cohort -> cohort.name().equals("mover"))
        .forEach(cohort -> System.out.println("mover " + cohort.activity()));
    System.out.println(
        "pools "
            + last.population().executors().stream()
                .filter(e -> e.type().equals("java.util.concurrent.ThreadPoolExecutor"))
                .filter(e -> e.threads() == 0)
                .count());
    System.out.println("virtual " + last.population().virtual());
    System.out.println("coverage " + last.population().coverage().notes());
    pool.shutdown();
    System.exit(0);
  }

  private static void print(String what, Iterable<CohortTrend> groups) {
    for (CohortTrend group : groups) {
      if (group.cohort().virtual()) {
        System.out.println(what + " " + GroupText.of(group));
      }
    }
  }
}
