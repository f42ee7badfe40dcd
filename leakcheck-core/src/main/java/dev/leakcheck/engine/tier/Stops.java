package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Fields;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** What classes have that is there to stop their objects, own or inherited. Used by one thread. */
final class Stops {

  /** The best first. */
  private static final List<String> NAMES =
      List.of(
          "close",
          "shutdown",
          "stop",
          "shutdownNow",
          "dispose",
          "destroy",
          "terminate",
          "shutdownGracefully");

  private final Map<Class<?>, List<Method>> methods = new HashMap<>();

  /** The methods that a class declares; none if they cannot be told. */
  List<Method> declared(Class<?> type) {
    return methods.computeIfAbsent(type, Stops::methods);
  }

  private static List<Method> methods(Class<?> type) {
    try {
      return List.of(type.getDeclaredMethods());
    } catch (SecurityException | LinkageError unresolved) {
      return List.of();
    }
  }

  /** How an object of the class is stopped; null if it has nothing for that. */
  @Nullable String ofObject(Class<?> type) {
    return best(type, false);
  }

  /** How the class itself is stopped, by a static method; null if it has none for that. */
  @Nullable String ofClass(Class<?> type) {
    return best(type, true);
  }

  private @Nullable String best(Class<?> type, boolean ofClass) {
    Set<String> found = new HashSet<>();
    for (Class<?> each : withSupertypes(type)) {
      for (Method method : declared(each)) {
        if (method.getParameterCount() == 0
            && Modifier.isStatic(method.getModifiers()) == ofClass
            && !Modifier.isPrivate(method.getModifiers())) {
          found.add(method.getName());
        }
      }
    }
    if (!ofClass && ExecutorService.class.isAssignableFrom(type)) {
      found.add("shutdown"); // not every JDK has its close()
    } else if (!ofClass && AutoCloseable.class.isAssignableFrom(type)) {
      found.add("close");
    }
    return NAMES.stream().filter(found::contains).findFirst().orElse(null);
  }

  /** The class and all that it extends or implements, but for the JDK's. */
  private static Set<Class<?>> withSupertypes(Class<?> type) {
    Set<Class<?>> all = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Class<?>> next = new ArrayList<>(List.of(type));
    while (!next.isEmpty()) {
      Class<?> each = next.remove(next.size() - 1);
      if (!Fields.isJdk(each) && all.add(each)) {
        Class<?> above = each.getSuperclass();
        if (above != null) {
          next.add(above);
        }
        next.addAll(List.of(each.getInterfaces()));
      }
    }
    return all;
  }
}
