package dev.leakcheck.capture.ask;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Reads in the JDK's class files which methods a method calls that a subclass could override, in
 * the class itself and those above it. A call of the same method on another object of the class
 * counts as well: the code does not tell.
 */
final class SelfCalls {

  private final Class<?> type;

  SelfCalls(Class<?> type) {
    this.type = type;
  }

  /** The names of such methods, also of those that are called by what it calls. */
  Set<String> of(Method method) throws IOException {
    Set<String> called = new TreeSet<>();
    Set<Method> seen = new HashSet<>();
    Deque<Method> open = new ArrayDeque<>(Set.of(method));
    while (!open.isEmpty()) {
      Method next = open.remove();
      if (seen.add(next)) {
        read(next, called, open);
      }
    }
    return called;
  }

  private void read(Method method, Set<String> called, Deque<Method> open) throws IOException {
    try (InputStream file =
        ClassLoader.getSystemResourceAsStream(
            Type.getInternalName(method.getDeclaringClass()) + ".class")) {
      new ClassReader(file)
          .accept(
              new ClassVisitor(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(
                    int access, String name, String descriptor, String signature, String[] thrown) {
                  return name.equals(method.getName())
                          && descriptor.equals(Type.getMethodDescriptor(method))
                      ? calls(called, open)
                      : null;
                }
              },
              ClassReader.SKIP_DEBUG);
    }
  }

  private MethodVisitor calls(Set<String> called, Deque<Method> open) {
    return new MethodVisitor(Opcodes.ASM9) {
      @Override
      public void visitMethodInsn(
          int opcode, String owner, String name, String descriptor, boolean ofInterface) {
        if (ofInterface) {
          return; // of another object: a class calls its own methods as such
        }
        find(owner, name, descriptor)
            .ifPresent(
                target -> {
                  int flags = target.getModifiers();
                  if (opcode == Opcodes.INVOKEVIRTUAL
                      && (flags & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
                      && !Modifier.isFinal(flags)) {
                    called.add(name);
                  }
                  open.add(target);
                });
      }
    };
  }

  /** The method of the type that runs, if it is the type's or one of those above it. */
  private Optional<Method> find(String owner, String name, String descriptor) {
    for (Class<?> above = type; above != null; above = above.getSuperclass()) {
      if (Type.getInternalName(above).equals(owner)) {
        for (Class<?> has = type; has != null; has = has.getSuperclass()) {
          Optional<Method> found =
              Arrays.stream(has.getDeclaredMethods())
                  .filter(
                      method ->
                          method.getName().equals(name)
                              && Type.getMethodDescriptor(method).equals(descriptor))
                  .findFirst();
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }
}
