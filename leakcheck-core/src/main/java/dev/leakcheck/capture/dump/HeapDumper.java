package dev.leakcheck.capture.dump;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has the JVM write what lives in its heap to a temporary file, which is deleted whatever happens.
 * A JVM that is killed meanwhile leaves it to the next that dumps. Thread-safe.
 */
public final class HeapDumper {

  private static final long MARGIN = 16 << 20;

  private final List<Path> directories;

  /** Reads a dump. */
  @FunctionalInterface
  public interface Reading<T> {
    /**
     * Reads it. The file is gone afterwards.
     *
     * @param file the dump
     */
    T read(Path file) throws IOException;
  }

  /** Into the directories that thread dumps are written to. */
  public HeapDumper() {
    this(ThreadDumper.tempDirectories());
  }

  HeapDumper(List<Path> directories) {
    this.directories = List.copyOf(directories);
  }

  /**
   * Writes a dump and has it read. The calling thread must not be interrupted.
   *
   * @param room how many bytes it may take
   * @param reading reads it
   * @return what that returns
   * @throws IOException if there is no room for it, this JVM cannot write one, or it can't be read;
   *     one line
   */
  public <T> T dump(long room, Reading<T> reading) throws IOException {
    Path parent = roomFor(room);
    Path directory = TempDirectory.create(parent);
    try {
      Path file = directory.resolve(TempDirectory.HEAP);
      write(file);
      return reading.read(file);
    } finally {
      TempDirectory.delete(directory);
    }
  }

  private Path roomFor(long room) throws IOException {
    for (Path directory : directories) {
      if (Files.getFileStore(directory).getUsableSpace() >= room + MARGIN) {
        return directory;
      }
    }
    throw new IOException("there is no room for a heap dump of " + (room >> 20) + " MB");
  }

  /** {@code HotSpotDiagnosticMXBean.dumpHeap}, by name: a JVM may lack it. */
  private static void write(Path file) throws IOException {
    try {
      Class<? extends PlatformManagedObject> type =
          Class.forName("com.sun.management.HotSpotDiagnosticMXBean")
              .asSubclass(PlatformManagedObject.class);
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
