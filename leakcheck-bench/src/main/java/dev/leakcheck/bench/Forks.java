package dev.leakcheck.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What a virtual thread costs that is forked from several threads at once: a million of them, by
 * structured task scopes within one another and by executors, without LeakCheck and in a scope with
 * its agent.
 *
 * <p>Run: {@code java -jar benchmarks.jar Forks}. Expect: what {@link AgentCost} tells of one, and
 * nothing that is kept of those that have ended. Told is the processor time of the whole JVM, so
 * that nothing is hidden on other threads, and what is left in the heap after a collection while
 * the scope is open. The runs alternate; the least of each counts.
 */
final class Forks {

  /** What a fork may cost more, in µs of processor time. */
  private static final double MOST_MICROS = 2;

  /** What may be held of those that have ended, in MB. */
  private static final double MOST_MEGABYTES = 64;

  private static final int FORKS = 1_000_000;
  private static final int THREADS = 4;
  private static final int AT_ONCE = 100;
  private static final double MB = 1 << 20;

  private Forks() {}

  static void measure(Run run) throws Exception {
    if (!Virtual.isSupported()) {
      run.say("virtual threads need JDK 21");
      return;
    }
    Table table =
        new Table(
            "a million virtual threads",
            "without, µs each",
            "agent adds, µs each",
            "aim",
            "with/without",
            "held in the scope, MB",
            "aim");
    for (String how : List.of("executors", "scopes")) {
      double bare = Double.MAX_VALUE;
      double with = Double.MAX_VALUE;
      double held = 0;
      for (int i = 0; i < (run.quick() ? 3 : 10); i++) {
        Properties without = once(run, List.of(), how, "bare");
        Properties inScope = once(run, List.of(Run.agent()), how, "scope");
        bare = Math.min(bare, figure(without, "micros"));
        with = Math.min(with, figure(inScope, "micros"));
        held = Math.max(held, figure(inScope, "held") - figure(without, "held"));
      }
      table.row(
          how.equals("executors")
              ? "by an executor a thread each, from four threads"
              : "by structured scopes in structured scopes, from four threads",
          Table.figure(bare),
          Table.figure(with - bare),
          Table.aim("≤ 2.00", with - bare <= MOST_MICROS),
          Table.ratio(with, bare),
          Table.figure(Math.max(0, held)),
          Table.aim("≤ 64", held <= MOST_MEGABYTES));
    }
    run.print(table);
  }

  private static double figure(Properties told, String key) {
    return Double.parseDouble(told.getProperty(key));
  }

  private static Properties once(Run run, List<String> flags, String... args) throws Exception {
    List<String> all = new ArrayList<>(Run.FIXED_HEAP);
    all.addAll(flags);
    all.add("--enable-preview"); // structured scopes are one
    return run.inOwnJvm(all, Forks.class, args);
  }

  /**
   * Forks, and prints as properties what a fork took and what is held when all have ended.
   *
   * @param args {@code executors} or {@code scopes}; {@code bare} or {@code scope}
   */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    boolean scopes = args[0].equals("scopes");
    LeakScope scope = args[1].equals("scope") ? LeakCheck.open(LeakCheckOptions.defaults()) : null;
    fork(scopes, FORKS / 10); // compiled by then
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    fork(scopes, FORKS);
    double micros = (system.getProcessCpuTime() - cpu) / 1e3 / FORKS;
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    double held = (runtime.totalMemory() - runtime.freeMemory()) / MB;
    if (scope != null) {
      scope.close(); // a leak, or a scope that could not tell, fails the run
    }
    out.printf(Locale.ROOT, "micros=%.4f%n", micros);
    out.printf(Locale.ROOT, "held=%.4f%n", held);
  }

  private static void fork(boolean scopes, int forks) throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int left = forks / THREADS; left > 0; left -= AT_ONCE) {
                    if (scopes) {
                      TaskScopes.nested(AT_ONCE);
                    } else {
                      perTask(AT_ONCE);
                    }
                  }
                } catch (Exception | Error e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException(failures.get(0));
    }
  }

  private static void perTask(int tasks) throws Exception {
    ExecutorService executor = Virtual.newExecutor();
    List<Future<?>> futures = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      futures.add(executor.submit(() -> {}));
    }
    for (Future<?> future : futures) {
      future.get();
    }
    executor.shutdown();
  }

  /** {@code StructuredTaskScope}, a preview of Java 21 to 25 whose shape changed on the way. */
  private static final class TaskScopes {

    private static final Class<?> TYPE = find();
    private static final Method FORK = method("fork", Callable.class);
    private static final Method JOIN = method("join");
    private static final @Nullable Method OPEN = TYPE.isInterface() ? method("open") : null;

    private static Class<?> find() {
      try {
        return Class.forName("java.util.concurrent.StructuredTaskScope");
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(e);
      }
    }

    private static Method method(String name, Class<?>... parameters) {
      try {
        return TYPE.getMethod(name, parameters);
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException(e);
      }
    }

    private static AutoCloseable open() throws Exception {
      Method open = OPEN;
      return (AutoCloseable)
          (open != null ? open.invoke(null) : TYPE.getConstructor().newInstance());
    }

    /** A tenth of the tasks fork the rest, in scopes of their own. */
    static void nested(int tasks) throws Exception {
      int inner = tasks / 10 - 1;
      Callable<Object> leaf = () -> "";
      try (AutoCloseable outer = open()) {
        for (int i = 0; i < tasks / 10; i++) {
          Callable<Object> branch =
              () -> {
                try (AutoCloseable scope = open()) {
                  for (int j = 0; j < inner; j++) {
                    FORK.invoke(scope, leaf);
                  }
                  JOIN.invoke(scope);
                }
                return "";
              };
          FORK.invoke(outer, branch);
        }
        JOIN.invoke(outer);
      }
    }
  }
}
