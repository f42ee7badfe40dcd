package dev.leakcheck.cli.dump;

import dev.leakcheck.capture.threads.DumpVisitor;
import dev.leakcheck.classify.Cohorts;
import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.Population;
import dev.leakcheck.model.ThreadRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps of a dump what is told of it, thread by thread as it is read, so that no more is kept of a
 * million threads than of a few. Not thread-safe.
 */
final class DumpCollector implements DumpVisitor {

  private static final int MOST_AGES = 100_000;

  private final DumpFormat format;
  private final Cohorts cohorts = new Cohorts(DumpCollector::benign, Cohorts.MOST);
  private final LockTable locks = new LockTable();
  private final DumpExecutors executors = new DumpExecutors();
  private final Carriers carriers = new Carriers();
  private final List<String> notes = new ArrayList<>();
  private final Map<Long, Long> ages = new HashMap<>();
  private Coverage coverage = Coverage.FULL;
  private @Nullable String jvm;
  private @Nullable String time;
  private @Nullable String hostile;
  private @Nullable ThreadRecord last;
  private boolean tellsLocks;
  private boolean cutShort;
  private int dumps = 1;
  private int nativeThreads;
  private int threads;

  DumpCollector(DumpFormat format) {
    this.format = format;
  }

  /**
   * A dump tells neither the class nor the group of a thread, and no field of that JVM can be read:
   * of what a rule asks for, that counts as given.
   */
  private static @Nullable String benign(ThreadRecord thread) {
    return KnownThreads.matchInDump(thread).map(KnownThread::reason).orElse(null);
  }

  @Override
  public void container(String name, @Nullable Long owner) {
    executors.add(name, owner);
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
    ThreadRecord thread = Carriers.typed(read);
    last = thread;
    if (hostile == null && breaksDump(thread.name())) {
      hostile = thread.name();
    }
    executors.thread(thread);
    tellsLocks |= thread.blocker() != null;
    locks.thread(thread);
    if (!carriers.keeps(thread)) {
      cohorts.add(thread);
    }
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

  /** How long a thread has lived, in milliseconds. */
  void age(long id, long millis) {
    if (ages.size() < MOST_AGES) {
      ages.put(id, millis);
    }
  }

  /** It ends before its end: there may have been more threads. */
  void cutShort() {
    cutShort = true;
  }

  /** How many dumps there are where this one was. */
  void among(int count) {
    dumps = count;
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
    carriers.handOn(cohorts::add);
    List<Dump.Executor> listed = executors.list();
    listed.forEach(
        executor -> cohorts.addExecutor(executor.id(), executor.type(), executor.threads()));
    listed.sort(
        Comparator.comparingInt(Dump.Executor::threads)
            .reversed()
            .thenComparing(Dump.Executor::id));
    if (executors.more() > 0) {
      note(executors.more() + " more executors are listed in it, which were not looked at");
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
        notes,
        new Dump.Extent(!cutShort, dumps, ages));
  }
}
