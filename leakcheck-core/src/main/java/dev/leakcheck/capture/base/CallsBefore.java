package dev.leakcheck.capture.base;

import java.util.LinkedHashSet;
import java.util.Set;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Reads which objects a method calls and makes up to one of its lines. Used by one thread. */
final class CallsBefore extends CallersCode {

  private CallSites.AtHand atHand = none();

  CallsBefore(StackTraceElement caller) {
    super(caller);
  }

  private static CallSites.AtHand none() {
    return new CallSites.AtHand(
        new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
  }

  /** Of the one method of that name which has the line. */
  CallSites.AtHand atHand() {
    return atHand;
  }

  @Override
  MethodVisitor reader() {
    return new Calls();
  }

  private final class Calls extends MethodVisitor {
    private final CallSites.AtHand calls = none();
    private boolean onLine;
    private boolean done;

    Calls() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visitLineNumber(int number, Label start) {
      done |= onLine && number != caller.getLineNumber();
      onLine = number == caller.getLineNumber();
      if (onLine) {
        atHand = calls;
      }
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean ofInterface) {
      if (done && !onLine) {
        return;
      }
      boolean ofObject = opcode != Opcodes.INVOKESTATIC && !name.equals("<init>");
      if (ofObject) {
        add(onLine ? calls.receivers() : calls.earlier(), owner);
      }
      if (name.equals("<init>")) {
        add(calls.made(), owner);
      } else if (!ofObject || name.equals("build")) {
        Type result = Type.getReturnType(descriptor);
        if (result.getSort() == Type.OBJECT) {
          add(calls.made(), result.getInternalName());
        }
      }
    }

    private static void add(Set<String> types, String type) {
      types.add(type.replace('/', '.'));
    }
  }
}
