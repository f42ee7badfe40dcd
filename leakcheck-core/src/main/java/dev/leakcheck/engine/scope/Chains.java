package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.SteadyThreads;
import dev.leakcheck.capture.threads.ThreadCounter;
import dev.leakcheck.classify.Names;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Chains of threads that were told: each link starts the next one and ends, so that there is always
 * one and never the same. Holds names and ids only, of the first {@link #MOST} sorts of links.
 * Thread-safe.
 */
public final class Chains {

  /** How many sorts are kept, and ids of each. */
  static final int MOST = 1_000;

  /** What is known of a thread even when it has ended, and the same of each link of a chain. */
  public record Family(String type, String name, boolean daemon) {

    /** Of a thread. */
    public static Family of(ThreadRecord thread) {
      return new Family(thread.type(), Names.pattern(thread.name()), thread.daemon());
    }
  }

  /**
   * What the links of a chain have in common.
   *
   * @param code the method that the thread was made to run; empty if it has not begun, or has ended
   */
  public record Sort(Family family, String code) {

    /** Of a thread. */
    public static Sort of(ThreadRecord thread) {
      return new Sort(Family.of(thread), code(thread.stack()));
    }

    private static String code(List<StackTraceElement> stack) {
      for (int i = stack.size() - 1; i >= 0; i--) {
        StackTraceElement frame = stack.get(i);
        if (!frame.getClassName().startsWith("java.lang.")
            && !frame.getClassName().startsWith("jdk.internal.")) {
          return Stacks.withoutLambda(frame.getClassName()) + "." + frame.getMethodName();
        }
      }
      return "";
    }

    private boolean mayBe(Sort other) {
      return family.equals(other.family)
          && (code.equals(other.code) || code.isEmpty() || other.code.isEmpty());
    }
  }

  /** Of one sort: who told the first, links that were told, and how many chains may go on. */
  private static final class Told {
    private final String scope;
    private final Set<Long> threads = new LinkedHashSet<>();
    private int chains;

    Told(String scope) {
      this.scope = scope;
    }
  }

  private final Map<Sort, Told> told = new LinkedHashMap<>();

  /** Whether no chain was told so far. */
  public synchronized boolean isEmpty() {
    return told.isEmpty();
  }

  /** A scope tells of a thread that is a link of a chain which nobody told before. */
  public synchronized void tell(ThreadRecord thread, String scope) {
    Sort known = of(thread).orElse(null);
    Sort own = Sort.of(thread);
    Sort sort = known != null && own.code.isEmpty() ? known : own;
    if (told.containsKey(sort) || told.size() < MOST) {
      Told chains = told.computeIfAbsent(sort, key -> new Told(scope));
      chains.chains++;
      if (chains.threads.size() < MOST) {
        chains.threads.add(thread.id());
      }
    }
  }

  /** How many chains of a sort were told and may go on. */
  public synchronized int count(Sort sort) {
    Told known = told.get(sort);
    return known == null ? 0 : known.chains;
  }

  /**
   * The live threads that may be links. A chain that has none has ended.
   *
   * @param known whether a thread was told: then it is a link only if it was told as one
   */
  public Map<Sort, Set<Long>> now(ThreadCounter counter, LongPredicate known) {
    if (isEmpty()) {
      return Map.of();
    }
    Map<Sort, Set<Long>> links = among(SteadyThreads.all(counter));
    links.forEach(
        (sort, ids) -> {
          Set<Long> own = links(sort);
          ids.removeIf(id -> known.test(id) && !own.contains(id));
        });
    synchronized (this) {
      told.forEach(
          (sort, chain) ->
              chain.chains = Math.min(chain.chains, links.getOrDefault(sort, Set.of()).size()));
    }
    return links;
  }

  /** The chain that a thread may be a link of. */
  public synchronized Optional<Sort> of(ThreadRecord thread) {
    Sort sort = Sort.of(thread);
    return told.containsKey(sort)
        ? Optional.of(sort)
        : told.keySet().stream().filter(sort::mayBe).findFirst();
  }

  /** The links that were told of chains of a sort. */
  public synchronized Set<Long> links(Sort sort) {
    Told known = told.get(sort);
    return known == null ? Set.of() : Set.copyOf(known.threads);
  }

  /** Which scope told the first chain of a sort. */
  public synchronized String scope(Sort sort) {
    Told known = told.get(sort);
    return known == null ? "" : known.scope;
  }

  /** The threads among some that may be links, each with its sort. */
  public Map<Sort, Set<Long>> among(List<Thread> threads) {
    if (isEmpty()) {
      return Map.of();
    }
    List<Thread> alike = new ArrayList<>(threads);
    alike.removeIf(thread -> !isAlike(thread));
    Map<Long, ThreadRecord> records = new HashMap<>();
    for (Thread thread : alike) {
      ThreadRecord ended = LiveThreads.withoutStack(thread); // it may end before it is described
      records.put(ended.id(), ended);
    }
    LiveThreads.describe(alike).forEach(record -> records.put(record.id(), record));
    Map<Sort, Set<Long>> links = new HashMap<>();
    for (ThreadRecord record : records.values()) {
      of(record)
          .ifPresent(sort -> links.computeIfAbsent(sort, s -> new HashSet<>()).add(record.id()));
    }
    return links;
  }

  private synchronized boolean isAlike(Thread thread) {
    Family family = Family.of(LiveThreads.withoutStack(thread));
    return told.keySet().stream().anyMatch(sort -> sort.family.equals(family));
  }
}
