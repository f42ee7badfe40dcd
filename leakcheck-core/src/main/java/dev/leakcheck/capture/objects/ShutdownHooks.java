package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Jdk;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which shutdown hooks are registered, as the JDK keeps them where only an agent can see them.
 * Without an agent none is seen. Thread-safe.
 */
public final class ShutdownHooks {

  private static final @Nullable Field HOOKS = hooks();

  private ShutdownHooks() {}

  /** Whether a hook would run if the JVM ended now. */
  public static boolean isRegistered(Thread hook) {
    if (HOOKS == null) {
      return false;
    }
    // The JDK guards them with its own class's monitor, and calls nobody while it holds that.
    synchronized (HOOKS.getDeclaringClass()) {
      try {
        return HOOKS.get(null) instanceof Map<?, ?> hooks && hooks.containsKey(hook);
      } catch (IllegalAccessException e) {
        return false;
      }
    }
  }

  /** Those that would run if the JVM ended now. */
  public static List<Thread> registered() {
    List<Thread> registered = new ArrayList<>();
    if (HOOKS != null) {
      synchronized (HOOKS.getDeclaringClass()) {
        try {
          if (HOOKS.get(null) instanceof IdentityHashMap<?, ?> hooks) {
            hooks.keySet().forEach(hook -> registered.add((Thread) hook));
          }
        } catch (IllegalAccessException e) {
          return List.of();
        }
      }
    }
    return registered;
  }

  private static @Nullable Field hooks() {
    if (!Jdk.opens("java.lang")) {
      return null;
    }
    try {
      Field field =
          Class.forName("java.lang.ApplicationShutdownHooks", false, null)
              .getDeclaredField("hooks");
      return field.trySetAccessible() ? field : null;
    } catch (ReflectiveOperationException otherJdk) {
      return null;
    }
  }
}
