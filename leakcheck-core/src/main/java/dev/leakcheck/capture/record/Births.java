package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.objects.LockProbe;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.capture.threads.OwnThread;
import dev.leakcheck.model.Origin;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is made while a scope is open, recorded as it is made. The agent's hooks call this class;
 * without an agent nothing does.
 *
 * <p>A thing belongs to the scope that the thread which makes it works for: the innermost scope
 * that the thread {@linkplain #enter entered}, or else the scope in which the thread was started
 * itself. A worker belongs to the scope that made its executor, whoever's task starts it. Threads
 * from before, and those of a fixture, work for whichever scope is open inside theirs; with several
 * open at once it cannot be told for which, and what they make belongs to the scope around all of
 * these. What a leak makes that was reported, after its scope, is nobody's.
 *
 * <p>Hooks run on any thread, within any code: they take no lock that user code may hold, call no
 * user code and keep weak references only. Thread-safe.
 */
public final class Births {

  private static final Births JVM = new Births();

  private final AtomicLong numbers = new AtomicLong();
  private final JdksOwnLocks jdksOwnLocks = new JdksOwnLocks();

  /** The open scopes. A scope that its owner dropped without closing it is forgotten. */
  private volatile List<WeakReference<BirthScope>> open = List.of();

  /**
   * What the thread with an id works for, innermost first. Threads that entered nothing are out.
   */
  private final Map<Long, Place> places = new ConcurrentHashMap<>();

  /** Scopes that are told by time only: they see whatever is made in any other, or in none. */
  private volatile int watchers;

  /** What no scope in particular answers for: the last one that is open does, or a watcher. */
  private volatile @Nullable BirthScope unowned;

  private volatile Set<Part> parts = Set.of();
  private volatile List<String> refusals = List.of();
  private volatile Consumer<Boolean> hooks = on -> {};

  Births() {}

  /** What the agent records, each by a hook of its own. */
  public enum Part {
    /** Platform threads, as they are started. */
    THREADS,
    /** Virtual threads, as they are started. */
    VIRTUAL_THREADS,
    /** Executors, as they are made and as they are told to stop. */
    EXECUTORS,
    /** Blocking queues, as they are made. */
    QUEUES,
    /** Locks, as they are made. */
    LOCKS,
    /** Future tasks, as they are made, as they fail and as somebody asks them. */
    FAILED_TASKS,
    /** Processes, as they are started. */
    PROCESSES,
    /** Shutdown hooks, as they are registered. */
    SHUTDOWN_HOOKS
  }

  /**
   * What a thread works for.
   *
   * @param scope the scope, or null if what the thread makes belongs to nobody
   * @param owner the scope on whose behalf this was said
   * @param outer what it worked for before
   */
  private record Place(
      @Nullable WeakReference<BirthScope> scope,
      WeakReference<BirthScope> owner,
      @Nullable Place outer) {

    /** The innermost place whose owner is not gone. */
    static @Nullable Place valid(@Nullable Place innermost) {
      Place place = innermost;
      while (place != null && place.owner.refersTo(null)) {
        place = place.outer;
      }
      return place;
    }

    @Nullable BirthScope works() {
      return scope == null ? null : scope.get();
    }

    /** Without the innermost place of an owner, and without places whose owner is gone. */
    static @Nullable Place without(@Nullable Place place, BirthScope owner, boolean entry) {
      if (place == null) {
        return null;
      }
      if (place.owner.refersTo(owner) && (place.scope != null) == entry) {
        return place.outer;
      }
      Place rest = without(place.outer, owner, entry);
      return place.owner.refersTo(null) ? rest : new Place(place.scope, place.owner, rest);
    }
  }

  /**
   * The records of this JVM.
   *
   * @return the one instance
   */
  public static Births jvm() {
    return JVM;
  }

  // The agent

  /**
   * The agent is in place.
   *
   * @param recorded the parts whose hooks were tried and work
   * @param refused for each part that is not recorded, a sentence for a person
   * @param hookSwitch switches the hooks on (true) and off; they are off at first
   */
  public synchronized void connect(
      Set<Part> recorded, List<String> refused, Consumer<Boolean> hookSwitch) {
    refusals = List.copyOf(refused);
    hooks = hookSwitch;
    parts = recorded.isEmpty() ? Set.of() : EnumSet.copyOf(recorded);
    Birth.OfLock.load();
    switchHooks();
  }

  /**
   * The agent could not be put in place.
   *
   * @param why a sentence for a person
   */
  public synchronized void fail(String why) {
    List<String> more = new ArrayList<>(refusals);
    more.add(why);
    refusals = List.copyOf(more);
  }

  private void switchHooks() {
    hooks.accept(unowned != null);
  }

  /**
   * Whether the hooks for a part work.
   *
   * @param part the part
   * @return true if they do
   */
  public boolean records(Part part) {
    return parts.contains(part);
  }

  /**
   * What the agent could not hook.
   *
   * @return a sentence for each part, empty if there is no agent or nothing was refused
   */
  public List<String> refusals() {
    return refusals;
  }

  // Scopes

  /**
   * Opens a scope around what the current thread does from now on.
   *
   * @param name as messages call it
   * @return the scope
   */
  public BirthScope open(String name) {
    BirthScope around = working();
    BirthScope scope = register(name, around, BirthScope.Kind.BY_THREAD);
    push(new WeakReference<>(scope), scope);
    return scope;
  }

  /**
   * Opens a scope that only code which {@linkplain #enter enters} it works for. What the current
   * thread makes meanwhile belongs to nobody.
   *
   * @param name as messages call it
   * @param around the scope around it, or null
   * @return the scope
   */
  public BirthScope openByEntry(String name, @Nullable BirthScope around) {
    BirthScope scope = register(name, around, BirthScope.Kind.BY_ENTRY);
    push(null, scope);
    return scope;
  }

  /**
   * Opens a scope for whatever is made from now on, on any thread.
   *
   * @param name as messages call it
   * @return the scope
   */
  public synchronized BirthScope openForAll(String name) {
    watchers++;
    BirthScope scope = new BirthScope(name, null, BirthScope.Kind.FOR_ALL, numbers.get());
    begin();
    return scope;
  }

  private void begin() {
    if (unowned == null) {
      unowned = new BirthScope("no single scope", null, BirthScope.Kind.FOR_ALL, numbers.get());
      switchHooks();
    }
  }

  private void endIfLast() {
    BirthScope last = unowned;
    if (open.isEmpty() && watchers == 0 && last != null) {
      unowned = null;
      switchHooks();
      last.close();
    }
  }

  private synchronized BirthScope register(
      String name, @Nullable BirthScope around, BirthScope.Kind kind) {
    BirthScope scope = new BirthScope(name, around, kind, numbers.get());
    List<WeakReference<BirthScope>> more = new ArrayList<>(open.size() + 1);
    for (WeakReference<BirthScope> other : open) {
      BirthScope known = other.get();
      if (known != null) {
        more.add(other);
        if (!scope.isWithin(known)) {
          scope.meet(known);
          known.meet(scope);
        }
      }
    }
    more.add(new WeakReference<>(scope));
    open = List.copyOf(more);
    begin();
    return scope;
  }

  /**
   * Whether code of other scopes ran at the same time as a scope's: of any that is neither around
   * it nor inside it, or of none at all.
   *
   * @param scope an open scope
   * @return true if it did
   */
  public boolean isOverlapped(BirthScope scope) {
    return besideOthers(scope) != null || scope.hasMet();
  }

  /**
   * Closes a scope: what is left of it goes to the scope around it.
   *
   * @param scope the scope; one that is closed already is left as it is
   */
  public void close(BirthScope scope) {
    synchronized (this) {
      if (scope.isClosed()) {
        return;
      }
      if (scope.kind() == BirthScope.Kind.FOR_ALL) {
        watchers--;
      }
      List<WeakReference<BirthScope>> rest = new ArrayList<>(open);
      rest.removeIf(other -> other.refersTo(scope) || other.refersTo(null));
      open = List.copyOf(rest);
    }
    places.computeIfPresent(
        scope.openedBy(),
        (id, place) -> Place.without(place, scope, scope.kind() == BirthScope.Kind.BY_THREAD));
    scope.close();
    synchronized (this) {
      endIfLast();
    }
  }

  /**
   * The current thread works for a scope until {@link #leave}.
   *
   * @param scope the scope
   */
  public void enter(BirthScope scope) {
    scope.entered();
    push(new WeakReference<>(scope), scope);
  }

  /**
   * The current thread does not work for a scope any more.
   *
   * @param scope the scope
   */
  public void leave(BirthScope scope) {
    scope.left();
    places.computeIfPresent(currentId(), (id, place) -> Place.without(place, scope, true));
  }

  private void push(@Nullable WeakReference<BirthScope> scope, BirthScope owner) {
    places.compute(currentId(), (id, outer) -> new Place(scope, new WeakReference<>(owner), outer));
  }

  private static long currentId() {
    return Jdk.threadId(Thread.currentThread());
  }

  /** The scope that the current thread works for, as far as it entered one. */
  private @Nullable BirthScope working() {
    Place place = Place.valid(places.get(currentId()));
    return place == null ? null : place.works();
  }

  // What is in a scope

  /**
   * What was made in a scope and may still be there.
   *
   * @param <B> what sort of births is wanted
   * @param scope the scope
   * @param type what sort of births is wanted
   * @param wanted which of them
   * @return those of the scope and of scopes inside it; for a scope that is for all, whatever was
   *     made since it opened
   */
  public <B extends Birth> List<B> in(BirthScope scope, Class<B> type, Predicate<B> wanted) {
    List<B> births = new ArrayList<>();
    if (scope.kind() == BirthScope.Kind.FOR_ALL) {
      addLater(scope, type, wanted, births);
      return births;
    }
    scope.collect(type, wanted, births);
    for (WeakReference<BirthScope> reference : open) {
      BirthScope other = reference.get();
      if (other != null && other != scope && other.isWithin(scope)) {
        other.collect(type, wanted, births);
      }
    }
    BirthScope nobodys = unowned;
    if (nobodys != null && scope.parent() == null && isLastOutermost(scope)) {
      addLater(nobodys, scope.openedAt(), type, wanted, births);
    }
    return births;
  }

  /** Whether no other scope could still answer for what no scope in particular made. */
  private boolean isLastOutermost(BirthScope scope) {
    for (WeakReference<BirthScope> reference : open) {
      BirthScope other = reference.get();
      if (other != null && other != scope && other.parent() == null) {
        return false;
      }
    }
    return true;
  }

  private <B extends Birth> void addLater(
      BirthScope scope, Class<B> type, Predicate<B> wanted, List<B> births) {
    BirthScope nobodys = unowned;
    if (nobodys != null) {
      addLater(nobodys, scope.openedAt(), type, wanted, births);
    }
    for (WeakReference<BirthScope> reference : open) {
      BirthScope other = reference.get();
      if (other != null) {
        addLater(other, scope.openedAt(), type, wanted, births);
      }
    }
  }

  private static <B extends Birth> void addLater(
      BirthScope from, long than, Class<B> type, Predicate<B> wanted, List<B> births) {
    from.collect(type, birth -> birth.number() > than && wanted.test(birth), births);
  }

  /**
   * The birth of an object.
   *
   * @param object a thread, an executor or a queue
   * @return its birth, or null if it was made in no open scope
   */
  public @Nullable Birth of(Object object) {
    Birth.Key key = new Birth.Key(object);
    BirthScope holder = holder(key);
    return holder == null ? null : holder.find(key);
  }

  /**
   * The live workers of executors that were made in the scopes around a scope.
   *
   * @param scope the scope
   * @return platform threads
   */
  public List<Thread> workersAround(BirthScope scope) {
    List<Birth.OfThread> births = new ArrayList<>();
    for (BirthScope outer = scope.parent(); outer != null; outer = outer.parent()) {
      outer.collect(Birth.OfThread.class, birth -> birth.executor() != null, births);
    }
    List<Thread> workers = new ArrayList<>();
    for (Birth.OfThread birth : births) {
      Thread thread = birth.alive();
      if (thread != null && !Jdk.isVirtual(thread)) {
        workers.add(thread);
      }
    }
    return workers;
  }

  /**
   * Whether an object was made in a scope.
   *
   * @param object a thread, an executor or a queue
   * @param scope the scope
   * @return true if it was made in it, or in a scope inside it
   */
  public boolean isIn(Object object, BirthScope scope) {
    Birth.Key key = new Birth.Key(object);
    BirthScope holder = holder(key);
    if (holder == null) {
      return false;
    }
    if (scope.kind() == BirthScope.Kind.FOR_ALL) {
      Birth birth = holder.find(key);
      return birth != null && birth.number() > scope.openedAt();
    }
    return holder.isWithin(scope) || holder == unowned;
  }

  /**
   * Whether an object was made in a scope that is neither around the given one nor inside it.
   *
   * @param object a thread
   * @param scope the scope
   * @return true if it was made in a scope beside the given one
   */
  public boolean isBeside(Object object, BirthScope scope) {
    BirthScope holder = holder(new Birth.Key(object));
    return holder != null && !holder.isWithin(scope) && !scope.isWithin(holder);
  }

  /** Who answers for what becomes of a thread or a task. Refers to the scope weakly. */
  public static final class Owner {
    private final WeakReference<BirthScope> scope;
    private final BirthScope.Successor successor;
    private final long number;
    private final Origin origin;

    private Owner(BirthScope scope, Birth birth) {
      this.scope = new WeakReference<>(scope);
      this.successor = scope.successor();
      this.number = birth.number();
      this.origin = birth.origin();
    }

    /** The scope itself, or the one around it if it was closed and collected. */
    private @Nullable BirthScope scope() {
      BirthScope own = scope.get();
      return own == null ? successor.scope() : own;
    }

    /**
     * Where the thread was started or the task was made.
     *
     * @return the origin
     */
    public Origin origin() {
      return origin;
    }
  }

  /**
   * Who answers for what becomes of something.
   *
   * @param object a thread or a future task
   * @return the owner, or null if it was made in no open scope, or comes of a leak that was told
   */
  public @Nullable Owner owner(Object object) {
    Birth.Key key = new Birth.Key(object);
    BirthScope holder = holder(key);
    Birth birth = holder == null ? null : holder.find(key);
    return holder == null || birth == null || comesOfLeak(birth) ? null : new Owner(holder, birth);
  }

  /**
   * Whether a scope answers for something.
   *
   * @param owner who answers for it
   * @param scope the scope
   * @return true if it is the owner's, or around that
   */
  public boolean answers(Owner owner, BirthScope scope) {
    if (scope.kind() == BirthScope.Kind.FOR_ALL) {
      return owner.number > scope.openedAt();
    }
    BirthScope holder = owner.scope();
    if (holder != null && holder.kind() == BirthScope.Kind.FOR_ALL) {
      return scope.parent() == null && isLastOutermost(scope) && owner.number > scope.openedAt();
    }
    return holder != null && holder.isWithin(scope);
  }

  /** Whether the current thread runs a scope's own code, rather than work that it gave away. */
  public boolean isInScope() {
    return Place.valid(places.get(currentId())) != null;
  }

  private @Nullable BirthScope holder(Birth.Key key) {
    List<WeakReference<BirthScope>> scopes = open;
    for (int i = scopes.size() - 1; i >= 0; i--) { // the innermost are asked for most
      BirthScope scope = scopes.get(i).get();
      if (scope != null && scope.find(key) != null) {
        return scope;
      }
    }
    BirthScope nobodys = unowned;
    return nobodys != null && nobodys.find(key) != null ? nobodys : null;
  }

  // Hooks

  /**
   * A hook: a thread is about to be started by the current thread.
   *
   * @param thread the thread
   * @param container what the JDK starts it in, such as a thread-per-task executor, or null
   */
  public void starting(Thread thread, @Nullable Object container) {
    if (thread instanceof OwnThread) {
      return;
    }
    CommonPool.seen(thread);
    ExecutorService executor = executorOf(thread, container);
    if (executor == null) {
      add((scope, shared) -> birth(thread, null, scope, shared));
    } else {
      addWorker(thread, executor);
    }
  }

  /** The birth of something in the scope that it turned out to belong to. */
  private interface Recorder {
    Birth birth(BirthScope scope, boolean shared);
  }

  private static @Nullable ExecutorService executorOf(Thread thread, @Nullable Object container) {
    if (container instanceof ExecutorService executor) {
      return executor;
    }
    if (thread instanceof ForkJoinWorkerThread worker) {
      return worker.getPool();
    }
    return WorkerExecutors.jvm().of(thread);
  }

  /** A worker of an executor that was made in no open scope is nobody's. */
  private void addWorker(Thread thread, ExecutorService executor) {
    if (CommonPool.is(executor)) {
      return;
    }
    Birth.Key key = new Birth.Key(executor);
    BirthScope scope = holder(key);
    if (scope != null && scope.find(key) instanceof Birth.OfExecutor birth) {
      Birth worker = birth(thread, birth, scope, false);
      if (birth.isNobodys()) {
        worker.disown();
      }
      scope.add(worker);
    }
  }

  /**
   * A hook: an executor, a queue or a lock is being made by the current thread. The constructor of
   * its class may not have finished, only that of the JDK's class which it extends.
   *
   * @param object an executor, a blocking queue or a lock
   */
  public void made(Object object) {
    if (LockProbe.isLock(object)) {
      if (!jdksOwnLocks.takesLock()) {
        add(
            (scope, shared) ->
                new Birth.OfLock(object, next(), Trace.take(scope, shared, Trace.MOST_OF_LOCKS)));
      }
    } else if (object instanceof BlockingQueue<?> queue && !isPartOfAQueue(queue)) {
      jdksOwnLocks.queueMade(queue);
      add(
          (scope, shared) ->
              new Birth.OfQueue(queue, next(), Trace.take(scope, shared, Trace.MOST)));
    } else if (object instanceof ExecutorService executor) {
      add(
          (scope, shared) ->
              new Birth.OfExecutor(executor, next(), Trace.take(scope, shared, Trace.ALWAYS)));
    }
  }

  /**
   * A hook: the construction of an executor has begun.
   *
   * @param executor the executor, of which nothing but the class can be asked yet
   */
  public void begun(Object executor) {
    jdksOwnLocks.executorBegun(executor);
  }

  /**
   * A hook: a future task is being made by the current thread.
   *
   * @param task a {@code FutureTask}
   */
  public void madeTask(Object task) {
    add(
        (scope, shared) ->
            new Birth.OfTask(task, next(), Trace.take(scope, shared, Trace.MOST_OF_TASKS)));
  }

  /**
   * A hook: the current thread has started a process.
   *
   * @param process the process
   */
  public void started(Process process) {
    ProcessHandle handle = process.toHandle();
    add(
        (scope, shared) ->
            new Birth.OfProcess(process, handle, next(), Trace.take(scope, shared, Trace.ALWAYS)));
  }

  /**
   * A hook: the current thread has registered a shutdown hook.
   *
   * @param hook the hook
   */
  public void hookAdded(Thread hook) {
    if (hook instanceof OwnThread) {
      return;
    }
    add(
        (scope, shared) ->
            new Birth.OfShutdownHook(hook, next(), Trace.take(scope, shared, Trace.ALWAYS)));
  }

  /** Since Java 25 a hand-off queue has one that holds those who wait, inside. */
  private static boolean isPartOfAQueue(BlockingQueue<?> queue) {
    return queue.getClass().getName().startsWith("java.util.concurrent.SynchronousQueue$");
  }

  /**
   * A hook: somebody tells an executor to stop.
   *
   * @param executor the executor
   */
  public void stopping(Object executor) {
    if (of(executor) instanceof Birth.OfExecutor birth) {
      if (isCleaner(Thread.currentThread())) {
        birth.abandon();
      } else {
        birth.stop();
      }
    }
  }

  /** The JDK stops a forgotten single-thread executor when it is collected, which is too late. */
  private static boolean isCleaner(Thread thread) {
    String name = thread.getName();
    return name.equals("Common-Cleaner") || name.equals("Finalizer");
  }

  private void add(Recorder recorder) {
    Place place = Place.valid(places.get(currentId()));
    if (place != null) {
      BirthScope scope = place.works();
      if (scope != null) {
        scope.add(recorder.birth(scope, false));
      }
      return;
    }
    Birth.Key key = new Birth.Key(Thread.currentThread());
    BirthScope holder = holder(key);
    Birth birth = holder == null ? null : holder.find(key);
    if (holder != null && birth != null && comesOfLeak(birth)) {
      Birth nobodys = recorder.birth(holder, false);
      nobodys.disown();
      holder.add(nobodys);
      return;
    }
    BirthScope own = holder == unowned || isSharedByAll(birth) ? null : holder;
    if (own != null && !hasInner(own, scope -> true)) {
      own.add(recorder.birth(own, false));
    } else {
      addFromOutside(recorder, own);
    }
  }

  /** A leak goes on after its scope, but not on behalf of the scopes that come later. */
  private static boolean comesOfLeak(Birth birth) {
    return birth.isLeaked()
        || birth.isNobodys()
        || (birth instanceof Birth.OfThread thread
            && thread.executor() != null
            && thread.executor().isLeaked());
  }

  private static boolean isSharedByAll(@Nullable Birth birth) {
    Birth.OfExecutor executor = birth instanceof Birth.OfThread thread ? thread.executor() : null;
    return executor != null && executor.isStatic();
  }

  private boolean hasInner(BirthScope scope, Predicate<BirthScope> wanted) {
    for (WeakReference<BirthScope> reference : open) {
      BirthScope other = reference.get();
      if (other != null && other != scope && other.isWithin(scope) && wanted.test(other)) {
        return true;
      }
    }
    return false;
  }

  /** Made by a thread that is not of the innermost scopes: it may work for any of them. */
  private void addFromOutside(Recorder recorder, @Nullable BirthScope around) {
    BirthScope common = null;
    int candidates = 0;
    for (WeakReference<BirthScope> reference : open) {
      BirthScope scope = reference.get();
      if (scope != null
          && scope.isEntered()
          && scope.isWithin(around)
          && !hasInner(scope, BirthScope::isEntered)) {
        common = candidates++ == 0 ? scope : common(common, scope);
      }
    }
    if (candidates == 0) {
      common = around;
    }
    if (common == null && (candidates > 0 || watchers > 0)) {
      common = unowned;
    }
    BirthScope beside = besideOthers(common);
    if (beside != null) {
      beside.add(recorder.birth(beside, true));
    } else if (common != null) {
      common.add(recorder.birth(common, candidates > 1));
    }
  }

  private static @Nullable BirthScope common(@Nullable BirthScope one, BirthScope other) {
    BirthScope scope = one;
    while (scope != null && !other.isWithin(scope)) {
      scope = scope.parent();
    }
    return scope;
  }

  /** The scope, it or around it, beside which code runs that enters no scope. */
  private static @Nullable BirthScope besideOthers(@Nullable BirthScope innermost) {
    BirthScope scope = innermost;
    while (scope != null && !scope.isBesideOthers()) {
      scope = scope.parent();
    }
    return scope;
  }

  private Birth birth(
      Thread thread, Birth.@Nullable OfExecutor executor, BirthScope scope, boolean shared) {
    return new Birth.OfThread(thread, next(), executor, Trace.take(scope, shared, Trace.MOST));
  }

  private long next() {
    return numbers.incrementAndGet();
  }
}
