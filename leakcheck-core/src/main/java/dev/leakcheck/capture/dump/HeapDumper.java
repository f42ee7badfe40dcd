package dev.leakcheck.capture.dump;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the JVM write what lives in its heap to a temporary file, which is deleted whatever happens.
 * A JVM that is killed meanwhile leaves it to the next that dumps. Thread-safe.
 */
public final class HeapDumper {

  private static final long MARGIN = 16 << 20;

  /** What it takes to write down what lives, in times of that. */
  private static final int ROOM = 2;

  /** Reading takes this part of the memory that is free, at the most. */
  private static final int SHARE = 10;

  private final List<Path> directories;
  private final LongSupplier freeMemory;

  /** Reads a dump. */
  @FunctionalInterface
  public interface Reading<T> {
    /**
     * Reads it. The file is gone afterwards.
     *
     * @param file the dump
     * @param memory how many bytes of memory that may take
     */
    T read(Path file, long memory) throws IOException;
  }

  /** Into the directories that thread dumps are written to. */
  public HeapDumper() {
    this(ThreadDumper.tempDirectories(), HeapDumper::freeMemory);
  }

  /**
   * @param directories where it may be written, the best first
   * @param freeMemory how many bytes of memory the system has left, or the container
   */
  HeapDumper(List<Path> directories, LongSupplier freeMemory) {
    this.directories = List.copyOf(directories);
    this.freeMemory = freeMemory;
  }

  /**
   * Writes a dump and has it read. The calling thread must not be interrupted.
   *
   * @param live about how much of the heap is used, in bytes
   * @param reading reads it
   * @return what that returns
   * @throws IOException if there is no room for it, this JVM cannot write one, or it can't be read;
   *     one line
   */
  public <T> T dump(long live, Reading<T> reading) throws IOException {
    Path parent = roomFor(ROOM * live);
    Path directory = TempDirectory.create(parent);
    try {
      Path file = directory.resolve(TempDirectory.HEAP);
      write(file);
      return reading.read(file, (Runtime.getRuntime().maxMemory() - live) / SHARE);
    } finally {
      TempDirectory.delete(directory);
    }
  }

  private Path roomFor(long room) throws IOException {
    for (Path directory : directories) {
      FileStore store = Files.getFileStore(directory);
      if (store.getUsableSpace() >= room + MARGIN
          && (!isMemory(store) || freeMemory.getAsLong() / 2 >= room + MARGIN)) {
        return directory;
      }
    }
    throw new IOException("there is no room for a heap dump of " + (room >> 20) + " MB");
  }

  /** What is written there takes memory, of which a container may have little. */
  private static boolean isMemory(FileStore store) {
    return store.type().equals("tmpfs") || store.type().equals("ramfs");
  }

  /** {@code OperatingSystemMXBean} of the container or the machine, by name: a JVM may lack it. */
  private static long freeMemory() {
    try {
      Class<? extends PlatformManagedObject> type =
          Class.forName("com.sun.management.OperatingSystemMXBean")
              .asSubclass(PlatformManagedObject.class);
      Object free =
          type.getMethod("getFreeMemorySize").invoke(ManagementFactory.getPlatformMXBean(type));
      return free instanceof Long bytes ? bytes : 0;
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      return 0;
    }
  }

  /** {@code HotSpotDiagnosticMXBean}, by name: a JVM may lack it. */
  private static Class<? extends PlatformManagedObject> diagnostics()
      throws ClassNotFoundException {
    return Class.forName("com.sun.management.HotSpotDiagnosticMXBean")
        .asSubclass(PlatformManagedObject.class);
  }

  /**
   * What a reference takes in the heap of this JVM.
   *
   * @return the bytes: 4 or 8; 8 if the JVM does not tell
   */
  public static int referenceBytes() {
    try {
      Class<? extends PlatformManagedObject> type = diagnostics();
      Object option =
          type.getMethod("getVMOption", String.class)
              .invoke(ManagementFactory.getPlatformMXBean(type), "UseCompressedOops");
      return String.valueOf(option).contains("value: true") ? 4 : 8;
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      return 8;
    }
  }

  private static void write(Path file) throws IOException {
    try {
      Class<? extends PlatformManagedObject> type = diagnostics();
      @Nullable Object bean = ManagementFactory.getPlatformMXBean(type);
      if (bean == null) {
        throw new IOException("this JVM writes no heap dumps");
      }
      Method dump = type.getMethod("dumpHeap", String.class, boolean.class);
      dump.invoke(bean, file.toAbsolutePath().toString(), true);
    } catch (InvocationTargetException e) {
      throw new IOException("the JVM could not write a heap dump: " + e.getCause(), e);
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      throw new IOException("this JVM writes no heap dumps (" + e + ")", e);
    }
  }
}
