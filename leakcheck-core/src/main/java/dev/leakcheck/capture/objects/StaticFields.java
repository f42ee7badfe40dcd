package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.Contents;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Loaders;
import dev.leakcheck.model.Stacks;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Static fields that hold an object themselves, and so keep it for everybody. What a collection in
 * a static field holds is not meant: it may as well be a list of what others made.
 *
 * <p>No class is initialised and no code of a class loader of the user's runs. Thread-safe.
 */
public final class StaticFields {

  private static final Pattern ANONYMOUS = Pattern.compile("\\$\\d+$");

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
      if (wanted.test(field) && content(field, null) == object) {
        return field;
      }
    }
    return null;
  }

  /**
   * Whether a static field of a class, or of the outermost one around it, holds an object of it.
   *
   * @param type a class
   * @return true for a singleton
   */
  public static boolean hasInstance(Class<?> type) {
    return classesOf(type).stream()
        .flatMap(holder -> Fields.ofClass(holder).stream())
        .anyMatch(field -> type.isInstance(content(field, null)));
  }

  /**
   * What a field holds, alone or in a reference or a wrapper of the JDK's.
   *
   * @param field a field that was made accessible
   * @param owner the object that has it, or null for a static one
   * @return the value without these, or null if there is none or it cannot be read
   */
  public static @Nullable Object content(Field field, @Nullable Object owner) {
    return content(Fields.read(field, owner));
  }

  /**
   * The same of a value.
   *
   * @param held what a field or an element of an array holds
   * @return what is in it, if it is a reference or a wrapper of the JDK's
   */
  public static @Nullable Object content(@Nullable Object held) {
    Object value =
        held != null && held.getClass() == AtomicReference.class
            ? Contents.value((AtomicReference<?>) held)
            : held;
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
      Object value = content(field, null);
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
    ClassLoader loader = Loaders.ofApplications();
    return loader != null && "app".equals(frame.getClassLoaderName())
        ? classesOf(frame.getClassName(), loader)
        : List.of();
  }

  /**
   * The class of a frame.
   *
   * @param frame a frame of some stack
   * @return null if it cannot be asked, as its class was not loaded by the JDK's own loader of
   *     applications
   */
  public static @Nullable Class<?> classOf(StackTraceElement frame) {
    return classesOf(frame).stream()
        .filter(type -> type.getName().equals(frame.getClassName()))
        .findFirst()
        .orElse(null);
  }

  /**
   * A class of the application, which is not initialised.
   *
   * @param name its name
   * @return null if the JDK's own loader of applications knows none of that name
   */
  public static @Nullable Class<?> ofApplication(String name) {
    ClassLoader loader = Loaders.ofApplications();
    List<Class<?>> classes = new ArrayList<>();
    if (loader != null) {
      addClass(name, loader, classes);
    }
    return classes.isEmpty() ? null : classes.get(0);
  }

  /**
   * The class in whose source some code stands, and the outermost one around it.
   *
   * @param type a class, perhaps one that the JVM made for a lambda
   * @return only the class itself and the outermost one that the JVM knows, if another loader than
   *     the JDK's own of applications has loaded it
   */
  public static List<Class<?>> classesOf(Class<?> type) {
    ClassLoader loader = Loaders.ofApplications();
    return loader != null && type.getClassLoader() == loader
        ? classesOf(source(type), loader)
        : List.of(type, type.getNestHost());
  }

  /**
   * The name of the class in whose source some code stands.
   *
   * @param type a class
   * @return that of the class which has the lambda, or the anonymous class, in a method of its own
   */
  public static String source(Class<?> type) {
    String name = type.getName();
    String source = Stacks.withoutLambda(name);
    return source.equals(name) ? ANONYMOUS.matcher(name).replaceFirst("") : source;
  }

  /**
   * Whether code is that of objects of a class: of the class, of one nested in it, or of what it
   * extends, but for the JDK's.
   *
   * @param code the name of the class that has the code
   * @param type the objects' class
   * @return true if it is
   */
  public static boolean isCodeOf(String code, Class<?> type) {
    for (Class<?> each = type; each != null && !Fields.isJdk(each); each = each.getSuperclass()) {
      if (Stacks.isIn(code, each.getName())) {
        return true;
      }
    }
    return false;
  }

  private static List<Class<?>> classesOf(String name, ClassLoader loader) {
    List<Class<?>> classes = new ArrayList<>();
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
