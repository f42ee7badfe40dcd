package dev.leakcheck.junit5;

import dev.leakcheck.integration.TestScope;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstances;

/**
 * When the user's own constructors and methods run, and when other extensions do. In between all
 * scopes are paused. Thread-safe.
 */
final class UserCode {

  private int running;
  private boolean fixtureRan;
  private @Nullable TestScope innermost;
  private TestScope.@Nullable Pause pause;

  /** Weakly: a check in a pause asks whether anything else refers to what they hold. */
  private List<WeakReference<Object>> instances = new ArrayList<>();

  /** The scope whose objects are looked at when a pause begins: the last that was opened. */
  synchronized void innermost(@Nullable TestScope scope) {
    innermost = scope;
  }

  /**
   * It begins.
   *
   * @param context whose test instances it works on
   * @param scope the scope that it works for, or null if there is none
   * @return to be closed when it ends
   */
  TestScope.Entry enter(ExtensionContext context, @Nullable TestScope scope) {
    List<Object> known =
        context.getTestInstances().map(TestInstances::getAllInstances).orElse(List.of());
    synchronized (this) {
      // Under the lock: what the user's code makes on another thread is made after the pause.
      endPause();
      running++;
      instances = new ArrayList<>();
      known.forEach(this::built);
    }
    if (scope == null) {
      return this::leave;
    }
    TestScope.Entry entry = scope.enter();
    return () -> {
      entry.close();
      leave();
    };
  }

  /** What a test instance's fields hold when a pause begins was made before, at any level. */
  synchronized void built(Object instance) {
    instances.add(new WeakReference<>(instance));
  }

  /** It ends: what comes now is other extensions'. */
  private synchronized void leave() {
    running--;
    between();
  }

  /** Pauses all scopes, unless it runs. */
  synchronized void between() {
    TestScope scope = innermost;
    if (running == 0 && pause == null && scope != null) {
      List<Object> alive = new ArrayList<>();
      for (WeakReference<Object> reference : instances) {
        Object instance = reference.get();
        if (instance != null) {
          alive.add(instance);
        }
      }
      pause = scope.pause(alive);
    }
  }

  synchronized void endPause() {
    if (pause != null) {
      pause.close();
      pause = null;
    }
  }

  /** A fixture was set up: executors it made are no test's, though they may have no thread yet. */
  synchronized void fixtureRan() {
    fixtureRan = true;
  }

  void listExecutorsAfterFixture() {
    boolean list;
    synchronized (this) {
      list = fixtureRan;
      fixtureRan = false;
    }
    if (list) {
      TestScope.listExecutors();
    }
  }
}
