package dev.leakcheck.capture.base;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * As what the code of a line knows the object that it calls: a stack has only the class that
 * declares the method, which may be any that this class extends. The class file of the caller has
 * both. Thread-safe.
 */
public final class CallSites {

  private CallSites() {}

  /**
   * The class on which a method is called.
   *
   * @param type the class of the code that calls it
   * @param caller where that code is
   * @param method the name of the method
   * @return its name, or null if the line calls no such method, or those of several classes, or
   *     cannot be read
   */
  public static @Nullable String receiver(Class<?> type, StackTraceElement caller, String method) {
    byte[] bytes = ClassFiles.of(type);
    if (bytes == null || caller.getLineNumber() < 0) {
      return null;
    }
    Set<String> receivers = new HashSet<>();
    try {
      new ClassReader(bytes).accept(new Reader(caller, method, receivers), ClassReader.SKIP_FRAMES);
    } catch (RuntimeException ofANewerJdk) {
      return null;
    }
    return receivers.size() == 1 ? receivers.iterator().next().replace('/', '.') : null;
  }

  private static final class Reader extends ClassVisitor {
    private final StackTraceElement caller;
    private final String method;
    private final Set<String> receivers;

    Reader(StackTraceElement caller, String method, Set<String> receivers) {
      super(Opcodes.ASM9);
      this.caller = caller;
      this.method = method;
      this.receivers = receivers;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return name.equals(caller.getMethodName()) ? new Lines() : null;
    }

    private final class Lines extends MethodVisitor {
      private int line;

      Lines() {
        super(Opcodes.ASM9);
      }

      @Override
      public void visitLineNumber(int number, Label start) {
        line = number;
      }

      @Override
      public void visitMethodInsn(
          int opcode, String owner, String name, String descriptor, boolean ofInterface) {
        if (line == caller.getLineNumber() && name.equals(method)) {
          receivers.add(owner);
        }
      }
    }
  }
}
