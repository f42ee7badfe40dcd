package dev.leakcheck.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** An agent of somebody else's that transforms the same classes. */
public final class OtherAgent implements ClassFileTransformer {

  private OtherAgent() {}

  public static void premain(String ignored, Instrumentation jvm) throws Exception {
    List<Class<?>> types = new ArrayList<>();
    for (HookPoint point : HookPoint.ofThisJdk()) {
      types.add(Class.forName(point.typeName(), false, null));
    }
    jvm.addTransformer(new OtherAgent(), true);
    jvm.retransformClasses(types.stream().distinct().toArray(Class<?>[]::new));
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String type, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
    if (loader != null || redefined == null) {
      return null;
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String signature, String[] exceptions) {
                MethodVisitor next = super.visitMethod(access, name, type, signature, exceptions);
                return new MethodVisitor(Opcodes.ASM9, next) {
                  @Override
                  public void visitCode() {
                    super.visitCode();
                    super.visitInsn(Opcodes.NOP);
                  }
                };
              }
            },
            0);
    return writer.toByteArray();
  }
}
