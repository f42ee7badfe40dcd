package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.FutureTasks;
import dev.leakcheck.capture.base.Jdk;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The scopes that are open, what was made in them, and the order of it all.
 *
 * <p>Thread-safe. Opening and closing hold this object's lock, and with it switch the hooks, which
 * takes the lock of the {@link Connection}; never the other way round. What is open, the watchers
 * and what is unowned are written under the lock only, and are volatile as hooks and questions read
 * them without it: the list is replaced as a whole, so that whoever walks it sees one state. Such a
 * reader may meet a scope that is being closed; {@link BirthScope#add} then hands up what it is
 * given.
 */
final class OpenScopes {

  /**
   * A look is not one instant: a thread may start another that the look does not meet any more, and
   * end before the look meets itself. So it is repeated as long as anything was made meanwhile;
   * where that never stops, so often that hardly every look can have missed the same.
   */
  private static final int MOST_LOOKS = 10;

  private final Connection agent;
  private final AtomicLong numbers = new AtomicLong();
  private final Survivors survivors = new Survivors();
  private final Copies copies = new Copies();

  /** The open scopes. A scope that its owner dropped without closing it is forgotten. */
  private volatile List<WeakReference<BirthScope>> open = List.of();

  /** Scopes that are told by time only: they see whatever is made in any other, or in none. */
  private volatile int watchers;

  /** What no scope in particular answers for: the last one that is open does, or a watcher. */
  private volatile @Nullable BirthScope unowned;

  OpenScopes(Connection agent) {
    this.agent = agent;
  }

  /** The number of the last birth. */
  long last() {
    return numbers.get();
  }

  /** The number of the next birth. A scope notes the last as it opens: what is later came after. */
  long next() {
    return numbers.incrementAndGet();
  }

  // Open and close

  /** Opens a scope inside another, or inside none. */
  synchronized BirthScope open(String name, @Nullable BirthScope around, BirthScope.Kind kind) {
    BirthScope scope = new BirthScope(name, around, kind, numbers.get(), survivors);
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

  /** Opens a scope that is told by time only. */
  synchronized BirthScope openForAll(String name) {
    watchers++;
    BirthScope scope =
        new BirthScope(name, null, BirthScope.Kind.FOR_ALL, numbers.get(), survivors);
    begin();
    return scope;
  }

  private void begin() {
    if (unowned == null) {
      unowned =
          new BirthScope(
              "no single scope", null, BirthScope.Kind.FOR_ALL, numbers.get(), survivors);
      agent.switchHooks(true);
    }
  }

  /**
   * Whatever is added to a scope from now on goes to the one around it.
   *
   * @return false if it is closed already
   */
  synchronized boolean beginClose(BirthScope scope) {
    return scope.beginClose();
  }

  /** Takes away a scope once it has handed up what is left: until then that is found in it. */
  synchronized void remove(BirthScope scope) {
    if (scope.kind() == BirthScope.Kind.FOR_ALL) {
      watchers--;
    }
    List<WeakReference<BirthScope>> rest = new ArrayList<>(open);
    rest.removeIf(other -> other.refersTo(scope) || other.refersTo(null));
    open = List.copyOf(rest);
  }

  /** Whether all threads are recorded, whichever executor starts them. */
  boolean recordsThreads() {
    return agent.records(Part.THREADS)
        && (!Jdk.HAS_CONTAINERS || agent.records(Part.VIRTUAL_THREADS));
  }

  /** A scope was closed: with the last one, recording ends. */
  synchronized void endIfLast() {
    BirthScope last = unowned;
    if (open.isEmpty() && watchers == 0 && last != null) {
      unowned = null;
      agent.switchHooks(false);
      last.close();
    }
  }

  // Which are open

  /** Those that are open, outer ones before those inside them; some may be gone. */
  List<WeakReference<BirthScope>> all() {
    return open;
  }

  /** What no scope in particular answers for, or null if no scope is open. */
  @Nullable BirthScope unowned() {
    return unowned;
  }

  /** Whether a scope is open that is told by time only. */
  boolean isWatched() {
    return watchers > 0;
  }

  /** Whether a scope is open inside another. */
  boolean hasInner(BirthScope scope, Predicate<BirthScope> wanted) {
    for (WeakReference<BirthScope> reference : open) {
      BirthScope other = reference.get();
      if (other != null && other != scope && other.isWithin(scope) && wanted.test(other)) {
        return true;
      }
    }
    return false;
  }

  /** Whether no other scope could still answer for what no scope in particular made. */
  boolean isLastOutermost(BirthScope scope) {
    for (WeakReference<BirthScope> reference : open) {
      BirthScope other = reference.get();
      if (other != null && other != scope && other.parent() == null) {
        return false;
      }
    }
    return true;
  }

  /**
   * The scope that watches a class whose initialiser the current thread runs. To look at the stack
   * costs microseconds: it is done only while a class is awaited.
   */
  @Nullable BirthScope initializing() {
    List<BirthScope> awaiting = List.of();
    for (WeakReference<BirthScope> reference : open) {
      BirthScope scope = reference.get();
      if (scope != null && scope.awaitsInitializers()) {
        awaiting = new ArrayList<>(awaiting); // which hardly ever is the case
        awaiting.add(scope);
      }
    }
    List<BirthScope> all = awaiting;
    return all.isEmpty()
        ? null
        : StackWalker.getInstance().walk(frames -> watcher(frames, all)).orElse(null);
  }

  private static Optional<BirthScope> watcher(
      Stream<StackWalker.StackFrame> frames, List<BirthScope> awaiting) {
    return frames
        .filter(frame -> frame.getMethodName().equals("<clinit>"))
        .flatMap(
            frame ->
                awaiting.stream().filter(scope -> scope.awaitsInitializer(frame.getClassName())))
        .findFirst();
  }

  // What is in them

  /** A birth, and the scope that had it. */
  record Held(BirthScope scope, Birth birth) {}

  /** The birth of an object and the scope that has it, or null if none that is open has. */
  @Nullable Held held(Birth.Key key) {
    Held held = find(key);
    if (held != null) {
      return held;
    }
    Birth original = copies.original(key.object());
    if (original != null) {
      return find(original);
    }
    // Such a task has no birth of its own where its thread's tells the same.
    Thread bound = FutureTasks.bound(key.object());
    return bound == null ? null : find(new Birth.Key(bound));
  }

  /** Executors that are copies of others. */
  Copies copies() {
    return copies;
  }

  private @Nullable Held find(Object key) {
    List<WeakReference<BirthScope>> scopes = open;
    for (int i = scopes.size() - 1; i >= 0; i--) { // the innermost are asked for most
      BirthScope scope = scopes.get(i).get();
      Birth birth = scope == null ? null : scope.find(key);
      if (scope != null && birth != null) {
        return new Held(scope, birth);
      }
    }
    BirthScope nobodys = unowned;
    Birth birth = nobodys == null ? null : nobodys.find(key);
    return nobodys == null || birth == null ? null : new Held(nobodys, birth);
  }

  /** The scope that has the birth of an object, or null if none that is open has. */
  @Nullable BirthScope holder(Birth.Key key) {
    Held held = held(key);
    return held == null ? null : held.scope;
  }

  /** The scope that has a birth, or null if none that is open has. */
  @Nullable BirthScope holder(Birth birth) {
    Held held = find(birth);
    return held == null ? null : held.scope;
  }

  /** The birth of an object, or null if it was made in no open scope. */
  @Nullable Birth birth(Object object) {
    Held held = held(new Birth.Key(object));
    return held == null ? null : held.birth;
  }

  /** The scope in which a thread was made that outlived all scopes, or null. */
  @Nullable String madeIn(Thread survivor) {
    return survivors.madeIn(survivor);
  }

  /** What was made in a scope and may still be there; see {@link Births#in}. */
  <B extends Birth> List<B> in(BirthScope scope, Class<B> type, Predicate<B> wanted) {
    for (int looks = 1; ; looks++) {
      int before = added();
      List<B> births = look(scope, type, wanted);
      if (looks == MOST_LOOKS || added() == before) {
        Set<Birth> met = Collections.newSetFromMap(new IdentityHashMap<>());
        births.removeIf(birth -> !met.add(birth)); // one that is handed up may be in two scopes
        return births;
      }
    }
  }

  /** Of all scopes, as what a thread makes may be another's than the thread is. */
  private int added() {
    BirthScope nobodys = unowned;
    int added = nobodys == null ? 0 : nobodys.added();
    for (WeakReference<BirthScope> reference : open) {
      BirthScope scope = reference.get();
      added += scope == null ? 0 : scope.added();
    }
    return added;
  }

  private <B extends Birth> List<B> look(BirthScope scope, Class<B> type, Predicate<B> wanted) {
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
}
