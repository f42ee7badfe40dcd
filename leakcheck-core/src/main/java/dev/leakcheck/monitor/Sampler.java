package dev.leakcheck.monitor;

import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.PlatformThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.capture.threads.VirtualRoster;
import dev.leakcheck.capture.threads.VirtualRoster.Container;
import dev.leakcheck.classify.Cohorts;
import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.Population;
import dev.leakcheck.model.ThreadRecord;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Samples the threads of this JVM. Not thread-safe. */
final class Sampler {

  /** A service is not to be kept for longer by who watches it. */
  private static final long MOST_STOPPED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Where that was too long it may have been for the load: in so much of the time it is tried. */
  private static final int PART_OF_TIME = 1_000;

  private final boolean virtualThreads;
  private final long mostStoppedNanos;
  private final LongSupplier nanoTime;
  private final ThreadDumper dumper = new ThreadDumper();
  private final PlatformThreads platform = new PlatformThreads();
  private final VirtualRoster virtual = new VirtualRoster();
  private long stoppedNanos;
  private long dumpEnded;

  /**
   * A sampler.
   *
   * @param virtualThreads whether virtual threads and executors are looked at
   */
  Sampler(boolean virtualThreads) {
    this(virtualThreads, MOST_STOPPED_NANOS, System::nanoTime);
  }

  Sampler(boolean virtualThreads, long mostStoppedNanos, LongSupplier nanoTime) {
    this.virtualThreads = virtualThreads;
    this.mostStoppedNanos = mostStoppedNanos;
    this.nanoTime = nanoTime;
  }

  Population sample() {
    Instant at = Instant.now();
    Cohorts cohorts = new Cohorts(Sampler::benign, Cohorts.MOST);
    List<ThreadRecord> platformThreads = platform.describe();
    platformThreads.forEach(cohorts::add);
    Coverage coverage = rest(cohorts, platformThreads);
    return cohorts.population(at, coverage.and(LiveThreads.coverage()));
  }

  private Coverage rest(Cohorts cohorts, List<ThreadRecord> platformThreads) {
    if (!virtualThreads) {
      return Coverage.limitedBy(
          Limit.NO_THREAD_DUMP, "virtual threads and executors are not looked at, as it was asked");
    }
    Optional<List<Container>> listed = virtual.look(cohorts::add);
    if (listed.isPresent()) {
      listed
          .get()
          .forEach(found -> cohorts.addExecutor(found.name(), found.type(), found.threads()));
      return Coverage.FULL;
    }
    if (!dumper.available()) {
      return dumper.coverage();
    }
    long rest = rest();
    if (rest > 0) {
      return Coverage.limitedBy(
          Limit.NO_THREAD_DUMP,
          "virtual threads and executors are not looked at for "
              + TimeUnit.NANOSECONDS.toSeconds(rest)
              + " s: on JDK 25 no virtual thread goes on meanwhile, which took "
              + TimeUnit.NANOSECONDS.toMillis(stoppedNanos)
              + " ms the last time; with the agent none is stopped");
    }
    Set<Long> seen = new HashSet<>();
    platformThreads.forEach(thread -> seen.add(thread.id()));
    long begin = nanoTime.getAsLong();
    ThreadDump dump = dumper.take(id -> !seen.contains(id));
    dumpEnded = nanoTime.getAsLong();
    if (ThreadDumper.stopsVirtualThreads()) {
      stoppedNanos = dumpEnded - begin;
    }
    dump.threads().stream().filter(ThreadRecord::virtual).forEach(cohorts::add);
    dump.containers()
        .forEach(found -> cohorts.addExecutor(found.name(), found.type(), found.threads().size()));
    return dump.coverage();
  }

  /** How long no virtual thread is to be stopped again, in ns. */
  private long rest() {
    return stoppedNanos > mostStoppedNanos
        ? Math.max(0, dumpEnded + PART_OF_TIME * stoppedNanos - nanoTime.getAsLong())
        : 0;
  }

  private static @Nullable String benign(ThreadRecord thread) {
    return KnownThreads.match(thread).map(KnownThread::reason).orElse(null);
  }
}
