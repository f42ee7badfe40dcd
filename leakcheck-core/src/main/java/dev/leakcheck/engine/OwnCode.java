package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose code threads run: that of an object that leads to something is likely to know it. */
final class OwnCode {

  /** By thread, the frames of its code. */
  private final Map<Long, List<StackTraceElement>> code = new HashMap<>();

  OwnCode(List<ThreadRecord> threads) {
    threads.forEach(thread -> code.put(thread.id(), Stacks.own(thread.stack())));
  }

  /** The threads that run code of an object on the way to something. */
  Set<Long> of(Holding held) {
    List<Class<?>> way = held.classesOnWay();
    Set<Long> threads = new HashSet<>();
    code.forEach(
        (thread, frames) -> {
          if (frames.stream().anyMatch(frame -> way.stream().anyMatch(type -> isOf(frame, type)))) {
            threads.add(thread);
          }
        });
    return threads;
  }

  private static boolean isOf(StackTraceElement frame, Class<?> type) {
    Class<?> run = StaticFields.classOf(frame);
    return run == null ? Stacks.isIn(frame.getClassName(), type.getName()) : isOf(run, type);
  }

  /** Of the class, of one that it extends, or of one around it or in its objects. */
  private static boolean isOf(Class<?> run, Class<?> type) {
    for (Class<?> each = type; each != null && !Fields.isJdk(each); each = each.getSuperclass()) {
      if (isIn(run, each, false) || isIn(each, run, true)) {
        return true;
      }
    }
    return false;
  }

  /** An object of a nested class that is static knows none of the class around it. */
  private static boolean isIn(Class<?> inner, Class<?> outer, boolean alsoStatic) {
    for (Class<?> each = inner; each != null; each = around(each, alsoStatic)) {
      if (each == outer) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Class<?> around(Class<?> type, boolean alsoStatic) {
    try {
      return alsoStatic || !Modifier.isStatic(type.getModifiers())
          ? type.getEnclosingClass()
          : null;
    } catch (LinkageError gone) {
      return null;
    }
  }
}
