package dev.leakcheck.cli.dump;

import dev.leakcheck.capture.threads.DumpVisitor;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.classify.Cohorts;
import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.Population;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps of a dump what is told of it, thread by thread as it is read, so that no more is kept of a
 * million threads than of a few. Not thread-safe.
 */
final class DumpCollector implements DumpVisitor {

  private static final String ROOT = "<root>";
  private static final String THREAD = "java.lang.Thread";
  private static final String CARRIER = "jdk.internal.misc.CarrierThread";
  private static final int MAX_EXECUTORS = 20_000;
  private static final int MAX_WAITING_CARRIERS = 1_000;

  /** What the workers of a fork-join pool are called; carriers of virtual threads are such. */
  private static final Pattern POOL_WORKER =
      Pattern.compile("(ForkJoinPool-\\d{1,9})-(?:worker-\\d{1,9}|delayScheduler)");

  private final DumpFormat format;
  private final Cohorts cohorts = new Cohorts(DumpCollector::benign, Cohorts.MOST);
  private final LockTable locks = new LockTable();
  private final Map<String, Members> executors = new LinkedHashMap<>();
  private final List<ThreadRecord> perhapsCarriers = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Coverage coverage = Coverage.FULL;
  private @Nullable String carrying;
  private @Nullable String jvm;
  private @Nullable String time;
  private @Nullable String hostile;
  private @Nullable ThreadRecord last;
  private boolean tellsLocks;
  private int moreExecutors;
  private int nativeThreads;
  private int threads;

  /** What is known of an executor. */
  private static final class Members {
    private final @Nullable Long owner;
    private int threads;
    private int idle;
    private String names = "";

    Members(@Nullable Long owner) {
      this.owner = owner;
    }
  }

  DumpCollector(DumpFormat format) {
    this.format = format;
  }

  private static @Nullable String benign(ThreadRecord thread) {
    return KnownThread.match(thread).map(KnownThread::reason).orElse(null);
  }

  @Override
  public void container(String name, @Nullable Long owner) {
    if (name.equals(ROOT) || executors.containsKey(name)) {
      return;
    }
    if (executors.size() < MAX_EXECUTORS) {
      executors.put(name, new Members(owner));
    } else {
      moreExecutors++;
    }
  }

  @Override
  public boolean wants(long id) {
    return true;
  }

  @Override
  public void member(long id, String container) {}

  @Override
  public void thread(ThreadRecord read) {
    threads++;
    ThreadRecord thread = typed(read);
    last = thread;
    if (hostile == null && breaksDump(thread.name())) {
      hostile = thread.name();
    }
    Members members = thread.executor() == null ? null : executors.get(thread.executor());
    if (members != null) {
      if (members.threads++ == 0) {
        members.names = Printable.pattern(thread.name());
      }
      if (Stacks.isIdlePoolWorker(thread.stack()) || Stacks.isIdleForkJoinWorker(thread.stack())) {
        members.idle++;
      }
    }
    tellsLocks |= thread.blocker() != null;
    locks.thread(thread);
    Matcher worker = POOL_WORKER.matcher(thread.name());
    if (!thread.virtual() && worker.matches() && !thread.type().equals(CARRIER)) {
      if (perhapsCarriers.size() < MAX_WAITING_CARRIERS) {
        perhapsCarriers.add(thread);
        return;
      }
    } else if (carrying == null && worker.matches() && thread.type().equals(CARRIER)) {
      carrying = worker.group(1);
    }
    cohorts.add(thread);
  }

  /**
   * A dump does not tell a thread's class, but its outermost frame is the {@code run()} of that
   * class, or of one that it extends.
   */
  private static ThreadRecord typed(ThreadRecord thread) {
    if (thread.virtual() || thread.stack().isEmpty()) {
      return thread;
    }
    String type = thread.type();
    StackTraceElement entry = thread.stack().get(thread.stack().size() - 1);
    if (Stacks.has(thread.stack(), "java.lang.VirtualThread", "runContinuation")) {
      type = CARRIER;
    } else if (entry.getMethodName().equals("run") && !entry.getClassName().equals(THREAD)) {
      type = entry.getClassName();
    }
    return retyped(thread, type);
  }

  private static ThreadRecord retyped(ThreadRecord thread, String type) {
    return type.equals(thread.type())
        ? thread
        : new ThreadRecord(
            thread.id(),
            thread.name(),
            thread.virtual(),
            thread.daemon(),
            thread.state(),
            type,
            thread.group(),
            thread.stack(),
            thread.blocker(),
            thread.executor());
  }

  private static boolean breaksDump(String name) {
    return name.chars()
        .anyMatch(c -> c < 0x20 && c != '\b' && c != '\f' && c != '\n' && c != '\r' && c != '\t');
  }

  @Override
  public void owns(long id, Blocker lock, int depth) {
    if (last != null && last.id() == id) {
      locks.owns(last, lock, depth);
    }
  }

  @Override
  public void about(String key, String value) {
    String shown = value.length() > 100 ? value.substring(0, 100) : value;
    if (key.equals("runtimeVersion")) {
      jvm = shown;
    } else if (key.equals("time")) {
      time = shown;
    }
  }

  /** A thread of the JVM itself, which runs no Java code. */
  void nativeThread() {
    nativeThreads++;
  }

  /** What the JVM's own search for deadlocks found. */
  void reported(List<LockTable.Reported> cycle) {
    locks.reported(cycle);
  }

  /** How the dump itself calls a lock. */
  void label(Blocker lock, String text) {
    locks.label(lock, text);
  }

  /** Something that the dump does not tell, or that was done with it. */
  void note(String text) {
    if (!notes.contains(text)) {
      notes.add(text);
    }
  }

  /** Something that is not to be seen in it. */
  void limit(Limit limit, String text) {
    coverage = coverage.and(Coverage.limitedBy(limit, text));
  }

  int threads() {
    return threads;
  }

  @Nullable String time() {
    return time;
  }

  /** The name of a thread that keeps the JDK from writing the JSON form, or null. */
  @Nullable String hostile() {
    return hostile;
  }

  /** Whether the dump tells of locks at all: of JDK 21 to 23, only what the JVM prints does. */
  boolean tellsLocks() {
    return tellsLocks || format == DumpFormat.PRINT;
  }

  /** Whether threads wait for locks of which the dump does not tell who holds them. */
  boolean lacksOwners() {
    return locks.withoutOwner() > 0;
  }

  /** Takes over who holds which lock from another dump of the same JVM. */
  void completeFrom(DumpCollector other) {
    locks.completeFrom(other.locks);
    nativeThreads = Math.max(nativeThreads, other.nativeThreads);
  }

  /** All that was read. To be called once. */
  Dump dump(Instant now) {
    for (ThreadRecord thread : perhapsCarriers) {
      Matcher worker = POOL_WORKER.matcher(thread.name());
      boolean carrier = worker.matches() && worker.group(1).equals(carrying);
      cohorts.add(carrier ? retyped(thread, CARRIER) : thread);
    }
    perhapsCarriers.clear();
    List<Dump.Executor> listed = new ArrayList<>();
    executors.forEach(
        (name, members) -> {
          Dump.Executor executor =
              new Dump.Executor(
                  name,
                  new ThreadDump.Container(name, members.owner, List.of()).type(),
                  members.owner,
                  members.threads,
                  members.idle,
                  members.names);
          listed.add(executor);
          cohorts.addExecutor(name, executor.type(), executor.threads());
        });
    listed.sort(
        Comparator.comparingInt(Dump.Executor::threads)
            .reversed()
            .thenComparing(Dump.Executor::id));
    if (moreExecutors > 0) {
      note(moreExecutors + " more executors are listed in it, which were not looked at");
    }
    if (locks.isOverflown()) {
      note("more threads hold or want locks than are kept: deadlocks among the rest are not seen");
    }
    if (!tellsLocks()) {
      limit(
          Limit.DUMP_WITHOUT_LOCKS,
          "this dump tells nothing of locks, so no deadlock either: jstack -l does");
    }
    int unknown = locks.withoutOwner();
    if (unknown > 0) {
      note(
          "of the locks that "
              + unknown
              + (unknown == 1 ? " thread waits" : " threads wait")
              + " for it is not told who holds them: a deadlock over these is not seen"
              + (format == DumpFormat.PRINT
                  ? " (jstack -l tells more)"
                  : " (jstack -l tells of them)"));
    }
    Population population = cohorts.population(now, coverage);
    return new Dump(
        format,
        jvm,
        time,
        population,
        listed,
        locks.deadlocks(),
        locks.contended(),
        nativeThreads,
        notes);
  }
}
