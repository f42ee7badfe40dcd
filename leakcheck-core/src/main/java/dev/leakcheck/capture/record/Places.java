package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.Jdk;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What each thread works for, as far as it entered a scope or opened one. Refers to scopes weakly:
 * one that its owner dropped without closing it is passed over.
 *
 * <p>Thread-safe without a lock: a thread's places are an immutable list that the map replaces as a
 * whole. Only the thread itself adds to it; whoever closes a scope takes away from that of the
 * thread which opened it. A hook reads it, and neither waits nor allocates for that.
 */
final class Places {

  /** By the id of the thread, innermost first. Threads that entered nothing are out. */
  private final Map<Long, Place> places = new ConcurrentHashMap<>();

  /**
   * What a thread works for.
   *
   * @param scope the scope, or null if what the thread makes belongs to nobody
   * @param owner the scope on whose behalf this was said
   * @param outer what it worked for before
   */
  record Place(
      @Nullable WeakReference<BirthScope> scope,
      WeakReference<BirthScope> owner,
      @Nullable Place outer) {

    /** The innermost place whose owner is not gone. */
    private static @Nullable Place valid(@Nullable Place innermost) {
      Place place = innermost;
      while (place != null && place.owner.refersTo(null)) {
        place = place.outer;
      }
      return place;
    }

    /** The scope, or null if what the thread makes belongs to nobody. */
    @Nullable BirthScope works() {
      return scope == null ? null : scope.get();
    }

    /** Without the innermost place of an owner, and without places whose owner is gone. */
    private static @Nullable Place without(@Nullable Place place, BirthScope owner, boolean entry) {
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

  /** The current thread works for a scope from now on. */
  void workFor(BirthScope scope) {
    push(new WeakReference<>(scope), scope);
  }

  /**
   * What the current thread makes from now on belongs to nobody; a scope that was opened says so.
   */
  void workForNobody(BirthScope opened) {
    push(null, opened);
  }

  private void push(@Nullable WeakReference<BirthScope> scope, BirthScope owner) {
    places.compute(currentId(), (id, outer) -> new Place(scope, new WeakReference<>(owner), outer));
  }

  /** The current thread does not work for a scope any more that it entered. */
  void leave(BirthScope scope) {
    places.computeIfPresent(currentId(), (id, place) -> Place.without(place, scope, true));
  }

  /** Nor does the thread that opened a scope, which is being closed by whichever thread. */
  void close(BirthScope scope) {
    places.computeIfPresent(
        scope.openedBy(),
        (id, place) -> Place.without(place, scope, scope.kind() == BirthScope.Kind.BY_THREAD));
  }

  /** What the current thread works for, or null if it entered nothing. */
  @Nullable Place current() {
    return Place.valid(places.get(currentId()));
  }

  /** The scope that the current thread works for, as far as it entered one. */
  @Nullable BirthScope working() {
    Place place = current();
    return place == null ? null : place.works();
  }

  private static long currentId() {
    return Jdk.threadId(Thread.currentThread());
  }
}
