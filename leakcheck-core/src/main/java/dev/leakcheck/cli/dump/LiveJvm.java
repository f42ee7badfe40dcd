package dev.leakcheck.cli.dump;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.base.Lines;
import dev.leakcheck.capture.dump.JsonDumpReader;
import dev.leakcheck.capture.dump.MalformedDumpException;
import dev.leakcheck.capture.dump.TextDumpReader;
import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.Population;
import dev.leakcheck.model.Printable;
import dev.leakcheck.proof.walk.Asleep;
import dev.leakcheck.proof.walk.Liveness;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that runs on this machine, of which thread dumps are taken as {@code jcmd} takes them. Each
 * is asked for on a thread of its own, so that a JVM that does not answer is given up after a
 * while. Not thread-safe.
 *
 * <p>Of JDK 21 and later it is the JSON dump, which lists virtual threads and executors; before,
 * what {@code Thread.print} prints. Who holds which lock of {@code java.util.concurrent.locks} is
 * told by {@code Thread.print -l} alone, for which the JVM stops and walks its heap: that is asked
 * for only if threads wait for such locks.
 *
 * <p>On JDK 25 a dump of virtual threads may bring the JVM down while they are mounted and
 * unmounted (JDK-8364343). Of one that has threads to carry them it is taken only where the caller
 * accepts that; otherwise {@code Thread.print} tells of platform threads.
 */
public final class LiveJvm implements AutoCloseable {

  static final String HEAP = "heap.hprof";

  private static final int FIRST_WITH_JSON = 21;
  private static final int FIRST_WITH_PROOFS = 17;
  private static final int MAX_PRINT = 100_000_000;
  private static final Pattern USED = Pattern.compile("used (\\d{1,15})K");
  private static final Pattern VERSION = Pattern.compile("(?m)^JDK (?:1\\.)?(\\d{1,4})");
  private static final int MAX_ANSWER = 100_000;

  private final long pid;
  private final Duration timeout;
  private final boolean risky;
  private final JvmCommands commands;
  private final int feature;
  private final String version;

  private LiveJvm(long pid, Duration timeout, boolean risky, JvmCommands commands, String answer) {
    this.pid = pid;
    this.timeout = timeout;
    this.risky = risky;
    this.commands = commands;
    Matcher matcher = VERSION.matcher(answer);
    this.feature = matcher.find() ? Integer.parseInt(matcher.group(1)) : 8;
    this.version = answer.lines().filter(line -> line.startsWith("JDK ")).findFirst().orElse("");
  }

  /**
   * Attaches to a JVM.
   *
   * @param pid its process id
   * @param timeout how long an answer may take
   * @param risky whether virtual threads are looked at where that may bring the JVM down
   * @return the JVM, to be closed
   * @throws BadInput if there is no such JVM or it can't be attached to; one line says why
   */
  public static LiveJvm attach(long pid, Duration timeout, boolean risky) {
    Processes.requireJvm(pid);
    return within(
        pid,
        timeout,
        () -> {
          JvmCommands commands = JvmCommands.attach(pid);
          return new LiveJvm(
              pid, timeout, risky, commands, commands.text("VM.version", MAX_ANSWER));
        });
  }

  /** Something that waits for the JVM's answer. */
  @FunctionalInterface
  private interface Asked<T> {
    T call() throws Exception;
  }

  private static <T> T within(long pid, Duration timeout, Asked<T> asked) {
    FutureTask<T> task = new FutureTask<>(asked::call);
    Thread thread = new Thread(task, "leakcheck-attach");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      Processes.forgetAttempt(pid);
      throw new BadInput(
          "process "
              + pid
              + " did not answer within "
              + timeout.toMillis() / 1000.0
              + " s: it may be stopped or too busy (--timeout gives it longer)",
          e);
    } catch (ExecutionException e) {
      throw refused(pid, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInput("interrupted", e);
    }
  }

  private static BadInput refused(long pid, Throwable cause) {
    if (cause instanceof BadInput known) {
      return known;
    }
    if (!Processes.isAlive(pid)) {
      return new BadInput("process " + pid + " has ended", cause);
    }
    String said = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new BadInput(
        "process "
            + pid
            + " gave no dump: "
            + Printable.escape(said.lines().findFirst().orElse("no reason given")),
        cause);
  }

  /**
   * The process id.
   *
   * @return the id
   */
  public long pid() {
    return pid;
  }

  /**
   * Takes a thread dump and tells who holds which lock.
   *
   * @return what it tells
   * @throws BadInput if the JVM does not answer or has ended
   */
  public Dump dump() {
    return within(pid, timeout, () -> take(true));
  }

  /**
   * Takes a thread dump to count threads. Where {@link #dump} may have the JVM walk its heap for
   * locks, this does not.
   *
   * @return the threads by what they have in common
   * @throws BadInput if the JVM does not answer or has ended
   */
  public Population population() {
    return within(pid, timeout, () -> take(false)).population();
  }

  /**
   * What was seen of its heap.
   *
   * @param file the heap dump, which is deleted once it was read
   * @param threadsBefore what {@code Thread.print} printed before the dump
   * @param threadsAfter and after it
   * @param asleepBefore what its system told of its threads before the dump
   * @param asleepAfter and after it
   * @param compiledBefore what {@code Compiler.codelist} printed before the dump
   * @param compiledAfter and after it
   */
  public record SeenHeap(
      Path file,
      String threadsBefore,
      String threadsAfter,
      Asleep asleepBefore,
      Asleep asleepAfter,
      String compiledBefore,
      String compiledAfter) {}

  /** Reads a heap dump. */
  @FunctionalInterface
  public interface HeapReading<T> {
    /**
     * Reads it.
     *
     * @param seen what was seen
     * @return what it tells
     * @throws IOException if it can't be read
     */
    T read(SeenHeap seen) throws IOException;
  }

  /**
   * Has it write what lives in its heap to a file, and has that read.
   *
   * @param <T> what it tells
   * @param reading reads it
   * @return what it tells
   * @throws BadInput if the JVM does not answer, there is no room for the dump, or it can't be read
   */
  public <T> T heap(HeapReading<T> reading) {
    if (feature < FIRST_WITH_PROOFS) {
      throw new BadInput("process " + pid + " runs JDK " + feature + ": it takes 17 or later");
    }
    try (DumpDirectory directory = DumpDirectory.create(pid)) {
      return read(within(pid, timeout, () -> dumpHeap(directory)), reading);
    } catch (IOException e) {
      throw refused(pid, e);
    }
  }

  private <T> T read(SeenHeap seen, HeapReading<T> reading) {
    try {
      return reading.read(seen);
    } catch (IOException e) {
      throw new BadInput(
          "what process "
              + pid
              + " dumped cannot be read: "
              + Printable.escape(e.getMessage() == null ? e.toString() : e.getMessage()),
          e);
    }
  }

  private SeenHeap dumpHeap(DumpDirectory directory) throws IOException {
    Path file = directory.ours(HEAP);
    Matcher used = USED.matcher(commands.text("GC.heap_info", MAX_ANSWER));
    long room = used.find() ? 2 * 1024 * Long.parseLong(used.group(1)) : 0;
    if (Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace() < room) {
      throw new IOException("there is no room for its heap dump in " + directory.theirs(HEAP));
    }
    if (commands.text("VM.flags", MAX_PRINT).contains(Liveness.HIDES_LISTENERS)) {
      throw new IOException(
          "with " + Liveness.HIDES_LISTENERS + " its listeners run in a thread that is in no dump");
    }
    Path tasks = Path.of("/proc", String.valueOf(pid), "task");
    String threads = commands.text("Thread.print", MAX_PRINT);
    Asleep asleep = Asleep.now(tasks, threads);
    String compiled = commands.text("Compiler.codelist", MAX_PRINT);
    String answer = commands.text("GC.heap_dump \"" + directory.theirs(HEAP) + "\"", MAX_ANSWER);
    if (!Files.isRegularFile(file)) {
      throw new IOException("it wrote no heap dump: " + reason(answer));
    }
    Asleep later = Asleep.now(tasks, threads);
    return new SeenHeap(
        file,
        threads,
        commands.text("Thread.print", MAX_PRINT),
        asleep,
        later,
        compiled,
        commands.text("Compiler.codelist", MAX_PRINT));
  }

  @Override
  public void close() {
    commands.close();
  }

  private Dump take(boolean withLocks) throws Exception {
    if (feature < FIRST_WITH_JSON) {
      return printed(
          withLocks, Limit.JDK_BEFORE_21, version + " does not list executors (21 and later do)");
    }
    if (Jdk.dumpsNeedStillness(feature) && !risky && carriesVirtualThreads()) {
      return printed(
          withLocks,
          Limit.DUMP_WITHOUT_EXECUTORS,
          "virtual threads and executors: while virtual threads are at work, a dump that lists them"
              + " may bring a JVM of JDK 25 down (JDK-8364343); --risk-crash takes it all the same");
    }
    Dump dump = look(withLocks);
    // Such a dump is written thread by thread, not of one instant: what is stuck still is later.
    return dump.deadlocks().isEmpty() ? dump : dump.verifiedBy(look(withLocks));
  }

  private Dump look(boolean withLocks) throws Exception {
    DumpCollector collector = toFile();
    if (withLocks && !collector.tellsLocks()) {
      return collector.dump(Instant.now()).withLocksOf(locks().dump(Instant.now()));
    }
    if (withLocks && collector.lacksOwners()) {
      collector.completeFrom(print("Thread.print -l"));
    }
    return collector.dump(Instant.now());
  }

  private DumpCollector locks() throws Exception {
    DumpCollector collector = print("Thread.print");
    return collector.lacksOwners() ? print("Thread.print -l") : collector;
  }

  /** Whether it has threads to carry virtual ones, as it has once the first was started. */
  private boolean carriesVirtualThreads() throws Exception {
    return !commands.text("Thread.vthread_scheduler", MAX_ANSWER).contains(" size = 0,");
  }

  private Dump printed(boolean withLocks, Limit limit, String notSeen) throws Exception {
    DumpCollector collector = withLocks ? locks() : print("Thread.print");
    collector.about("runtimeVersion", version);
    collector.limit(limit, notSeen);
    return collector.dump(Instant.now());
  }

  private DumpCollector print(String command) throws Exception {
    JstackReader reader = new JstackReader();
    try (InputStream in = commands.ask(command)) {
      reader.read(new Lines(new InputStreamReader(in, StandardCharsets.UTF_8)));
    }
    DumpCollector last = reader.lastWhole();
    if (last == null) {
      throw new IOException("what it printed is no thread dump, or is cut short");
    }
    return last;
  }

  private DumpCollector toFile() throws Exception {
    try (DumpDirectory directory = DumpDirectory.create(pid)) {
      try {
        return json(directory);
      } catch (MalformedDumpException broken) {
        return text(directory, broken);
      }
    }
  }

  private DumpCollector json(DumpDirectory directory) throws Exception {
    write(directory, "threads.json", "-format=json ");
    DumpCollector collector = new DumpCollector(DumpFormat.JSON);
    try (InputStream in = Files.newInputStream(directory.ours("threads.json"))) {
      new JsonDumpReader(collector).read(in);
    }
    return collector;
  }

  /** The plain form survives a thread's name that the JDK can't write as JSON. */
  private DumpCollector text(DumpDirectory directory, MalformedDumpException broken)
      throws Exception {
    write(directory, "threads.txt", "");
    DumpCollector collector = new DumpCollector(DumpFormat.TEXT);
    boolean whole;
    try (InputStream in = Files.newInputStream(directory.ours("threads.txt"))) {
      whole =
          new TextDumpReader(collector)
              .read(new Lines(new InputStreamReader(in, StandardCharsets.UTF_8)));
    }
    if (!whole || collector.threads() == 0) {
      throw new IOException("what it wrote is cut short; is the disk full?", broken);
    }
    String hostile = collector.hostile();
    collector.limit(
        Limit.DUMP_WITHOUT_EXECUTORS,
        "that JVM could not list its executors ("
            + (hostile == null
                ? Printable.escape(String.valueOf(broken.getMessage()))
                : "a thread is named \""
                    + Printable.name(hostile)
                    + "\", which its JDK can't write")
            + ")");
    return collector;
  }

  private void write(DumpDirectory directory, String name, String options) throws Exception {
    String answer =
        commands.text(
            "Thread.dump_to_file " + options + "\"" + directory.theirs(name) + "\"", MAX_ANSWER);
    Path file = directory.ours(name);
    if (answer.contains("Failed: ") && answer.contains("Exception") && Files.exists(file)) {
      throw new MalformedDumpException(reason(answer));
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException("it could not write " + directory.theirs(name) + ": " + reason(answer));
    }
  }

  private static String reason(String answer) {
    List<String> lines = answer.lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "it gave no reason" : lines.get(lines.size() - 1).strip();
  }

  @Nullable String version() {
    return version.isEmpty() ? null : version;
  }
}
