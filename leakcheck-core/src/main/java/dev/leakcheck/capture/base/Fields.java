package dev.leakcheck.capture.base;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the reference fields of user and library classes by reflection. JDK classes are opaque.
 * Reading a field runs no user code, class initialisers included. Thread-safe.
 */
public final class Fields {

  private static final ClassValue<List<Field>> OF_INSTANCES = fields(false);
  private static final ClassValue<List<Field>> OF_CLASS = fields(true);

  private Fields() {}

  /** Readable reference fields of an object, its superclasses' included. */
  public static List<Field> ofInstances(Class<?> type) {
    return OF_INSTANCES.get(type);
  }

  /** Readable static reference fields declared by a class itself. */
  public static List<Field> ofClass(Class<?> type) {
    return OF_CLASS.get(type);
  }

  /**
   * The value of a field. No class is initialised by it: static fields of one that is not hold
   * nothing yet.
   *
   * @param field a field that was made accessible
   * @param owner the object that has it, or null for a static one
   * @return the value, or null if it cannot be read
   */
  public static @Nullable Object read(Field field, @Nullable Object owner) {
    try {
      if (owner == null && !Initialized.is(field.getDeclaringClass())) {
        return null;
      }
      return field.get(owner);
    } catch (IllegalAccessException | RuntimeException | LinkageError e) {
      return null;
    }
  }

  /** Whether a class belongs to the JDK. */
  public static boolean isJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  private static ClassValue<List<Field>> fields(boolean statics) {
    return new ClassValue<>() {
      @Override
      protected List<Field> computeValue(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        Class<?> declaring = type;
        while (declaring != null && !isJdk(declaring)) {
          collect(declaring, statics, fields);
          declaring = statics ? null : declaring.getSuperclass();
        }
        return List.copyOf(fields);
      }
    };
  }

  private static void collect(Class<?> type, boolean statics, List<Field> fields) {
    try {
      for (Field field : type.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) == statics
            && !field.getType().isPrimitive()
            && field.getType() != String.class
            && field.trySetAccessible()) {
          fields.add(field);
        }
      }
    } catch (SecurityException | LinkageError e) {
      // A field whose class is missing, or a security manager: this class stays opaque.
      return;
    }
  }
}
