package dev.leakcheck.capture.base;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Where a class and its methods stand in their source, which reflection does not tell: the class
 * file does. Used by one thread.
 */
public final class SourceLines {

  private final Map<String, Integer> firstOfMethods = new HashMap<>();
  private @Nullable String file;

  private SourceLines() {}

  /**
   * Those of a class.
   *
   * @param type a class
   * @return none if its file cannot be read
   */
  public static SourceLines of(Class<?> type) {
    SourceLines lines = new SourceLines();
    if (!ClassFiles.read(type, lines.new Reader(), ClassReader.SKIP_FRAMES)) {
      lines.firstOfMethods.clear();
    }
    return lines;
  }

  /**
   * The source's name.
   *
   * @return such as {@code OrderTest.java}, or null if that is not known
   */
  public @Nullable String file() {
    return file;
  }

  /**
   * The first line of a method that does something.
   *
   * @param method a method of the class
   * @return -1 if that is not known
   */
  public int first(Method method) {
    return firstOfMethods.getOrDefault(method.getName() + Type.getMethodDescriptor(method), -1);
  }

  /**
   * The first line of the class: where it is declared, if it declares no constructor.
   *
   * @return -1 if that is not known
   */
  public int first() {
    return firstOfMethods.values().stream().mapToInt(line -> line).min().orElse(-1);
  }

  private final class Reader extends ClassVisitor {

    Reader() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visitSource(@Nullable String source, @Nullable String debug) {
      file = source;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitLineNumber(int line, Label start) {
          firstOfMethods.merge(name + descriptor, line, Math::min);
        }
      };
    }
  }
}
