package dev.leakcheck.capture.dump;

import dev.leakcheck.capture.base.Garbage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a dump of the live objects of a small heap, into memory. The file is deleted at once.
 * Thread-safe.
 */
public final class HeapDumper {

  /** A dump is about one and a half times as large as what is in it. */
  private static final int ROOM = 2;

  /** A heap that is so many times too large may be small once garbage was collected. */
  private static final int MOSTLY_GARBAGE = 8;

  private HeapDumper() {}

  /** That no dump could be taken. */
  public static final class NoDumpException extends Exception {
    private static final long serialVersionUID = 1;

    NoDumpException(String why, @Nullable Throwable cause) {
      super(why, cause);
    }
  }

  /**
   * Takes one.
   *
   * @param most how many bytes may be live
   * @return the dump, in the format {@code JAVA PROFILE 1.0.2}
   * @throws NoDumpException if the heap is larger or the JVM refuses; the message is what follows
   *     "because"
   */
  public static ByteBuffer take(long most) throws NoDumpException {
    long free = Runtime.getRuntime().maxMemory() - used(most);
    List<Path> directories = ThreadDumper.tempDirectories();
    if (directories.isEmpty()) {
      throw new NoDumpException("there is no directory for a heap dump", null);
    }
    try {
      Path directory = TempDirectory.create(directories.get(0));
      try {
        if (Files.getFileStore(directory).getUsableSpace() < ROOM * most) {
          throw new NoDumpException("there is no room for a heap dump in " + directory, null);
        }
        Path file = directory.resolve(TempDirectory.HEAP);
        dump(file);
        long size = Files.size(file);
        if (size > ROOM * most || size > free / 4) {
          throw new NoDumpException("the heap is too large to be looked through", null);
        }
        return ByteBuffer.wrap(Files.readAllBytes(file));
      } finally {
        TempDirectory.delete(directory);
      }
    } catch (IOException | ReflectiveOperationException | LinkageError e) {
      throw new NoDumpException("the JVM gave no heap dump", e);
    }
  }

  /** What is live, or a little more. */
  private static long used(long most) throws NoDumpException {
    Runtime jvm = Runtime.getRuntime();
    long used = jvm.totalMemory() - jvm.freeMemory();
    if (used > most && used < MOSTLY_GARBAGE * most) {
      Garbage.collect();
      used = jvm.totalMemory() - jvm.freeMemory();
    }
    if (used > most) {
      throw new NoDumpException("the heap is too large to be looked through", null);
    }
    return used;
  }

  /** By name, as {@code jdk.management} need not be there. */
  private static void dump(Path file) throws ReflectiveOperationException, NoDumpException {
    Class<? extends PlatformManagedObject> type =
        Class.forName("com.sun.management.HotSpotDiagnosticMXBean")
            .asSubclass(PlatformManagedObject.class);
    Object bean = ManagementFactory.getPlatformMXBean(type);
    if (bean == null) {
      throw new NoDumpException("this JVM gives no heap dump", null);
    }
    Method dumpHeap = type.getMethod("dumpHeap", String.class, boolean.class);
    dumpHeap.invoke(bean, file.toAbsolutePath().toString(), true);
  }
}
