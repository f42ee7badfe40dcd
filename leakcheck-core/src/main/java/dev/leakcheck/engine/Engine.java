package dev.leakcheck.engine;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.baseline.Allowances;
import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.QueueProbe;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.Part;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadCounter;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.classify.Classifier;
import dev.leakcheck.engine.scope.Baseline;
import dev.leakcheck.engine.scope.Ledger;
import dev.leakcheck.engine.scope.Outside;
import dev.leakcheck.engine.scope.ThreadIds;
import dev.leakcheck.engine.scope.Tracked;
import dev.leakcheck.engine.tier.Agency;
import dev.leakcheck.engine.tier.Born;
import dev.leakcheck.growth.Growth;
import dev.leakcheck.hang.Watchdog;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Snapshot;
import dev.leakcheck.model.ThreadRecord;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline: the one place that knows in which order a scope is captured, settled, filtered,
 * classified and remembered. One per JVM. Thread-safe.
 */
public final class Engine {

  private static final Engine JVM = new Engine(new ThreadDumper());

  private final ThreadCounter counter = new ThreadCounter();
  private final Watchdog watchdog = new Watchdog(counter);
  private final ThreadDumper dumper;
  private final Births births = Births.jvm();
  private final Agency agency = new Agency(births);
  private final Ledger ledger = new Ledger();
  private final Outside outside = new Outside();
  private final Tracked tracked = new Tracked();

  private volatile Live live = new Live(new Reading(-1, -1, -1), ThreadIds.none());
  private volatile Set<String> seenExecutors = Set.of();
  private volatile Set<String> listedBefore = Set.of();
  private volatile long lastDumpNanos;
  private final AtomicLong checkingNanos = new AtomicLong();

  /** The platform threads that were alive at a reading. */
  private record Live(Reading reading, ThreadIds ids) {}

  Engine(ThreadDumper dumper) {
    this.dumper = dumper;
  }

  public static Engine jvm() {
    return JVM;
  }

  public LeakScope open(LeakCheckOptions options) {
    LeakScope around = options.parent();
    agency.decide(options.agent());
    return open(
        options,
        !agency.isUsed()
            ? null
            : options.isByEntry()
                ? births.openByEntry(options.name(), around == null ? null : around.births())
                : births.open(options.name()));
  }

  /** Opens a scope for whatever is made from now on, on any thread. */
  public LeakScope openForAll(LeakCheckOptions options) {
    agency.decide(options.agent());
    return open(options, agency.isUsed() ? births.openForAll(options.name()) : null);
  }

  /** Opens a scope on this thread that looks at whatever was tracked, be it before or later. */
  public LeakScope openForGrowth(LeakCheckOptions options) {
    agency.decide(options.agent());
    listExecutors();
    return LeakScope.open(
        this,
        options,
        baseline().withAllTracked(),
        agency.isUsed() ? births.open(options.name()) : null);
  }

  private LeakScope open(LeakCheckOptions options, @Nullable BirthScope record) {
    if (!options.isBrief()) {
      listExecutors();
    }
    return LeakScope.open(this, options, baseline(), record);
  }

  /** Whether an agent records threads and executors, so that nothing has to be told by time. */
  public boolean isExact() {
    return agency.isExact();
  }

  /** Whether an agent records anything; what it does not is said in the coverage. */
  public boolean records() {
    return agency.isUsed();
  }

  /**
   * Whether an agent tells who started every process. One that records processes, but not all
   * threads, does not: it cannot tell for whom a thread started one that it does not know.
   */
  public boolean tellsProcesses() {
    return isExact() && births.records(Part.PROCESSES);
  }

  private Baseline baseline() {
    if (isExact()) {
      return Baseline.trackedFrom(tracked.next());
    }
    Reading reading = counter.read();
    Live known = live;
    if (!known.reading.sameAs(reading)) {
      // Nothing was started since the last look: whoever is alive now was alive then.
      known = new Live(reading, ThreadIds.live());
      live = known;
    }
    return new Baseline(reading, known.ids, seenExecutors, tracked.next());
  }

  /** What no check can see. */
  public Coverage coverage() {
    return (isExact() ? Coverage.FULL : dumper.coverage()).and(agency.coverage());
  }

  public Findings check(LeakScope scope, boolean fieldsOnly) {
    return check(scope, fieldsOnly, () -> false).orElseThrow();
  }

  /** Checks a scope; empty if it gave up, since other code turned out to run meanwhile. */
  public Optional<Findings> check(LeakScope scope, boolean fieldsOnly, BooleanSupplier overlapped) {
    Suspicion suspicion = new Suspicion(this, scope, fieldsOnly);
    if (suspicion.nothingMoved()) {
      return Optional.of(
          Findings.none(
              scope.options().name(),
              scope.options().allowances().stream().map(Allowance::toString).toList(),
              coverage(),
              records()));
    }
    long start = System.nanoTime();
    try {
      return settleAndClassify(scope, suspicion, overlapped);
    } finally {
      checkingNanos.addAndGet(System.nanoTime() - start);
    }
  }

  private Optional<Findings> settleAndClassify(
      LeakScope scope, Suspicion suspicion, BooleanSupplier overlapped) {
    Settling.Outcome settled = Settling.await(suspicion, overlapped);
    if (settled == null) {
      return Optional.empty();
    }
    if (settled.evidence().isEmpty()) {
      return Optional.of(findings(scope, suspicion, settled, List.of()));
    }
    List<Finding> findings = Classifier.classify(settled.evidence());
    // Asked after everything was gathered: who began before that may have made some of it.
    if (overlapped.getAsBoolean()) {
      return Optional.empty();
    }
    ledger.report(findings, settled.evidence().symptoms(), scope);
    if (scope.options().isByEntry() && has(findings, LeakKind.STRAY_INTERRUPT)) {
      Thread.interrupted(); // the thread goes on to other tests
    }
    Findings told = findings(scope, suspicion, settled, findings);
    Born born = suspicion.born();
    if (born != null) {
      born.report(told.list());
    }
    return Optional.of(told);
  }

  /** Tells what grows, and remembers it as {@link #check} does. */
  public Findings report(
      List<Growth> growing,
      LeakScope scope,
      Suspicion suspicion,
      Settling.Outcome settled,
      Duration waited) {
    List<Finding> findings =
        growing.stream().map(growth -> growth.explain(settled.evidence())).toList();
    ledger.report(findings, List.of(), scope);
    growing.forEach(growth -> growth.queues().forEach(queue -> ledger.report(queue, scope)));
    Findings told =
        findings(
            scope,
            suspicion,
            new Settling.Outcome(
                settled.evidence(), waited, settled.early(), settled.benign(), settled.coverage()),
            findings);
    Born born = suspicion.born();
    if (born != null) {
      born.report(told.list());
    }
    return told;
  }

  private static boolean has(List<Finding> findings, LeakKind kind) {
    return findings.stream().anyMatch(finding -> finding.kind() == kind);
  }

  private Findings findings(
      LeakScope scope, Suspicion suspicion, Settling.Outcome settled, List<Finding> all) {
    Allowances allowances =
        new Allowances(
            scope.options().allowances(),
            scope.options().known(),
            LocalDate.now(ZoneId.systemDefault()));
    return new Findings(
        scope.options().name(),
        allowances.notAllowed(all),
        settled.waited(),
        settled.early(),
        settled.benign(),
        allowances.allowed(),
        allowances.unused(),
        settled.coverage().and(LiveThreads.coverage()).and(suspicion.gaps()),
        records(),
        suspicion.statics(),
        allowances.expired());
  }

  /** Executors that exist now are known to brief scopes that open later. */
  public void listExecutors() {
    if (!isExact()) {
      dump(id -> false);
    }
  }

  public ThreadDump dump(LongPredicate wanted) {
    if (isExact()) {
      long start = System.nanoTime();
      List<ThreadRecord> virtual = virtualThreads(wanted);
      lastDumpNanos = System.nanoTime() - start;
      return new ThreadDump(virtual, List.of(), coverage(), lastDumpNanos);
    }
    ThreadDump dump = dumper.take(wanted).limitedBy(agency.coverage());
    lastDumpNanos = dump.nanos();
    if (!dump.containers().isEmpty()) {
      Set<String> names = new HashSet<>();
      dump.containers().forEach(container -> names.add(container.name()));
      listedBefore = seenExecutors;
      seenExecutors = Set.copyOf(names);
    }
    return dump;
  }

  /** Which of some virtual threads are alive; empty if nothing lists them. */
  public Optional<Set<Long>> aliveVirtual(Set<Long> ids) {
    ThreadDump dump = isExact() ? dump(ids::contains) : dumper.take(ids::contains);
    if (dump.coverage().has(Coverage.Limit.DUMP_FAILED)
        || dump.coverage().has(Coverage.Limit.NO_THREAD_DUMP)) {
      return Optional.empty();
    }
    Set<Long> alive = new HashSet<>();
    dump.threads().stream().map(ThreadRecord::id).filter(ids::contains).forEach(alive::add);
    return Optional.of(alive);
  }

  private static List<ThreadRecord> virtualThreads(LongPredicate wanted) {
    List<Thread> threads = new ArrayList<>();
    for (Thread thread : VirtualThreads.all().orElse(List.of())) {
      if (wanted.test(LiveThreads.id(thread))) {
        threads.add(thread);
      }
    }
    return LiveThreads.describe(threads);
  }

  public Snapshot snapshot() {
    List<Thread> platform = LiveThreads.all();
    Set<Long> platformIds = new HashSet<>();
    platform.forEach(thread -> platformIds.add(LiveThreads.id(thread)));
    ThreadDump dump = dumper.take(id -> !platformIds.contains(id));
    Map<Long, String> executorOf = Evidences.membership(dump);
    List<ThreadRecord> threads = new ArrayList<>();
    for (ThreadRecord thread : LiveThreads.describe(platform)) {
      threads.add(thread.inExecutor(executorOf.getOrDefault(thread.id(), thread.executor())));
    }
    dump.threads().stream().filter(ThreadRecord::virtual).forEach(threads::add);
    List<ExecutorRecord> executors =
        dump.containers().stream()
            .filter(container -> container.owner() == null)
            .map(c -> new ExecutorRecord(c.name(), c.type(), c.threads(), null, null))
            .toList();
    return new Snapshot(threads, executors, List.of(), dump.coverage());
  }

  public void track(Object object) {
    tracked.add(object);
  }

  public int sizeWhenTracked(Object queue) {
    return tracked.sizeWhenTracked(queue);
  }

  public IdentityHashMap<Object, Integer> queuesHeldBy(
      Collection<?> instances, Collection<Class<?>> classes) {
    IdentityHashMap<Object, Integer> sizes = new IdentityHashMap<>();
    for (Holding held : ObjectGraph.direct(instances, classes)) {
      if (held.object() instanceof BlockingQueue<?> queue) {
        sizes.put(queue, QueueProbe.size(queue));
      }
    }
    return sizes;
  }

  /** Whether an executor was listed by the last dump but one. */
  public boolean wasListedBefore(String executor) {
    return listedBefore.contains(executor);
  }

  public Births births() {
    return births;
  }

  public ThreadCounter counter() {
    return counter;
  }

  public Watchdog watchdog() {
    return watchdog;
  }

  public ThreadDumper dumper() {
    return dumper;
  }

  public Ledger ledger() {
    return ledger;
  }

  public Outside outside() {
    return outside;
  }

  public Tracked tracked() {
    return tracked;
  }

  /** A clock that stands still while scopes are checked, in nanoseconds. */
  public long nanosWithoutChecks() {
    return System.nanoTime() - checkingNanos.get();
  }

  /** What the last dump cost, in nanoseconds. */
  long lastDumpNanos() {
    return lastDumpNanos;
  }
}
