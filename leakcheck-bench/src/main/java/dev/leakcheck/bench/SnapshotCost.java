package dev.leakcheck.bench;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Snapshot;
import dev.leakcheck.model.SnapshotDiff;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What it costs to look at all that is alive, beside what the JDK itself takes for it.
 *
 * <p>Run: {@code java -jar benchmarks.jar SnapshotCost}. Expect: the check of a scope in which
 * nothing was started costs about a microsecond and does not grow with the threads, while {@code
 * getAllThreadIds} does; a full snapshot costs little more than the dump that the JDK writes for
 * it, and a dump is read in less time than it is written.
 *
 * <p>The memory that reading takes is measured by {@link DumpMemory} in a JVM of its own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
public class SnapshotCost {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Live threads: platform + virtual. */
  @Param({"10+0", "100+0", "1000+0", "5000+0", "10+1000", "10+10000", "10+100000"})
  String alive = "10+0";

  private final ThreadDumper dumper = new ThreadDumper();
  private final @Nullable RawDump raw = RawDump.find();
  private @Nullable Crowd crowd;
  private @Nullable Snapshot before;
  private @Nullable Snapshot after;
  private @Nullable LeakScope scope;

  /** Starts the threads. */
  @Setup
  public void start() throws InterruptedException {
    int plus = alive.indexOf('+');
    crowd =
        new Crowd(
            Integer.parseInt(alive.substring(0, plus)),
            Integer.parseInt(alive.substring(plus + 1)));
    before = LeakCheck.snapshot();
    after = LeakCheck.snapshot();
  }

  /** Opens the scope, after JMH and the JVM's compiler have started threads of their own. */
  @Setup(Level.Iteration)
  public void open() {
    scope = LeakCheck.open(LeakCheckOptions.defaults().brief());
  }

  /** Ends them. */
  @TearDown
  public void end() throws IOException, InterruptedException {
    if (raw != null) {
      Files.delete(raw.directory());
    }
    if (crowd != null) {
      crowd.end();
    }
  }

  /** The JDK's cheapest list of platform threads. */
  @Benchmark
  public long[] getAllThreadIds() {
    return THREADS.getAllThreadIds();
  }

  /** What most thread-leak checks are built on; platform threads only. */
  @Benchmark
  public Map<Thread, StackTraceElement[]> getAllStackTraces() {
    return Thread.getAllStackTraces();
  }

  /** The JDK's JSON dump, written as LeakCheck has it written, and deleted. */
  @Benchmark
  public long dumpThreads() throws Exception {
    if (raw == null) {
      return 0;
    }
    return raw.writeAndDelete();
  }

  /** Ids of all live platform threads as a scope's baseline takes them. */
  @Benchmark
  public long[] ids() {
    return LiveThreads.all().stream().mapToLong(LiveThreads::id).sorted().toArray();
  }

  /** A scope is opened and checked; nothing was started in it. */
  @Benchmark
  public Findings openAndCheck() {
    return LeakCheck.open(LeakCheckOptions.defaults().brief()).findings();
  }

  /** A scope is checked in which nothing was started. */
  @Benchmark
  public @Nullable Findings unchangedCheck() {
    return scope == null ? null : scope.findings();
  }

  /** A dump is written, and read with the stacks of all virtual threads. */
  @Benchmark
  public ThreadDump writeAndReadDump() {
    Set<Long> platform = new HashSet<>();
    LiveThreads.all().forEach(thread -> platform.add(LiveThreads.id(thread)));
    return dumper.take(id -> !platform.contains(id));
  }

  /** A dump is written, and read without stacks: executors and their threads. */
  @Benchmark
  public ThreadDump writeAndListDump() {
    return dumper.take(id -> false);
  }

  /** All that is alive: stacks and locks of all threads, and executors. */
  @Benchmark
  public Snapshot snapshot() {
    return LeakCheck.snapshot();
  }

  /** Two snapshots are compared. */
  @Benchmark
  public @Nullable SnapshotDiff diff() {
    return after == null || before == null ? null : after.since(before);
  }

  /** {@code HotSpotDiagnosticMXBean.dumpThreads}, which Java 17 does not declare. */
  private record RawDump(
      Object bean, java.lang.reflect.Method method, Object format, Path directory) {

    static @Nullable RawDump find() {
      try {
        Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
        Class<?> formats =
            Class.forName("com.sun.management.HotSpotDiagnosticMXBean$ThreadDumpFormat");
        Object json = formats.getField("JSON").get(null);
        Path memory = Path.of("/dev/shm");
        return new RawDump(
            ManagementFactory.getPlatformMXBean(
                type.asSubclass(java.lang.management.PlatformManagedObject.class)),
            type.getMethod("dumpThreads", String.class, formats),
            json,
            Files.createTempDirectory(
                Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir")),
                "leakcheck-bench"));
      } catch (ReflectiveOperationException | IOException e) {
        return null;
      }
    }

    long writeAndDelete() throws Exception {
      Path file = directory.resolve("threads.json");
      method.invoke(bean, file.toString(), format);
      long size = Files.size(file);
      Files.delete(file);
      return size;
    }
  }

  static void measure(Run run) throws Exception {
    List<String> alive = new ArrayList<>(List.of("10+0", "100+0", "1000+0", "5000+0"));
    if (Virtual.isSupported()) {
      alive.addAll(
          run.quick()
              ? List.of("10+1000", "10+10000")
              : List.of("10+1000", "10+10000", "10+100000"));
    }
    Scores scores = run.jmh(SnapshotCost.class, ".*", Map.of("alive", alive));
    Table nothing =
        new Table(
            "platform + virtual threads",
            "getAllThreadIds, µs",
            "check, nothing started, µs",
            "check/getAllThreadIds",
            "aim",
            "open + check, µs",
            "ids, µs",
            "diff, µs");
    Table full =
        new Table(
            "platform + virtual threads",
            "getAllStackTraces, µs",
            "dumpThreads, µs",
            "written and read, µs",
            "reading adds",
            "aim",
            "written and listed, µs",
            "snapshot, µs",
            "snapshot/dumpThreads");
    for (String count : alive) {
      Map<String, String> params = Map.of("alive", count);
      double ids = scores.of("getAllThreadIds", params);
      double check = scores.of("unchangedCheck", params);
      nothing.row(
          count,
          Table.figure(ids),
          Table.figure(check),
          Table.ratio(check, ids),
          Table.aim("≤ 2", check <= 2 * ids),
          Table.figure(scores.of("openAndCheck", params)),
          Table.figure(scores.of("ids", params)),
          Table.figure(scores.of("diff", params)));
      double dump = scores.of("dumpThreads", params);
      double read = scores.of("writeAndReadDump", params);
      double snapshot = scores.of("snapshot", params);
      full.row(
          count,
          Table.figure(scores.of("getAllStackTraces", params)),
          Table.figure(dump),
          Table.figure(read),
          "%.0f %%".formatted(100 * (read / dump - 1)),
          Table.aim("≤ 30 %", read <= 1.3 * dump),
          Table.figure(scores.of("writeAndListDump", params)),
          Table.figure(snapshot),
          Table.ratio(snapshot, dump));
    }
    run.print(nothing);
    run.print(full);
    if (Virtual.isSupported()) {
      Properties memory = run.inOwnJvm(DumpMemory.class, "100000");
      double peak = Double.parseDouble(memory.getProperty("peak"));
      run.print(
          new Table("100,000 virtual threads", "MB", "aim")
              .row("the threads themselves", memory.getProperty("threads"), "–")
              .row("the dump's file", memory.getProperty("file"), "–")
              .row(
                  "heap held while it is read, at most",
                  memory.getProperty("peak"),
                  Table.aim("< 64", peak < 64))
              .row("heap held by what was read", memory.getProperty("read"), "–"));
    }
  }
}
