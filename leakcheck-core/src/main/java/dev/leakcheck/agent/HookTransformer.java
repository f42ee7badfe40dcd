package dev.leakcheck.agent;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Adds the calls of the hooks to a handful of the JDK's classes, and touches nothing else. What is
 * added has no branch, so the methods keep their stack-map frames.
 *
 * <p>It stays in place, so that the hooks survive when another agent has one of these classes
 * transformed anew. Thread-safe; takes no lock.
 */
final class HookTransformer implements ClassFileTransformer {

  private static final int API = Opcodes.ASM9;

  private final Map<String, List<HookPoint>> points = new HashMap<>();

  /** What was added when each class was last transformed; the lists are not changed. */
  private final Map<String, List<HookPoint>> added = new ConcurrentHashMap<>();

  HookTransformer(List<HookPoint> wanted) {
    for (HookPoint point : wanted) {
      List<HookPoint> ofType = points.get(point.type());
      if (ofType == null) {
        ofType = new ArrayList<>();
        points.put(point.type(), ofType);
      }
      ofType.add(point);
    }
  }

  /** Whether the JVM has asked for the point's class and been given the point. */
  boolean added(HookPoint point) {
    List<HookPoint> ofType = added.get(point.type());
    if (ofType != null) {
      for (HookPoint one : ofType) {
        if (one == point) { // a record's equals is spun at run time, which takes long
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a class was loaded or transformed, and was given all of its points. */
  boolean isComplete(String type) {
    List<HookPoint> wanted = points.get(type);
    if (wanted == null) {
      return false;
    }
    for (HookPoint point : wanted) {
      if (!point.optional() && !added(point)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String type,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    if (loader != null || type == null) {
      return null;
    }
    List<HookPoint> wanted = points.get(type);
    if (wanted == null) {
      return null;
    }
    try {
      List<HookPoint> done = new ArrayList<>(wanted.size());
      ClassReader reader = new ClassReader(bytes);
      // What is not changed is copied as it is.
      ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
      reader.accept(new OfClass(writer, wanted, done), 0);
      byte[] result = writer.toByteArray();
      added.put(type, done);
      return result;
    } catch (Throwable e) {
      // A class file that ASM does not understand stays as it is.
      added.remove(type);
      return null;
    }
  }

  private static final class OfClass extends ClassVisitor {
    private final List<HookPoint> wanted;
    private final List<HookPoint> done;

    OfClass(ClassVisitor next, List<HookPoint> wanted, List<HookPoint> done) {
      super(API, next);
      this.wanted = wanted;
      this.done = done;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      for (HookPoint point : wanted) {
        if (point.is(name, descriptor)
            && (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0
            && ((access & Opcodes.ACC_STATIC) != 0) == point.isStatic()) {
          done.add(point);
          next = new OfMethod(next, point);
        }
      }
      return next;
    }
  }

  private static final class OfMethod extends MethodVisitor {
    private final HookPoint point;

    OfMethod(MethodVisitor next, HookPoint point) {
      super(API, next);
      this.point = point;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      if (!point.atReturn() && !point.aroundCall()) {
        super.visitVarInsn(Opcodes.ALOAD, point.hook() == Hook.TASK_BEGINS ? point.ofTask() : 0);
        if (point.hook() == Hook.TASK_GIVEN) {
          super.visitVarInsn(Opcodes.ALOAD, point.ofTask());
        }
        callHook();
      }
    }

    /** What is called is told of before, and a copy of it, which waits below, after that. */
    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean ofInterface) {
      boolean isTask =
          point.aroundCall()
              && owner.equals("java/util/TimerTask")
              && name.equals("run")
              && opcode == Opcodes.INVOKEVIRTUAL;
      if (isTask) {
        super.visitInsn(Opcodes.DUP);
        super.visitInsn(Opcodes.DUP);
        call(point.hook());
      }
      super.visitMethodInsn(opcode, owner, name, descriptor, ofInterface);
      if (isTask) {
        call(Hook.TASK_ENDS);
      }
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN && point.atReturn()) {
        if (point.hook() == Hook.STAGE_DERIVED) {
          handOverBothStages();
        } else if (point.ofResult()) {
          super.visitInsn(Opcodes.DUP);
        } else {
          super.visitVarInsn(Opcodes.ALOAD, point.ofArgument() ? 1 : 0);
        }
        callHook();
      }
      super.visitInsn(opcode);
    }

    /** The other stage and the new one: what is called and what it returns, or two arguments. */
    private void handOverBothStages() {
      if (point.ofResult()) {
        super.visitInsn(Opcodes.DUP);
        super.visitVarInsn(Opcodes.ALOAD, 0);
        super.visitInsn(Opcodes.SWAP);
      } else {
        super.visitVarInsn(Opcodes.ALOAD, 3);
        super.visitVarInsn(Opcodes.ALOAD, 2);
      }
    }

    /** What is handed over is on the stack already. */
    private void callHook() {
      Hook hook = point.hook();
      if (hook.ofThread()) {
        if (point.descriptor().startsWith("()")) {
          super.visitInsn(Opcodes.ACONST_NULL);
        } else {
          super.visitVarInsn(Opcodes.ALOAD, 1);
        }
      }
      call(hook);
    }

    private void call(Hook hook) {
      super.visitMethodInsn(
          Opcodes.INVOKESTATIC, HookClass.INTERNAL_NAME, hook.label, hook.descriptor(), false);
    }
  }
}
