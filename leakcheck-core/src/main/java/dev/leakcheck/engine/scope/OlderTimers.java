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
 * their threads. Groups of channels do not name their threads: of these only what the fields of a
 * scope's owners hold themselves is sure to be known.
 */
final class OlderTimers {

  private OlderTimers() {}

  /**
   * Those that a scope's surroundings lead to now. Where no thread of one lives that is known by
   * its name, only fields of the scopes around are read.
   */
  static List<Object> of(Scope scope, Shared shared) {
    if (!HiddenTimers.mayBe()) {
      return List.of();
    }
    List<Object> owners = new ArrayList<>();
    List<Class<?>> statics = new ArrayList<>();
    for (Scope outer = scope.parent(); outer != null; outer = outer.parent()) {
      owners.addAll(outer.instances());
      statics.addAll(outer.classes());
    }
    List<Thread> live = liveIfAny(scope.baseline().reading(), shared);
    if (live.isEmpty()) {
      return hidden(ObjectGraph.direct(owners, statics));
    }
    live.forEach(thread -> owners.addAll(ThreadObjects.of(thread)));
    for (Scope around = scope; around != null; around = around.parent()) {
      add(around.options(), owners, statics);
    }
    return hidden(ObjectGraph.reach(owners, statics));
  }

  /** The live threads; empty if none is that of a timer or a service. */
  private static List<Thread> liveIfAny(Reading reading, Shared shared) {
    if (shared.isWithoutTimers(reading)) {
      return List.of();
    }
    List<Thread> live = LiveThreads.all();
    if (live.stream().noneMatch(OlderTimers::isThread)) {
      shared.withoutTimers(reading);
      return List.of();
    }
    return live;
  }

  private static List<Object> hidden(List<Holding> holdings) {
    List<Object> hidden = new ArrayList<>();
    for (Holding holding : holdings) {
      Object held = holding.object();
      if (HiddenTimers.isOne(held) || JdkServices.isHidden(held)) {
        hidden.add(held);
      }
    }
    return hidden;
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
