package dev.leakcheck.agent;

import dev.leakcheck.capture.record.Part;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.IllegalClassFormatException;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.ProtectionDomain;
import java.util.EnumSet;
import java.util.function.BiFunction;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Installs the agent in a JVM that will not do what it is asked. */
public final class HostileAgent {

  private HostileAgent() {}

  public static void premain(String hostility, Instrumentation jvm) {
    Instrumentation hostile =
        (Instrumentation)
            Proxy.newProxyInstance(
                HostileAgent.class.getClassLoader(),
                new Class<?>[] {Instrumentation.class},
                (proxy, method, arguments) -> answer(hostility, jvm, method, arguments));
    Installer.install(hostile, EnumSet.noneOf(Part.class));
  }

  private static Object answer(
      String hostility, Instrumentation jvm, Method method, Object[] arguments) throws Throwable {
    String asked = hostility + " " + method.getName();
    switch (asked) {
      case "no-opening redefineModule":
        throw new UnsupportedOperationException("not this module");
      case "opens-nothing redefineModule", "transforms-nothing retransformClasses":
        return null;
      case "no-thread retransformClasses":
        for (Class<?> type : (Class<?>[]) arguments[0]) {
          if (type == Thread.class) {
            throw new UnmodifiableClassException("not this class");
          }
        }
        break;
      case "other-shape addTransformer":
        arguments[0] = seeingOtherMethods((ClassFileTransformer) arguments[0]);
        break;
      case "loses-bytes addTransformer":
        arguments[0] = losingBytes((ClassFileTransformer) arguments[0]);
        break;
      case "bad-bytes addTransformer":
        arguments[0] = breakingQueues((ClassFileTransformer) arguments[0]);
        break;
      default:
        break;
    }
    try {
      return method.invoke(jvm, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /**
   * Stands between the JVM and the agent.
   *
   * @param shown what the agent gets to see of a class, of its name and its bytes
   * @param given what the JVM gets of it, of its name and what the agent gave
   */
  private record Between(
      ClassFileTransformer agent,
      BiFunction<String, byte[], byte[]> shown,
      BiFunction<String, byte[], byte[]> given)
      implements ClassFileTransformer {
    @Override
    public byte[] transform(
        ClassLoader loader, String type, Class<?> redefined, ProtectionDomain domain, byte[] bytes)
        throws IllegalClassFormatException {
      byte[] seen = shown.apply(type, bytes);
      return given.apply(type, agent.transform(loader, type, redefined, domain, seen));
    }
  }

  /** Shows a virtual thread and an executor whose methods have other names. */
  private static ClassFileTransformer seeingOtherMethods(ClassFileTransformer agent) {
    return new Between(
        agent,
        (type, bytes) -> isRenamed(type) ? rename(bytes) : bytes,
        (type, given) -> isRenamed(type) ? null : given);
  }

  private static boolean isRenamed(String type) {
    return "java/lang/VirtualThread".equals(type)
        || "java/util/concurrent/ThreadPoolExecutor".equals(type);
  }

  private static byte[] rename(byte[] bytes) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String signature, String[] exceptions) {
                return super.visitMethod(
                    access,
                    name.startsWith("<") ? name : name + "Now",
                    type,
                    signature,
                    exceptions);
              }
            },
            0);
    return writer.toByteArray();
  }

  private static ClassFileTransformer losingBytes(ClassFileTransformer agent) {
    return new Between(agent, (type, bytes) -> bytes, (type, given) -> null);
  }

  private static ClassFileTransformer breakingQueues(ClassFileTransformer agent) {
    return new Between(
        agent,
        (type, bytes) -> bytes,
        (type, given) -> "java/util/AbstractQueue".equals(type) ? new byte[] {1, 2, 3} : given);
  }
}
