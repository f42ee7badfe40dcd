package dev.leakcheck.capture.objects;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A way on which a thread was found, to find others of the same owner on, such as the next workers
 * of a pool. Nothing is taken for granted: each object on it is asked anew whether it leads to the
 * next. So it tells what a look through everything would, and costs as much as the way is long.
 * Holds nothing on the way; immutable.
 */
public final class KnownWay {

  private static final Pattern ELEMENT = Pattern.compile("\\[\\d+\\]");

  /** Nearest first; the JDK's are not among them, but for a root. */
  private final List<WeakReference<Object>> objects = new ArrayList<>();

  /** Where the thread's owner is: the nearest object may be there for one thread alone. */
  private final int owner;

  private final long threadId;
  private final String path;

  private KnownWay(List<Object> way, long threadId, String path) {
    way.forEach(object -> objects.add(new WeakReference<>(object)));
    this.owner = Math.min(1, objects.size() - 1);
    this.threadId = threadId;
    this.path = ELEMENT.matcher(path).replaceAll("[...]");
  }

  /**
   * The way to a thread.
   *
   * @param way the objects that lead to it, nearest first, and what all began with
   * @param threadId its id
   * @param path how it was reached
   * @return the way
   */
  public static KnownWay of(List<Object> way, long threadId, String path) {
    return new KnownWay(way, threadId, path);
  }

  /** The thread to which it led at first. */
  public long threadId() {
    return threadId;
  }

  /** How it leads to a thread, without numbers of elements. */
  public String path() {
    return path;
  }

  /**
   * Whether it is a way to the same owner's threads.
   *
   * @param other another way
   * @return false if it may lead to other threads
   */
  public boolean isLike(KnownWay other) {
    Object mine = objects.get(owner).get();
    Object nearest = objects.get(0).get();
    Object others = other.objects.get(0).get();
    return mine != null
        && mine == other.objects.get(other.owner).get()
        && nearest != null
        && others != null
        && nearest.getClass() == others.getClass();
  }

  /**
   * Whether all that is on it is there, and nothing that is not to be followed.
   *
   * @param isRoot whether what it begins with, an object or a class, is still to be followed
   * @param isClosed what is not
   * @return true if each object leads to the next as far as the owner
   */
  public boolean holds(Predicate<Object> isRoot, Predicate<Object> isClosed) {
    Object to = null;
    for (int i = owner; i < objects.size(); i++) {
      Object object = objects.get(i).get();
      boolean isLast = i == objects.size() - 1;
      if (object == null || (isLast ? !isRoot.test(object) : isClosed.test(object))) {
        return false;
      }
      if (to != null && !leads(object, to)) {
        return false;
      }
      to = object;
    }
    return true;
  }

  private static boolean leads(Object from, Object to) {
    return !GraphSearch.near(from, object -> false, object -> object == to).isEmpty();
  }

  /**
   * The way to another thread, if the owner has it as it had the first: in itself, or in an object
   * of the same class.
   *
   * @param thread a thread
   * @return the objects that lead to it, as they are on this way, or null if there is none; none
   *     leads to an element of a collection, which may be anybody's
   */
  public @Nullable List<Object> wayTo(Thread thread) {
    List<Object> there = new ArrayList<>();
    objects.subList(owner, objects.size()).forEach(object -> there.add(object.get()));
    Object nearest = objects.get(0).get();
    if (nearest == null || there.stream().anyMatch(Objects::isNull)) {
      return null;
    }
    Class<?> through = owner == 0 ? null : nearest.getClass();
    for (Holding found :
        GraphSearch.near(
            there.get(0), object -> object.getClass() == through, object -> object == thread)) {
      if (!found.isElement()) {
        List<Object> way = new ArrayList<>(found.way());
        way.removeIf(object -> object == there.get(0));
        way.addAll(there);
        return way;
      }
    }
    return null;
  }

  /** Whether what it leads through is gone. */
  public boolean isGone() {
    return objects.stream().anyMatch(object -> object.get() == null);
  }
}
