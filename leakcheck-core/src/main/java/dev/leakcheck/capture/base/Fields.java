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

  /** Null where a security manager keeps it to itself. */
  private static final @Nullable ClassLoader PLATFORM = platform();

  private static final ClassValue<List<Field>> OF_INSTANCES = readable(false);
  private static final ClassValue<List<Field>> OF_CLASS = readable(true);

  /** The classes that declare fields in packages which their module does not open. */
  private static final ClassValue<List<Class<?>>> CLOSED_OF_INSTANCES = closed(false);

  private static final ClassValue<List<Class<?>>> CLOSED_OF_CLASS = closed(true);

  private Fields() {}

  /** Readable reference fields of an object, its superclasses' included. */
  public static List<Field> ofInstances(Class<?> type) {
    return OF_INSTANCES.get(type);
  }

  /** Readable static reference fields declared by a class itself. */
  public static List<Field> ofClass(Class<?> type) {
    return OF_CLASS.get(type);
  }

  /** The classes, of an object's and its superclasses, whose module lets no field be read. */
  public static List<Class<?>> closedToInstances(Class<?> type) {
    return CLOSED_OF_INSTANCES.get(type);
  }

  /** The class itself, if its module lets no static field be read. */
  public static List<Class<?>> closedToClass(Class<?> type) {
    return CLOSED_OF_CLASS.get(type);
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
    } catch (IllegalAccessException | RuntimeException | Error e) {
      Fatal.rethrow(e); // the rest is a class's initialiser, which is the user's
      return null;
    }
  }

  private static @Nullable ClassLoader platform() {
    try {
      return ClassLoader.getPlatformClassLoader();
    } catch (SecurityException e) {
      return null;
    }
  }

  /** Whether a class belongs to the JDK. */
  public static boolean isJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == PLATFORM;
  }

  // What is kept with a class is of the JDK's own types: a class of LeakCheck's would hold
  // LeakCheck's loader for as long as that class is there.

  private static ClassValue<List<Field>> readable(boolean statics) {
    return new ClassValue<>() {
      @Override
      protected List<Field> computeValue(Class<?> type) {
        List<Field> readable = new ArrayList<>();
        declaring(type, statics).forEach(declaring -> collect(declaring, statics, readable));
        return List.copyOf(readable);
      }
    };
  }

  private static ClassValue<List<Class<?>>> closed(boolean statics) {
    return new ClassValue<>() {
      @Override
      protected List<Class<?>> computeValue(Class<?> type) {
        List<Class<?>> closed = new ArrayList<>(declaring(type, statics));
        closed.removeIf(declaring -> collect(declaring, statics, new ArrayList<>()));
        return List.copyOf(closed);
      }
    };
  }

  /**
   * The class itself, and its superclasses where those matter, as far as they are not the JDK's.
   */
  private static List<Class<?>> declaring(Class<?> type, boolean statics) {
    List<Class<?>> declaring = new ArrayList<>();
    for (Class<?> known = type; known != null && !isJdk(known); known = known.getSuperclass()) {
      declaring.add(known);
      if (statics) {
        break;
      }
    }
    return declaring;
  }

  /** False if a module keeps fields closed. */
  private static boolean collect(Class<?> type, boolean statics, List<Field> fields) {
    boolean open = true;
    try {
      for (Field field : type.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) == statics
            && !field.getType().isPrimitive()
            && field.getType() != String.class) {
          // Whether a class is initialised is told of open packages only, exported ones or not.
          if (statics ? isOpen(type) && field.trySetAccessible() : field.trySetAccessible()) {
            fields.add(field);
          } else {
            open &= isOpen(type);
          }
        }
      }
    } catch (RuntimeException | Error e) {
      // A field whose class is missing, a security manager, or what a loader of the user's throws
      // when it is asked for a field's class: this class stays opaque.
      Fatal.rethrow(e);
      return open;
    }
    return open;
  }

  private static boolean isOpen(Class<?> type) {
    return type.getModule().isOpen(type.getPackageName(), Fields.class.getModule());
  }
}
