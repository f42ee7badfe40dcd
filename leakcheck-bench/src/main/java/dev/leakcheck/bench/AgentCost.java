package dev.leakcheck.bench;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What the program itself pays for the agent: making a thread, a pool or a queue in a JVM without
 * the agent, with it where no scope is open, and with it inside of a scope.
 *
 * <p>Run: {@code java -jar benchmarks.jar AgentCost}. Expect: outside of scopes a hook is the read
 * of one field; inside, a stack is taken for each thing, for about a microsecond.
 *
 * <p>A scope is open for a whole iteration, so that the costs of forgetting what has ended are in
 * the figures as well. Medians over several JVMs are told.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
public class AgentCost {

  private static final int FORKS = 3;

  /** To wait for one thread would cost several times what it costs to start it. */
  private static final int AT_ONCE = 100;

  private final Thread[] threads = new Thread[AT_ONCE];

  private final List<ForkJoinTask<?>> tasks = new ArrayList<>(AT_ONCE);

  /** Whether a scope is open. */
  @Param({"false", "true"})
  boolean inScope;

  private @Nullable LeakScope scope;

  /** Opens the scope on the thread that the benchmark runs on. */
  @Setup(Level.Iteration)
  public void open() {
    scope = inScope ? LeakCheck.open(LeakCheckOptions.defaults()) : null;
  }

  /** Ends the scope. */
  @TearDown(Level.Iteration)
  public void end() {
    if (scope != null) {
      scope.end();
    }
  }

  /** Virtual threads are started and joined. */
  @Benchmark
  @OperationsPerInvocation(AT_ONCE)
  public void virtualThread() throws InterruptedException {
    for (int i = 0; i < AT_ONCE; i++) {
      threads[i] = Virtual.start(() -> {});
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Platform threads are started and joined. */
  @Benchmark
  @OperationsPerInvocation(AT_ONCE)
  public void platformThread() throws InterruptedException {
    for (int i = 0; i < AT_ONCE; i++) {
      threads[i] = new Thread(() -> {});
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** A pool is made and shut down before it has a thread. */
  @Benchmark
  public ExecutorService pool() {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    pool.shutdown();
    return pool;
  }

  /** A queue is made. */
  @Benchmark
  public BlockingQueue<Object> queue() {
    return new LinkedBlockingQueue<>();
  }

  /** A lock is made. */
  @Benchmark
  public Lock lock() {
    return new ReentrantLock();
  }

  /** Tasks are given to the common pool and joined. */
  @Benchmark
  @OperationsPerInvocation(AT_ONCE)
  public void submittedTask() {
    for (int i = 0; i < AT_ONCE; i++) {
      tasks.add(ForkJoinPool.commonPool().submit(() -> {}));
    }
    tasks.forEach(ForkJoinTask::join);
    tasks.clear();
  }

  /** Tasks are forked in the common pool and joined. */
  @Benchmark
  @OperationsPerInvocation(AT_ONCE)
  public int forkedTask() {
    return new Forking(AT_ONCE).invoke();
  }

  /** Forks so many tasks, one after the other. */
  private static final class Forking extends RecursiveTask<Integer> {
    private static final long serialVersionUID = 1L;

    private final int children;

    Forking(int children) {
      this.children = children;
    }

    @Override
    protected Integer compute() {
      int sum = 1;
      for (int i = 0; i < children; i++) {
        sum += new Forking(0).fork().join();
      }
      return sum;
    }
  }

  /** One row: what is made, and at most how many nanoseconds dearer it may be. */
  private record Made(String method, String title, double outside, double inside) {}

  static void measure(Run run) throws Exception {
    List<Made> all = new ArrayList<>();
    if (Virtual.isSupported()) {
      all.add(new Made("virtualThread", "virtual thread, started and joined", 100, 2_000));
    }
    all.add(new Made("platformThread", "platform thread, started and joined", 0, 0));
    all.add(new Made("pool", "pool without threads, made and shut down", 0, 0));
    all.add(new Made("queue", "queue, made", 20, 2_000));
    all.add(new Made("lock", "lock, made", 20, 2_000));
    all.add(new Made("submittedTask", "task, given to the common pool and joined", 0, 0));
    all.add(new Made("forkedTask", "task, forked and joined", 0, 0));
    String methods = String.join("|", all.stream().map(Made::method).toList());
    List<String> withAgent = new ArrayList<>(Run.FIXED_HEAP);
    withAgent.add(Run.agent());
    Scores without = run.jmh(AgentCost.class, methods, Map.of("inScope", List.of("false")));
    Scores with =
        run.jmh(
            FORKS,
            withAgent,
            AgentCost.class,
            methods,
            Map.of("inScope", List.of("false", "true")));
    Table table =
        new Table(
            "what is made",
            "without the agent, µs",
            "agent adds outside of scopes, µs",
            "aim",
            "agent adds inside, µs",
            "inside/without",
            "aim");
    for (Made made : all) {
      double bare = without.percentile(made.method, Map.of(), 50);
      double outside = with.percentile(made.method, Map.of("inScope", "false"), 50);
      double inside = with.percentile(made.method, Map.of("inScope", "true"), 50);
      table.row(
          made.title,
          Table.figure(bare / 1e3),
          Table.figure((outside - bare) / 1e3),
          aim(made.outside, outside - bare),
          Table.figure((inside - bare) / 1e3),
          Table.ratio(inside, bare),
          aim(made.inside, inside - bare));
    }
    run.print(table);
  }

  private static String aim(double most, double added) {
    return most == 0 ? "–" : Table.aim("≤ " + Table.figure(most / 1e3), added <= most);
  }
}
