package dev.leakcheck.capture.threads;

import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the JVM's own thread dump lists. Immutable.
 *
 * @param threads the threads that were asked for
 * @param containers live executors and other containers of threads, without the root
 * @param coverage what the dump could not tell
 * @param nanos what it cost to write and read, in nanoseconds
 * @param monitors the monitors that wanted threads own, by thread id (JDK 25 and later)
 */
public record ThreadDump(
    List<ThreadRecord> threads,
    List<Container> containers,
    Coverage coverage,
    long nanos,
    Map<Long, List<Monitor>> monitors) {

  /** A dump that tells of no monitor. */
  public ThreadDump(
      List<ThreadRecord> threads, List<Container> containers, Coverage coverage, long nanos) {
    this(threads, containers, coverage, nanos, Map.of());
  }

  /**
   * A monitor that a thread owns.
   *
   * @param lock the monitor; its owner is not filled in
   * @param depth which frame of the stack took it; 0 is the innermost
   */
  public record Monitor(Blocker lock, int depth) {}

  /** Name of the container of threads that belong to no other. */
  public static final String ROOT = "<root>";

  /** A dump that nobody took. */
  public static final ThreadDump NONE = new ThreadDump(List.of(), List.of(), Coverage.FULL, 0);

  /**
   * The same dump, where something else limits what can be told.
   *
   * @param other what else could not be told
   * @return a dump with the notes of both
   */
  public ThreadDump limitedBy(Coverage other) {
    return other.notes().isEmpty()
        ? this
        : new ThreadDump(threads, containers, coverage.and(other), nanos, monitors);
  }

  /**
   * The same dump, where more is known of some threads.
   *
   * @param told what is known, by their ids, without the executors
   * @return a dump that tells it
   */
  public ThreadDump with(Map<Long, ThreadRecord> told) {
    return told.isEmpty()
        ? this
        : new ThreadDump(
            threads.stream()
                .map(is -> told.getOrDefault(is.id(), is).inExecutor(is.executor()))
                .toList(),
            containers,
            coverage,
            nanos,
            monitors);
  }

  /** A dump that tells nothing. */
  public static ThreadDump nothing(Coverage coverage) {
    return new ThreadDump(List.of(), List.of(), coverage, 0);
  }

  /** Which executor each thread works for, as far as the dump lists executors. */
  public Map<Long, String> executors() {
    Map<Long, String> executorOf = new HashMap<>();
    for (Container container : containers) {
      if (container.owner() == null) {
        container.threads().forEach(id -> executorOf.put(id, container.name()));
      }
    }
    return executorOf;
  }

  /** The names of all containers. */
  public Set<String> containerNames() {
    return containers.stream().map(Container::name).collect(Collectors.toSet());
  }

  /**
   * A container of threads: an executor, or a structured task scope, which has an owner.
   *
   * @param name the name by which the JDK lists it
   * @param owner id of the thread that owns it, or null
   * @param threads ids of its threads
   */
  public record Container(String name, @Nullable Long owner, List<Long> threads) {

    /**
     * The class name of the executor.
     *
     * @return the class name
     */
    public String type() {
      if (name.startsWith("ForkJoinPool") && name.contains("/jdk.internal.vm.")) {
        return "java.util.concurrent.ForkJoinPool";
      }
      int at = name.lastIndexOf('@');
      return at < 0 ? name : name.substring(0, at);
    }
  }

  /** Collects what a reader visits. Not thread-safe. */
  public static final class Collector implements DumpVisitor {
    private final LongPredicate wanted;
    private final List<ThreadRecord> threads = new ArrayList<>();
    private final Map<String, @Nullable Long> owners = new LinkedHashMap<>();
    private final Map<String, List<Long>> members = new LinkedHashMap<>();
    private final Map<Long, List<Monitor>> monitors = new LinkedHashMap<>();

    /**
     * A collector.
     *
     * @param wanted tells by its id whether a thread is of interest
     */
    public Collector(LongPredicate wanted) {
      this.wanted = wanted;
    }

    @Override
    public void container(String name, @Nullable Long owner) {
      if (!name.equals(ROOT)) {
        owners.put(name, owner);
        members.computeIfAbsent(name, key -> new ArrayList<>());
      }
    }

    @Override
    public boolean wants(long id) {
      return wanted.test(id);
    }

    @Override
    public void member(long id, String container) {
      List<Long> ids = members.get(container);
      if (ids != null) {
        ids.add(id);
      }
    }

    @Override
    public void thread(ThreadRecord thread) {
      threads.add(thread);
    }

    @Override
    public void owns(long id, Blocker monitor, int depth) {
      monitors.computeIfAbsent(id, key -> new ArrayList<>()).add(new Monitor(monitor, depth));
    }

    /**
     * What was collected so far.
     *
     * @param coverage what the dump could not see
     * @param nanos what it cost to write and read, in nanoseconds
     * @return the dump
     */
    public ThreadDump dump(Coverage coverage, long nanos) {
      List<Container> containers = new ArrayList<>();
      owners.forEach(
          (name, owner) ->
              containers.add(new Container(name, owner, members.getOrDefault(name, List.of()))));
      return new ThreadDump(
          List.copyOf(threads), List.copyOf(containers), coverage, nanos, Map.copyOf(monitors));
    }
  }
}
