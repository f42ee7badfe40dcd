package dev.leakcheck.junit5;

import dev.leakcheck.LeakCheckSettings;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * The names of the configuration parameters that were given, to tell the user of a typing error.
 * JUnit lets an extension ask for a key, but not for the keys: they are read where they come from,
 * and, as far as this JUnit's inside allows it, from the engine.
 */
final class ConfigurationKeys {

  private static final int DEPTH = 4;
  private static final String PARALLEL = "junit.jupiter.execution.parallel.enabled";
  private static final String AUTODETECTION = "junit.jupiter.extensions.autodetection.enabled";

  private static final String CLOSING =
      "junit.jupiter.extensions.store.close.autocloseable.enabled";

  private ConfigurationKeys() {}

  static void rejectUnknown(ExtensionContext context) {
    try {
      LeakCheckSettings.rejectUnknown(
          System.getProperties().stringPropertyNames(), "the system properties");
      LeakCheckSettings.rejectUnknown(fileKeys(), "junit-platform.properties");
      LeakCheckSettings.rejectUnknown(
          engineKeys(context, DEPTH, new HashSet<>()), "the configuration parameters");
    } catch (IllegalArgumentException e) {
      throw new ExtensionConfigurationException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether classes without the extension may run beside those that have it, unseen. */
  static boolean mayRunUnseen(ExtensionContext context) {
    return isTrue(context, PARALLEL) && !isTrue(context, AUTODETECTION);
  }

  /** Whether JUnit 5.13 or later closes what is in its stores; older ones close their own type. */
  static boolean closesAutoCloseables(ExtensionContext context) {
    return context.getConfigurationParameter(CLOSING).map(Boolean::parseBoolean).orElse(true);
  }

  private static boolean isTrue(ExtensionContext context, String key) {
    return context.getConfigurationParameter(key).map(Boolean::parseBoolean).orElse(false);
  }

  private static Set<String> fileKeys() {
    Properties properties = new Properties();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try (InputStream in =
        loader == null ? null : loader.getResourceAsStream("junit-platform.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException | IllegalArgumentException unreadable) {
      return Set.of(); // JUnit itself reports it
    }
    return properties.stringPropertyNames();
  }

  /** Follows the fields of JUnit's own objects to its {@code ConfigurationParameters.keySet()}. */
  private static Set<String> engineKeys(Object object, int depth, Set<Integer> seen) {
    if (depth == 0 || !seen.add(System.identityHashCode(object))) {
      return Set.of();
    }
    try {
      for (Class<?> type : object.getClass().getInterfaces()) {
        if (type.getName().equals("org.junit.platform.engine.ConfigurationParameters")) {
          Method keySet = type.getMethod("keySet");
          Object keys = ReflectionSupport.invokeMethod(keySet, object);
          return strings(keys);
        }
      }
      for (Class<?> type = object.getClass();
          type != null && type.getName().startsWith("org.junit.");
          type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          Set<String> keys = engineKeys(field, object, depth, seen);
          if (!keys.isEmpty()) {
            return keys;
          }
        }
      }
    } catch (ReflectiveOperationException | RuntimeException | LinkageError otherwiseBuilt) {
      return Set.of();
    }
    return Set.of();
  }

  private static Set<String> engineKeys(Field field, Object owner, int depth, Set<Integer> seen)
      throws IllegalAccessException {
    String type = field.getType().getName();
    if ((type.contains("Configuration") || type.contains("configuration"))
        && type.startsWith("org.junit.")
        && field.trySetAccessible()) {
      Object value = field.get(owner);
      return value == null ? Set.of() : engineKeys(value, depth - 1, seen);
    }
    return Set.of();
  }

  private static Set<String> strings(Object keys) {
    Set<String> strings = new HashSet<>();
    if (keys instanceof Set<?> set) {
      set.forEach(key -> strings.add(String.valueOf(key)));
    }
    return strings;
  }
}
