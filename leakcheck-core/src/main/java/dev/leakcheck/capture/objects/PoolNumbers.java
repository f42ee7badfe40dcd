package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.base.JdkField;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The numbers in the names that the JDK gives to the threads of pools, where nobody else names them
 * ({@code pool-1-thread-1}): which of two pools is older they tell also of one without a thread.
 * Thread-safe.
 */
public final class PoolNumbers {

  private static final String FACTORY = "java.util.concurrent.Executors$DefaultThreadFactory";
  private static final JdkField COUNTER = JdkField.of(FACTORY, "poolNumber");
  private static final JdkField PREFIX = JdkField.of(FACTORY, "namePrefix");

  private PoolNumbers() {}

  /**
   * The number that the next pool will get.
   *
   * @return the number, or -1 if the JDK keeps it closed, as from Java 24 on without the agent
   */
  public static int next() {
    return COUNTER.readStatic() instanceof AtomicInteger counter ? counter.get() : -1;
  }

  /**
   * The number of a pool.
   *
   * @param executor any executor
   * @return the number, or -1 if it has none or that cannot be read
   */
  public static int of(ExecutorService executor) {
    Object prefix =
        executor instanceof ThreadPoolExecutor pool ? PREFIX.read(Ask.threadFactory(pool)) : null;
    String[] parts = prefix instanceof String name ? name.split("-") : new String[0];
    try {
      return parts.length == 3 ? Integer.parseInt(parts[1]) : -1;
    } catch (NumberFormatException otherwiseBuilt) {
      return -1;
    }
  }
}
