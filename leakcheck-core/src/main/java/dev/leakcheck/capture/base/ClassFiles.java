package dev.leakcheck.capture.base;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The files that classes were loaded from. Thread-safe. */
public final class ClassFiles {

  private ClassFiles() {}

  /**
   * The file of a class as it is on the class path or the module path.
   *
   * @param type a class
   * @return null if it cannot be read, or if another loader than the JDK's own has loaded it, whose
   *     code would run
   */
  public static byte @Nullable [] of(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    if (loader == null || !Loaders.isJdks(loader)) {
      return null;
    }
    try (InputStream file =
        loader.getResourceAsStream(type.getName().replace('.', '/').concat(".class"))) {
      return file == null ? null : file.readAllBytes();
    } catch (IOException | RuntimeException unreadable) {
      return null;
    }
  }
}
