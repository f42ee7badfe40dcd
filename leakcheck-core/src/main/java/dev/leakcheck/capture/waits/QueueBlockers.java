package dev.leakcheck.capture.waits;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Jdk;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;

/**
 * Tells which queue a thread is blocked on.
 *
 * <p>A thread in {@code take} or {@code put} parks for the queue itself ({@code
 * LinkedTransferQueue}), for a condition or the lock of the queue, or for what a {@code
 * SynchronousQueue} hands over with. All of these are reached within three private fields, which
 * can be read once the agent has opened their packages. Neither nodes nor elements are looked at.
 * Thread-safe.
 */
public final class QueueBlockers {

  private static final int MAX_FIELDS = 3;
  private static final String QUEUES = "java.util.concurrent";
  private static final String LOCKS = "java.util.concurrent.locks";

  /** Only asked for once the packages are open. */
  private static final ClassValue<List<Field>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          List<Field> fields = new ArrayList<>();
          for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            collect(owner, fields);
          }
          return List.copyOf(fields);
        }
      };

  private QueueBlockers() {}

  /**
   * What threads that wait for a queue are parked for, as {@code LockSupport.getBlocker} tells it.
   *
   * @param queue a queue
   * @return objects, by identity; none if that can't be told
   */
  public static Set<Object> of(BlockingQueue<?> queue) {
    Set<Object> blockers = Collections.newSetFromMap(new IdentityHashMap<>());
    try {
      if (Jdk.opens(QUEUES) && Jdk.opens(LOCKS)) {
        add(queue, MAX_FIELDS, blockers);
      }
    } catch (RuntimeException | LinkageError otherwiseBuilt) {
      blockers.clear();
    }
    return blockers;
  }

  private static void add(Object from, int fields, Set<Object> blockers) {
    blockers.add(from);
    if (fields > 0) {
      for (Field field : FIELDS.get(from.getClass())) {
        Object value = Fields.read(field, from);
        if (value != null && synchronizes(value)) {
          add(value, fields - 1, blockers);
        }
      }
    }
  }

  /** Whether it is a lock, a condition, a synchronizer, or hands elements over. */
  private static boolean synchronizes(Object value) {
    Class<?> type = value.getClass();
    String name = type.getName();
    return type.getPackageName().equals(LOCKS)
        ? !name.endsWith("Node")
        : name.startsWith("java.util.concurrent.SynchronousQueue$Transfer");
  }

  private static void collect(Class<?> owner, List<Field> fields) {
    String place = owner.getPackageName();
    if (place.equals(QUEUES) || place.equals(LOCKS)) {
      for (Field field : owner.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())
            && !field.getType().isPrimitive()
            && field.trySetAccessible()) {
          fields.add(field);
        }
      }
    }
  }
}
