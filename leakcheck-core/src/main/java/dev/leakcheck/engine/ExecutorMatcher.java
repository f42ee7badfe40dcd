package dev.leakcheck.engine;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.capture.threads.ThreadDump.Container;
import dev.leakcheck.engine.tier.LiveExecutors;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Holder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Joins what the JVM lists (executors by name), what the threads tell (workers) and what fields
 * hold (executor objects), so that one executor is one record, whichever way it was found.
 *
 * <p>An object and a listing are the same executor if class and identity hash code agree. The JDK's
 * wrappers ({@code Executors.newSingleThreadExecutor} and such) hide the executor that is listed:
 * they are joined only where there are as many of the one as of the other. Used by one thread.
 */
final class ExecutorMatcher {

  private static final String WRAPPER = "java.util.concurrent.Executors$";
  private static final String FORK_JOIN = "java.util.concurrent.ForkJoinPool";

  private final Suspicion suspicion;
  private final ThreadDump dump;
  private final List<Holding> reachable;
  private final Supplier<Set<Object>> shared;
  private final Map<String, List<Long>> workers;
  private final Map<String, ExecutorService> objects;
  private final boolean listed;

  private final Map<String, ExecutorRecord> executors = new LinkedHashMap<>();
  private final Map<String, Holder> holders = new HashMap<>();
  private final Map<String, List<Holding>> unmatched = new LinkedHashMap<>();
  private final Set<String> matched = new HashSet<>();
  private final Set<String> madeForThemselves = new HashSet<>();
  private final Set<String> heldDirectly = new HashSet<>();
  private final ThirdParties thirdParties;

  /** Of what an agent saw being made inside an executor, that executor. */
  private final Map<String, String> wholes = new HashMap<>();

  private Coverage coverage = Coverage.FULL;

  ExecutorMatcher(
      Suspicion suspicion,
      ThreadDump dump,
      List<Holding> reachable,
      Supplier<Set<Object>> shared,
      Map<String, List<Long>> workers,
      Map<String, ExecutorService> objects) {
    this.objects = objects;
    this.suspicion = suspicion;
    this.dump = dump;
    this.reachable = reachable;
    this.shared = shared;
    this.workers = workers;
    this.thirdParties = new ThirdParties(suspicion);
    this.listed = !dump.containers().isEmpty();
  }

  Map<String, ExecutorRecord> executors() {
    return executors;
  }

  Map<String, Holder> holders() {
    return holders;
  }

  /** By what an agent saw being made, the executor that it is a part of. */
  Map<String, String> wholes() {
    return wholes;
  }

  Coverage coverage() {
    return coverage;
  }

  void match() {
    addListed();
    addRecorded();
    addWorkersOnly();
    dropShared();
    for (Holding held : reachable) {
      if (held.object() instanceof ExecutorService executor && !shared.get().contains(executor)) {
        matchObject(held, executor);
      }
    }
    unmatched.forEach(this::matchByCount);
    madeForThemselves.removeAll(heldDirectly);
    executors.keySet().removeAll(madeForThemselves);
    if (suspicion.isFieldsOnly()) {
      executors.keySet().retainAll(holders.keySet());
    }
    if (!suspicion.newcomers().tellsCollected()) {
      leaveUnheldAlone();
    }
  }

  /**
   * What a dump lists, what has no thread and what no field of the test itself holds: somebody
   * else's, or garbage that is gone with the next collection. Neither is told, so that no verdict
   * depends on when that comes.
   */
  private void leaveUnheldAlone() {
    Set<String> types = new TreeSet<>();
    int before = executors.size();
    for (ExecutorRecord executor : List.copyOf(executors.values())) {
      if (executor.threads().isEmpty() && !matched.contains(executor.id())) {
        executors.remove(executor.id());
        types.add(executor.type());
      }
    }
    int count = before - executors.size();
    if (count > 0 && !suspicion.scope().options().isBrief()) {
      coverage =
          coverage.and(
              Coverage.limitedBy(
                  Coverage.Limit.MAKER_UNKNOWN,
                  (count == 1 ? "1 executor that has" : count + " executors that have")
                      + " no thread ("
                      + String.join(", ", types)
                      + ") and that no field of the test itself holds: left alone, as only the"
                      + " agent knows who made what"));
    }
  }

  /** What the JVM lists and the scope did not open with. */
  private void addListed() {
    for (Container container : dump.containers()) {
      String name = container.name();
      if (container.owner() == null && suspicion.isOurs(name)) {
        List<Long> own = workers.getOrDefault(name, List.of());
        if (own.size() == container.threads().size() || !own.isEmpty() || noneOlder(container)) {
          executors.put(name, new ExecutorRecord(name, container.type(), own, null, null));
        }
      }
    }
  }

  /** An executor with a worker from before the scope is from before the scope. */
  private boolean noneOlder(Container container) {
    return container.threads().stream().allMatch(id -> suspicion.newcomers().isNewPlatform(id));
  }

  /** What an agent saw being made, with workers, without, or collected meanwhile. */
  private void addRecorded() {
    List<ExecutorService> others = new ArrayList<>();
    for (ExecutorBirth birth : suspicion.open().executors()) {
      ExecutorService executor = birth.executor();
      String id = birth.identity();
      List<Long> own = workers.getOrDefault(id, List.of());
      if (own.isEmpty() && birth.isJdks() && suspicion.born().isForItself(birth)) {
        madeForThemselves.add(id);
      }
      ExecutorRecord.State state =
          executor != null && birth.isJdks() ? OpenThings.state(birth, executor) : null;
      if (birth.isAbandoned()) { // asked last: the collector may stop it at any time
        executors.put(
            id, ExecutorRecord.collected(id, typeByWorkers(id)).workedOnBy(birth.workerNames()));
      } else if (executor != null && birth.isJdks()) {
        executors.put(
            id,
            new ExecutorRecord(id, executor.getClass().getName(), own, state, null)
                .workedOnBy(birth.workerNames()));
      } else if (executor != null) {
        others.add(executor);
      }
    }
    executors.putAll(thirdParties.recorded(others));
  }

  /** Executors that only their workers tell of: on JDKs that do not list them. */
  private void addWorkersOnly() {
    workers.forEach(
        (id, threads) -> {
          if (!executors.containsKey(id)
              && suspicion.isOurs(id)
              && (!listed || id.startsWith(WorkerGroups.BY_NAME))) {
            ExecutorService object = objects.get(id);
            ExecutorRecord.State state = object == null ? null : ExecutorProbe.state(object);
            executors.put(id, new ExecutorRecord(id, typeByWorkers(id), threads, state, null));
          }
        });
  }

  private static String typeByWorkers(String id) {
    return id.startsWith(WorkerGroups.BY_NAME)
        ? WorkerGroups.type(id)
        : id.substring(0, id.lastIndexOf('@'));
  }

  private void dropShared() {
    if (executors.isEmpty()) {
      return;
    }
    List<ExecutorService> hidden = new ArrayList<>();
    for (Object object : shared.get()) {
      if (object instanceof ExecutorService executor) {
        String id = idOf(executor);
        if (id == null) {
          hidden.add(executor);
        }
        executors.remove(id);
      }
    }
    hidden.forEach(this::dropHidden); // of what is left: one that is known is no other's
  }

  /** What was made in this scope and belongs to the one around it: so may what it alone has. */
  private void dropHidden(ExecutorService executor) {
    if (hidesIdentity(WorkerExecutors.unwrap(executor))
        && suspicion.open().isOpenExecutor(executor)
        && !suspicion.scope().isOlder(executor)
        && !suspicion.owners().isHeldByOthers(executor)) {
      String type = hiddenType(executor);
      executors.values().stream()
          .filter(candidate -> type.equals(candidate.type()) || isByName(candidate, type))
          .map(ExecutorRecord::id)
          .filter(id -> reachable.stream().noneMatch(it -> id.equals(Identity.of(it.object()))))
          .findFirst()
          .ifPresent(executors::remove);
    }
  }

  private void matchObject(Holding held, ExecutorService executor) {
    String id = idOf(executor);
    if (id != null) {
      describe(id, held, ExecutorProbe.state(executor));
    } else if (held.direct()) {
      matchHidden(held, executor);
    }
  }

  private void matchHidden(Holding held, ExecutorService executor) {
    ExecutorService inner = WorkerExecutors.unwrap(executor);
    boolean open = suspicion.open().isOpenExecutor(executor);
    // One that was shut down and still runs a task has workers to be matched with as well.
    ExecutorRecord.State state = ExecutorProbe.state(executor);
    boolean stopping = state != null && state.shutdown() && !state.terminated();
    if (isPool(inner) && hidesIdentity(inner) && (open || stopping)) {
      unmatched.computeIfAbsent(hiddenType(inner), type -> new ArrayList<>()).add(held);
    } else if (isPool(inner) && open) {
      addWithoutListing(held);
    } else if (open) {
      addThirdParty(held, executor);
    }
  }

  /** A pool without a thread that others hold is seen only if another leak has a dump taken. */
  private boolean mayBeTold(ExecutorRecord record, Holding held) {
    boolean known = held.direct() || suspicion.newcomers().tellsCollected();
    return known || !record.threads().isEmpty() || ExecutorProbe.isPerTask(record);
  }

  private void describe(String id, Holding held, ExecutorRecord.@Nullable State state) {
    ExecutorRecord record = executors.get(id);
    if (record != null && mayBeTold(record, held) && matched.add(id)) {
      executors.put(id, record.describedBy(state, held.holder().path()));
      holders.put(id, held.holder());
      if (held.direct()) {
        heldDirectly.add(id);
      }
    }
  }

  /** The record that is certainly this object's, by identity or by a worker that says so. */
  private @Nullable String idOf(ExecutorService executor) {
    String identity = Identity.of(WorkerExecutors.unwrap(executor));
    if (executors.containsKey(identity)) {
      return identity;
    }
    if (executor instanceof ForkJoinPool) {
      for (Thread thread : LiveThreads.all()) {
        if (thread instanceof ForkJoinWorkerThread worker && Ask.pool(worker) == executor) {
          long id = LiveThreads.id(thread);
          for (ExecutorRecord record : executors.values()) {
            if (record.threads().contains(id)) {
              return record.id();
            }
          }
        }
      }
    }
    return null;
  }

  /** The JDK's executors, and classes of other people's that extend them. */
  static boolean isPool(ExecutorService executor) {
    return executor instanceof ThreadPoolExecutor
        || executor instanceof ForkJoinPool
        || executor.getClass().getName().startsWith("java.util.concurrent.");
  }

  /** Whether the executor may be in the records under a name that does not tell which it is. */
  private boolean hidesIdentity(ExecutorService executor) {
    return executor.getClass().getName().startsWith(WRAPPER)
        || executor instanceof ForkJoinPool
        || executors.keySet().stream().anyMatch(id -> id.startsWith(WorkerGroups.BY_NAME));
  }

  /** What a wrapper of the JDK hides, and what workers that only their names tell of work for. */
  private static String hiddenType(ExecutorService executor) {
    String type = executor.getClass().getName();
    if (type.startsWith(WRAPPER)) {
      return type.contains("Scheduled") ? WorkerGroups.SCHEDULED : WorkerGroups.POOL;
    }
    if (executor instanceof ThreadPoolExecutor) {
      return executor instanceof ScheduledThreadPoolExecutor
          ? WorkerGroups.SCHEDULED
          : WorkerGroups.POOL;
    }
    return executor instanceof ForkJoinPool ? FORK_JOIN : type;
  }

  private static boolean isByName(ExecutorRecord record, String type) {
    return record.id().startsWith(WorkerGroups.BY_NAME)
        && record.type().equals(WorkerGroups.POOL) // or what cannot be told from one
        && (type.equals(WorkerGroups.POOL) || type.equals(WorkerGroups.SCHEDULED));
  }

  private void addThirdParty(Holding held, ExecutorService executor) {
    ExecutorRecord record = thirdParties.held(held, executor);
    if (record != null) {
      Set<String> parts = thirdParties.partsOf(executor);
      executors.keySet().removeAll(parts);
      parts.forEach(part -> wholes.put(part, record.id()));
      executors.put(record.id(), record);
      holders.put(record.id(), held.holder());
      matched.add(record.id());
    }
  }

  /** Objects and records that may be the same: they are, if there are as many of both. */
  private void matchByCount(String type, List<Holding> objects) {
    List<String> candidates =
        executors.values().stream()
            .filter(record -> !matched.contains(record.id()))
            .filter(record -> record.type().equals(type) || isByName(record, type))
            .map(ExecutorRecord::id)
            .toList();
    if (candidates.size() == objects.size()) {
      for (int i = 0; i < objects.size(); i++) {
        Holding held = objects.get(i);
        describe(candidates.get(i), held, ExecutorProbe.state((ExecutorService) held.object()));
      }
    } else if (candidates.isEmpty()) {
      objects.forEach(this::addWithoutListing);
    } else {
      // Which is which cannot be told, but all of them are still to be reported as candidates.
      matched.addAll(candidates);
      objects.forEach(held -> suspicion.open().clear(held.object()));
    }
  }

  private static boolean hasWorkers(ExecutorService executor) {
    return LiveThreads.all().stream()
        .anyMatch(thread -> LiveExecutors.of(thread, ThreadDump.NONE) == executor);
  }

  /** Nothing new is listed for it: it is new only where executors are not listed at all. */
  private void addWithoutListing(Holding held) {
    ExecutorService outer = (ExecutorService) held.object();
    ExecutorService executor = WorkerExecutors.unwrap(outer);
    ExecutorRecord.State state = ExecutorProbe.state(executor);
    if (listed || state == null || hasWorkers(executor)) {
      suspicion.open().clear(outer);
      return;
    }
    String id = Identity.of(executor);
    executors.put(
        id,
        new ExecutorRecord(
            id, executor.getClass().getName(), List.of(), state, held.holder().path()));
    holders.put(id, held.holder());
    matched.add(id);
  }
}
