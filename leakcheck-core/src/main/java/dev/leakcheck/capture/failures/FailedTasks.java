package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.base.WeakKey;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.Owner;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The future tasks of open scopes that ended with an exception, until somebody asks them. The
 * agent's hooks call this class.
 *
 * <p>Nobody can see an exception before {@code setException} is called, and everybody can once that
 * has returned. So a task is noted with its owner when the call begins, while it is sure to be
 * known, and with its exception when the call returns, unless it was asked or cancelled in between.
 * Holds tasks weakly; what failed remains a failure when the task is gone. Thread-safe; takes no
 * lock that user code may hold.
 */
public final class FailedTasks {

  private static final FailedTasks JVM = new FailedTasks(Births.jvm(), Failures.jvm());

  private static final int EXCEPTIONAL = 3;

  private final Births births;
  private final Failures failures;

  /** By its task, a failure, or whose it will be if it comes to that. */
  private final Map<Object, Object> tasks = new ConcurrentHashMap<>();

  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
  private volatile @Nullable Access access;

  /** Private fields of a future task. */
  private record Access(Field state, Field outcome, Field waiters) {}

  FailedTasks(Births births, Failures failures) {
    this.births = births;
    this.failures = failures;
  }

  /**
   * The failed tasks of this JVM.
   *
   * @return the one instance
   */
  public static FailedTasks jvm() {
    return JVM;
  }

  /**
   * A hook: a task is about to be given an exception by the thread that runs it.
   *
   * @param task a {@code FutureTask}
   */
  public void failing(Object task) {
    forgetCollected();
    Owner owner = births.isInScope() ? null : births.owner(task);
    if (owner != null && !isWaitedFor(task)) {
      tasks.put(new WeakKey(task, collected), owner);
    }
  }

  /** Whether somebody waits in {@code get()}, and so is about to be told. */
  private boolean isWaitedFor(Object task) {
    try {
      return access().waiters.get(task) != null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }

  private void forgetCollected() {
    Reference<?> gone;
    while ((gone = collected.poll()) != null) {
      tasks.remove(gone);
    }
  }

  /**
   * A hook: a task was given its exception, or was cancelled or done before.
   *
   * @param task a {@code FutureTask}
   */
  public void failed(Object task) {
    if (tasks.isEmpty()) {
      return;
    }
    WeakKey key = new WeakKey(task);
    if (!(tasks.get(key) instanceof Owner owner)) {
      return;
    }
    Failure failure = null;
    try {
      failure = failure(task, owner);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // An exception may throw when it is asked for its cause.
    }
    if (failure == null) {
      tasks.remove(key);
    } else if (!tasks.replace(key, owner, failure)) {
      failures.remove(failure);
    }
  }

  private @Nullable Failure failure(Object task, Owner owner) throws ReflectiveOperationException {
    Access known = access();
    if (known.state.getInt(task) != EXCEPTIONAL
        || !(known.outcome.get(task) instanceof Throwable exception)
        || Failure.isAskedFor(exception)) {
      return null;
    }
    return failures.add(
        Ask.isPeriodic(task) ? Failure.How.KEPT_BY_SCHEDULE : Failure.How.KEPT, exception, owner);
  }

  private Access access() throws ReflectiveOperationException {
    Access known = access;
    if (known == null) {
      known = new Access(field("state"), field("outcome"), field("waiters"));
      access = known;
    }
    return known;
  }

  private static Field field(String name) throws ReflectiveOperationException {
    Field field = FutureTask.class.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /**
   * A hook: somebody asks a task how it ended, or does not want to know.
   *
   * @param task a {@code FutureTask}
   */
  public void asked(Object task) {
    if (!tasks.isEmpty() && tasks.remove(new WeakKey(task)) instanceof Failure failure) {
      failures.remove(failure);
    }
  }
}
