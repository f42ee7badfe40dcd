package dev.leakcheck.capture.base;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Reads the code of the methods that have the name of a frame's. Used by one thread. */
abstract class CallersCode extends ClassVisitor {

  final StackTraceElement caller;

  CallersCode(StackTraceElement caller) {
    super(Opcodes.ASM9);
    this.caller = caller;
  }

  /** What reads one of them. */
  abstract MethodVisitor reader();

  @Override
  public final @Nullable MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    return name.equals(caller.getMethodName()) ? reader() : null;
  }

  /** Reads the class of that code; false if it cannot be read. */
  final boolean isRead(Class<?> type) {
    return caller.getLineNumber() >= 0 && ClassFiles.read(type, this, ClassReader.SKIP_FRAMES);
  }
}
