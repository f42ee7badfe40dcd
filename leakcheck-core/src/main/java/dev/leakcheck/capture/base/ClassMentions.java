package dev.leakcheck.capture.base;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * What a class file names, without its class being loaded.
 *
 * @param classes names of the classes that its code names, but for the JDK's
 * @param extended the name of the class that it extends, or an empty text
 * @param constants names of the types of its final static fields, or of their elements, but for
 *     plain values
 * @param parts the same of its other final fields
 */
public record ClassMentions(
    Set<String> classes, String extended, Set<String> constants, Set<String> parts) {

  private static final int CLASS = 7;

  /**
   * Reads the file of a class.
   *
   * @param name the class's name
   * @return null if the JDK's own loader of applications has none, or it cannot be read
   */
  public static @Nullable ClassMentions of(String name) {
    byte[] file = ClassFiles.ofApplication(name);
    if (file == null) {
      return null;
    }
    try {
      ClassReader reader = new ClassReader(file);
      Set<String> constants = new HashSet<>();
      Set<String> parts = new HashSet<>();
      reader.accept(
          new ClassVisitor(Opcodes.ASM9) {
            @Override
            public @Nullable FieldVisitor visitField(
                int access,
                String field,
                String descriptor,
                @Nullable String signature,
                @Nullable Object value) {
              Type type = Type.getType(descriptor);
              Type held = type.getSort() == Type.ARRAY ? type.getElementType() : type;
              if ((access & Opcodes.ACC_FINAL) != 0 && held.getSort() == Type.OBJECT) {
                ((access & Opcodes.ACC_STATIC) == 0 ? parts : constants).add(held.getClassName());
              }
              return null;
            }
          },
          ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
      String extended = reader.getSuperName();
      return new ClassMentions(
          classes(reader), extended == null ? "" : extended.replace('/', '.'), constants, parts);
    } catch (RuntimeException ofANewerJdk) {
      return null;
    }
  }

  /** The constants of that sort in its pool. */
  private static Set<String> classes(ClassReader reader) {
    Set<String> classes = new HashSet<>();
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      if (at > 0 && reader.readByte(at - 1) == CLASS) {
        String name = reader.readUTF8(at, buffer).replace('/', '.');
        if (!name.startsWith("[") && !isJdks(name)) {
          classes.add(name);
        }
      }
    }
    return classes;
  }

  /**
   * Whether a class is one of those that a program finds in every JDK.
   *
   * @param name the class's name
   * @return true by its package alone
   */
  public static boolean isJdks(String name) {
    return name.startsWith("java.") || name.startsWith("javax.") || name.startsWith("jdk.");
  }
}
