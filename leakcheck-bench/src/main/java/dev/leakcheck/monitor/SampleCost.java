package dev.leakcheck.monitor;

import dev.leakcheck.classify.Cohorts;
import dev.leakcheck.classify.Trend;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Prints as properties what it takes, in milliseconds, to sample the threads of this JVM as the
 * monitor does, and what the JDK takes to list them: the medians, one after the other.
 */
public final class SampleCost {

  private static final int FEWEST = 5;

  private SampleCost() {}

  /**
   * Measures.
   *
   * @param args how many platform threads; how many virtual threads; for how many seconds each
   * @throws Exception if it can't
   */
  public static void main(String[] args) throws Exception {
    int platform = Integer.parseInt(args[0]);
    int virtual = Integer.parseInt(args[1]);
    long seconds = Long.parseLong(args[2]);
    CountDownLatch parked = new CountDownLatch(platform + virtual);
    CountDownLatch over = new CountDownLatch(1);
    Runnable wait =
        () -> {
          parked.countDown();
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    for (int i = 0; i < platform; i++) {
      Thread thread = new Thread(null, wait, "crowd-" + i, 64 << 10);
      thread.setDaemon(true);
      thread.start();
    }
    if (virtual > 0) {
      // Java 17 does not declare it.
      Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
      for (int i = 0; i < virtual; i++) {
        start.invoke(null, wait);
      }
    }
    parked.await();

    Trend trend = new Trend(12, Cohorts.MOST);
    Sampler sampler = new Sampler(true);
    long first = System.nanoTime();
    int seen = trend.add(sampler.sample()).population().threads();
    print("first", (System.nanoTime() - first) / 1e6);
    print("seen", seen);
    print("sample", median(seconds, () -> trend.add(sampler.sample())));
    print("traces", median(seconds, Thread::getAllStackTraces));
    print("dump", Runtime.version().feature() < 21 ? 0 : median(seconds, dump()));
    over.countDown();
    System.exit(0);
  }

  private static void print(String name, double value) {
    System.out.printf(Locale.ROOT, "%s=%.4f%n", name, value);
  }

  private static double median(long seconds, Callable<?> measured) throws Exception {
    for (int i = 0; i < FEWEST; i++) {
      measured.call();
    }
    double[] millis = new double[100_000];
    int count = 0;
    long enough = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (count < FEWEST || (System.nanoTime() < enough && count < millis.length)) {
      long start = System.nanoTime();
      measured.call();
      millis[count++] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis, 0, count);
    return millis[count / 2];
  }

  /** {@code HotSpotDiagnosticMXBean.dumpThreads}, to where the monitor has it written. */
  private static Callable<?> dump() throws Exception {
    Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
    Class<?> format = Class.forName("com.sun.management.HotSpotDiagnosticMXBean$ThreadDumpFormat");
    Object json = format.getField("JSON").get(null);
    Object bean = ManagementFactory.getPlatformMXBean(type.asSubclass(PlatformManagedObject.class));
    Method write = type.getMethod("dumpThreads", String.class, format);
    Path memory = Path.of("/dev/shm");
    Path temp =
        Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir", "."));
    return () -> {
      Path file = temp.resolve("leakcheck-bench-" + ProcessHandle.current().pid() + ".json");
      write.invoke(bean, file.toString(), json);
      Files.delete(file);
      return file;
    };
  }
}
