package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.ThreadBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Whether the objects that lead to something made it themselves. */
public final class MadeBy {

  /** What all begins with where that has made nothing. */
  private static final Object NOBODY = new Object();

  private MadeBy() {}

  /**
   * Whether a method of an object made it, as it was used.
   *
   * @param object not the JDK's
   * @param birth of what was made
   * @param came the same as below
   */
  public static boolean one(
      Object object, Birth birth, BiPredicate<Object, List<StackTraceElement>> came) {
    return any(List.of(object), birth, came);
  }

  /**
   * Whether a method of one of the objects made it, as it was used.
   *
   * @param objects not the JDK's, each before what leads to it
   * @param birth of what was made
   * @param came the same as below
   */
  public static boolean any(
      List<Object> objects, Birth birth, BiPredicate<Object, List<StackTraceElement>> came) {
    List<Object> way = new ArrayList<>(objects);
    way.add(NOBODY);
    return oneOf(way, birth, came);
  }

  /**
   * Whether a method of one of the objects made it, as it was used. An object whose constructor did
   * so was made then itself, by whoever called that. A frame is that of the nearest object which
   * has its code.
   *
   * @param way the objects that lead to it, nearest first, and the one that all began with
   * @param birth of what was made
   * @param came whether one of the objects on the way came in the scope itself, by the frames from
   *     which its method was called; it is not asked of the one that all began with
   */
  public static boolean oneOf(
      List<Object> way, Birth birth, BiPredicate<Object, List<StackTraceElement>> came) {
    List<StackTraceElement> frames = frames(birth);
    for (int i = 0; i < frames.size(); i++) {
      int owner = owner(way, frames, i);
      if (owner == way.size() - 1
          || (owner >= 0 && !came.test(way.get(owner), frames.subList(i + 1, frames.size())))) {
        return true;
      }
    }
    return false;
  }

  /** The user's and libraries' frames that made something: of a worker those that made its pool. */
  public static List<StackTraceElement> frames(Birth birth) {
    Birth made =
        birth instanceof ThreadBirth thread && thread.executor() != null
            ? thread.executor()
            : birth;
    return Stacks.own(made.stack());
  }

  /** Whose method a frame is, or -1 if it is none's or that of one that was being made. */
  private static int owner(List<Object> way, List<StackTraceElement> frames, int i) {
    StackTraceElement frame = frames.get(i);
    for (int k = 0; k < way.size(); k++) {
      Class<?> type = declaring(Holding.classOf(way.get(k)), frame);
      if (type != null && (k == way.size() - 1 || isOfObjects(type, frame))) {
        return isBeingMade(Holding.classOf(way.get(k)), frames.subList(i, frames.size())) ? -1 : k;
      }
    }
    return -1;
  }

  private static boolean isBeingMade(Class<?> type, List<StackTraceElement> frames) {
    return frames.stream()
        .anyMatch(
            frame -> {
              Class<?> code = declaring(type, frame);
              return code != null && isConstructor(code, frame);
            });
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

  /**
   * Whether a frame is of a method that has an object: a static one, such as a factory, needs none.
   *
   * @param type the class that has the code of the frame itself or in a nested class
   */
  public static boolean isOfObjects(Class<?> type, StackTraceElement frame) {
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
