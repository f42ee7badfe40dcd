package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.ClassConstants;
import dev.leakcheck.capture.objects.HiddenTimers;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.tier.Program;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What is there for as long as a class is, which no test can be asked to stop, with the threads and
 * pools of its own: singletons that the scope's objects lead to and, where it is not recorded what
 * makes things, constants of the program's classes. No scope answers for these: not one that is
 * checked later, whose objects do not lead there. What classes hold that a scope watches is theirs
 * to answer for. Used by one thread.
 */
final class ClassesOwn {

  private final Suspicion check;
  private final Scope scope;
  private final Set<String> mentioned = new LinkedHashSet<>();

  ClassesOwn(Suspicion check) {
    this.check = check;
    this.scope = check.scope();
  }

  private boolean isWatched(Class<?> type) {
    return scope.watchesStatics(type.getName()) || scope.isInStaticsWatcher(type.getName());
  }

  /** Whether an executor is its class's one for everybody. */
  boolean isSingleton(ExecutorService executor) {
    return StaticFields.isSingleton(executor, this::isWatched);
  }

  /** Sentences about constants that came in the scope and are left alone. */
  Collection<String> mentioned() {
    return mentioned;
  }

  /**
   * All that is there now.
   *
   * @param reachable what the scope's objects lead to
   */
  Set<Object> all(List<Holding> reachable) {
    Set<Object> all = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Holding held : reachable) {
      if (held.object() instanceof ExecutorService executor && isSingleton(executor)) {
        add(executor, all);
      }
    }
    if (!check.tier().isExact(scope)) {
      addConstants(all);
    }
    return all;
  }

  /**
   * The class of the program's that keeps an executor, or the timer of a thread, for everybody, or
   * null if none does.
   */
  @Nullable Class<?> keeper(Object executor) {
    return check.shared().constants().of(Program.of(scope).own()).stream()
        .filter(
            constant ->
                constant.object() == executor || HiddenTimers.thread(constant.object()) == executor)
        .map(constant -> constant.field().getDeclaringClass())
        .findFirst()
        .orElse(null);
  }

  private void addConstants(Set<Object> all) {
    for (ClassConstants.Constant constant :
        check.shared().constants().of(Program.of(scope).own())) {
      Object object = constant.object();
      if (isNew(object)) {
        mentioned.add(
            OthersThings.what(object)
                + " made once for a class: final static field "
                + constant.field().getDeclaringClass().getName()
                + "."
                + constant.field().getName());
      }
      add(object, all);
    }
  }

  private boolean isNew(Object object) {
    return object instanceof Thread thread
        ? thread.isAlive() && check.newcomers().isNewPlatform(LiveThreads.id(thread))
        : object instanceof ExecutorService executor
            && !WorkerExecutors.hidesAnother(executor)
            && check.newcomers().mayBeNew(executor);
  }

  private void add(Object object, Set<Object> all) {
    addPart(object, all);
    if (object instanceof Timer timer) {
      all.add(timer);
      addPart(HiddenTimers.thread(timer), all);
    } else if (object instanceof Executor) {
      ObjectGraph.values(List.of(object), List.of()).forEach(part -> addPart(part, all));
    }
  }

  private void addPart(@Nullable Object part, Set<Object> all) {
    if (part instanceof ExecutorService executor) {
      all.add(executor);
      all.add(WorkerExecutors.unwrap(executor));
      check.outside().add(Identity.of(WorkerExecutors.unwrap(executor)));
    } else if (part instanceof Thread thread) {
      all.add(thread);
      check.outside().add(LiveThreads.id(thread));
    }
  }
}
