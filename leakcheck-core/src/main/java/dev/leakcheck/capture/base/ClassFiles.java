package dev.leakcheck.capture.base;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;

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
    return read(loader, type.getName());
  }

  /**
   * The file of a class of the application, which need not be loaded.
   *
   * @param name the class's name
   * @return null if it cannot be read, or if applications are loaded by another loader than the
   *     JDK's own
   */
  static byte @Nullable [] ofApplication(String name) {
    ClassLoader loader = Loaders.ofApplications();
    return loader == null ? null : read(loader, name);
  }

  /**
   * What entry of the class path a class of the application is in.
   *
   * @param name the class's name
   * @return a URL, which begins with {@code jar:} or {@code file:}, or null if it cannot be told
   */
  public static @Nullable String place(String name) {
    ClassLoader loader = Loaders.ofApplications();
    URL file = loader == null ? null : loader.getResource(path(name));
    return file == null ? null : file.toString().replace(path(name), "");
  }

  private static byte @Nullable [] read(ClassLoader loader, String name) {
    try (InputStream file = loader.getResourceAsStream(path(name))) {
      return file == null ? null : file.readAllBytes();
    } catch (IOException | RuntimeException unreadable) {
      return null;
    }
  }

  private static String path(String name) {
    return name.replace('.', '/').concat(".class");
  }

  /**
   * Reads the file of a class.
   *
   * @param type a class
   * @param reader what is told what is in it
   * @param options what it is not to be told, of {@link ClassReader}
   * @return false if it cannot be read, or not to its end
   */
  static boolean read(Class<?> type, ClassVisitor reader, int options) {
    byte[] bytes = of(type);
    if (bytes == null) {
      return false;
    }
    try {
      new ClassReader(bytes).accept(reader, options);
      return true;
    } catch (RuntimeException ofANewerJdk) {
      return false;
    }
  }
}
