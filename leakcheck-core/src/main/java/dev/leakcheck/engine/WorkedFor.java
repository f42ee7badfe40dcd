package dev.leakcheck.engine;

import dev.leakcheck.capture.base.ClassMentions;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.ThreadObjects;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The object that a thread works for, where no call of the user's is known: a library started the
 * thread from an older one of its own, such as a server that starts on a thread of a pool, or no
 * agent tells who started it, and it runs a library's code alone. It is of a class that the tests'
 * code names and can stop; the thread leads to it, and it to the thread, or it is what the thread
 * is or runs itself. Used by one thread.
 */
final class WorkedFor {

  /** Each of them is followed. */
  private static final int MOST_OBJECTS = 50;

  private final Stops stops = new Stops();
  private final Set<String> named = new HashSet<>();
  private final List<Class<?>> tests = new ArrayList<>();

  private WorkedFor(Scope scope) {
    for (Scope around = scope; around != null; around = around.parent()) {
      tests.addAll(around.classes());
    }
    for (Class<?> test : tests) {
      ClassMentions mentions = ClassMentions.of(test.getName());
      named.addAll(mentions == null ? Set.of() : mentions.classes());
    }
  }

  /**
   * Such objects.
   *
   * @param live threads that are left
   * @param origins where threads were made
   * @param librarys those that run a library's code alone, by their ids
   * @return by the thread's id; nothing of a thread with several such objects
   */
  static Map<Long, Holder> holders(
      Scope scope, List<Thread> live, Map<Long, Origin> origins, Set<Long> librarys) {
    List<Thread> alone =
        live.stream()
            .filter(
                it -> {
                  Origin origin = origins.get(LiveThreads.id(it));
                  return origin instanceof Origin.Known
                      ? isLibrarysAlone(origin)
                      : librarys.contains(LiveThreads.id(it));
                })
            .toList();
    return alone.isEmpty() ? Map.of() : new WorkedFor(scope).holders(alone);
  }

  private static boolean isLibrarysAlone(@Nullable Origin origin) {
    return origin instanceof Origin.Known known
        && known.maker() != null
        && known.maker().librarys()
        && known.maker().caller() == null;
  }

  private Map<Long, Holder> holders(List<Thread> threads) {
    List<Object> work = threads.stream().flatMap(it -> ThreadObjects.of(it).stream()).toList();
    List<Object> found = ObjectGraph.ofTypes(work, List.of(), List.of(), this::isToBeStopped);
    Map<Long, Holder> holders = new HashMap<>();
    if (found.size() > MOST_OBJECTS) {
      return holders;
    }
    Set<Long> ofSeveral = new HashSet<>();
    for (Object object : found) {
      for (Object thread : ObjectGraph.reached(List.of(object), List.of(), List.of(), threads)) {
        long id = LiveThreads.id((Thread) thread);
        if (holders.put(id, holder(object)) != null) {
          ofSeveral.add(id);
        }
      }
    }
    holders.keySet().removeAll(ofSeveral);
    for (Thread thread : threads) {
      List<Object> own = ThreadObjects.of(thread);
      found.stream()
          .filter(object -> own.stream().anyMatch(one -> one == object))
          .findFirst()
          .ifPresent(object -> holders.put(LiveThreads.id(thread), holder(object)));
    }
    return holders;
  }

  private boolean isToBeStopped(Class<?> type) {
    return !Fields.isJdk(type)
        && stop(type) != null
        && Stops.withSupertypes(type).stream().anyMatch(it -> named.contains(it.getName()));
  }

  private @Nullable String stop(Class<?> type) {
    return tests.stream()
        .map(test -> stops.ofObject(type, test))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private Holder holder(Object object) {
    Class<?> type = object.getClass();
    String stop = String.valueOf(stop(type));
    String name = Identity.of(object);
    String path = name.substring(name.lastIndexOf('.') + 1) + ", which its threads work for";
    return new Holder(
        path + " (where it was made is not known)",
        new Holder.Owner(
            path,
            type.getName(),
            stop,
            stop.equals("close") && AutoCloseable.class.isAssignableFrom(type)),
        type.getName());
  }
}
