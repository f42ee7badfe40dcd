package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Loaders;
import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.base.WeakKey;
import dev.leakcheck.capture.failures.Kept.Due;
import dev.leakcheck.capture.objects.TaskProbe;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.Owner;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The future tasks of open scopes that ended with an exception, until somebody asks them. The
 * agent's hooks call this class. Thread-safe.
 */
public final class FailedTasks extends KeptFailures {

  private static final FailedTasks JVM = new FailedTasks(Births.jvm(), Failures.jvm());

  private static final int EXCEPTIONAL = 3;

  private volatile @Nullable Access access;

  /** Private fields of a future task. */
  private record Access(Field state, Field outcome, Field waiters) {}

  FailedTasks(Births births, Failures failures) {
    super(births, failures);
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
    if (owner != null && !isWaitedFor(task) && !isToldItself(task.getClass())) {
      futures.put(new WeakKey(task, collected), new Kept(new Due(owner, code(task))));
    }
  }

  private static List<WeakReference<Class<?>>> code(Object task) {
    List<WeakReference<Class<?>>> code = new ArrayList<>();
    TaskProbe.classes(task).forEach(type -> code.add(new OwnReference<>(type)));
    return code;
  }

  /** Whether somebody waits in {@code get()}, and so is about to be told. */
  private boolean isWaitedFor(Object task) {
    try {
      return access().waiters.get(task) != null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }

  /**
   * Whether a class of the user's or a library's is given the exception by the future itself. Of
   * one that a loader of the user's has that cannot be asked without running code of the loader.
   */
  private static boolean isToldItself(Class<?> type) {
    for (Class<?> each = type; !Fields.isJdk(each); each = each.getSuperclass()) {
      if (!Loaders.isJdks(each.getClassLoader()) || declaresSetException(each)) {
        return true;
      }
    }
    return false;
  }

  private static boolean declaresSetException(Class<?> type) {
    try {
      return type.getDeclaredMethod("setException", Throwable.class) != null;
    } catch (NoSuchMethodException none) {
      return false;
    } catch (SecurityException | LinkageError unresolved) {
      return true; // as far as is known
    }
  }

  @Override
  @Nullable Failure failure(Object task, Due due) throws ReflectiveOperationException {
    Access known = access();
    if (known.state.getInt(task) != EXCEPTIONAL
        || !(known.outcome.get(task) instanceof Throwable exception)
        || Failure.isAskedFor(exception)) {
      return null;
    }
    return failures.add(
        Ask.isPeriodic(task) ? Failure.How.KEPT_BY_SCHEDULE : Failure.How.KEPT, exception, due);
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
}
