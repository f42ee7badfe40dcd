package dev.leakcheck.capture.base;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Reads what a method calls after a call on one of its lines. Used by one thread. */
final class CallsAfter extends CallersCode {

  private final String method;
  private final List<CallSites.Call> found = new ArrayList<>();

  CallsAfter(StackTraceElement caller, String method) {
    super(caller);
    this.method = method;
  }

  /** Of the methods of that name those that have the call. */
  List<CallSites.Call> found() {
    return found;
  }

  @Override
  MethodVisitor reader() {
    return new Calls();
  }

  private final class Calls extends MethodVisitor {
    private int line;
    private boolean after;

    Calls() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visitLineNumber(int number, Label start) {
      line = number;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean ofInterface) {
      if (after) {
        found.add(
            new CallSites.Call(
                owner.replace('/', '.'),
                name,
                Arrays.stream(Type.getArgumentTypes(descriptor)).map(Type::getClassName).toList(),
                Type.getReturnType(descriptor).getClassName(),
                opcode == Opcodes.INVOKESTATIC,
                line));
      }
      after |= line == caller.getLineNumber() && name.equals(method);
    }
  }
}
