package dev.leakcheck.capture.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Tells whether a class has a static initialiser, which reflection does not: its class file does.
 * Thread-safe.
 */
public final class ClassInitializer {

  /** The name of the method as a constant pool has it: its tag, its length, its text. */
  private static final String CONSTANT = "\u0001\u0000\u0008<clinit>";

  private ClassInitializer() {}

  /**
   * Whether anything may run when a class is initialised.
   *
   * @param type a class or an interface
   * @return true as well if its class file cannot be read
   */
  public static boolean isIn(Class<?> type) {
    String name = type.getName();
    try (InputStream file =
        type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
      return file == null
          || new String(file.readAllBytes(), StandardCharsets.ISO_8859_1).contains(CONSTANT);
    } catch (IOException | RuntimeException unreadable) {
      return true;
    }
  }
}
