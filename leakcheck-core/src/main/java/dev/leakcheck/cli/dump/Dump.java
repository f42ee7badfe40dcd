package dev.leakcheck.cli.dump;

import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Population;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a thread dump tells, in so far as it is kept: groups, not threads. Immutable.
 *
 * @param format how it was written
 * @param jvm the JVM's version as the dump tells it, or null
 * @param time when it was taken as the dump tells it, or null
 * @param population the threads by what they have in common, and executors
 * @param executors executors and other containers of threads, those with the most threads first
 * @param deadlocks threads that wait for each other
 * @param locks locks that threads wait for, those with the most threads first
 * @param nativeThreads how many threads of the JVM itself it lists, which run no Java code
 * @param notes what it does not tell, or what was done with it, each in a sentence without a full
 *     stop
 * @param extent how much of the file it is, and what it tells of single threads
 */
public record Dump(
    DumpFormat format,
    @Nullable String jvm,
    @Nullable String time,
    Population population,
    List<Executor> executors,
    List<Stuck> deadlocks,
    List<Contended> locks,
    int nativeThreads,
    List<String> notes,
    Extent extent) {

  /** Copies the lists. */
  public Dump {
    executors = List.copyOf(executors);
    deadlocks = List.copyOf(deadlocks);
    locks = List.copyOf(locks);
    notes = List.copyOf(notes);
  }

  /**
   * How much of the file a dump is, and what it tells of single threads.
   *
   * @param whole whether it has an end: otherwise there may have been more threads
   * @param dumps how many dumps the file holds, this one included
   * @param ages how long threads had lived, in milliseconds, by their ids; of some at the most
   */
  public record Extent(boolean whole, int dumps, Map<Long, Long> ages) {
    /** Copies the ages. */
    public Extent {
      ages = Map.copyOf(ages);
    }
  }

  /**
   * How long the oldest thread of a group had lived.
   *
   * @param group one of this dump
   * @return milliseconds; empty if the dump does not tell
   */
  public OptionalLong age(Cohort group) {
    return group.ids().stream()
        .map(extent.ages::get)
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .max();
  }

  /**
   * Threads that wait for each other.
   *
   * @param identity the same in every dump of one JVM
   * @param title what it is, in a clause
   * @param facts who holds what and who wants it
   * @param fix how it is kept from happening
   * @param fingerprint the same in every run
   * @param threads ids of the threads of the cycle
   * @param behind how many more threads wait for these
   */
  public record Stuck(
      String identity,
      String title,
      List<Fact> facts,
      String fix,
      String fingerprint,
      List<Long> threads,
      int behind) {
    /** Copies the lists. */
    public Stuck {
      facts = List.copyOf(facts);
      threads = List.copyOf(threads);
    }

    /** The same with something more to say. */
    Stuck with(Fact fact) {
      List<Fact> all = new ArrayList<>(facts);
      all.add(fact);
      return new Stuck(identity, title, all, fix, fingerprint, threads, behind);
    }

    private boolean isSameAs(Stuck other) {
      return identity.equals(other.identity) && facts.get(0).equals(other.facts.get(0));
    }
  }

  /**
   * An executor or another container of threads.
   *
   * @param id the name by which the JVM lists it
   * @param type class name of the executor
   * @param owner id of the thread that owns it, or null
   * @param threads how many threads work for it
   * @param idle how many of these wait for their next task
   * @param names what its threads' names have in common, or empty
   */
  public record Executor(
      String id, String type, @Nullable Long owner, int threads, int idle, String names) {}

  /**
   * A lock that threads wait for.
   *
   * @param lock class name and identity or address
   * @param waiters how many threads wait for it
   * @param owner name of the thread that holds it, or null if that is not known
   * @param ownerId id of that thread, or null
   * @param doing what that thread does, and where; or null
   */
  public record Contended(
      String lock,
      int waiters,
      @Nullable String owner,
      @Nullable Long ownerId,
      @Nullable String doing) {}

  /**
   * The same dump, of whose deadlocks only those are kept that another look has seen as well.
   *
   * @param later another dump of the same JVM
   * @return a copy
   */
  Dump verifiedBy(Dump later) {
    return withDeadlocks(
        deadlocks.stream()
            .filter(seen -> later.deadlocks.stream().anyMatch(seen::isSameAs))
            .toList());
  }

  /**
   * The same dump with what the JVM printed of locks, which it does not tell itself.
   *
   * @param printed another dump of the same JVM
   * @return a copy
   */
  Dump withLocksOf(Dump printed) {
    Coverage coverage =
        new Coverage(
            population.coverage().notes().stream()
                .filter(note -> note.limit() != Limit.DUMP_WITHOUT_LOCKS)
                .toList());
    Population same =
        new Population(
            population.at(),
            population.cohorts(),
            population.platform(),
            population.virtual(),
            population.others(),
            population.executors(),
            population.executorCount(),
            coverage);
    return new Dump(
        format,
        jvm,
        time,
        same,
        executors,
        printed.deadlocks,
        printed.locks,
        printed.nativeThreads,
        notes,
        extent);
  }

  /**
   * The same dump with other deadlocks.
   *
   * @param all the deadlocks
   * @return a copy
   */
  Dump withDeadlocks(List<Stuck> all) {
    return new Dump(
        format, jvm, time, population, executors, all, locks, nativeThreads, notes, extent);
  }
}
