package dev.leakcheck.junit5;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Where other extensions keep what they make: in JUnit's stores, in fields of their own, and in
 * static fields of their classes. An application context that was built within a test's time is
 * found there, and is not the test's. The stores and the extensions are found by reflection, as
 * JUnit shows an extension its own values only; where that fails they are left out.
 */
final class OtherExtensions {

  private OtherExtensions() {}

  /**
   * Objects, and classes for their static fields.
   *
   * @param more extensions that the context may not know of; null if there are none
   */
  static List<Object> owners(ExtensionContext context, @Nullable List<Object> more) {
    List<Object> owners = new ArrayList<>(Stores.of(context));
    owners.addAll(extensions(context));
    if (more != null) {
      owners.addAll(more);
    }
    context.getTestClass().ifPresent(type -> owners.addAll(extensionClasses(type)));
    return owners;
  }

  /**
   * Those of a test's class, which until JUnit 5.10 only the test's context leads to.
   *
   * @return none from 5.11 on, where the class's own context does
   */
  static List<Object> ofClass(ExtensionContext test) {
    try {
      Object registry = registry(test);
      return registry == null ? List.of() : in(read(registry, "parent"));
    } catch (ReflectiveOperationException | RuntimeException notShown) {
      return List.of(); // each registry has a copy of what is in those around it
    }
  }

  /** What calls methods for an extension has the list of all. */
  private static List<Object> extensions(ExtensionContext context) {
    try {
      return in(registry(context));
    } catch (ReflectiveOperationException | RuntimeException notShown) {
      return List.of(); // this JUnit keeps them elsewhere
    }
  }

  private static List<Object> in(@Nullable Object registry) throws ReflectiveOperationException {
    List<Object> extensions = new ArrayList<>();
    if (registry != null) {
      Method stream = registry.getClass().getMethod("stream", Class.class);
      if (stream.trySetAccessible()
          && stream.invoke(registry, Extension.class) instanceof Stream<?> all) {
        all.forEach(extensions::add);
      }
    }
    return extensions;
  }

  private static @Nullable Object registry(ExtensionContext context)
      throws ReflectiveOperationException {
    return read(context.getExecutableInvoker(), "extensionRegistry");
  }

  private static @Nullable Object read(Object owner, String name)
      throws ReflectiveOperationException {
    Field field = owner.getClass().getDeclaredField(name);
    return field.trySetAccessible() ? field.get(owner) : null;
  }

  /**
   * Registers an extension for a context and those inside it, as no annotation can name one that
   * not every JUnit has the interface of. Does nothing if it is there, or if this JUnit does not
   * let it be done.
   */
  static void register(ExtensionContext context, Extension extension) {
    try {
      Object registry = registry(context);
      if (registry != null && !extensions(context).contains(extension)) {
        Method register =
            registry.getClass().getMethod("registerExtension", Extension.class, Object.class);
        if (register.trySetAccessible()) {
          register.invoke(registry, extension, OtherExtensions.class);
        }
      }
    } catch (ReflectiveOperationException | RuntimeException notLet) {
      return; // what hangs is looked for by the clock then
    }
  }

  private static Set<Class<?>> extensionClasses(Class<?> testClass) {
    Set<Class<?>> classes = new LinkedHashSet<>();
    for (Class<?> outer = testClass; outer != null; outer = Enclosing.of(outer)) {
      for (Class<?> type = outer; type != null; type = type.getSuperclass()) {
        addExtensions(type, classes);
      }
    }
    return classes;
  }

  private static void addExtensions(AnnotatedElement element, Set<Class<?>> classes) {
    for (ExtendWith with : AnnotationSupport.findRepeatableAnnotations(element, ExtendWith.class)) {
      for (Class<?> extension : with.value()) {
        for (Class<?> type = extension;
            type != null && type != Object.class;
            type = type.getSuperclass()) {
          classes.add(type);
        }
      }
    }
  }
}
