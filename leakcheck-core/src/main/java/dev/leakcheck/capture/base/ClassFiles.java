package dev.leakcheck.capture.base;

import java.io.IOException;
import java.io.InputStream;
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
    try (InputStream file =
        loader.getResourceAsStream(type.getName().replace('.', '/').concat(".class"))) {
      return file == null ? null : file.readAllBytes();
    } catch (IOException | RuntimeException unreadable) {
      return null;
    }
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
