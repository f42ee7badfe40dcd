package dev.leakcheck.recorder;

import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Leak;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Writes one JVM's report. What was left behind is in the file when this returns; checks that found
 * nothing are gathered and written with what comes next, but not later than with the first check
 * after a second. Thread-safe.
 */
public final class Recorder {

  private static final long MOST_DELAY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ReportPlace place;
  private final Set<String> knownCoverage;
  private final Threads threads;
  private final ReportFile file;
  private final Lifetimes lifetimes = new Lifetimes();
  private long checks;
  private long written = System.nanoTime() - MOST_DELAY_NANOS;
  private boolean opened;
  private boolean ended;

  /** Finds the threads that records tell of. */
  public interface Threads {
    /**
     * The threads that are still there.
     *
     * @param records which threads
     * @return by their ids; without those that this JVM does not let be seen
     */
    Map<Long, Thread> find(Collection<ThreadRecord> records);

    /**
     * Asks for a dump, which takes milliseconds.
     *
     * @param ids of virtual threads
     * @return those that are alive; empty if that cannot be told
     */
    Optional<Set<Long>> aliveVirtual(Set<Long> ids);
  }

  /**
   * A recorder that has written nothing yet.
   *
   * @param place where to write
   * @param jvm this JVM
   * @param threads finds threads
   */
  public Recorder(ReportPlace place, ReportEntry.Jvm jvm, Threads threads) {
    this.place = place;
    this.knownCoverage = Set.copyOf(jvm.coverage());
    this.threads = threads;
    try {
      this.file = new ReportFile(place.directory(), jvm);
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
  }

  /**
   * The file that is written.
   *
   * @return its path; it exists once something was written
   */
  public Path file() {
    return file.path();
  }

  /** Writes what was gathered, the first time at least which JVM this is. */
  public synchronized void flush() {
    if (ended) {
      return;
    }
    look();
    write();
  }

  /**
   * Records a check.
   *
   * @param checked the check
   */
  public void checked(Checked checked) {
    ReportEntry.Check check = checked.check(knownCoverage);
    List<Leak> leaks = checked.foundNothing() ? List.of() : checked.leaks();
    Map<Long, Thread> left =
        leaks.isEmpty()
            ? Map.of()
            : threads.find(leaks.stream().flatMap(leak -> leak.threads().stream()).toList());
    synchronized (this) {
      if (ended) {
        return;
      }
      checks++;
      file.add(check);
      for (Leak leak : leaks) {
        file.add(leak);
        for (ThreadRecord thread : leak.threads()) {
          file.add(
              lifetimes.found(
                  thread,
                  left.get(thread.id()),
                  leak.fingerprint(),
                  checked.opened(),
                  checked.closed()));
        }
      }
      if (!leaks.isEmpty() || System.nanoTime() - written >= MOST_DELAY_NANOS) {
        look();
        write();
      }
    }
  }

  /** All tests have run: what is there is written at once. */
  public synchronized void lingering(List<ReportEntry.Lingering> there) {
    if (!ended && !there.isEmpty()) {
      there.forEach(file::add);
      flush();
    }
  }

  /** A run of tests is over: what can be told of threads that were left is told now. */
  public void endOfRun() {
    Set<Long> unseen;
    synchronized (this) {
      unseen = ended ? Set.of() : lifetimes.unseen();
    }
    Optional<Set<Long>> alive = unseen.isEmpty() ? Optional.empty() : threads.aliveVirtual(unseen);
    synchronized (this) {
      if (!ended) {
        alive.ifPresent(ids -> lifetimes.ended(Instant.now(), unseen, ids).forEach(file::add));
        flush();
      }
    }
  }

  /**
   * The JVM is about to end. Nothing is recorded afterwards.
   *
   * @param complete whether all that was begun has come to its end; otherwise the report has none
   */
  public synchronized void end(boolean complete) {
    if (ended) {
      return;
    }
    look();
    lifetimes.alive().forEach(file::add);
    if (complete) {
      file.add(new ReportEntry.End(Instant.now(), checks));
    }
    write();
    ended = true;
  }

  private void look() {
    lifetimes.ended(Instant.now()).forEach(file::add);
  }

  private void write() {
    if (!opened) {
      opened = true;
      place.clean();
    }
    file.flush();
    written = System.nanoTime();
  }
}
