package dev.leakcheck.junit5;

import dev.leakcheck.integration.TestScope;
import org.jspecify.annotations.Nullable;

/**
 * When the user's own constructors and methods run, and when other extensions do. In between all
 * scopes are paused. Thread-safe.
 */
final class UserCode {

  private int running;
  private boolean fixtureRan;
  private @Nullable TestScope innermost;
  private TestScope.@Nullable Pause pause;

  /** The scope whose objects are looked at when a pause begins: the last that was opened. */
  synchronized void innermost(@Nullable TestScope scope) {
    innermost = scope;
  }

  /**
   * It begins.
   *
   * @param scope the scope that it works for, or null if there is none
   * @return to be closed when it ends
   */
  TestScope.Entry enter(@Nullable TestScope scope) {
    synchronized (this) {
      // Under the lock: what the user's code makes on another thread is made after the pause.
      endPause();
      running++;
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

  /** It ends: what comes now is other extensions'. */
  private synchronized void leave() {
    running--;
    between();
  }

  /** Pauses all scopes, unless it runs. */
  synchronized void between() {
    TestScope scope = innermost;
    if (running == 0 && pause == null && scope != null) {
      pause = scope.pause();
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
