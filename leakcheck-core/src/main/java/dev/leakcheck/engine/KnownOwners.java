package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.GraphSearch;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.KnownWay;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.tier.MadeBy;
import dev.leakcheck.model.Stacks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else's objects that had threads when that was last looked for, and may have more now, as
 * a server's pool has: asked before all that others' objects lead to is gone through. What they
 * have that way is theirs, as it is when all is gone through. Used by one thread.
 */
final class KnownOwners {

  /** So many objects are followed to find one that is not known. */
  private static final int MOST = 10_000;

  private final Suspicion check;
  private final TestsOwn testsOwn;
  private final Map<KnownWay, Boolean> hold = new IdentityHashMap<>();
  private final Set<String> sought = new HashSet<>();
  private final Map<Thread, String> paths = new LinkedHashMap<>();
  private @Nullable OthersRoots roots;

  KnownOwners(Suspicion check) {
    this.check = check;
    this.testsOwn = new TestsOwn(check);
  }

  /** Whether one of them has a new thread, and made it where that is recorded. */
  boolean have(Thread thread) {
    if (areKnown(thread)) {
      return true;
    }
    if (seek(thread)) {
      hold.clear();
      return areKnown(thread);
    }
    return false;
  }

  private boolean areKnown(Thread thread) {
    for (KnownWay known : check.shared().knownWays().all()) {
      List<Object> way = known.wayTo(thread);
      if (way != null && hold.computeIfAbsent(known, this::holds) && isTheirs(way, thread)) {
        paths.put(thread, known.path());
        if (check.outside().contains(known.threadId())) { // no scope answers for that owner's
          check.outside().add(LiveThreads.id(thread));
        }
        return true;
      }
    }
    return false;
  }

  /** A server's objects, which are few, lead to its threads: those of the same library. */
  private boolean seek(Thread thread) {
    Class<?> type = thread.getClass();
    String home = Stacks.home(type.getName());
    if (Fields.isJdk(type) || !sought.add(home)) {
      return false;
    }
    List<Object> instances = new ArrayList<>(roots().extensions());
    instances.addAll(roots().threads());
    List<Holding> found =
        GraphSearch.soon(
            instances,
            roots().classes(),
            roots().own(),
            thread,
            object -> Stacks.home(object.getClass().getName()).equals(home),
            MOST);
    check.shared().knownWays().add(found, roots()::has);
    return !found.isEmpty();
  }

  private boolean isTheirs(List<Object> way, Thread thread) {
    return check
        .born()
        .birth(thread)
        .map(birth -> MadeBy.oneOf(way, birth, testsOwn::has))
        .orElse(true);
  }

  private boolean holds(KnownWay way) {
    return way.holds(roots()::has, roots()::isOwn);
  }

  private OthersRoots roots() {
    OthersRoots known = roots;
    if (known == null) {
      known = new OthersRoots(check);
      roots = known;
    }
    return known;
  }

  /** Sentences about the threads. */
  Set<String> mentioned() {
    return paths.entrySet().stream()
        .map(entry -> OthersThings.heldByOlder(entry.getKey(), entry.getValue()))
        .collect(Collectors.toSet());
  }
}
