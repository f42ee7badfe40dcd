package dev.leakcheck.capture.dump;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.base.Lines;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.ThreadRecord;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has the JVM write a thread dump to a temporary file and reads it. The dump is the supported
 * window on virtual threads and executors (JDK 21 and later, no flag and no agent needed).
 *
 * <p>The JSON form lists executors, but one live thread whose name holds a control character breaks
 * the JDK's writer; then the plain form is read, which has all threads and no executors. What could
 * not be had is said in the coverage; nothing here throws. Thread-safe.
 */
public final class ThreadDumper {

  /** Writes a dump in a format to a file that does not exist. */
  @FunctionalInterface
  interface Writer {
    /** Returns by their ids the threads that are in the dump and nobody's. */
    LongPredicate write(Path file, String format) throws Exception;
  }

  private static final long MIN_ROOM = 1 << 20;

  private final @Nullable Writer writer;
  private final Coverage unsupported;
  private final List<Path> directories;

  /** A dumper for this JVM. */
  public ThreadDumper() {
    this(HotSpotDumpWriter.find(), tempDirectories());
  }

  ThreadDumper(@Nullable Writer writer, List<Path> directories) {
    this.writer = writer;
    this.directories = new CopyOnWriteArrayList<>(directories);
    this.unsupported = unsupported(writer);
  }

  /**
   * What no dump of this JVM can tell.
   *
   * @return the coverage
   */
  public Coverage coverage() {
    return unsupported;
  }

  /**
   * Whether a dump can be had at all.
   *
   * @return false on a JDK before 21 and without {@code jdk.management}
   */
  public boolean available() {
    return writer != null;
  }

  /**
   * Whether no virtual thread goes on while a dump is written.
   *
   * @return true on JDK 25
   */
  public static boolean stopsVirtualThreads() {
    return Jdk.DUMPS_NEED_STILLNESS;
  }

  /**
   * Takes a dump.
   *
   * @param wanted ids of the threads whose stacks are to be read
   * @return what it lists
   */
  public ThreadDump take(LongPredicate wanted) {
    Writer dump = writer;
    if (dump == null) {
      return ThreadDump.nothing(unsupported);
    }
    // A pending interrupt closes the file that is being written or read; it is given back.
    boolean interrupted = Thread.interrupted();
    try {
      return take(dump, wanted);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private ThreadDump take(Writer dump, LongPredicate wanted) {
    Throwable refused = new IOException("no directory to write it to");
    for (Path directory : List.copyOf(directories)) {
      try {
        return takeIn(directory, dump, wanted);
      } catch (HeldCarriers.MovingException moving) {
        return failed(moving.getMessage());
      } catch (Exception | LinkageError e) {
        if (Thread.interrupted()) { // which closed the file
          return afterInterrupt(dump, wanted);
        }
        refused = e;
        if (directories.size() > 1) {
          directories.remove(directory);
        }
      }
    }
    return failed(String.valueOf(refused));
  }

  private ThreadDump afterInterrupt(Writer dump, LongPredicate wanted) {
    try {
      return take(dump, wanted);
    } finally {
      Thread.currentThread().interrupt();
    }
  }

  private ThreadDump failed(String reason) {
    return ThreadDump.nothing(
        unsupported.and(
            Coverage.limitedBy(
                Limit.DUMP_FAILED,
                "no thread dump could be taken ("
                    + Printable.escape(reason)
                    + "): virtual threads and executors without a field were not seen")));
  }

  private ThreadDump takeIn(Path parent, Writer dump, LongPredicate wanted) throws Exception {
    long start = System.nanoTime();
    Path directory = TempDirectory.create(parent);
    Path json = directory.resolve(TempDirectory.JSON);
    Path text = directory.resolve(TempDirectory.TEXT);
    try {
      try {
        LongPredicate nobodys = dump.write(json, "JSON");
        ThreadDump.Collector collector = new ThreadDump.Collector(wanted.and(nobodys.negate()));
        JsonDumpReader reader = new JsonDumpReader(collector);
        try (InputStream in = Files.newInputStream(json)) {
          reader.read(in);
        }
        Map<Long, ThreadRecord> told = virtual(reader.untold(), dump, text);
        return collector.dump(unsupported, System.nanoTime() - start).with(told);
      } catch (MalformedDumpException | RuntimeException jsonBroken) {
        requireRoom(jsonBroken, directory);
        Files.deleteIfExists(json);
        Files.deleteIfExists(text);
        return takeText(dump, text, wanted)
            .dump(unsupported.and(withoutExecutors(jsonBroken)), System.nanoTime() - start);
      }
    } finally {
      TempDirectory.delete(directory);
    }
  }

  /** Those of some threads that are virtual, which the plain form tells on every release. */
  private static Map<Long, ThreadRecord> virtual(Set<Long> untold, Writer dump, Path text)
      throws Exception {
    Set<Long> asked = new HashSet<>(untold);
    if (!asked.isEmpty()) {
      LiveThreads.all().forEach(platform -> asked.remove(LiveThreads.id(platform)));
    }
    return asked.isEmpty()
        ? Map.of()
        : takeText(dump, text, asked::contains).dump(Coverage.FULL, 0).threads().stream()
            .filter(ThreadRecord::virtual)
            .collect(Collectors.toMap(ThreadRecord::id, Function.identity(), (one, same) -> one));
  }

  private static ThreadDump.Collector takeText(Writer dump, Path text, LongPredicate wanted)
      throws Exception {
    LongPredicate nobodys = dump.write(text, "TEXT_PLAIN");
    ThreadDump.Collector collector = new ThreadDump.Collector(wanted.and(nobodys.negate()));
    try (Reader in = reader(text)) {
      new TextDumpReader(collector).read(new Lines(in));
    }
    return collector;
  }

  /**
   * A full disk cuts a dump short without an exception on some releases, and would cut the next.
   */
  private static void requireRoom(Exception cause, Path directory) throws IOException {
    if (cause instanceof UncheckedIOException
        || Files.getFileStore(directory).getUsableSpace() < MIN_ROOM) {
      throw new IOException("no room for a thread dump in " + directory, cause);
    }
  }

  /** Malformed bytes become replacement characters: a name must not end the reading. */
  private static Reader reader(Path file) throws IOException {
    return new InputStreamReader(
        new BufferedInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8);
  }

  private static Coverage withoutExecutors(Exception cause) {
    String culprit =
        LiveThreads.all().stream()
            .map(Thread::getName)
            .filter(ThreadDumper::breaksDump)
            .findFirst()
            .map(name -> "a thread is named \"" + Printable.name(name) + "\"")
            .orElse(
                "a virtual thread's name holds a control character, or "
                    + Printable.escape(String.valueOf(cause)));
    return Coverage.limitedBy(
        Limit.DUMP_WITHOUT_EXECUTORS,
        "the JDK could not list executors ("
            + culprit
            + "): they were looked for through their workers and through fields");
  }

  private static boolean breaksDump(String name) {
    return name.chars()
        .anyMatch(c -> c < 0x20 && c != '\b' && c != '\f' && c != '\n' && c != '\r' && c != '\t');
  }

  private static Coverage unsupported(@Nullable Writer writer) {
    if (!Jdk.HAS_CONTAINERS) {
      return Coverage.limitedBy(
          Limit.JDK_BEFORE_21,
          "JDK "
              + Jdk.FEATURE
              + " has no virtual threads and does not list executors: executors were looked for"
              + " through their workers and through fields");
    }
    if (writer == null) {
      return Coverage.limitedBy(
          Limit.NO_THREAD_DUMP,
          "this JVM has no jdk.management module: virtual threads were not seen, executors only"
              + " through their workers and through fields");
    }
    if (!tracksAllThreads()) {
      return Coverage.limitedBy(
          Limit.VIRTUAL_THREADS_UNTRACKED,
          "jdk.trackAllThreads=false: virtual threads that no executor started were not seen");
    }
    return Coverage.FULL;
  }

  /** None if a security manager keeps them from us. */
  static List<Path> tempDirectories() {
    try {
      Path temp = Path.of(System.getProperty("java.io.tmpdir", "."));
      Path memory = Path.of("/dev/shm"); // half the cost of a disk, where there is one (Linux)
      boolean linux = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
      return linux && Files.isWritable(memory) ? List.of(memory, temp) : List.of(temp);
    } catch (SecurityException e) {
      return List.of();
    }
  }

  private static boolean tracksAllThreads() {
    try {
      return !"false".equalsIgnoreCase(System.getProperty("jdk.trackAllThreads"));
    } catch (SecurityException e) {
      return true;
    }
  }
}
