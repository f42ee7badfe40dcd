package dev.leakcheck.agent;

import static org.objectweb.asm.Opcodes.AALOAD;
import static org.objectweb.asm.Opcodes.ACC_FINAL;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ACC_SUPER;
import static org.objectweb.asm.Opcodes.ACC_SYNTHETIC;
import static org.objectweb.asm.Opcodes.ACC_VOLATILE;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ARETURN;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.F_APPEND;
import static org.objectweb.asm.Opcodes.F_FULL;
import static org.objectweb.asm.Opcodes.F_SAME;
import static org.objectweb.asm.Opcodes.GETSTATIC;
import static org.objectweb.asm.Opcodes.IFEQ;
import static org.objectweb.asm.Opcodes.IFNULL;
import static org.objectweb.asm.Opcodes.INSTANCEOF;
import static org.objectweb.asm.Opcodes.INVOKEINTERFACE;
import static org.objectweb.asm.Opcodes.INVOKESPECIAL;
import static org.objectweb.asm.Opcodes.POP;
import static org.objectweb.asm.Opcodes.PUTSTATIC;
import static org.objectweb.asm.Opcodes.RETURN;
import static org.objectweb.asm.Opcodes.SIPUSH;
import static org.objectweb.asm.Opcodes.V17;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * The one class that is added to the boot loader, so that the JDK's own classes can call it. In
 * Java it would read:
 *
 * <pre>{@code
 * public final class LeakCheckHooks implements Consumer<Object[]> {
 *   public static volatile Consumer queueMade;      // and so on, one for each Hook
 *
 *   public static void queueMade(Object queue) {
 *     Consumer sink = queueMade;
 *     if (sink != null && queue instanceof BlockingQueue) {
 *       try {
 *         sink.accept(queue);
 *       } catch (Throwable ignored) {
 *       }
 *     }
 *   }
 *
 *   public void accept(Object[] sinks) {
 *     queueMade = (Consumer) sinks[4];
 *   }
 *
 *   public static volatile UnaryOperator listedThreads;
 *
 *   public static Object listedThreads(Object set) {
 *     UnaryOperator view = listedThreads;
 *     return view == null ? set : view.apply(set);
 *   }
 * }
 * }</pre>
 *
 * <p>A hook that is switched off costs the read of one field. What a sink throws, a stack overflow
 * and a lack of memory included, ends in the hook. The class is its own switch, so that no
 * reflection is needed to switch it.
 */
final class HookClass {

  static final String INTERNAL_NAME = "java/util/concurrent/LeakCheckHooks";
  private static final String NAME = "java.util.concurrent.LeakCheckHooks";

  /** The method that {@link ListedThreads} adds calls of, and the field with what it calls. */
  static final String LISTED = "listedThreads";

  private static final String LISTED_SINK = "java/util/function/UnaryOperator";
  private static final String OBJECT = "java/lang/Object";

  private HookClass() {}

  /**
   * Defines the class, unless an earlier agent of this JVM did.
   *
   * @return sets what the hooks call: an array with an entry for each {@link Hook}, null for off
   * @throws ReflectiveOperationException if {@code java.util.concurrent} is not open to LeakCheck
   */
  @SuppressWarnings("unchecked") // the class says so
  static Consumer<@Nullable Object[]> define() throws ReflectiveOperationException {
    Class<?> type;
    try {
      type = Class.forName(NAME, true, null);
    } catch (ClassNotFoundException notYet) {
      type =
          MethodHandles.privateLookupIn(BlockingQueue.class, MethodHandles.lookup())
              .defineClass(bytes());
    }
    return (Consumer<@Nullable Object[]>) type.getConstructor().newInstance();
  }

  /**
   * Has the JDK's list of threads read through a function. This is never switched off: who began to
   * read the list before it was switched on would not see what happens to it then.
   *
   * @param view gets the JDK's set, and returns the one that is read
   */
  static void listThrough(UnaryOperator<Object> view) throws ReflectiveOperationException {
    Class.forName(NAME, true, null).getField(LISTED).set(null, view);
  }

  static byte[] bytes() {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(
        V17,
        ACC_PUBLIC | ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC,
        INTERNAL_NAME,
        null,
        OBJECT,
        new String[] {"java/util/function/Consumer"});
    addConstructor(writer);
    addSwitch(writer);
    for (Hook hook : Hook.values()) {
      writer
          .visitField(
              ACC_PUBLIC | ACC_STATIC | ACC_VOLATILE, hook.label, hook.fieldType(), null, null)
          .visitEnd();
      addHook(hook, writer);
    }
    writer
        .visitField(
            ACC_PUBLIC | ACC_STATIC | ACC_VOLATILE, LISTED, "L" + LISTED_SINK + ";", null, null)
        .visitEnd();
    addListed(writer);
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static void addConstructor(ClassWriter writer) {
    MethodVisitor code = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
    code.visitCode();
    code.visitVarInsn(ALOAD, 0);
    code.visitMethodInsn(INVOKESPECIAL, OBJECT, "<init>", "()V", false);
    code.visitInsn(RETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private static void addSwitch(ClassWriter writer) {
    MethodVisitor code =
        writer.visitMethod(ACC_PUBLIC, "accept", "(Ljava/lang/Object;)V", null, null);
    code.visitCode();
    for (Hook hook : Hook.values()) {
      code.visitVarInsn(ALOAD, 1);
      code.visitTypeInsn(CHECKCAST, "[Ljava/lang/Object;");
      code.visitIntInsn(SIPUSH, hook.slot);
      code.visitInsn(AALOAD);
      code.visitTypeInsn(CHECKCAST, hook.sinkType());
      code.visitFieldInsn(PUTSTATIC, INTERNAL_NAME, hook.label, hook.fieldType());
    }
    code.visitInsn(RETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private static void addListed(ClassWriter writer) {
    MethodVisitor code =
        writer.visitMethod(
            ACC_PUBLIC | ACC_STATIC, LISTED, "(Ljava/lang/Object;)Ljava/lang/Object;", null, null);
    Label off = new Label();
    code.visitCode();
    code.visitFieldInsn(GETSTATIC, INTERNAL_NAME, LISTED, "L" + LISTED_SINK + ";");
    code.visitVarInsn(ASTORE, 1);
    code.visitVarInsn(ALOAD, 1);
    code.visitJumpInsn(IFNULL, off);
    code.visitVarInsn(ALOAD, 1);
    code.visitVarInsn(ALOAD, 0);
    code.visitMethodInsn(
        INVOKEINTERFACE, LISTED_SINK, "apply", "(Ljava/lang/Object;)Ljava/lang/Object;", true);
    code.visitInsn(ARETURN);
    code.visitLabel(off);
    code.visitFrame(F_APPEND, 1, new Object[] {LISTED_SINK}, 0, null);
    code.visitVarInsn(ALOAD, 0);
    code.visitInsn(ARETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private static void addHook(Hook hook, ClassWriter writer) {
    MethodVisitor code =
        writer.visitMethod(ACC_PUBLIC | ACC_STATIC, hook.label, hook.descriptor(), null, null);
    Label begin = new Label();
    Label end = new Label();
    Label caught = new Label();
    Label off = new Label();
    int arguments = hook.given().size();
    code.visitCode();
    code.visitTryCatchBlock(begin, end, caught, null);
    code.visitFieldInsn(GETSTATIC, INTERNAL_NAME, hook.label, hook.fieldType());
    code.visitVarInsn(ASTORE, arguments);
    code.visitVarInsn(ALOAD, arguments);
    code.visitJumpInsn(IFNULL, off);
    if (hook == Hook.QUEUE_MADE) {
      code.visitVarInsn(ALOAD, 0);
      code.visitTypeInsn(INSTANCEOF, "java/util/concurrent/BlockingQueue");
      code.visitJumpInsn(IFEQ, off);
    }
    code.visitLabel(begin);
    code.visitVarInsn(ALOAD, arguments);
    for (int argument = 0; argument < arguments; argument++) {
      code.visitVarInsn(ALOAD, argument);
    }
    code.visitMethodInsn(
        INVOKEINTERFACE,
        hook.sinkType(),
        "accept",
        hook.ofTwo() ? "(Ljava/lang/Object;Ljava/lang/Object;)V" : "(Ljava/lang/Object;)V",
        true);
    code.visitLabel(end);
    code.visitInsn(RETURN);
    List<Object> known = new ArrayList<>(hook.given());
    known.add(hook.sinkType());
    Object[] locals = known.toArray();
    code.visitLabel(caught);
    code.visitFrame(F_FULL, locals.length, locals, 1, new Object[] {"java/lang/Throwable"});
    code.visitInsn(POP);
    code.visitLabel(off);
    code.visitFrame(F_SAME, 0, null, 0, null);
    code.visitInsn(RETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }
}
