package dev.leakcheck.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An executor as it was at one instant.
 *
 * @param id what identifies it in this JVM: class name and identity hash code, or a fork-join
 *     pool's name
 * @param type class name of the executor
 * @param threads ids of the threads that work for it; empty if it has none
 * @param state what the executor itself says, or null if it could not be asked
 * @param heldBy where it was found, such as {@code field OrderServiceTest.pool}, or null if it was
 *     not found in any field
 * @param collected whether it was garbage-collected without having been told to stop
 * @param workerNames names that its workers had, ended ones too, one of each sort; empty if that
 *     was not recorded
 */
public record ExecutorRecord(
    String id,
    String type,
    List<Long> threads,
    @Nullable State state,
    @Nullable String heldBy,
    boolean collected,
    List<String> workerNames) {

  /** Copies the lists. */
  public ExecutorRecord {
    threads = List.copyOf(threads);
    workerNames = List.copyOf(workerNames);
  }

  /**
   * An executor that is still there.
   *
   * @param id what identifies it in this JVM
   * @param type class name of the executor
   * @param threads ids of the threads that work for it
   * @param state what the executor itself says, or null
   * @param heldBy where it was found, or null
   */
  public ExecutorRecord(
      String id, String type, List<Long> threads, @Nullable State state, @Nullable String heldBy) {
    this(id, type, threads, state, heldBy, false, List.of());
  }

  /**
   * An executor that was garbage-collected without having been told to stop. It had no thread left:
   * a live worker keeps its executor from being collected.
   *
   * @param id what identified it in this JVM
   * @param type class name of the executor
   * @return the record
   */
  public static ExecutorRecord collected(String id, String type) {
    return new ExecutorRecord(id, type, List.of(), null, null, true, List.of());
  }

  /**
   * What an executor says of itself. Counts are -1 where the executor has no such count.
   *
   * @param shutdown whether it was told to stop
   * @param terminated whether it has stopped
   * @param coreSize threads it keeps
   * @param maximumSize threads it may have
   * @param parallelism threads that work at once, where that is set instead
   * @param active threads that run a task
   * @param queued tasks that wait
   * @param completed tasks that are done
   * @param keepAliveMillis how long an idle thread beyond the core is kept, in milliseconds
   * @param periodic tasks that wait and that it runs again and again though it was told to stop; 0
   *     where that is not known
   */
  public record State(
      boolean shutdown,
      boolean terminated,
      int coreSize,
      int maximumSize,
      int parallelism,
      int active,
      long queued,
      long completed,
      long keepAliveMillis,
      long periodic) {

    /**
     * One of which no periodic task is known that it goes on with.
     *
     * @param shutdown whether it was told to stop
     * @param terminated whether it has stopped
     * @param coreSize threads it keeps
     * @param maximumSize threads it may have
     * @param parallelism threads that work at once, where that is set instead
     * @param active threads that run a task
     * @param queued tasks that wait
     * @param completed tasks that are done
     * @param keepAliveMillis how long an idle thread beyond the core is kept, in milliseconds
     */
    public State(
        boolean shutdown,
        boolean terminated,
        int coreSize,
        int maximumSize,
        int parallelism,
        int active,
        long queued,
        long completed,
        long keepAliveMillis) {
      this(
          shutdown,
          terminated,
          coreSize,
          maximumSize,
          parallelism,
          active,
          queued,
          completed,
          keepAliveMillis,
          0);
    }

    /**
     * An executor that only says whether it was shut down.
     *
     * @param shutdown whether it was told to stop
     * @param terminated whether it has stopped
     * @return a state without counts
     */
    public static State of(boolean shutdown, boolean terminated) {
      return new State(shutdown, terminated, -1, -1, -1, -1, -1, -1, -1);
    }
  }

  /**
   * The class name without its package.
   *
   * @return the simple name
   */
  public String simpleType() {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  /**
   * The same executor with what is known of its object.
   *
   * @param known what it says of itself, or null
   * @param where where it was found, or null
   * @return a copy
   */
  public ExecutorRecord describedBy(@Nullable State known, @Nullable String where) {
    return new ExecutorRecord(
        id,
        type,
        threads,
        known == null ? state : known,
        where == null ? heldBy : where,
        collected,
        workerNames);
  }

  /**
   * The same executor with the names of its workers.
   *
   * @param names of all workers that it had, one of each sort
   * @return a copy
   */
  public ExecutorRecord workedOnBy(List<String> names) {
    return new ExecutorRecord(id, type, threads, state, heldBy, collected, names);
  }
}
