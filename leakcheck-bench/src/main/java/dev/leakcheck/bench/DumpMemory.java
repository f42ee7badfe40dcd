package dev.leakcheck.bench;

import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.threads.ThreadDump;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that reading a thread dump takes, in a JVM in which nothing else runs.
 *
 * <p>While the dump is written and read, another thread asks for one collection after another and
 * notes how much is left after each: the most that was left, less what there was before, is what
 * was held at one time. Garbage is not in it. Prints megabytes as properties.
 */
final class DumpMemory {

  private static final double MB = 1 << 20;

  private DumpMemory() {}

  /**
   * Measures.
   *
   * @param args the number of virtual threads
   */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    ThreadDumper dumper = new ThreadDumper();
    dumper.take(id -> true);
    long empty = usedAfterCollection();
    Crowd crowd = new Crowd(0, Integer.parseInt(args[0]));
    long before = usedAfterCollection();
    AtomicLong most = new AtomicLong(before);
    AtomicLong file = new AtomicLong();
    AtomicBoolean over = new AtomicBoolean();
    Thread watcher =
        new Thread(
            () -> {
              while (!over.get()) {
                most.accumulateAndGet(usedAfterCollection(), Math::max);
                file.accumulateAndGet(size(), Math::max);
              }
            });
    watcher.start();
    ThreadDump dump = dumper.take(id -> true);
    over.set(true);
    watcher.join();
    long after = usedAfterCollection();
    if (dump.threads().size() < Integer.parseInt(args[0])) {
      throw new IllegalStateException(dump.threads().size() + " threads read: " + dump.coverage());
    }
    crowd.end();
    out.printf(Locale.ROOT, "threads=%.1f%n", (before - empty) / MB);
    out.printf(Locale.ROOT, "file=%.1f%n", file.get() / MB);
    out.printf(Locale.ROOT, "peak=%.1f%n", (Math.max(most.get(), after) - before) / MB);
    out.printf(Locale.ROOT, "read=%.1f%n", (after - before) / MB);
  }

  private static long usedAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** How much of the dump there is by now. */
  private static long size() {
    return sizeIn(Path.of("/dev/shm")) + sizeIn(Path.of(System.getProperty("java.io.tmpdir")));
  }

  private static long sizeIn(Path parent) {
    long size = 0;
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, "leakcheck*")) {
      for (Path directory : directories) {
        size = Math.max(size, Files.size(directory.resolve("threads.json")));
      }
      return size;
    } catch (IOException e) {
      return size; // it is gone by now
    }
  }
}
