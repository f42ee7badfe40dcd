package dev.leakcheck.capture.base;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * A private field of a JDK class: read by reflection where the agent has opened its package, else
 * through {@code sun.misc.Unsafe}, which is silent before Java 24 and is not used from there on.
 * Reading takes no lock and calls nobody. Thread-safe.
 */
public final class JdkField {

  private static final int FIRST_LOUD_RELEASE = 24;

  private final String moduleName;
  private final String className;
  private final String name;
  private final boolean unsafeAllowed;

  /** How often packages were opened: what was closed is looked at again when that changes. */
  private static volatile int openings;

  private volatile boolean lookedUnsafely;
  private volatile boolean lookedReflectively;
  private volatile int closedAt = -1;
  private volatile @Nullable Access access;

  /** A way to read it. */
  private interface Access {
    @Nullable Object read(Object object) throws ReflectiveOperationException;
  }

  private JdkField(String moduleName, String className, String name, boolean unsafeAllowed) {
    this.moduleName = moduleName;
    this.className = className;
    this.name = name;
    this.unsafeAllowed = unsafeAllowed;
  }

  /**
   * A field, which need not exist in the JDK that runs.
   *
   * @param className the binary name of a class of {@code java.base}
   * @param name the field's name
   * @return the field
   */
  public static JdkField of(String className, String name) {
    return of("java.base", className, name);
  }

  /**
   * A field of another module of the JDK's, which need not be there.
   *
   * @param moduleName the module's name
   * @param className the binary name of a class of that module
   * @param name the field's name
   * @return the field
   */
  public static JdkField of(String moduleName, String className, String name) {
    return new JdkField(moduleName, className, name, Jdk.FEATURE < FIRST_LOUD_RELEASE);
  }

  /**
   * Its value in an object.
   *
   * @param object any object
   * @return the value, a number boxed; null if the object is of another class, or the field holds
   *     null, does not exist or cannot be read
   */
  public @Nullable Object read(@Nullable Object object) {
    Access open = object == null ? null : access();
    try {
      return open == null || object == null ? null : open.read(object);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return null;
    }
  }

  /**
   * Its value, if it is a static field.
   *
   * @return the value; null if the field holds null, does not exist or cannot be read
   */
  public @Nullable Object readStatic() {
    return read(this); // any object does
  }

  /**
   * Whether it can be read.
   *
   * @return false if it does not exist, or the JDK keeps it closed
   */
  public boolean isReadable() {
    return access() != null;
  }

  /** To be called when the agent, which may be attached late, has opened packages. */
  public static synchronized void opened() {
    openings++;
  }

  private @Nullable Access access() {
    if (!lookedReflectively && isOpen()) {
      Access found = find(true);
      if (found != null) {
        access = found;
      }
      lookedReflectively = true;
    } else if (!lookedUnsafely && unsafeAllowed && access == null) {
      access = find(false);
      lookedUnsafely = true;
    }
    return access;
  }

  private boolean isOpen() {
    int now = openings;
    if (closedAt == now) {
      return false;
    }
    boolean open = Jdk.opens(moduleName, className.substring(0, className.lastIndexOf('.')));
    if (!open) {
      closedAt = now;
    }
    return open;
  }

  private @Nullable Access find(boolean reflectively) {
    try {
      ClassLoader jdks = ClassLoader.getPlatformClassLoader();
      Class<?> owner = Class.forName(className, false, jdks);
      Field field = owner.getDeclaredField(name);
      if (Modifier.isStatic(field.getModifiers())) {
        Class.forName(className, true, jdks); // before that it holds nothing
      }
      return reflectively ? reflected(owner, field) : unsafely(owner, field);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError otherwiseBuilt) {
      return null;
    }
  }

  private static Access reflected(Class<?> owner, Field field) {
    field.setAccessible(true);
    return Modifier.isStatic(field.getModifiers())
        ? any -> field.get(null)
        : object -> owner.isInstance(object) ? field.get(object) : null;
  }

  private static Access unsafely(Class<?> owner, Field field) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Unsafe");
    Field instance = type.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    Object unsafe = instance.get(null);
    if (Modifier.isStatic(field.getModifiers())) {
      Object base = type.getMethod("staticFieldBase", Field.class).invoke(unsafe, field);
      Object offset = type.getMethod("staticFieldOffset", Field.class).invoke(unsafe, field);
      Method get = type.getMethod(getter(field.getType()), Object.class, long.class);
      return any -> get.invoke(unsafe, base, offset);
    }
    Object offset = type.getMethod("objectFieldOffset", Field.class).invoke(unsafe, field);
    Method get = type.getMethod(getter(field.getType()), Object.class, long.class);
    return object -> owner.isInstance(object) ? get.invoke(unsafe, object, offset) : null;
  }

  private static String getter(Class<?> type) {
    if (type == int.class) {
      return "getInt";
    }
    if (type == long.class) {
      return "getLong";
    }
    return type == boolean.class ? "getBoolean" : "getObject";
  }
}
