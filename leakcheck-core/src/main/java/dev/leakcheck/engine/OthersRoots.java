package dev.leakcheck.engine;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.ThreadObjects;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * With what somebody else's objects begin: other extensions and their classes, and threads that are
 * older than the scope; and what is the test's own, so that nothing is followed through it. As of
 * when it is made. Used by one thread.
 */
final class OthersRoots {

  private final Suspicion check;
  private final Scope scope;
  private final List<Object> extensions;
  private final List<Class<?>> classes;
  private final List<Object> threads = new ArrayList<>();
  private final List<Object> own = new ArrayList<>();
  private final List<Object> ownStatics = new ArrayList<>();
  private final List<Object> ownValues = new ArrayList<>();

  OthersRoots(Suspicion check) {
    this.check = check;
    this.scope = check.scope();
    Owners.Roots roots = Owners.Roots.of(scope.options().others().get());
    this.extensions = roots.instances();
    this.classes = roots.classes();
    extensions.forEach(extension -> addStatics(extension.getClass()));
    for (Thread thread : LiveThreads.all()) {
      if (isOlder(thread)) {
        threads.addAll(ThreadObjects.of(thread));
      }
    }
    // What leads through the test's own objects is the test's, whoever knows the test.
    for (Scope around = scope; around != null; around = around.parent()) {
      List<Object> watched = around.instances();
      own.addAll(watched);
      ownStatics.addAll(ObjectGraph.values(List.of(), around.classes()));
      ownValues.addAll(ObjectGraph.values(watched, around.classes()));
    }
    extensions.removeIf(this::isOwnValue);
    threads.removeIf(this::isOwnValue);
  }

  private boolean isOwnValue(Object object) {
    return isAmong(object, ownValues);
  }

  /** Other extensions. */
  List<Object> extensions() {
    return extensions;
  }

  /** The classes whose static fields are followed. */
  List<Class<?>> classes() {
    return classes;
  }

  /** What threads that are older work with. */
  List<Object> threads() {
    return threads;
  }

  /** The test's own objects, and those of the scopes around it. */
  List<Object> own() {
    return own;
  }

  /** What static fields of theirs hold. */
  List<Object> ownStatics() {
    return ownStatics;
  }

  boolean isOwn(Object object) {
    return isAmong(object, own);
  }

  boolean isExtension(Object object) {
    return isAmong(object, extensions);
  }

  /** Whether it is one of them, an object or a class. */
  boolean has(Object root) {
    return isExtension(root) || isAmong(root, classes) || isAmong(root, threads);
  }

  private void addStatics(Class<?> extension) {
    for (Class<?> type = extension;
        type != null && !Fields.isJdk(type) && !isWatched(type);
        type = type.getSuperclass()) {
      classes.add(type);
    }
  }

  private boolean isWatched(Class<?> type) {
    return scope.watchesStatics(type.getName()) || scope.isInStaticsWatcher(type.getName());
  }

  static boolean isAmong(Object object, List<?> objects) {
    return objects.stream().anyMatch(one -> one == object);
  }

  /**
   * One that works for several scopes at once may have started one that is none's, and new. What
   * was known of a thread is forgotten once it has ended, so that this is asked last.
   */
  private boolean isOlder(Thread thread) {
    long id = LiveThreads.id(thread);
    return id != check.checkerId()
        && (check.outside().contains(id)
            || !(check.newcomers().isNewPlatform(id) || check.born().isLater(thread)))
        && AskThread.state(thread) != Thread.State.TERMINATED;
  }
}
