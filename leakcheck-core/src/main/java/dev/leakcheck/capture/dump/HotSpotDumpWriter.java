package dev.leakcheck.capture.dump;

import dev.leakcheck.capture.base.Jdk;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code com.sun.management.HotSpotDiagnosticMXBean.dumpThreads}, which Java 17 does not declare.
 * Found by name, so that a JVM without {@code jdk.management} or of another vendor is no error.
 */
final class HotSpotDumpWriter implements ThreadDumper.Writer {

  private final Object bean;
  private final Method dumpThreads;
  private final Class<?> format;
  private final @Nullable HeldCarriers carriers = HeldCarriers.jvm();

  private HotSpotDumpWriter(Object bean, Method dumpThreads, Class<?> format) {
    this.bean = bean;
    this.dumpThreads = dumpThreads;
    this.format = format;
  }

  static @Nullable HotSpotDumpWriter find() {
    if (!Jdk.HAS_CONTAINERS) {
      return null;
    }
    try {
      Class<? extends PlatformManagedObject> type =
          Class.forName("com.sun.management.HotSpotDiagnosticMXBean")
              .asSubclass(PlatformManagedObject.class);
      Class<?> format =
          Class.forName("com.sun.management.HotSpotDiagnosticMXBean$ThreadDumpFormat");
      Object bean = ManagementFactory.getPlatformMXBean(type);
      return bean == null
          ? null
          : new HotSpotDumpWriter(
              bean, type.getMethod("dumpThreads", String.class, format), format);
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      return null;
    }
  }

  @Override
  public LongPredicate write(Path file, String formatName) throws Exception {
    Object constant =
        Arrays.stream(format.getEnumConstants())
            .filter(value -> value.toString().equals(formatName))
            .findFirst()
            .orElseThrow(() -> new UnsupportedOperationException(formatName));
    if (carriers != null) {
      return carriers.during(() -> dump(file, constant));
    }
    dump(file, constant);
    return id -> false;
  }

  private void dump(Path file, Object constant) throws Exception {
    try {
      dumpThreads.invoke(bean, file.toAbsolutePath().toString(), constant);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
