package dev.leakcheck.agent;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Has the JDK's list of the virtual threads that were started directly read through the {@link
 * HookClass}: wherever the class that keeps it reads the field with the set, it goes on with what
 * the hook makes of that. Touches no other class. Thread-safe; takes no lock.
 */
final class ListedThreads implements ClassFileTransformer {

  private static final String OWNER =
      "jdk/internal/vm/ThreadContainers$RootContainer$TrackingRootContainer";
  private static final String FIELD = "VTHREADS";
  private static final String SET = "Ljava/util/Set;";

  /** The methods that put a thread in, take it out, and list them all. */
  private static final String[] READERS = {"onStart", "onExit", "threads", "threadCount"};

  private volatile boolean added;

  /** The class that keeps the list; it is not initialised. */
  static Class<?> owner() throws ClassNotFoundException {
    return Class.forName(OWNER.replace('/', '.'), false, null);
  }

  /** Whether the class was as expected when it was last transformed. */
  boolean isAdded() {
    return added;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String type,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    if (loader != null || !OWNER.equals(type)) {
      return null;
    }
    try {
      ClassReader reader = new ClassReader(bytes);
      ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
      Readers readers = new Readers(writer);
      reader.accept(readers, 0);
      added = readers.found == READERS.length;
      return added ? writer.toByteArray() : null;
    } catch (Throwable e) {
      // A class file that ASM does not understand stays as it is.
      added = false;
      return null;
    }
  }

  private static final class Readers extends ClassVisitor {
    private int found;

    Readers(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      return new MethodVisitor(Opcodes.ASM9, next) {
        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String type) {
          super.visitFieldInsn(opcode, owner, field, type);
          if (opcode == Opcodes.GETSTATIC && field.equals(FIELD) && type.equals(SET)) {
            super.visitMethodInsn(
                Opcodes.INVOKESTATIC,
                HookClass.INTERNAL_NAME,
                HookClass.LISTED,
                "(Ljava/lang/Object;)Ljava/lang/Object;",
                false);
            super.visitTypeInsn(Opcodes.CHECKCAST, "java/util/Set");
            for (String reader : READERS) {
              found += reader.equals(name) ? 1 : 0;
            }
          }
        }
      };
    }
  }
}
