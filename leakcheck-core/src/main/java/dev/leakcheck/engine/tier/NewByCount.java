package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.failures.Failure;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.OwnThread;
import dev.leakcheck.capture.threads.SteadyThreads;
import dev.leakcheck.capture.threads.TaskScopes;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.engine.scope.Baseline;
import dev.leakcheck.engine.scope.Outside;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What came after the scope's baseline. */
final class NewByCount implements Newcomers {

  private final ByCount tier;
  private final Shared shared;
  private final Outside outside;
  private final Scope scope;
  private final Baseline baseline;
  private final Born born;
  private final Ours ours;
  private final Successors successors;
  private @Nullable Set<String> withOlderWorkers;

  NewByCount(ByCount tier, Shared shared, Scope scope, Born born, Ours ours) {
    this.tier = tier;
    this.shared = shared;
    this.outside = shared.outside();
    this.scope = scope;
    this.baseline = scope.baseline();
    this.born = born;
    this.ours = ours;
    this.successors = new Successors(shared, scope, ours, false);
  }

  /** Where queues are recorded and threads are not, the counters do not tell of a filled one. */
  @Override
  public boolean nothing() {
    return !mayHaveTaskScopes() && noThreadCame() && born.filledQueues().isEmpty();
  }

  private boolean noThreadCame() {
    return baseline.reading().sameAs(shared.counter().read());
  }

  @Override
  public List<Thread> threads() {
    return successors.without(SteadyThreads.all(shared.counter()));
  }

  @Override
  public Optional<List<Thread>> roughly() {
    return Optional.empty();
  }

  @Override
  public boolean isNewPlatform(long id) {
    return baseline.isNewPlatformThread(id) && !successors.goesOn(id);
  }

  @Override
  public Successors successors() {
    return successors;
  }

  @Override
  public boolean isNewVirtual(long id) {
    return baseline.isNewVirtualThread(id);
  }

  @Override
  public boolean mayHaveVirtual() {
    return tier.listsVirtual()
        && (scope.options().isBrief()
            ? baseline.reading().mayHaveVirtualSince(shared.counter().read())
            : !noThreadCame());
  }

  @Override
  public boolean isNew(String executor) {
    return !executorsWithOlderWorkers().contains(executor)
        && !baseline.executors().names().contains(executor)
        && !outside.contains(executor);
  }

  @Override
  public boolean isOlder(ExecutorService executor) {
    String name = Identity.of(executor);
    return baseline.executors().names().contains(name)
        || LiveThreads.all().stream()
            .anyMatch(
                thread ->
                    !isNewPlatform(LiveThreads.id(thread))
                        && LiveExecutors.of(thread, ThreadDump.NONE) == executor);
  }

  @Override
  public boolean mayBeNew(ExecutorService executor) {
    return isNew(Identity.of(executor));
  }

  /** Where executors were not listed, one that has a worker from before is from before. */
  private Set<String> executorsWithOlderWorkers() {
    if (tier.listsVirtual() && baseline.executors().complete()) {
      return Set.of();
    }
    if (withOlderWorkers == null) {
      ThreadDump dump = tier.dump(id -> false);
      Set<String> executors = new HashSet<>();
      for (ThreadDump.Container container : dump.containers()) {
        if (container.threads().stream().anyMatch(id -> !isNewPlatform(id) && !isNewVirtual(id))) {
          executors.add(container.name());
        }
      }
      for (Thread thread : LiveThreads.all()) {
        long id = LiveThreads.id(thread);
        if (!isNewPlatform(id) || outside.contains(id)) {
          ExecutorService pool = LiveExecutors.of(thread, dump);
          if (pool != null) {
            executors.add(Identity.of(pool));
          }
        }
      }
      withOlderWorkers = executors;
    }
    return withOlderWorkers;
  }

  @Override
  public boolean isMadeHere(ThreadRecord thread) {
    long id = thread.id();
    return ours.may(id) && (thread.virtual() ? isNewVirtual(id) : isNewPlatform(id));
  }

  @Override
  public boolean isMadeElsewhere(long id) {
    return outside.contains(id);
  }

  @Override
  public boolean isStartedHere(Failure failure) {
    ThreadRecord thread = failure.thread();
    if (!isMadeHere(thread)) {
      return false;
    }
    String executor = thread.executor();
    return thread.virtual()
        || (executor == null
            ? !thread.name().startsWith("ForkJoinPool.commonPool-")
            : isNew(executor) && ours.may(executor));
  }

  /** Scopes that overlap are checked together, by one around them. */
  @Override
  public boolean isOverlapped() {
    return false;
  }

  /** Threads that were started while scopes were paused are others', whoever they are by now. */
  @Override
  public boolean isAlone() {
    Reading now = shared.counter().read();
    Outside.Made others = outside.made();
    Outside.Made before = baseline.others().outside();
    long started =
        now.started() - baseline.reading().started() - (others.started() - before.started());
    long created =
        now.created() - baseline.reading().created() - (others.created() - before.created());
    if (baseline.others().hasCommonPoolWorked() || (created > started && hasCarriers())) {
      return false;
    }
    return started <= 0 || started <= benign();
  }

  /** A virtual thread that ran has left the threads that carried it, for half a minute at least. */
  private static boolean hasCarriers() {
    return Jdk.HAS_CONTAINERS && LiveThreads.all().stream().anyMatch(VirtualThreads::isCarrier);
  }

  /** What the JVM and test runners start for themselves; LeakCheck's own are not counted at all. */
  private long benign() {
    List<Thread> started = new ArrayList<>(threads());
    started.removeIf(
        thread -> thread instanceof OwnThread || outside.contains(LiveThreads.id(thread)));
    return LiveThreads.describe(started).stream()
        .filter(thread -> KnownThreads.match(thread).isPresent())
        .count();
  }

  @Override
  public ThreadDump workers(Supplier<ThreadDump> dump) {
    return dump.get();
  }

  @Override
  public Optional<String> executorOf(Thread thread) {
    return Optional.empty();
  }

  @Override
  public List<ExecutorBirth> executors() {
    return List.of();
  }

  @Override
  public boolean tellsCollected() {
    return false;
  }

  @Override
  public boolean mayHaveTaskScopes() {
    return !scope.options().isBrief() && TaskScopes.mayBeOpened();
  }

  @Override
  public List<Thread> told(Supplier<List<Thread>> suspects) {
    return suspects.get();
  }

  /** One that was not recorded, or not with its workers, may still have workers to be asked. */
  @Override
  public Collection<ExecutorService> unrecorded() {
    List<ExecutorService> executors = new ArrayList<>();
    for (Thread thread : LiveThreads.all()) {
      ExecutorService executor = LiveExecutors.of(thread, ThreadDump.NONE);
      if (executor != null) {
        executors.add(executor);
      }
    }
    return executors;
  }

  @Override
  public List<ThreadRecord> alive(LongPredicate wanted) {
    List<Thread> threads = new ArrayList<>(LiveThreads.all());
    threads.removeIf(thread -> !wanted.test(LiveThreads.id(thread)) || born.isBeside(thread));
    List<ThreadRecord> records = new ArrayList<>(LiveThreads.describe(threads));
    tier.dump(wanted).threads().stream().filter(ThreadRecord::virtual).forEach(records::add);
    return records;
  }

  /** Asked only for what a partial agent recorded. */
  @Override
  public List<Thread> mayHold() {
    List<Thread> threads = new ArrayList<>(threads());
    for (Thread thread : VirtualThreads.all().orElse(List.of())) {
      if (isNewVirtual(LiveThreads.id(thread))) {
        threads.add(thread);
      }
    }
    return threads;
  }
}
