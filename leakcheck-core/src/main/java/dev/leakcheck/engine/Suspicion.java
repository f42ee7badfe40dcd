package dev.leakcheck.engine;

import dev.leakcheck.LeakScope;
import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.HttpClients;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.QueueProbe;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.record.QueueBirth;
import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.scope.Baseline;
import dev.leakcheck.engine.tier.Born;
import dev.leakcheck.engine.tier.NewByBirth;
import dev.leakcheck.engine.tier.NewByCount;
import dev.leakcheck.engine.tier.Newcomers;
import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/**
 * What one check suspects: things that its scope did not open with and that are still there. Looks
 * anew on every call, so that what ends meanwhile is cleared. Used by one thread.
 */
public final class Suspicion {

  private final Engine engine;
  private final LeakScope scope;
  private final Baseline baseline;
  private final boolean fieldsOnly;
  private final Thread checker = Thread.currentThread();
  private final long checkerId = LiveThreads.id(checker);

  /** Read before the wait, which clears the flag while it lasts. */
  private final boolean interrupted = checker.isInterrupted();

  /** Benign by name, class and group alone, which cannot change: looked up once a thread. */
  private final Map<Long, Optional<KnownThread>> knownByName = new HashMap<>();

  /** Benign by what they were doing at the last look. */
  private final Map<Long, KnownThread> knownByStack = new HashMap<>();

  /** Benign virtual threads among those that a dump listed. */
  private final Map<Long, KnownThread> knownVirtual = new HashMap<>();

  /** Whether a thread works for an executor that is not the scope's; it never changes sides. */
  private final Map<Long, Boolean> worksForOthers = new HashMap<>();

  private final @Nullable Born born;
  private final Newcomers newcomers;
  private @Nullable Set<Object> heldByOthers;
  private @Nullable Set<Object> sharedAtFirst;
  private @Nullable LeftBehind leftBehind;
  private boolean threadsLeft;
  private List<ThreadRecord> lastVirtual = List.of();
  private @Nullable Boolean collected;
  private int collections;
  private List<Thread> aliveAtCollection = List.of();
  private @Nullable ThreadDump lastDump;
  private Coverage gaps = Coverage.FULL;

  /** Executors in fields that turned out to be older than the scope. */
  private final Set<Object> older = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * A check of a scope.
   *
   * @param fieldsOnly whether only what fields hold is suspected, since other code runs meanwhile
   */
  public Suspicion(Engine engine, LeakScope scope, boolean fieldsOnly) {
    this.fieldsOnly = fieldsOnly;
    this.engine = engine;
    this.scope = scope;
    this.baseline = scope.baseline();
    BirthScope record = scope.births();
    this.born = record == null ? null : new Born(engine.births(), scope, record);
    this.newcomers =
        born != null && engine.isExact() ? new NewByBirth(born) : new NewByCount(engine, scope);
  }

  public Engine engine() {
    return engine;
  }

  public LeakScope scope() {
    return scope;
  }

  /** The check that nearly every test passes; it takes no stack, no dump and no list of threads. */
  boolean nothingMoved() {
    boolean nothingNew =
        fieldsOnly ? scope.options().isBrief() : newcomers.nothing() && !hasFilledQueues();
    return nothingNew && openThings().isEmpty() && !scope.inspectors().suspect(scope);
  }

  /** Where queues are recorded and threads are not; otherwise they are among the newcomers. */
  private boolean hasFilledQueues() {
    return born != null && !engine.isExact() && !born.filledQueues().isEmpty();
  }

  /** Whether another scope has told of a symptom. */
  public boolean isTold(String symptom) {
    return engine.ledger().hasSymptom(symptom, scope);
  }

  /** What is wrong right now besides what is left alive. */
  List<Symptom> symptoms() {
    return scope.inspectors().inspect(this);
  }

  /** Whether a virtual thread that only a dump lists may have been created in the scope. */
  boolean mayHaveVirtual() {
    return !fieldsOnly && newcomers.mayHaveVirtual();
  }

  /** What an agent recorded in the scope, or null if there is none. */
  public @Nullable Born born() {
    return born;
  }

  /** Whether the thread that checks was interrupted when the check began. */
  public boolean wasInterrupted() {
    return interrupted;
  }

  /** Notes a dump that lists containers as they are now. */
  void looked(ThreadDump dump) {
    lastDump = dump;
  }

  /** The last dump that this check took, or null if it needed none so far. */
  public @Nullable ThreadDump lastDump() {
    return lastDump;
  }

  /** Id of the thread that checks. */
  public long checkerId() {
    return checkerId;
  }

  public boolean isFieldsOnly() {
    return fieldsOnly;
  }

  /**
   * Live threads that have to end: none if only fields are suspected.
   *
   * @param roughly whether those that a rule knows are to be among them, which costs less
   */
  public List<Thread> suspects(boolean roughly) {
    if (fieldsOnly) {
      return List.of();
    }
    List<Thread> suspects;
    if (!roughly || born == null || !engine.isExact()) {
      suspects = threads();
    } else {
      suspects = born.alive();
      suspects.removeIf(thread -> !isOurs(LiveThreads.id(thread)));
    }
    threadsLeft = !suspects.isEmpty();
    return suspects;
  }

  /** Whether the last look at threads found any that are new. */
  public boolean hasThreadsLeft() {
    return threadsLeft || !lastVirtual.isEmpty();
  }

  /** Live threads that the scope did not open with and that no rule knows by name. */
  List<Thread> threads() {
    List<Thread> suspects = new ArrayList<>();
    for (Thread thread : newcomers.threads()) {
      long id = LiveThreads.id(thread);
      if (isOurs(id)) {
        if (knownByName(thread, id).isEmpty()) {
          suspects.add(thread);
        } else {
          markBenignExecutor(thread);
        }
      }
    }
    return suspects;
  }

  /** What an agent saw as the executor of a benign thread is as benign. */
  private void markBenignExecutor(Thread thread) {
    if (born != null) {
      born.executorOf(thread)
          .ifPresent(executor -> engine.ledger().addBenignExecutor(executor.identity()));
    }
  }

  /** The suspects that no rule knows, now that their stacks are looked at as well. */
  public List<Thread> withoutBenign(List<Thread> suspects) {
    if (suspects.isEmpty()) {
      return suspects;
    }
    Map<Long, KnownThread> known = new HashMap<>();
    for (ThreadRecord record : LiveThreads.describe(suspects)) {
      KnownThread.match(record).ifPresent(rule -> known.put(record.id(), rule));
    }
    knownByStack.putAll(known);
    knownByStack.keySet().retainAll(known.keySet());
    return suspects.stream().filter(t -> !known.containsKey(LiveThreads.id(t))).toList();
  }

  /** The suspects that nobody else answers for: an older executor, or a scope around this one. */
  List<Thread> withoutOthers(List<Thread> suspects, LookDump dump) {
    List<Thread> unknown =
        suspects.stream()
            .filter(thread -> !worksForOthers.containsKey(LiveThreads.id(thread)))
            .toList();
    if (!unknown.isEmpty()) {
      Map<Long, String> executorOf = executorsOf(unknown, dump);
      Set<Object> shared = shared();
      Set<String> sharedExecutors = new HashSet<>();
      shared.forEach(object -> sharedExecutors.add(ExecutorProbe.identity(object)));
      WorkerGroups groups = new WorkerGroups(this, LiveThreads.all());
      for (Thread thread : unknown) {
        long id = LiveThreads.id(thread);
        String executor = executorOf.get(id);
        worksForOthers.put(
            id,
            shared.contains(thread)
                || (executor == null
                    ? groups.isOlder(LiveThreads.withoutStack(thread))
                    : !isOurs(executor) || sharedExecutors.contains(executor)));
      }
    }
    return suspects.stream()
        .filter(thread -> !worksForOthers.getOrDefault(LiveThreads.id(thread), false))
        .toList();
  }

  /** Whose workers threads are, as an agent, the dump or the threads themselves tell. */
  private Map<Long, String> executorsOf(List<Thread> threads, LookDump dump) {
    return executorsOf(threads, engine.isExact() ? ThreadDump.NONE : dump.get());
  }

  /** Whose workers threads are, as an agent, the dump or the threads themselves tell. */
  Map<Long, String> executorsOf(List<Thread> threads, ThreadDump dump) {
    Map<Long, String> executorOf = new HashMap<>(Evidences.membership(dump));
    for (Thread thread : threads) {
      Optional<ExecutorBirth> recorded =
          born == null || !engine.isExact() ? Optional.empty() : born.executorOf(thread);
      ExecutorService pool = recorded.isPresent() ? null : executorOf(thread, dump);
      if (recorded.isPresent()) {
        executorOf.put(LiveThreads.id(thread), recorded.get().identity());
      } else if (pool != null) {
        executorOf.put(LiveThreads.id(thread), ExecutorProbe.identity(pool));
      }
    }
    return executorOf;
  }

  /** The executor object of a worker thread, where executors are not listed. */
  public static @Nullable ExecutorService executorOf(Thread thread, ThreadDump dump) {
    if (!dump.containers().isEmpty()) {
      return null;
    }
    return thread instanceof ForkJoinWorkerThread worker
        ? worker.getPool()
        : WorkerExecutors.jvm().of(thread);
  }

  /** The rules that new threads matched, once for each thread. */
  List<KnownThread> benign() {
    List<KnownThread> benign = new ArrayList<>(knownByStack.values());
    benign.addAll(benignByName());
    benign.addAll(benignVirtual());
    return benign;
  }

  private Optional<KnownThread> knownByName(Thread thread, long id) {
    return knownByName.computeIfAbsent(
        id, key -> KnownThread.match(LiveThreads.withoutStack(thread)));
  }

  /** New virtual threads that a rule knows. */
  Collection<KnownThread> benignVirtual() {
    return knownVirtual.values();
  }

  /** New threads that a rule knows by name. */
  List<KnownThread> benignByName() {
    return knownByName.values().stream().flatMap(Optional::stream).toList();
  }

  /** Sentences about what belongs to a class, as far as an agent recorded that. */
  List<String> statics() {
    return born == null ? List.of() : born.statics();
  }

  /** Ids of the new threads that a rule knows by name. */
  List<Long> benignIds() {
    return knownByName.entrySet().stream()
        .filter(entry -> entry.getValue().isPresent())
        .map(Map.Entry::getKey)
        .toList();
  }

  public boolean isNewPlatform(long id) {
    return newcomers.isNewPlatform(id);
  }

  public boolean isNewVirtual(long id) {
    return newcomers.isNewVirtual(id) && isOurs(id);
  }

  /** Whether a thread is neither the one that checks nor reported or made outside already. */
  public boolean isOurs(long id) {
    return id != checkerId
        && !engine.ledger().hasThread(id, scope)
        && !engine.outside().contains(id);
  }

  /** Whether a live thread was made in the scope, or may have been, where that is told by time. */
  public boolean isMadeHere(ThreadRecord record) {
    long id = record.id();
    if (born != null && engine.isExact()) {
      return born.alive().stream().anyMatch(thread -> LiveThreads.id(thread) == id);
    }
    return isOurs(id)
        && (record.virtual() ? newcomers.isNewVirtual(id) : newcomers.isNewPlatform(id));
  }

  /** Whether a live thread was made for another scope. */
  public boolean isMadeElsewhere(long id) {
    if (born == null || !engine.isExact()) {
      return engine.outside().contains(id);
    }
    List<Thread> all = new ArrayList<>(LiveThreads.all());
    all.addAll(VirtualThreads.all().orElse(List.of()));
    return all.stream().anyMatch(thread -> LiveThreads.id(thread) == id && born.isBeside(thread));
  }

  /**
   * Whether one of the new threads that were left at the last look may be stuck on a lock that a
   * virtual thread has to do with, which costs thread dumps to tell.
   */
  public boolean mayHoldVirtualLocks() {
    return mayHoldVirtualLocks(null);
  }

  /**
   * The same, while the scope's code still runs.
   *
   * @param own the thread that runs it
   */
  public boolean mayHoldVirtualLocks(@Nullable Thread own) {
    if (!Jdk.HAS_CONTAINERS) {
      return false;
    }
    List<Thread> left = new ArrayList<>(suspects(true));
    if (own != null) {
      left.add(own);
      // Not listed yet, and it does no harm to take a dump of what hangs.
      if (own.isAlive() && (!engine.isExact() && newcomers.mayHaveVirtual())) {
        virtual(engine.dump(this::isNewVirtual));
      }
    }
    Set<Long> platform = new HashSet<>();
    List<ThreadRecord> records = new ArrayList<>(LiveThreads.describe(left));
    records.addAll(lastVirtual);
    for (ThreadRecord record : records) {
      if (!record.virtual()) {
        platform.add(record.id());
      }
    }
    return records.stream().anyMatch(record -> isStuckOnVirtual(record, platform));
  }

  private static boolean isStuckOnVirtual(ThreadRecord thread, Set<Long> platform) {
    if (thread.virtual()) {
      return thread.waitsForEver()
          && (thread.state() == Thread.State.BLOCKED || Stacks.isAcquiringLock(thread.stack()));
    }
    Blocker blocker = thread.blocker();
    if (blocker == null) {
      return false; // that of one which waits for a virtual thread's monitor is not told either
    }
    Long owner = blocker.owner();
    return thread.waitsForEver()
        && owner != null
        && !platform.contains(owner)
        && LiveThreads.all().stream().noneMatch(other -> LiveThreads.id(other) == owner);
  }

  /** Live virtual threads among what a dump read. */
  List<ThreadRecord> virtual(ThreadDump dump) {
    List<ThreadRecord> suspects = new ArrayList<>();
    lastVirtual = suspects;
    for (ThreadRecord thread : dump.threads()) {
      if (thread.virtual() && isNewVirtual(thread.id())) {
        Optional<KnownThread> known = KnownThread.match(thread);
        String executor = thread.executor();
        if (known.isPresent()) {
          knownVirtual.put(thread.id(), known.get());
          if (executor != null) {
            engine.ledger().addBenignExecutor(executor);
          }
        } else if (executor == null || isOurs(executor)) {
          suspects.add(thread);
        }
      }
    }
    return suspects;
  }

  boolean hasOpenThings() {
    return !openThings().isEmpty();
  }

  /** Executors, HTTP clients and queues in the scope's own fields that are open or not empty. */
  List<Holding> openThings() {
    List<Holding> open = new ArrayList<>();
    if (scope.options().isUnattributed()) {
      return open;
    }
    for (Holding held : ownedDirectly()) {
      if (isOpen(held.object())) {
        open.add(held);
      }
    }
    return open;
  }

  /** What fields of the scope's owners hold themselves, and what was tracked since it opened. */
  private List<Holding> ownedDirectly() {
    List<Holding> held = new ArrayList<>(ObjectGraph.direct(scope.instances(), scope.classes()));
    for (Holding tracked : engine.tracked().since(baseline.trackedFrom())) {
      if (held.stream().noneMatch(other -> other.object() == tracked.object())) {
        held.add(tracked);
      }
    }
    return held;
  }

  private boolean isOpen(Object object) {
    if (object instanceof ExecutorService executor) {
      return isOpenExecutor(executor);
    }
    if (object instanceof BlockingQueue<?> queue) {
      return isLeftover(queue);
    }
    return HttpClients.isOpen(object);
  }

  boolean isOpenExecutor(ExecutorService executor) {
    if (CommonPool.is(executor) || older.contains(executor)) {
      return false;
    }
    ExecutorRecord.State state = ExecutorProbe.state(executor);
    return state != null
        && !state.shutdown()
        && isOursByIdentity(WorkerExecutors.jvm().unwrap(executor));
  }

  /** An agent knows every executor of a usual kind; others it may not have seen being made. */
  private boolean isOursByIdentity(ExecutorService executor) {
    String identity = ExecutorProbe.identity(executor);
    boolean unseen = engine.isExact() && !ExecutorProbe.isRecorded(executor);
    return unseen ? isOursOtherwise(identity) : isOurs(identity);
  }

  private boolean isLeftover(BlockingQueue<?> queue) {
    int size = QueueProbe.size(queue);
    return size > scope.sizeAtOpen(queue)
        && !engine
            .ledger()
            .hasQueue(queue.getClass().getName(), System.identityHashCode(queue), size, scope);
  }

  public boolean isOurs(String executor) {
    return newcomers.isNew(executor) && isOursOtherwise(executor);
  }

  private boolean isOursOtherwise(String executor) {
    return !CommonPool.isNamed(executor)
        && !engine.ledger().hasExecutor(executor, scope)
        && !engine.ledger().isBenignExecutor(executor);
  }

  /**
   * Executors and queues that an agent saw being made, that are open or filled, and that nobody
   * else answers for.
   *
   * @param roughly whether those that somebody else answers for are to be among them, which costs
   *     less
   */
  List<Birth> bornOpen(boolean roughly) {
    List<Birth> open = new ArrayList<>();
    if (born != null && !fieldsOnly) {
      if (roughly) {
        return born.open();
      }
      for (ExecutorBirth executor : bornExecutors()) {
        if (executor.isOpen() && !Born.isForItself(executor)) {
          open.add(executor);
        }
      }
      open.addAll(bornLeftovers());
    }
    return open;
  }

  /** Executors that an agent saw being made and that nobody else answers for. */
  List<ExecutorBirth> bornExecutors() {
    if (born == null || fieldsOnly || !engine.isExact()) {
      return List.of();
    }
    return born.executors().stream()
        .filter(birth -> isOurs(birth.identity()) && !isShared(birth.executor()))
        .toList();
  }

  /** Queues that an agent saw being made, and that hold what nobody will take. */
  List<QueueBirth> bornLeftovers() {
    if (born == null || fieldsOnly) {
      return List.of();
    }
    if (leftBehind == null) {
      leftBehind = new LeftBehind(this, born);
    }
    return leftBehind.queues();
  }

  /** Whether a queue was reported, or is judged as what a field of the owners themselves holds. */
  boolean isQueueOfOthers(@Nullable BlockingQueue<?> queue) {
    return queue == null
        || engine
            .ledger()
            .hasQueue(
                queue.getClass().getName(),
                System.identityHashCode(queue),
                QueueProbe.size(queue),
                scope)
        || ownedDirectly().stream().anyMatch(held -> held.object() == queue);
  }

  /** Notes what could not be seen. */
  public void limitedBy(Coverage limit) {
    gaps = gaps.and(limit);
  }

  /** What was {@linkplain #limitedBy noted}. */
  Coverage gaps() {
    return gaps;
  }

  /** What of the queues could not be told. */
  Coverage queueCoverage() {
    return leftBehind == null ? Coverage.FULL : leftBehind.coverage();
  }

  /** Whether something that was open has neither been stopped nor emptied. */
  static boolean isStillOpen(Birth birth) {
    if (birth instanceof ExecutorBirth executor) {
      return executor.isOpen();
    }
    return birth instanceof QueueBirth queue && queue.isFilled();
  }

  /** Whether the objects of a scope around this one led to something when first asked. */
  public boolean isShared(@Nullable Object object) {
    if (sharedAtFirst == null) {
      sharedAtFirst = shared();
    }
    return object != null && sharedAtFirst.contains(object);
  }

  /** Clears an executor of suspicion for the rest of this check. */
  void clear(Object executor) {
    older.add(executor);
  }

  /**
   * Has what nothing refers to collected; false if that could not be had. What was collected before
   * does as long as the threads go on that were there then: what only the variables of one that has
   * ended held is garbage since.
   */
  public boolean collect() {
    if (collected == null || !aliveAtCollection.stream().allMatch(Thread::isAlive)) {
      aliveAtCollection = born == null ? List.of() : mayHold(born);
      collected = Garbage.collect();
      collections++;
    }
    return collected;
  }

  /** Live threads whose variables may hold what was made in the scope. */
  private List<Thread> mayHold(Born made) {
    if (engine.isExact()) {
      return made.alive();
    }
    List<Thread> threads = new ArrayList<>(newcomers.threads());
    for (Thread thread : VirtualThreads.all().orElse(List.of())) {
      if (newcomers.isNewVirtual(LiveThreads.id(thread))) {
        threads.add(thread);
      }
    }
    return threads;
  }

  /** How often there was a collection: what was reachable at an earlier one may be no more. */
  int collections() {
    return collections;
  }

  /** Somebody is about to be accused: tasks of older pools may have ended since, too. */
  void collectAnew() {
    collected = null;
  }

  /** What this scope's objects lead to, nearest first. */
  List<Holding> reachable() {
    List<Holding> reached = new ArrayList<>(ObjectGraph.reach(scope.instances(), scope.classes()));
    for (Holding tracked : engine.tracked().since(baseline.trackedFrom())) {
      if (reached.stream().noneMatch(other -> other.object() == tracked.object())) {
        reached.add(tracked);
      }
    }
    return reached;
  }

  /** What somebody else's objects hold; looked for once a check. */
  private Set<Object> heldByOthers() {
    if (heldByOthers == null) {
      List<Object> instances = new ArrayList<>();
      List<Class<?>> classes = new ArrayList<>();
      for (Object owner : scope.options().others()) {
        if (owner instanceof Class<?> type) {
          classes.add(type);
        } else {
          instances.add(owner);
        }
      }
      // What leads through the test's own objects is the test's, whoever knows the test.
      List<Object> own = new ArrayList<>(scope.instances());
      for (LeakScope outer = scope.parent(); outer != null; outer = outer.parent()) {
        own.addAll(outer.instances());
      }
      Set<Object> held = Collections.newSetFromMap(new IdentityHashMap<>());
      for (Holding reached : ObjectGraph.reach(instances, classes, own)) {
        held.add(reached.object());
        if (reached.object() instanceof ExecutorService executor) {
          held.add(WorkerExecutors.jvm().unwrap(executor));
        }
      }
      heldByOthers = held;
    }
    return heldByOthers;
  }

  boolean isHeldByOthers(Object object) {
    return heldByOthers().contains(object);
  }

  /** What the objects of the scopes around this one lead to: theirs to answer for. */
  Set<Object> shared() {
    Set<Object> shared = Collections.newSetFromMap(new IdentityHashMap<>());
    shared.addAll(heldByOthers());
    Set<LeakScope> seen = new HashSet<>();
    for (LeakScope outer = scope.parent();
        outer != null && seen.add(outer);
        outer = outer.parent()) {
      for (Holding held : ObjectGraph.reach(outer.instances(), outer.classes())) {
        shared.add(held.object());
        if (held.object() instanceof ExecutorService executor) {
          shared.add(WorkerExecutors.jvm().unwrap(executor));
        }
      }
    }
    return shared;
  }
}
