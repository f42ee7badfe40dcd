package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.objects.HiddenTimers;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.JdkServices;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.ThreadObjects;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import java.util.ArrayList;
import java.util.List;

/**
 * Timers and the JDK's own services that others hold as a scope opens, where these do not lead to
 * their threads. Groups of channels name no thread, so that only those in fields of the others
 * themselves are known.
 */
final class OlderTimers {

  private OlderTimers() {}

  /**
   * Those that a scope's surroundings lead to now; none is looked for if no thread of one lives.
   */
  static List<Object> of(Scope scope, Shared shared) {
    Reading reading = scope.baseline().reading();
    if (!HiddenTimers.mayBe() || shared.isWithoutTimers(reading)) {
      return List.of();
    }
    List<Thread> live = LiveThreads.all();
    if (live.stream().noneMatch(OlderTimers::isThread)) {
      shared.withoutTimers(reading);
      return List.of();
    }
    List<Object> owners = new ArrayList<>();
    List<Class<?>> statics = new ArrayList<>();
    live.forEach(thread -> owners.addAll(ThreadObjects.of(thread)));
    add(scope.options(), owners, statics);
    for (Scope outer = scope.parent(); outer != null; outer = outer.parent()) {
      owners.addAll(outer.instances());
      statics.addAll(outer.classes());
      add(outer.options(), owners, statics);
    }
    return ObjectGraph.reach(owners, statics).stream()
        .map(Holding::object)
        .filter(held -> HiddenTimers.isOne(held) || JdkServices.isHidden(held))
        .toList();
  }

  private static boolean isThread(Thread thread) {
    return HiddenTimers.isThread(thread) || JdkServices.sortByName(thread) != null;
  }

  private static void add(ScopeOptions options, List<Object> owners, List<Class<?>> statics) {
    List<Object> others = new ArrayList<>(options.others().get());
    others.addAll(options.closedLater().get());
    for (Object other : others) {
      if (other instanceof Class<?> type) {
        statics.add(type);
      } else {
        owners.add(other);
      }
    }
  }
}
