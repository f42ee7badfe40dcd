package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.objects.ThreadObjects;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a thread runs, and with which objects.
 *
 * @param thread the thread, where it can be had
 * @param runners itself, if it is of a class of its own, what it was made to run, and what that
 *     wraps; empty if it cannot be read
 * @param given the runners, and what their fields hold, such as what a lambda has captured
 * @param code the class that has the outermost code which is not the JDK's, or the lambda that
 *     leads there; null if that is not known, or a task of some executor's
 */
record ThreadCode(
    @Nullable Thread thread, List<Object> runners, List<Object> given, @Nullable String code) {

  /** Wrappers are looked through so deep. */
  private static final int MAX_RUNNERS = 8;

  /**
   * Of a thread.
   *
   * @param tests whether code of a class is the test's, by name: what that leads to is not its own
   */
  static ThreadCode of(@Nullable Thread thread, ThreadRecord record, Predicate<String> tests) {
    List<Object> runners = new ArrayList<>();
    if (thread != null) {
      runners.addAll(ThreadObjects.of(thread));
    }
    List<Object> given = new ArrayList<>(runners);
    for (int i = 0; i < runners.size(); i++) {
      Object runner = runners.get(i);
      Class<?> type = runner.getClass();
      for (Field field : Fields.ofInstances(type)) {
        Object value = Fields.read(field, runner);
        if (value != null && !Fields.isJdk(value.getClass())) {
          given.add(value);
          if (isRun(value) && isWrapper(type, tests) && runners.size() < MAX_RUNNERS) {
            runners.add(value);
          }
        }
      }
    }
    return new ThreadCode(thread, runners, given, outermost(record.stack()));
  }

  /** Of code that is known by a frame only. */
  static ThreadCode of(String className) {
    return new ThreadCode(null, List.of(), List.of(), className);
  }

  private static boolean isRun(Object value) {
    return value instanceof Runnable || value instanceof Callable;
  }

  /** A lambda, or the test's own class, is what is run itself. */
  private static boolean isWrapper(Class<?> type, Predicate<String> tests) {
    return !type.isHidden() && !tests.test(type.getName());
  }

  private static @Nullable String outermost(List<StackTraceElement> stack) {
    int outer = stack.size() - 1;
    while (outer >= 0 && isThreads(stack.get(outer))) {
      outer--;
    }
    String code = outer < 0 ? "" : stack.get(outer).getClassName();
    String source = Stacks.withoutLambda(code); // some JVMs tell of the classes that they made
    if (!source.equals(code)) {
      return source;
    }
    return outer >= 0 && Stacks.own(stack).contains(stack.get(outer)) ? code : null;
  }

  private static boolean isThreads(StackTraceElement frame) {
    return frame.getClassName().startsWith("java.lang.")
        || frame.getClassName().startsWith("jdk.internal.");
  }

  /** Whether it has not begun to run its code, which tells whose it is. */
  static boolean isToBegin(Thread thread) {
    return LiveThreads.describe(List.of(thread)).stream()
        .anyMatch(
            record ->
                record.state() == Thread.State.RUNNABLE
                    && record.stack().stream().allMatch(ThreadCode::isThreads));
  }

  boolean isKnown() {
    return !runners.isEmpty() || code != null;
  }

  /**
   * Whether the thread's code is that of an object's class, or of one nested in it.
   *
   * @param reached what the thread was given, and leads to the object
   */
  boolean isOf(Object object, Object reached) {
    Class<?> type = object.getClass();
    if (runners.isEmpty()) {
      return isFrameOf(type);
    }
    for (Object runner : runners) {
      if (StaticFields.isCodeOf(StaticFields.source(runner.getClass()), type)
          && hasGiven(runner, reached)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasGiven(Object runner, Object reached) {
    if (runner == reached) {
      return true;
    }
    for (Field field : Fields.ofInstances(runner.getClass())) {
      if (Fields.read(field, runner) == reached) {
        return true;
      }
    }
    return false;
  }

  /** Whether, as far as the stack tells, it is code of a class, where nothing else is known. */
  boolean isFrameOf(Class<?> type) {
    return code != null
        && runners.isEmpty()
        && !type.isHidden()
        && StaticFields.isCodeOf(code, type);
  }
}
