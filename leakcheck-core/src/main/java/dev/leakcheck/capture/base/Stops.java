package dev.leakcheck.capture.base;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What classes have that is there to stop their objects, own or inherited. Used by one thread. */
public final class Stops {

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
          "stopAsync",
          "shutdownAsync",
          "closeAsync",
          "shutdownGracefully",
          "quit",
          "halt");

  /** What undoes what; the rest of the name is the same. */
  private static final Map<String, String> COUNTERPARTS =
      Map.of("start", "stop", "open", "close", "connect", "disconnect");

  private final Map<Class<?>, List<Method>> methods = new HashMap<>();

  /** What stops objects of a class, by the package of who calls it. */
  private final Map<Class<?>, Map<String, Optional<String>>> usable = new HashMap<>();

  /**
   * The methods that a class declares; none if they cannot be told. To list them the JVM asks the
   * class's loader for their types, so those of a class that a loader of the user's has are not.
   */
  public List<Method> declared(Class<?> type) {
    return methods.computeIfAbsent(type, Stops::methods);
  }

  private static List<Method> methods(Class<?> type) {
    if (!Loaders.isJdks(type.getClassLoader())) {
      return List.of();
    }
    try {
      return List.of(type.getDeclaredMethods());
    } catch (SecurityException | LinkageError unresolved) {
      return List.of();
    }
  }

  /** How an object of the class is stopped; null if it has nothing for that. */
  public @Nullable String ofObject(Class<?> type) {
    return ofObject(type, method -> true);
  }

  /** The same, by what code of another class may call. */
  public @Nullable String ofObject(Class<?> type, Class<?> callers) {
    return usable
        .computeIfAbsent(type, each -> new HashMap<>())
        .computeIfAbsent(
            callers.getPackageName(),
            home -> Optional.ofNullable(ofObject(type, method -> mayCall(home, method))))
        .orElse(null);
  }

  private static boolean mayCall(String home, Method method) {
    Class<?> type = method.getDeclaringClass();
    return (Modifier.isPublic(method.getModifiers()) && Modifier.isPublic(type.getModifiers()))
        || type.getPackageName().equals(home);
  }

  /**
   * How an object is stopped that nothing of a usual name stops: by what undoes a method, such as
   * {@code stopServer} for {@code startServer}; null if there is no such method.
   */
  public @Nullable String counterpart(Class<?> type, String method) {
    Set<String> all = named(type, false, each -> true, name -> true);
    return COUNTERPARTS.entrySet().stream()
        .filter(pair -> method.startsWith(pair.getKey()))
        .map(pair -> pair.getValue() + method.substring(pair.getKey().length()))
        .filter(all::contains)
        .findFirst()
        .orElse(null);
  }

  /** How the class itself is stopped, by a static method; null if it has none for that. */
  public @Nullable String ofClass(Class<?> type) {
    return best(named(type, true, method -> true));
  }

  private @Nullable String ofObject(Class<?> type, Predicate<Method> wanted) {
    Set<String> found = named(type, false, wanted);
    if (ExecutorService.class.isAssignableFrom(type)) {
      found.add("shutdown"); // not every JDK has its close()
    } else if (AutoCloseable.class.isAssignableFrom(type)) {
      found.add("close");
    }
    return best(found);
  }

  private static @Nullable String best(Set<String> found) {
    return NAMES.stream().filter(found::contains).findFirst().orElse(null);
  }

  private Set<String> named(Class<?> type, boolean ofClass, Predicate<Method> wanted) {
    return named(type, ofClass, wanted, NAMES::contains);
  }

  private Set<String> named(
      Class<?> type, boolean ofClass, Predicate<Method> wanted, Predicate<String> names) {
    Set<String> found = new HashSet<>();
    for (Class<?> each : withSupertypes(type)) {
      for (Method method : declared(each)) {
        if (method.getParameterCount() == 0
            && Modifier.isStatic(method.getModifiers()) == ofClass
            && !Modifier.isPrivate(method.getModifiers())
            && names.test(method.getName())
            && isDeed(method)
            && wanted.test(method)) {
          found.add(method.getName());
        }
      }
    }
    return found;
  }

  /** Not one that tells when something stops, or at what price an exchange closes. */
  private static boolean isDeed(Method method) {
    Class<?> result = method.getReturnType();
    boolean mayTellOfIt =
        result == void.class
            || result == boolean.class
            || (!result.isPrimitive() && !Fields.isJdk(result))
            || Future.class.isAssignableFrom(result)
            || CompletionStage.class.isAssignableFrom(result)
            || Collection.class.isAssignableFrom(result);
    return mayTellOfIt && !isComponent(method);
  }

  private static boolean isComponent(Method method) {
    return method.getDeclaringClass().isRecord()
        && Arrays.stream(method.getDeclaringClass().getDeclaredFields())
            .anyMatch(
                field ->
                    !Modifier.isStatic(field.getModifiers())
                        && field.getName().equals(method.getName()));
  }

  /** The class and all that it extends or implements, but for the JDK's. */
  public static Set<Class<?>> withSupertypes(Class<?> type) {
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
