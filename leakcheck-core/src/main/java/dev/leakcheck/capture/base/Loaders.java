package dev.leakcheck.capture.base;

import org.jspecify.annotations.Nullable;

/** Tells which class loaders may be asked for something: to ask one of the user's runs its code. */
public final class Loaders {

  private Loaders() {}

  /**
   * Whether a loader is the JDK's own of applications or of its platform.
   *
   * @param loader a class's loader, or null for that of the JDK's core
   * @return true if no code of the user's runs when it is asked
   */
  public static boolean isJdks(@Nullable ClassLoader loader) {
    return loader != null && loader.getClass().getName().startsWith("jdk.internal.loader.");
  }

  /**
   * The loader of applications.
   *
   * @return null if it is not the JDK's own
   */
  public static @Nullable ClassLoader ofApplications() {
    try {
      ClassLoader loader = ClassLoader.getSystemClassLoader();
      return isJdks(loader) ? loader : null;
    } catch (SecurityException e) {
      return null;
    }
  }
}
