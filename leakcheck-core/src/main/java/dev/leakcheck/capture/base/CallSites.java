package dev.leakcheck.capture.base;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * As what the code of a line knows the object that it calls, and the one that the call gives: a
 * stack has only the class that declares the method, which may be any that this class extends, and
 * a generic method does not say what it gives. The class file of the caller has it all.
 * Thread-safe.
 */
public final class CallSites {

  private CallSites() {}

  /**
   * The class on which a method is called.
   *
   * @param type the class of the code that calls it
   * @param caller where that code is
   * @param method the name of the method
   * @return its name, or null if the line calls no such method, or those of several classes, or
   *     cannot be read
   */
  public static @Nullable String receiver(Class<?> type, StackTraceElement caller, String method) {
    return only(read(type, caller, method).receivers);
  }

  /**
   * The class that a generic method's result is taken for.
   *
   * @param type the class of the code that calls it
   * @param caller where that code is
   * @param of the class of the method, as the caller knows it if the line calls others of the name
   * @param method the name of the method
   * @return its name, or null if the line takes it for none, or for several, or cannot be read
   */
  public static @Nullable String result(
      Class<?> type, StackTraceElement caller, String of, String method) {
    Map<String, Set<String>> results = read(type, caller, method).results;
    Set<String> ofClass = results.get(of.replace('.', '/'));
    return ofClass != null
        ? only(ofClass)
        : results.size() == 1 ? only(results.values().iterator().next()) : null;
  }

  /**
   * What a line takes the results of a method for: what it casts them to at once, as it has to with
   * those of a generic method, or else what the called methods declare.
   *
   * @param type the class of the code that calls it
   * @param caller where that code is
   * @param method the name of the method
   * @return names of classes; those of arrays and primitive types as a descriptor has them; none if
   *     it cannot be read
   */
  public static Set<String> taken(Class<?> type, StackTraceElement caller, String method) {
    Set<String> taken = new HashSet<>();
    for (Type each : read(type, caller, method).taken) {
      taken.add(each.getSort() == Type.OBJECT ? each.getClassName() : each.getDescriptor());
    }
    return taken;
  }

  /**
   * The classes for which those fields of a class are that a method of it writes.
   *
   * @param type the class
   * @param frame where the method is
   * @return their names; none if it cannot be read
   */
  public static Set<String> written(Class<?> type, StackTraceElement frame) {
    Set<String> fields = new HashSet<>();
    for (String field : read(type, frame, "").written) {
      fields.add(field.replace('/', '.'));
    }
    return fields;
  }

  /**
   * Whether a method's code does anything with the object that the method is of.
   *
   * @param type the class of the object
   * @param frame where the method is, which is not static
   * @return true as well if it cannot be read
   */
  public static boolean usesItself(Class<?> type, StackTraceElement frame) {
    Reader reader = new Reader(frame, "");
    return !reader.isRead(type) || reader.usesItself;
  }

  /**
   * Whether a line calls a method and does nothing with what that gives.
   *
   * @param type the class of the code that calls it
   * @param caller where that code is
   * @param method the name of the method
   * @return false as well if the line calls no such method, or cannot be read
   */
  public static boolean isDropped(Class<?> type, StackTraceElement caller, String method) {
    Reader line = read(type, caller, method);
    return !line.taken.isEmpty() && line.dropped == line.taken.size();
  }

  /**
   * What the code of a method has at hand when it comes to a line.
   *
   * @param receivers the classes of the objects that the line calls methods of, in order
   * @param earlier the classes of those that the lines before call methods of
   * @param made the classes of those that the lines before, and it, make: by constructors, static
   *     methods and builders
   */
  public record AtHand(Set<String> receivers, Set<String> earlier, Set<String> made) {}

  /**
   * What the code of a method has at hand when it comes to a line.
   *
   * @param type the class of the code
   * @param caller where that code is
   * @return names of classes; none if it cannot be read
   */
  public static AtHand atHand(Class<?> type, StackTraceElement caller) {
    CallsBefore calls = new CallsBefore(caller);
    return calls.isRead(type) ? calls.atHand() : new CallsBefore(caller).atHand();
  }

  /**
   * A call in a method's code.
   *
   * @param owner the class of the method, as the code knows it
   * @param method its name
   * @param taken the classes of its parameters
   * @param result the class of what it gives, or what a descriptor has for it
   * @param ofClass whether the method is static
   * @param line where the call is
   */
  public record Call(
      String owner, String method, List<String> taken, String result, boolean ofClass, int line) {}

  /**
   * The calls of a method's code that come after one on a line.
   *
   * @param type the class of the code
   * @param caller where that code is
   * @param method the name of the method that the line calls
   * @return in order; none if it cannot be read
   */
  public static List<Call> after(Class<?> type, StackTraceElement caller, String method) {
    CallsAfter calls = new CallsAfter(caller, method);
    return calls.isRead(type) ? calls.found() : List.of();
  }

  private static Reader read(Class<?> type, StackTraceElement caller, String method) {
    Reader reader = new Reader(caller, method);
    return reader.isRead(type) ? reader : new Reader(caller, method);
  }

  private static @Nullable String only(Set<String> types) {
    return types.size() == 1 ? types.iterator().next().replace('/', '.') : null;
  }

  private static final class Reader extends CallersCode {
    private final String method;
    private final Set<String> receivers = new HashSet<>();
    private final Map<String, Set<String>> results = new HashMap<>();
    private final Set<String> written = new HashSet<>();

    /** Of each call what it declares to give, or what that is cast to at once. */
    private final List<Type> taken = new ArrayList<>();

    private int dropped;
    private boolean usesItself;

    Reader(StackTraceElement caller, String method) {
      super(caller);
      this.method = method;
    }

    @Override
    MethodVisitor reader() {
      return new Lines();
    }

    /** A cast of what a method gave comes right after the call. */
    private final class Lines extends MethodVisitor {
      private int line;
      private boolean called;
      private String calledOn = "";

      Lines() {
        super(Opcodes.ASM9);
      }

      @Override
      public void visitLineNumber(int number, Label start) {
        line = number;
      }

      @Override
      public void visitMethodInsn(
          int opcode, String owner, String name, String descriptor, boolean ofInterface) {
        called = line == caller.getLineNumber() && name.equals(method);
        if (called) {
          taken.add(Type.getReturnType(descriptor));
          receivers.add(owner);
          calledOn = owner;
        }
      }

      @Override
      public void visitTypeInsn(int opcode, String type) {
        if (called && opcode == Opcodes.CHECKCAST) {
          results.computeIfAbsent(calledOn, k -> new HashSet<>()).add(type);
          taken.set(taken.size() - 1, Type.getObjectType(type));
        }
        called = false;
      }

      @Override
      public void visitInsn(int opcode) {
        dropped += called && opcode == Opcodes.POP ? 1 : 0;
        called = false;
      }

      @Override
      public void visitVarInsn(int opcode, int index) {
        usesItself |= index == 0; // also where it is another method of that name, which is static
        called = false;
      }

      @Override
      public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        called = false;
        if ((opcode == Opcodes.PUTFIELD || opcode == Opcodes.PUTSTATIC)
            && owner.replace('/', '.').equals(caller.getClassName())
            && descriptor.startsWith("L")) {
          written.add(descriptor.substring(1, descriptor.length() - 1));
        }
      }

      @Override
      public void visitInvokeDynamicInsn(
          String name, String descriptor, Handle bootstrap, Object... arguments) {
        called = false;
      }

      @Override
      public void visitJumpInsn(int opcode, Label label) {
        called = false;
      }

      @Override
      public void visitIntInsn(int opcode, int operand) {
        called = false;
      }

      @Override
      public void visitLdcInsn(Object value) {
        called = false;
      }
    }
  }
}
