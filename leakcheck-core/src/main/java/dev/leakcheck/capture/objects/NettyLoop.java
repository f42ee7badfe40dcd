package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.ThreadField;
import dev.leakcheck.model.Stacks;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of Netty's event loops, under whatever name Netty was put into another library's jar. It has
 * one thread, and is found from that: its class is known by its name, and the very object by the
 * field that holds the thread. Reads fields only. Thread-safe.
 */
public final class NettyLoop {

  /** What the name of its class ends with, behind {@code io.} or a name in its place. */
  private static final String LOOP = "netty.util.concurrent.SingleThreadEventExecutor";

  private static final String PACKAGES = "util.concurrent.SingleThreadEventExecutor";

  /** From the thread over what it runs, or over its variables, to the loop. */
  private static final int STEPS = 3;

  private static final int MOST_LOOKED_AT = 500;

  private final Object loop;
  private final Class<?> type;

  private NettyLoop(Object loop, Class<?> type) {
    this.loop = loop;
    this.type = type;
  }

  private record Step(Object object, int left) {}

  /**
   * The event loop of a thread.
   *
   * @param thread a platform thread
   * @return the loop, or null if it is none or that cannot be told
   */
  public static @Nullable NettyLoop of(Thread thread) {
    Deque<Step> open = new ArrayDeque<>();
    open.add(new Step(thread, STEPS));
    Object task = ThreadField.TASK.read(thread);
    if (task != null) {
      open.add(new Step(task, STEPS - 1));
    }
    int looked = 0;
    for (Step step; (step = open.poll()) != null && looked < MOST_LOOKED_AT; looked++) {
      Class<?> type = loopType(step.object.getClass());
      if (type != null) {
        if (read(type, "thread", step.object) == thread) {
          return new NettyLoop(step.object, type);
        }
      } else if (step.left > 0) {
        expand(step, open);
      }
    }
    return null;
  }

  private static void expand(Step from, Deque<Step> open) {
    if (from.object instanceof Object[] array) {
      for (int i = 0; i < Math.min(array.length, MOST_LOOKED_AT); i++) {
        add(array[i], from, open);
      }
    } else {
      for (Field field : Fields.ofInstances(from.object.getClass())) {
        add(Fields.read(field, from.object), from, open);
      }
    }
  }

  private static void add(@Nullable Object object, Step from, Deque<Step> open) {
    if (object != null) {
      open.add(new Step(object, from.left - 1));
    }
  }

  private static @Nullable Class<?> loopType(Class<?> type) {
    for (Class<?> known = type; known != null; known = known.getSuperclass()) {
      if (known.getName().endsWith(LOOP)) {
        return known;
      }
    }
    return null;
  }

  private static @Nullable Object read(Class<?> type, String name, @Nullable Object owner) {
    try {
      Field field = type.getDeclaredField(name);
      return field.trySetAccessible() ? field.get(owner) : null;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError otherwiseBuilt) {
      return null;
    }
  }

  /**
   * Whether it was told to stop. Its states are numbered in the order in which it goes through
   * them, each release in its own way: its class tells which is which.
   *
   * @return false if that cannot be read
   */
  public boolean isShuttingDown() {
    return read(type, "state", loop) instanceof Integer state
        && read(type, "ST_SHUTTING_DOWN", null) instanceof Integer shuttingDown
        && state >= shuttingDown;
  }

  /**
   * Whether a stack of its thread has no frame of a task that somebody gave to it.
   *
   * @param stack the stack
   * @return true if nothing but Netty's and the JDK's own code is run inside the loop
   */
  public boolean runsItself(List<StackTraceElement> stack) {
    String own = type.getName().substring(0, type.getName().length() - PACKAGES.length());
    for (StackTraceElement frame : stack) {
      String name = frame.getClassName();
      if (name.startsWith(type.getName())) {
        return true;
      }
      if (!Stacks.isJdk(frame) && !name.startsWith(own)) {
        return false;
      }
    }
    return false;
  }
}
