package dev.leakcheck.classify;

import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Population;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Groups threads that are alike as they come, one after the other, so that of a million threads no
 * more is kept than of a few. Not thread-safe.
 *
 * <p>Alike are threads of one kind (platform or virtual) whose names differ in numbers only, that
 * are in the same code of the user's and of libraries, and do the same. Line numbers do not count,
 * so that a loop is one place. Where there is no such code on the stack, the JDK's counts.
 */
public final class Cohorts {

  /** How many cohorts are kept unless something else is said. */
  public static final int MOST = 20_000;

  private static final int MAX_FRAMES = 16;
  private static final int MAX_CACHED = 50_000;

  private final Function<ThreadRecord, @Nullable String> benign;
  private final int most;

  private final Map<Place, Doing> doings = new HashMap<>();
  private final Map<Key, Members> cohorts = new HashMap<>();
  private final PriorityQueue<Population.Executor> executors =
      new PriorityQueue<>(Comparator.comparingInt(Population.Executor::threads));
  private int platform;
  private int virtual;
  private int others;
  private int executorCount;

  /** Where a thread is, as it was read. */
  private record Place(Thread.State state, List<StackTraceElement> stack) {}

  /** What is the same for all threads that are alike there. */
  private record Doing(Wait in, List<String> frames) {}

  private record Key(boolean virtual, String name, Doing doing) {}

  /** What rules about benign threads look at, besides what is the same for a cohort. */
  private record Identity(String type, String group, boolean daemon) {}

  /**
   * A grouping that has seen no thread.
   *
   * @param benign why a thread is nobody's leak, or null if no rule knows it
   * @param most how many cohorts are kept; threads of others are counted
   */
  public Cohorts(Function<ThreadRecord, @Nullable String> benign, int most) {
    this.benign = benign;
    this.most = most;
  }

  /**
   * Adds a thread.
   *
   * @param thread the thread; an id below 1 is not known
   */
  public void add(ThreadRecord thread) {
    if (thread.virtual()) {
      virtual++;
    } else {
      platform++;
    }
    Key key = new Key(thread.virtual(), Names.pattern(thread.name()), doing(thread));
    Members members = cohorts.get(key);
    if (members == null) {
      if (cohorts.size() >= most) {
        others++;
        return;
      }
      members = new Members(thread);
      cohorts.put(key, members);
    }
    members.add(thread, benign);
  }

  /**
   * Adds threads of which no more is known than how many there are.
   *
   * @param virtualOnes whether they are virtual threads
   * @param count how many
   */
  void addOthers(boolean virtualOnes, int count) {
    if (virtualOnes) {
      virtual += count;
    } else {
      platform += count;
    }
    others += count;
  }

  /**
   * Adds an executor or another container of threads.
   *
   * @param id the name by which the JVM lists it
   * @param type class name of the executor
   * @param threads how many threads work for it
   */
  public void addExecutor(String id, String type, int threads) {
    executorCount++;
    executors.add(new Population.Executor(id, type, threads));
    if (executors.size() > most) {
      executors.poll();
    }
  }

  /**
   * What was added.
   *
   * @param at when the threads were looked at
   * @param coverage what could not be seen
   * @return the cohorts, the largest first
   */
  public Population population(Instant at, Coverage coverage) {
    List<Cohort> found = new ArrayList<>(cohorts.size());
    cohorts.forEach((key, members) -> found.add(members.cohort(key)));
    found.sort(
        Comparator.comparingInt(Cohort::count)
            .reversed()
            .thenComparing(Cohort::name)
            .thenComparing(Cohort::fingerprint));
    List<Population.Executor> pools = new ArrayList<>(executors);
    pools.sort(
        Comparator.comparingInt(Population.Executor::threads)
            .reversed()
            .thenComparing(Population.Executor::id));
    return new Population(at, found, platform, virtual, others, pools, executorCount, coverage);
  }

  private Doing doing(ThreadRecord thread) {
    Place place = new Place(thread.state(), thread.stack());
    Doing known = doings.get(place);
    if (known == null) {
      known = new Doing(Wait.of(thread), frames(thread.stack()));
      if (doings.size() < MAX_CACHED) {
        doings.put(place, known);
      }
    }
    return known;
  }

  private static List<String> frames(List<StackTraceElement> stack) {
    List<StackTraceElement> own = stack.stream().filter(Stacks::isOwn).toList();
    return (own.isEmpty() ? stack : own)
        .stream().limit(MAX_FRAMES).map(Cohorts::withoutNumbers).toList();
  }

  private static String withoutNumbers(StackTraceElement frame) {
    return Names.stableClass(frame.getClassName())
        + "."
        + Names.stableMethod(frame.getMethodName());
  }

  /** The threads of one cohort. */
  private static final class Members {
    private final ThreadRecord first;
    private final List<String> examples = new ArrayList<>(1);
    private final TreeSet<Long> ids = new TreeSet<>();
    private final Map<Identity, Boolean> judged = new HashMap<>(2);
    private @Nullable String reason;
    private boolean allBenign = true;
    private boolean idsKnown = true;
    private long hash;
    private int count;

    Members(ThreadRecord first) {
      this.first = first;
    }

    void add(ThreadRecord thread, Function<ThreadRecord, @Nullable String> benign) {
      count++;
      if (examples.size() < Cohort.MAX_EXAMPLES && !thread.name().isEmpty()) {
        examples.add(cut(thread.name()));
      }
      if (thread.id() > 0) {
        hash += mixed(thread.id());
        if (ids.size() < Cohort.MAX_IDS) {
          ids.add(thread.id());
        } else if (thread.id() < ids.last()) {
          ids.pollLast();
          ids.add(thread.id());
        }
      } else {
        idsKnown = false;
      }
      if (allBenign) {
        Identity identity = new Identity(thread.type(), thread.group(), thread.daemon());
        if (!judged.containsKey(identity)) {
          String why = benign.apply(thread);
          reason = why;
          allBenign = why != null;
          judged.put(identity, allBenign);
        }
      }
    }

    /** A name may be of any length. */
    private static String cut(String name) {
      return name.length() > 2 * Printable.MAX_NAME
          ? name.substring(0, 2 * Printable.MAX_NAME)
          : name;
    }

    /** So that sums of neighbouring numbers differ (the finaliser of SplitMix64). */
    private static long mixed(long id) {
      long z = id * 0x9e3779b97f4a7c15L;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      return z ^ (z >>> 31);
    }

    Cohort cohort(Key key) {
      return new Cohort(
          Fingerprint.ofThreads(
              key.virtual, key.name, key.doing.in.kind().name(), wait(key), key.doing.frames),
          key.name,
          key.virtual,
          first.state(),
          Activity.of(first),
          first.stack(),
          count,
          examples,
          List.copyOf(ids),
          idsKnown ? hash : 0,
          allBenign ? reason : null);
    }

    private static String wait(Key key) {
      Wait wait = key.doing.in;
      return wait.operation() + (wait.timed() ? " timed" : "");
    }
  }
}
