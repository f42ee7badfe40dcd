package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.ask.LockProbe;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.LockWalk;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.QueueProbe;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The objects and classes that a scope answers for, and what their fields held when that began.
 * Objects are held weakly. Thread-safe: all of it is guarded by its own monitor.
 */
public final class Watched {

  private final List<WeakReference<Object>> instances = new ArrayList<>();
  private final List<Class<?>> classes = new ArrayList<>();

  /** Those among the instances that nobody uses when the scope has ended. */
  private final List<WeakReference<Object>> passing = new ArrayList<>();

  private final Map<Object, Integer> queueSizes = new IdentityHashMap<>();
  private final Map<Object, LockProbe.Held> locks = new IdentityHashMap<>();

  /**
   * What fields of the outer scope's owners held when the scope opened, and timers and services
   * that others' objects led to: it is older.
   */
  private final Set<Object> older = Collections.newSetFromMap(new IdentityHashMap<>());

  private @Nullable PoolsAtOpen pools;

  /** What others put into fields of the instances. It is the same list in every copy. */
  private final List<WeakReference<Object>> given;

  Watched() {
    this(new CopyOnWriteArrayList<>());
  }

  private Watched(List<WeakReference<Object>> given) {
    this.given = given;
  }

  static boolean isWithoutStatics(Class<?> type) {
    return Fields.isJdk(type)
        || (type.isInterface()
            && Fields.ofClass(type).isEmpty()
            && Fields.closedToClass(type).isEmpty());
  }

  /** False if the object was watched already. */
  synchronized boolean add(Object instance) {
    for (WeakReference<Object> known : instances) {
      if (known.refersTo(instance)) {
        return false;
      }
    }
    return instances.add(new OwnReference<>(instance));
  }

  /** Nobody uses a watched object when the scope has ended. */
  public synchronized void passes(Object instance) {
    passing.add(new OwnReference<>(instance));
  }

  /** False if the class was watched already. */
  synchronized boolean add(Class<?> type) {
    return !classes.contains(type) && classes.add(type);
  }

  /**
   * Remembers what queues hold now, unless it is remembered already. Nothing counts as more than
   * what is not known.
   */
  synchronized void recordQueueSizes(Collection<?> owners, Collection<Class<?>> statics) {
    queuesHeldBy(owners, statics)
        .forEach(
            (queue, size) ->
                queueSizes.putIfAbsent(
                    queue, size == QueueProbe.UNKNOWN ? Integer.MAX_VALUE : size));
  }

  /**
   * Remembers how locks are held now, unless it is remembered already.
   *
   * @param byWhom whether the current thread is the one whose holds count
   */
  synchronized void recordLocks(
      Collection<?> owners, Collection<Class<?>> statics, boolean byWhom) {
    for (LockWalk.Found found : LockWalk.find(owners, statics)) {
      LockProbe.Held held = LockProbe.held(found.lock());
      locks.putIfAbsent(
          found.lock(), held == LockProbe.Held.FREE || byWhom ? held : LockProbe.Held.BY_ANYBODY);
    }
  }

  /** Remembers what fields of somebody else's owners hold. */
  synchronized void recordOlder(Collection<?> owners, Collection<Class<?>> statics) {
    Holding.addAll(ObjectGraph.direct(owners, statics), older);
  }

  /** Remembers timers and services that somebody else's objects lead to. */
  synchronized void recordTimers(Collection<?> timers) {
    older.addAll(timers);
  }

  /** Remembers how many workers the pools of somebody else's have, unless that is remembered. */
  synchronized void recordPools(Collection<?> owners, Collection<Class<?>> statics) {
    if (pools == null) {
      pools = PoolsAtOpen.of(owners, statics);
    }
  }

  /** The workers of somebody else's pools when the scope opened; null if nobody asked. */
  public synchronized @Nullable PoolsAtOpen pools() {
    return pools;
  }

  /** The same things, as another scope has to answer for them. */
  synchronized Watched copy(boolean withOlder) {
    Watched copy = new Watched(given);
    copy.instances.addAll(instances);
    copy.classes.addAll(classes);
    copy.passing.addAll(passing);
    copy.queueSizes.putAll(queueSizes);
    copy.locks.putAll(locks);
    if (withOlder) {
      copy.older.addAll(older);
      copy.pools = pools;
    }
    return copy;
  }

  /** Forgets what things held. */
  synchronized void forget() {
    queueSizes.clear();
    locks.clear();
    older.clear();
    pools = null;
  }

  /** Others put an object into a field of an instance. */
  public void give(Object value) {
    given.add(new OwnReference<>(value));
  }

  /** What others put into fields of the instances. */
  public List<Object> given() {
    return OwnReference.alive(given);
  }

  synchronized List<Object> instances() {
    return OwnReference.alive(instances);
  }

  /** The watched objects that nobody uses when the scope has ended. */
  public synchronized List<Object> passing() {
    return OwnReference.alive(passing);
  }

  synchronized List<Class<?>> classes() {
    return List.copyOf(classes);
  }

  /** What a queue held, or null if nothing led to it. */
  synchronized @Nullable Integer sizeOf(BlockingQueue<?> queue) {
    return queueSizes.get(queue);
  }

  /** Whether a field held a queue when its object was watched first, and nobody had given it. */
  public synchronized boolean heldAtFirst(BlockingQueue<?> queue) {
    return queueSizes.containsKey(queue);
  }

  /** How a lock was held; one that nothing led to is taken for free. */
  synchronized LockProbe.Held heldAtOpen(Object lock) {
    return locks.getOrDefault(lock, LockProbe.Held.FREE);
  }

  /** Whether something led to a lock. */
  synchronized boolean knew(Object lock) {
    return locks.containsKey(lock);
  }

  synchronized boolean isOlder(Object held) {
    return older.contains(held);
  }

  /** The queues that fields hold themselves, with how much is in them now, if that is known. */
  static Map<BlockingQueue<?>, Integer> queuesHeldBy(
      Collection<?> owners, Collection<Class<?>> statics) {
    Map<BlockingQueue<?>, Integer> sizes = new IdentityHashMap<>();
    for (Holding held : ObjectGraph.direct(owners, statics)) {
      if (held.object() instanceof BlockingQueue<?> queue) {
        sizes.put(queue, QueueProbe.size(queue));
      }
    }
    return sizes;
  }
}
