package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.LockProbe;
import dev.leakcheck.capture.base.Fields;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds the locks that a test's own objects hold. Every test pays for it, so it goes less far than
 * {@link ObjectGraph}: through fields of user and library objects only, not into collections, and
 * through a bounded number of objects. Runs no user code. Not thread-safe.
 */
public final class LockWalk {

  private static final int MAX_OBJECTS = 256;
  private static final int MAX_STRIPES = 64;
  private static final Field[] NONE = {};

  /** Of each class, the fields that may lead to a lock. */
  private static final ClassValue<Field[]> FOLLOWED =
      new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
          return type.isArray() || Passage.isOpaque(type) || type.isEnum()
              ? NONE
              : leading(Fields.ofInstances(type));
        }
      };

  private static final ClassValue<Field[]> STATICS =
      new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
          return leading(Fields.ofClass(type));
        }
      };

  private record Node(Object object, @Nullable Node parent, String edge) {
    String path() {
      return parent == null ? edge : parent.path() + edge;
    }
  }

  /** A lock and how it was reached. */
  public static final class Found {
    private final Object lock;
    private final @Nullable Node parent;
    private final String edge;

    private Found(Object lock, @Nullable Node parent, String edge) {
      this.lock = lock;
      this.parent = parent;
      this.edge = edge;
    }

    /**
     * The lock.
     *
     * @return the lock
     */
    public Object lock() {
      return lock;
    }

    /**
     * How it was reached.
     *
     * @return such as {@code field OrderServiceTest.service.lock}
     */
    public String path() {
      return parent == null ? edge : parent.path() + edge;
    }
  }

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Node> open = new ArrayDeque<>();
  private final List<Found> found = new ArrayList<>();

  private LockWalk() {}

  /**
   * The locks that can be reached.
   *
   * @param instances objects whose fields are followed
   * @param statics classes whose own static fields are followed
   * @return each lock once, nearest first
   */
  public static List<Found> find(Collection<?> instances, Collection<Class<?>> statics) {
    if (!leads(instances, statics)) {
      return List.of();
    }
    LockWalk walk = new LockWalk();
    walk.seen.addAll(instances);
    for (Object instance : instances) {
      for (Field field : FOLLOWED.get(instance.getClass())) {
        walk.visit(Fields.read(field, instance), null, "field ", field);
      }
    }
    for (Class<?> type : statics) {
      for (Field field : STATICS.get(type)) {
        walk.visit(Fields.read(field, null), null, "static field ", field);
      }
    }
    walk.search();
    return walk.found;
  }

  private static boolean leads(Collection<?> instances, Collection<Class<?>> statics) {
    for (Object instance : instances) {
      if (FOLLOWED.get(instance.getClass()).length > 0) {
        return true;
      }
    }
    for (Class<?> type : statics) {
      if (STATICS.get(type).length > 0) {
        return true;
      }
    }
    return false;
  }

  private void search() {
    Node node;
    while ((node = open.poll()) != null) {
      for (Field field : FOLLOWED.get(node.object.getClass())) {
        visit(Fields.read(field, node.object), node, ".", field);
      }
    }
  }

  private void visit(@Nullable Object value, @Nullable Node parent, String prefix, Field field) {
    if (value == null) {
      return;
    }
    if (LockProbe.isLock(value)) {
      add(value, parent, edge(parent, prefix, field));
    } else if (value instanceof Object[] array) {
      if (isLockLike(value.getClass().getComponentType())) {
        for (int i = 0; i < array.length && i < MAX_STRIPES; i++) {
          if (array[i] != null && LockProbe.isLock(array[i])) {
            add(array[i], parent, edge(parent, prefix, field) + "[" + i + "]");
          }
        }
      }
    } else if (seen.size() < MAX_OBJECTS
        && FOLLOWED.get(value.getClass()).length > 0
        && seen.add(value)) {
      open.add(new Node(value, parent, edge(parent, prefix, field)));
    }
  }

  private void add(Object lock, @Nullable Node parent, String edge) {
    if (seen.add(lock)) {
      found.add(new Found(lock, parent, edge));
    }
  }

  private static String edge(@Nullable Node parent, String prefix, Field field) {
    return parent == null
        ? prefix + field.getDeclaringClass().getSimpleName() + "." + field.getName()
        : prefix + field.getName();
  }

  private static Field[] leading(List<Field> fields) {
    List<Field> leading = new ArrayList<>();
    for (Field field : fields) {
      if (mayLead(field.getType())) {
        leading.add(field);
      }
    }
    return leading.isEmpty() ? NONE : leading.toArray(NONE);
  }

  /** The JDK's own classes lead nowhere, unless they are locks, or say nothing of the value. */
  private static boolean mayLead(Class<?> type) {
    if (type.isArray()) {
      return isLockLike(type.getComponentType());
    }
    return isLockLike(type) || type == Object.class || type.isInterface() || !Fields.isJdk(type);
  }

  private static boolean isLockLike(Class<?> type) {
    return type == Lock.class || type == ReadWriteLock.class || LockProbe.isLockType(type);
  }
}
