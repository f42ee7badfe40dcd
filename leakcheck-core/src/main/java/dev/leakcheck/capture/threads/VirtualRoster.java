package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all virtual threads again and again, once the agent has opened the JDK's registry of
 * them. A stack is taken of a thread that is new, that is in another state or parked for another
 * object than before, and of one in ten of the rest, so that each is looked at in full once in ten
 * times. About 40 bytes are kept for each thread. Not thread-safe.
 */
public final class VirtualRoster {

  private static final int IN_FULL = 10;

  private Rows rows = new Rows(0);
  private int look;

  /**
   * A container of threads: an executor, or another that the JDK lists.
   *
   * @param name the name by which the JDK lists it
   * @param threads how many threads it has
   */
  public record Container(String name, int threads) {
    /**
     * The class name of the executor.
     *
     * @return the class name
     */
    public String type() {
      return new ThreadDump.Container(name, null, List.of()).type();
    }
  }

  /**
   * Looks at them.
   *
   * @param threads receives each
   * @return the containers of threads that the JDK lists; empty if its registry can't be read
   */
  public Optional<List<Container>> look(Consumer<ThreadRecord> threads) {
    List<Container> containers = new ArrayList<>();
    List<Thread> live =
        VirtualThreads.all((container, count) -> add(containers, String.valueOf(container), count))
            .orElse(null);
    if (live == null) {
      return Optional.empty();
    }
    look++;
    Rows now = new Rows(live.size());
    Map<List<StackTraceElement>, List<StackTraceElement>> stacks = new HashMap<>();
    for (Thread thread : live) {
      ThreadRecord record = describe(thread, stacks);
      if (record != null) {
        now.add(record);
        threads.accept(record);
      }
    }
    rows = now;
    return Optional.of(containers);
  }

  private static void add(List<Container> containers, String name, int threads) {
    if (!name.equals(ThreadDump.ROOT)) {
      containers.add(new Container(name, threads));
    }
  }

  private @Nullable ThreadRecord describe(
      Thread thread, Map<List<StackTraceElement>, List<StackTraceElement>> stacks) {
    long id = LiveThreads.id(thread);
    int row = rows.find(id);
    if (row >= 0 && (id + look) % IN_FULL != 0) {
      Thread.State state = AskThread.state(thread);
      Object blocker = LockSupport.getBlocker(thread);
      if (state != Thread.State.RUNNABLE
          && rows.states[row] == state
          && rows.blockers[row] == (blocker == null ? 0 : System.identityHashCode(blocker))) {
        return record(
            thread,
            id,
            state,
            rows.stack(row),
            blocker == null
                ? null
                : new Blocker(
                    blocker.getClass().getName(), System.identityHashCode(blocker), null));
      }
    }
    ThreadRecord seen = VirtualThreads.withoutContainer(thread);
    if (seen == null) {
      return null;
    }
    List<StackTraceElement> known = stacks.putIfAbsent(seen.stack(), seen.stack());
    return known == null ? seen : seen.withStack(known);
  }

  private static ThreadRecord record(
      Thread thread,
      long id,
      Thread.State state,
      List<StackTraceElement> stack,
      @Nullable Blocker blocker) {
    return new ThreadRecord(
        id, thread.getName(), true, true, state, VirtualThreads.TYPE, "", stack, blocker, null);
  }

  /**
   * Columns, found by id by way of an open hash table: a map of objects takes four times as much.
   */
  private static final class Rows {
    private final long[] ids;
    private final Thread.@Nullable State[] states;
    private final int[] blockers;
    private final Object[] stacks;
    private final int[] table;
    private int size;

    Rows(int capacity) {
      ids = new long[capacity];
      states = new Thread.State[capacity];
      blockers = new int[capacity];
      stacks = new Object[capacity];
      table = new int[Integer.highestOneBit(Math.max(4, capacity)) * 4];
    }

    void add(ThreadRecord thread) {
      ids[size] = thread.id();
      states[size] = thread.state();
      Blocker blocker = thread.blocker();
      blockers[size] = blocker == null ? 0 : blocker.identity();
      // What runs is elsewhere the next time.
      stacks[size] = thread.state() == Thread.State.RUNNABLE ? List.of() : thread.stack();
      size++;
      int slot = slot(thread.id());
      while (table[slot] != 0) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = size;
    }

    int find(long id) {
      int slot = slot(id);
      while (table[slot] != 0) {
        if (ids[table[slot] - 1] == id) {
          return table[slot] - 1;
        }
        slot = (slot + 1) & (table.length - 1);
      }
      return -1;
    }

    private int slot(long id) {
      return (int) ((id * 0x9e3779b97f4a7c15L) >>> 40) & (table.length - 1);
    }

    @SuppressWarnings("unchecked")
    List<StackTraceElement> stack(int row) {
      return (List<StackTraceElement>) stacks[row];
    }
  }
}
