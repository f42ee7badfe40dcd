package dev.leakcheck.capture.base;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * What code takes the result of a method for that it calls, by its class file: a method such as
 * {@code <T> T get(Class<T>)} declares no more than that it is an object, and the compiler has it
 * cast to what the caller asked for. Thread-safe.
 */
public final class Casts {

  private Casts() {}

  /**
   * The types that the results of calls are cast to at once, or else those that the called methods
   * declare.
   *
   * @param caller the class that has the calls
   * @param frame a frame of it: calls on that line are meant
   * @param called the name of the called method
   * @return names of classes; those of arrays and primitive types as a descriptor has them. Empty
   *     if the class file cannot be read or does not tell lines
   */
  public static Set<String> results(Class<?> caller, StackTraceElement frame, String called) {
    Set<String> results = new LinkedHashSet<>();
    ClassVisitor reader =
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public @Nullable MethodVisitor visitMethod(
              int access,
              String name,
              String descriptor,
              @Nullable String signature,
              String @Nullable [] exceptions) {
            return name.equals(frame.getMethodName())
                ? new Calls(frame.getLineNumber(), called, results)
                : null;
          }
        };
    return ClassFiles.read(caller, reader, ClassReader.SKIP_FRAMES) ? results : Set.of();
  }

  private static final class Calls extends MethodVisitor {
    private final int wanted;
    private final String called;
    private final Set<String> results;
    private int line;

    /** What the call that was the last instruction is declared to return. */
    private @Nullable String last;

    Calls(int wanted, String called, Set<String> results) {
      super(Opcodes.ASM9);
      this.wanted = wanted;
      this.called = called;
      this.results = results;
    }

    /** Another instruction follows. */
    private void next() {
      if (last != null) {
        results.add(last);
        last = null;
      }
    }

    @Override
    public void visitLineNumber(int number, Label start) {
      line = number;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      next();
      if (line == wanted && name.equals(called)) {
        last = name(Type.getReturnType(descriptor));
      }
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      if (last != null && opcode == Opcodes.CHECKCAST) {
        last = name(Type.getObjectType(type));
      }
      next();
    }

    private static String name(Type type) {
      return type.getSort() == Type.OBJECT ? type.getClassName() : type.getDescriptor();
    }

    @Override
    public void visitInsn(int opcode) {
      next();
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      next();
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
      next();
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      next();
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      next();
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
      next();
    }

    @Override
    public void visitLdcInsn(Object value) {
      next();
    }

    @Override
    public void visitIincInsn(int variable, int increment) {
      next();
    }

    @Override
    public void visitTableSwitchInsn(int min, int max, Label other, Label... labels) {
      next();
    }

    @Override
    public void visitLookupSwitchInsn(Label other, int[] keys, Label[] labels) {
      next();
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
      next();
    }

    @Override
    public void visitEnd() {
      next();
    }
  }
}
