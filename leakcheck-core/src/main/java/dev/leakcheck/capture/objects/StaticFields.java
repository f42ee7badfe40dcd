package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.Contents;
import dev.leakcheck.capture.base.Fields;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Static fields that hold an object themselves, and so keep it for everybody. What a collection in
 * a static field holds is not meant: it may as well be a list of what others made.
 *
 * <p>No class is initialised and no code of a class loader of the user's runs. Thread-safe.
 */
public final class StaticFields {

  private StaticFields() {}

  /**
   * The static field of a class that holds an object, alone or in a reference or a wrapper of the
   * JDK's.
   *
   * @param object any object
   * @param type the class that declares the field
   * @return the field, or null if there is none
   */
  public static @Nullable Field holder(Object object, Class<?> type) {
    return holder(object, type, field -> true);
  }

  private static @Nullable Field holder(Object object, Class<?> type, Predicate<Field> wanted) {
    for (Field field : Fields.ofClass(type)) {
      if (wanted.test(field) && content(field) == object) {
        return field;
      }
    }
    return null;
  }

  private static @Nullable Object content(Field field) {
    Object value = Fields.read(field, null);
    if (value != null && value.getClass() == AtomicReference.class) {
      value = Contents.value((AtomicReference<?>) value);
    }
    return value instanceof ExecutorService executor ? WorkerExecutors.unwrap(executor) : value;
  }

  /**
   * The executors that static fields of a class hold.
   *
   * @param type the class that declares the fields
   * @return the executors, those in wrappers of the JDK's without these, by identity
   */
  public static Set<Object> executors(Class<?> type) {
    Set<Object> executors = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Field field : Fields.ofClass(type)) {
      Object value = content(field);
      if (value instanceof ExecutorService) {
        executors.add(value);
      }
    }
    return executors;
  }

  /**
   * Whether an executor is its class's one for everybody: a final static field of its own class, or
   * of one around that, holds it. A test cannot be asked to stop such a one.
   *
   * @param executor an executor
   * @param others which classes hold things for others than themselves, such as a test's
   * @return true if it is a singleton
   */
  public static boolean isSingleton(ExecutorService executor, Predicate<Class<?>> others) {
    Class<?> type = executor.getClass();
    if (Fields.isJdk(type)) {
      return false;
    }
    ExecutorService inner = WorkerExecutors.unwrap(executor);
    try {
      for (Class<?> holder = type; holder != null; holder = holder.getEnclosingClass()) {
        if (!others.test(holder)
            && holder(inner, holder, field -> Modifier.isFinal(field.getModifiers())) != null) {
          return true;
        }
      }
    } catch (LinkageError aroundItIsMissing) {
      return false;
    }
    return false;
  }

  /**
   * The class of a frame and the outermost one around it.
   *
   * @param frame a frame of some stack
   * @return empty if its class was not loaded by the JDK's own loader of applications: to ask
   *     another loader would run its code
   */
  public static List<Class<?>> classesOf(StackTraceElement frame) {
    ClassLoader loader;
    try {
      loader = ClassLoader.getSystemClassLoader();
    } catch (SecurityException e) {
      return List.of();
    }
    if (!"app".equals(frame.getClassLoaderName())
        || !loader.getClass().getName().startsWith("jdk.internal.loader.")) {
      return List.of();
    }
    List<Class<?>> classes = new ArrayList<>();
    String name = frame.getClassName();
    int nested = name.indexOf('$');
    addClass(name, loader, classes);
    if (nested > 0) {
      addClass(name.substring(0, nested), loader, classes);
    }
    return classes;
  }

  private static void addClass(String name, ClassLoader loader, List<Class<?>> classes) {
    try {
      classes.add(Class.forName(name, false, loader));
    } catch (ClassNotFoundException | LinkageError gone) {
      // a hidden class, or a name that only looks nested
    }
  }

  /**
   * Where a class came from.
   *
   * @param type a class
   * @return a URL, or an empty text if that is not known
   */
  public static String origin(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    return location == null ? "" : location.toString();
  }
}
