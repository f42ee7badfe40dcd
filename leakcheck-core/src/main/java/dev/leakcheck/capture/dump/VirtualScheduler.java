package dev.leakcheck.capture.dump;

import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * {@code jdk.management.VirtualThreadSchedulerMXBean}, which came with Java 24: the threads that
 * carry virtual threads. Found by name. Thread-safe.
 */
final class VirtualScheduler implements HeldCarriers.Scheduler {

  private final Object bean;
  private final Method carriers;
  private final Method parallelism;

  private VirtualScheduler(Class<?> type, Object bean) throws NoSuchMethodException {
    this.bean = bean;
    this.carriers = type.getMethod("getPoolSize");
    this.parallelism = type.getMethod("getParallelism");
  }

  /** The scheduler of this JVM, or null if it does not tell of one. */
  static @Nullable VirtualScheduler find() {
    try {
      Class<? extends PlatformManagedObject> type =
          Class.forName("jdk.management.VirtualThreadSchedulerMXBean")
              .asSubclass(PlatformManagedObject.class);
      Object bean = ManagementFactory.getPlatformMXBean(type);
      return bean == null ? null : new VirtualScheduler(type, bean);
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      return null;
    }
  }

  @Override
  public long carriers() throws ReflectiveOperationException {
    return ask(carriers);
  }

  @Override
  public int parallelism() throws ReflectiveOperationException {
    return Math.toIntExact(ask(parallelism));
  }

  private long ask(Method question) throws ReflectiveOperationException {
    return ((Number) question.invoke(bean)).longValue();
  }
}
