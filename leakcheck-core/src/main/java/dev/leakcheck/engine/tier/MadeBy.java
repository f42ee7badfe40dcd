package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.ThreadBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/** Whether the objects that lead to a thread or an executor made it themselves. */
public final class MadeBy {

  private MadeBy() {}

  /**
   * Whether a method of one of the objects made it, as it was used. An object whose constructor did
   * so was made then itself, by whoever called that.
   *
   * @param birth of a thread or an executor
   * @param way the classes of the objects that lead to it, the one that all began with last
   */
  public static boolean oneOf(List<Class<?>> way, Birth birth) {
    Birth made =
        birth instanceof ThreadBirth thread && thread.executor() != null
            ? thread.executor()
            : birth;
    Set<Class<?>> constructed = new HashSet<>();
    for (StackTraceElement frame : Stacks.own(made.stack())) {
      for (int i = 0; i < way.size(); i++) {
        Class<?> type = declaring(way.get(i), frame);
        if (type != null && isConstructor(type, frame)) {
          constructed.add(way.get(i));
        } else if (type != null
            && !constructed.contains(way.get(i))
            && (i == way.size() - 1 || isOfObjects(type, frame))) {
          return true;
        }
      }
    }
    return false;
  }

  /** The class, or the one it extends, that has the code of a frame itself or in a nested class. */
  private static @Nullable Class<?> declaring(Class<?> type, StackTraceElement frame) {
    for (Class<?> each = type; each != null && !Fields.isJdk(each); each = each.getSuperclass()) {
      if (Stacks.isIn(frame.getClassName(), each.getName())) {
        return each;
      }
    }
    return null;
  }

  private static boolean isConstructor(Class<?> type, StackTraceElement frame) {
    return frame.getClassName().equals(type.getName()) && frame.getMethodName().equals("<init>");
  }

  /** A static method, such as a factory, needs no object. */
  private static boolean isOfObjects(Class<?> type, StackTraceElement frame) {
    if (!frame.getClassName().equals(type.getName())) {
      return true;
    }
    try {
      for (Method method : type.getDeclaredMethods()) {
        if (method.getName().equals(frame.getMethodName())
            && !Modifier.isStatic(method.getModifiers())) {
          return true;
        }
      }
      return false;
    } catch (SecurityException | LinkageError e) {
      return true; // which its methods are is not told
    }
  }

  /**
   * Whether the code that makes the threads of an executor, or that a thread is of or runs, is that
   * of one of the objects, as far as is known without an agent.
   *
   * @param made a thread or an executor
   * @param way the classes of the objects that lead to it
   */
  public static boolean codeOf(List<Class<?>> way, Object made) {
    Set<String> code = new HashSet<>();
    if (made instanceof ThreadPoolExecutor pool) {
      ThreadFactory factory = Ask.threadFactory(pool);
      code.add(factory == null ? "" : StaticFields.source(factory.getClass()));
    } else {
      code.add(made.getClass().getName());
    }
    if (made instanceof Thread thread) {
      for (ThreadRecord record : LiveThreads.describe(List.of(thread))) {
        List<StackTraceElement> own = Stacks.own(record.stack());
        code.add(own.isEmpty() ? "" : own.get(own.size() - 1).getClassName());
      }
    }
    return way.stream()
        .anyMatch(
            type ->
                code.stream()
                    .anyMatch(name -> Stacks.isIn(name, type.getName()) || isOf(name, type)));
  }

  /** Of the same library, which comes in a jar. */
  private static boolean isOf(String name, Class<?> type) {
    return StaticFields.origin(type).endsWith(".jar")
        && Stacks.home(name).equals(Stacks.home(type.getName()));
  }
}
