package dev.leakcheck.capture.record;

import dev.leakcheck.capture.objects.WorkerExecutors;
import java.lang.ref.WeakReference;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Whose a thing is.
 *
 * <p>A thing belongs to the scope that the thread which makes it works for: the innermost scope
 * that the thread entered, or else the scope in which the thread was started itself. Threads from
 * before, and those of a fixture, work for whichever scope is open inside theirs; with several open
 * at once it cannot be told for which, and what they make belongs to the scope around all of these.
 * What a leak makes that was reported, after its scope, is nobody's. Where a thread works for
 * nobody that a scope was opened on, what it starts is that scope's if it is the initialiser of a
 * class that the scope watches, or code that gives its tests their arguments.
 *
 * <p>Has no state of its own. Thread-safe; takes no lock.
 */
final class Ownership {

  private final Places places;
  private final OpenScopes scopes;

  Ownership(Places places, OpenScopes scopes) {
    this.places = places;
    this.scopes = scopes;
  }

  /** The birth of something in the scope that it turned out to belong to. */
  interface Recorder {

    /**
     * Makes the birth.
     *
     * @param scope whose it is
     * @param shared whether it may as well be another scope's
     * @return the birth
     */
    Birth birth(BirthScope scope, boolean shared);

    /** Makes the birth of what a thread makes that is not of the innermost scopes. */
    default Birth birthOfOutsider(BirthScope scope, boolean shared) {
      return birth(scope, shared);
    }

    /** Whether it is of interest what threads make that are not of the innermost scopes. */
    default boolean isOfOutsiders() {
      return true;
    }
  }

  // Of what is being made

  /** Records what the current thread makes in the scope that it belongs to, if any. */
  void add(Recorder recorder) {
    add(recorder, false, null);
  }

  /**
   * The same of what goes on until somebody stops it. Where code makes such a thing that gives
   * tests their arguments, it is theirs. What only lies there, such as a filled queue, may be an
   * argument itself, and is kept by JUnit for longer than the tests.
   */
  void addRunning(Recorder recorder) {
    add(recorder, true, null);
  }

  /**
   * The same of a task. What a task of a scope gives to the older executor or timer that runs it is
   * the scope's as well; whatever else such a thread makes may be for whichever scope is open.
   *
   * @param giver the task that the current thread runs, or ran last, if that is a scope's
   */
  void addTask(Recorder recorder, @Nullable AnyTaskBirth giver) {
    add(recorder, false, giver);
  }

  private void add(Recorder recorder, boolean running, @Nullable AnyTaskBirth giver) {
    Places.Place place = places.current();
    if (place != null) {
      BirthScope working = place.works();
      // What belongs to nobody may be the first to touch a class that somebody watches.
      BirthScope scope = working == null ? scopes.initializing() : working;
      if (scope == null && running) {
        scope = givingArguments(place);
      }
      if (scope != null) {
        scope.add(recorder.birth(scope, false));
      }
      return;
    }
    OpenScopes.Held held = scopes.held(new Birth.Key(Thread.currentThread()));
    BirthScope holder = held == null ? null : held.scope();
    Birth birth = held == null ? null : held.birth();
    if (holder != null && birth != null && comesOfLeak(birth)) {
      Birth nobodys = recorder.birth(holder, false).by(birth);
      nobodys.disown();
      holder.add(nobodys);
      return;
    }
    BirthScope own = holder == scopes.unowned() || isSharedByAll(birth) ? null : holder;
    if (own != null && !scopes.hasInner(own, scope -> true)) {
      own.add(recorder.birth(own, false).by(birth).madeBy(birth));
    } else if (!addLink(recorder, giver) && recorder.isOfOutsiders()) {
      addFromOutside(recorder, own, birth);
    }
  }

  /**
   * Whether what the current thread makes belongs to the scope that made an executor, which has no
   * scope open inside it.
   */
  boolean isOwn(OpenScopes.Held executor) {
    if (executor.birth().isAnswered()) {
      return false;
    }
    Places.Place place = places.current();
    if (place != null) {
      return place.works() == executor.scope();
    }
    OpenScopes.Held maker = scopes.held(new Birth.Key(Thread.currentThread()));
    return maker != null
        && maker.scope() == executor.scope()
        && maker.scope() != scopes.unowned()
        && !comesOfLeak(maker.birth())
        && !isSharedByAll(maker.birth());
  }

  /** Records what a task of a scope gives; false if that is no link of a chain. */
  private boolean addLink(Recorder recorder, @Nullable AnyTaskBirth giver) {
    BirthScope scope = giver == null ? null : scopes.holder(giver);
    Thread thread = Thread.currentThread();
    Object place = giver instanceof TimerTaskBirth ? thread : WorkerExecutors.of(thread);
    if (giver == null
        || scope == null
        || place == null
        || !giver.mayLead(place)
        || !(recorder.birth(scope, false) instanceof AnyTaskBirth link)) {
      return false;
    }
    if (giver.isNobodys()) {
      link.disown();
    }
    scope.add(link.givenBy(giver, place));
    return true;
  }

  /** The scope whose tests are being given arguments by code that runs now, or null. */
  private static @Nullable BirthScope givingArguments(Places.Place innermost) {
    for (Places.Place place = innermost; place != null; place = place.outer()) {
      BirthScope owner = place.owner().get();
      if (owner != null && !owner.givers().isEmpty()) {
        return ArgumentCode.runs(owner.givers()) ? owner : null;
      }
    }
    return null;
  }

  /** A leak goes on after its scope, but not on behalf of the scopes that come later. */
  private static boolean comesOfLeak(Birth birth) {
    return birth.isLeaked()
        || birth.isNobodys()
        || (birth instanceof ThreadBirth thread
            && thread.executor() != null
            && thread.executor().isLeaked());
  }

  private static boolean isSharedByAll(@Nullable Birth birth) {
    ExecutorBirth executor = birth instanceof ThreadBirth thread ? thread.executor() : null;
    return executor != null && executor.isStatic();
  }

  /** Made by a thread that is not of the innermost scopes: it may work for any of them. */
  private void addFromOutside(
      Recorder recorder, @Nullable BirthScope around, @Nullable Birth maker) {
    BirthScope common = null;
    int candidates = 0;
    for (WeakReference<BirthScope> reference : scopes.all()) {
      BirthScope scope = reference.get();
      if (scope != null
          && scope.isEntered()
          && scope.isWithin(around)
          && !scopes.hasInner(scope, BirthScope::isEntered)) {
        common = candidates++ == 0 ? scope : common(common, scope);
      }
    }
    if (candidates == 0) {
      common = around;
    }
    if (common == null && (candidates > 0 || scopes.isWatched())) {
      common = scopes.unowned();
    }
    BirthScope beside = besideOthers(common);
    if (beside != null) {
      beside.add(recorder.birthOfOutsider(beside, true).by(maker));
    } else if (common != null) {
      common.add(recorder.birthOfOutsider(common, candidates > 1).by(maker));
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

  // Of what was made

  /** Whether code of other scopes ran at the same time; see {@link Births#isOverlapped}. */
  static boolean isOverlapped(BirthScope scope) {
    return besideOthers(scope) != null || scope.hasMet();
  }

  /** Whether an object was made in a scope, or in a scope inside it. */
  boolean isIn(Object object, BirthScope scope) {
    OpenScopes.Held held = scopes.held(new Birth.Key(object));
    if (held == null) {
      return false;
    }
    if (scope.kind() == BirthScope.Kind.FOR_ALL) {
      return held.birth().number() > scope.openedAt();
    }
    return held.scope().isWithin(scope) || held.scope() == scopes.unowned();
  }

  /** Whether an object was made in a scope neither around the given one nor inside it. */
  boolean isBeside(Object object, BirthScope scope) {
    BirthScope holder = scopes.holder(new Birth.Key(object));
    return holder != null && !holder.isWithin(scope) && !scope.isWithin(holder);
  }

  /** Who answers for what becomes of an object; see {@link Births#owner}. */
  @Nullable Owner owner(Object object) {
    OpenScopes.Held held = scopes.held(new Birth.Key(object));
    return held == null
            || comesOfLeak(held.birth())
            || (object instanceof FutureTask && held.birth().hasOutlived())
        ? null
        : new Owner(held.scope(), held.birth());
  }

  /** Whether a scope is an owner's, or around that. */
  boolean answers(Owner owner, BirthScope scope) {
    if (scope.kind() == BirthScope.Kind.FOR_ALL) {
      return owner.number() > scope.openedAt();
    }
    BirthScope holder = owner.scope();
    if (holder != null && holder.kind() == BirthScope.Kind.FOR_ALL) {
      return scope.parent() == null
          && scopes.isLastOutermost(scope)
          && owner.number() > scope.openedAt();
    }
    return holder != null && holder.isWithin(scope);
  }
}
