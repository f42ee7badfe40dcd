package dev.leakcheck.capture.threads;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The live processes that this JVM started. To list them costs up to milliseconds, since all
 * processes of the machine are looked at. So it is asked first whether there may be any: except on
 * Windows, the JDK keeps a thread, the process reaper, waiting for each child, and for a minute
 * after the child's end for the next one. Whether such a thread lives costs a fraction of a
 * microsecond while no thread was started since it was last asked. Thread-safe.
 */
public final class ChildProcesses {

  /** No process can be forked and executed in less. */
  public static final long FASTEST_START_NANOS = 200_000;

  /** Whether it can be told for little whether there are any. */
  public static final boolean HAVE_REAPERS =
      !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Asked for early: a test may mock what it would be asked of later. */
  private static final @Nullable ProcessHandle SELF = self();

  /** Where Linux tells, as the last of some words, which process it started last. */
  private static final @Nullable Path LOAD = load();

  /** In less nobody starts so many processes that their numbers begin anew. */
  private static final long LISTED_FOR_NANOS = 100_000_000;

  private static volatile @Nullable Listing listing;

  /** The children there were when a process was the newest of the machine. */
  private record Listing(@Nullable String newest, long nanos, List<ProcessHandle> children) {}

  private static volatile Reapers known = new Reapers(-1, List.of());

  /** The reapers that were alive when so many threads had been started. */
  private record Reapers(long started, List<Thread> threads) {}

  private ChildProcesses() {}

  /**
   * Whether a child may be alive; errs towards yes only.
   *
   * @return always true on Windows
   */
  public static boolean mayBeAlive() {
    return !HAVE_REAPERS || !reapers().isEmpty();
  }

  /**
   * The children that are alive, where there may be any. On Linux they are listed anew only if the
   * machine has started a thread or a process meanwhile.
   *
   * @return their handles; empty if a security manager refuses
   */
  public static Set<ProcessHandle> alive() {
    String newest = newestOfMachine(); // before the processes are listed
    Listing last = listing;
    long now = System.nanoTime();
    if (newest == null
        || last == null
        || !newest.equals(last.newest)
        || now - last.nanos > LISTED_FOR_NANOS) {
      last = new Listing(newest, now, children());
      listing = last;
    }
    return last.children.stream()
        .filter(ProcessHandle::isAlive)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<ProcessHandle> children() {
    try {
      return SELF == null ? List.of() : SELF.children().toList();
    } catch (SecurityException | UnsupportedOperationException e) {
      return List.of();
    }
  }

  /** The last process or thread that was started on this machine; null if that is not told. */
  private static @Nullable String newestOfMachine() {
    if (LOAD == null) {
      return null;
    }
    try {
      String load = Files.readString(LOAD, StandardCharsets.ISO_8859_1).trim();
      return load.substring(load.lastIndexOf(' ') + 1);
    } catch (IOException | RuntimeException notTold) {
      return null;
    }
  }

  private static @Nullable ProcessHandle self() {
    try {
      return ProcessHandle.current();
    } catch (SecurityException | UnsupportedOperationException e) {
      return null;
    }
  }

  private static @Nullable Path load() {
    try {
      Path load = Path.of("/proc/loadavg");
      return Files.isReadable(load) ? load : null;
    } catch (SecurityException e) {
      return null;
    }
  }

  private static List<Thread> reapers() {
    long started = THREADS.getTotalStartedThreadCount(); // before the threads are listed
    Reapers last = known;
    if (last.started != started) {
      List<Thread> found = new ArrayList<>();
      for (Thread thread : LiveThreads.all()) {
        if (thread.getName().startsWith("process reaper")) {
          found.add(thread);
        }
      }
      last = new Reapers(started, List.copyOf(found));
      known = last;
    } else if (!last.threads.isEmpty()) {
      List<Thread> alive = last.threads.stream().filter(Thread::isAlive).toList();
      if (alive.size() < last.threads.size()) {
        last = new Reapers(started, alive);
        known = last;
      }
    }
    return last.threads;
  }
}
