package dev.leakcheck.inspect;

import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.TaskScopes;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.capture.threads.ThreadDump.Container;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.scope.Scope;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds structured task scopes that the thread which opened a scope has opened since and not
 * closed. No other thread's are looked at: such a thread may be at work for somebody else, and when
 * it ends the JDK closes what it left open.
 *
 * <p>With the agent the thread is asked itself. Without one, only a thread dump lists task scopes,
 * and none is taken for them: one is there when the scope is not brief or forked anything. None was
 * taken either when a brief scope opened, so that an earlier one may have left what it lists: a
 * brief scope answers only for a task scope in which a thread of its own is still alive.
 */
final class UnclosedTaskScopeInspector implements Inspector {

  /**
   * A thread that opened a scope.
   *
   * @param thread its id
   * @param asked whether it could be asked what it has open
   * @param innermost what it had open, or null
   */
  private record Opened(long thread, boolean asked, @Nullable WeakReference<Object> innermost) {

    @Nullable Object since() {
      return innermost == null ? null : innermost.get();
    }
  }

  @Override
  public Object opening(Opening opening) {
    Object innermost = TaskScopes.innermost();
    return new Opened(
        LiveThreads.id(Thread.currentThread()),
        TaskScopes.available(),
        innermost == null ? null : new OwnReference<>(innermost));
  }

  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    return opened instanceof Opened before
        && before.asked
        && !check.scope().options().isUnattributed()
        && LiveThreads.id(Thread.currentThread()) == before.thread
        && TaskScopes.innermost() != before.since();
  }

  @Override
  public List<Symptom> inspect(Check check, @Nullable Object opened) {
    if (!(opened instanceof Opened before)
        || check.checkerId() != before.thread
        || check.scope().options().isUnattributed()) {
      return List.of();
    }
    List<Container> left =
        before.asked ? TaskScopes.openedSince(before.since()) : listed(check, before.thread);
    return left.stream().map(UnclosedTaskScopeInspector::symptom).toList();
  }

  private static Symptom symptom(Container scope) {
    return new UnclosedTaskScope(
        scope.name(), Thread.currentThread().getName(), Set.copyOf(scope.threads()));
  }

  /** Those in the last dump that this check took. */
  private static List<Container> listed(Check check, long owner) {
    ThreadDump dump = check.lastDump();
    List<Container> scopes = new ArrayList<>();
    if (dump != null && !check.isFieldsOnly()) {
      for (Container container : dump.containers()) {
        Long owned = container.owner();
        if (owned != null
            && owned == owner
            && check.isOurs(container.name())
            && isTold(container, check.scope())) {
          scopes.add(new Container(container.name(), owned, forkedIn(container, dump)));
        }
      }
    }
    return scopes;
  }

  private static boolean isTold(Container container, Scope scope) {
    return !scope.options().isBrief()
        || container.threads().stream().anyMatch(scope.baseline()::isNewVirtualThread);
  }

  /** Its threads, those of the scopes that these have opened, and so on. */
  private static List<Long> forkedIn(Container container, ThreadDump dump) {
    Set<Long> ids = new HashSet<>(container.threads());
    Deque<Long> left = new ArrayDeque<>(ids);
    Long id;
    while ((id = left.poll()) != null) {
      for (Container inner : dump.containers()) {
        if (id.equals(inner.owner())) {
          inner.threads().stream().filter(ids::add).forEach(left::add);
        }
      }
    }
    return List.copyOf(ids);
  }
}
