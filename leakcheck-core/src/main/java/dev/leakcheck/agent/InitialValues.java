package dev.leakcheck.agent;

import dev.leakcheck.capture.base.ClassFiles;
import dev.leakcheck.capture.objects.ThreadLocals;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Reads in the code of a class how a thread-local of its own gets its values. One that is filled
 * where it is read, with what is made there and depends on nothing, has an initial value, whether
 * that is written as {@code withInitial} or by hand:
 *
 * <pre>{@code
 * Cache cache = LOCAL.get();
 * if (cache == null) {
 *   cache = new Cache();
 *   LOCAL.set(cache);
 * }
 * return cache;
 * }</pre>
 *
 * <p>Only a field that no other package sees is looked at, and all code that sees it: if any of it
 * sets the thread-local in another way, its values are not initial ones. Class files are read where
 * the JDK's own loaders find them, so that no code of the user's runs. Thread-safe.
 */
record InitialValues(Instrumentation jvm) implements ThreadLocals.Code {

  private static final String LOCAL = "java/lang/ThreadLocal";

  @Override
  public Class<?>[] loaded() {
    return jvm.getAllLoadedClasses();
  }

  @Override
  public Set<String> initialTypes(Field field) {
    Set<String> types = new HashSet<>();
    Class<?> declaring = field.getDeclaringClass();
    if (Modifier.isPublic(field.getModifiers()) || Modifier.isProtected(field.getModifiers())) {
      return types;
    }
    for (Class<?> type : seeing(field, declaring)) {
      Sites sites = new Sites(field.getName(), types);
      if (!read(type, sites) || sites.setsOtherwise) {
        return Set.of();
      }
    }
    return types;
  }

  /** Classes that may name a field which is private or its package's. */
  private List<Class<?>> seeing(Field field, Class<?> declaring) {
    List<Class<?>> seeing = new ArrayList<>();
    for (Class<?> type : loaded()) {
      if (type.getClassLoader() == declaring.getClassLoader()
          && !type.isArray()
          && !type.isHidden()
          && type.getPackageName().equals(declaring.getPackageName())
          && (!Modifier.isPrivate(field.getModifiers()) || type.isNestmateOf(declaring))) {
        seeing.add(type);
      }
    }
    return seeing;
  }

  private static boolean read(Class<?> type, ClassVisitor visitor) {
    byte[] file = ClassFiles.of(type);
    if (file == null) {
      return false;
    }
    try {
      new ClassReader(file).accept(visitor, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
      return true;
    } catch (RuntimeException e) {
      return false; // written by a JDK that ASM does not know
    }
  }

  /** The methods of a class that set the thread-local. */
  private static final class Sites extends ClassVisitor {
    private final String field;
    private final Set<String> types;
    boolean setsOtherwise;

    Sites(String field, Set<String> types) {
      super(Opcodes.ASM9);
      this.field = field;
      this.types = types;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      // What takes arguments, or returns nothing, does more than to fetch the value.
      boolean fetches = descriptor.startsWith("()") && descriptor.endsWith(";");
      return new Site(this, fetches);
    }
  }

  /** A method: reads, keeps what it read, makes, sets. */
  private static final class Site extends MethodVisitor {
    private final Sites sites;
    private final boolean fetches;
    private final Set<String> made = new HashSet<>();
    private boolean named;
    private boolean read;
    private boolean kept;
    private boolean nothing;
    private boolean setInitial;
    private boolean setOther;

    Site(Sites sites, boolean fetches) {
      super(Opcodes.ASM9);
      this.sites = sites;
      this.fetches = fetches;
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      named |= opcode == Opcodes.GETSTATIC && name.equals(sites.field);
      next();
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean ofInterface) {
      boolean local = owner.equals(LOCAL);
      if (local && name.equals("set") && !nothing) {
        setInitial |= kept && !made.isEmpty();
        setOther |= !kept || made.isEmpty();
      }
      next();
      read = local && name.equals("get");
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      if (opcode == Opcodes.CHECKCAST && read) {
        return;
      }
      if (opcode == Opcodes.NEW && kept) {
        made.add(type.replace('/', '.'));
      }
      next();
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
      kept |= read && opcode == Opcodes.ASTORE;
      next();
    }

    @Override
    public void visitInsn(int opcode) {
      kept |= read && opcode == Opcodes.DUP;
      next();
      nothing = opcode == Opcodes.ACONST_NULL;
    }

    private void next() {
      read = false;
      nothing = false;
    }

    @Override
    public void visitJumpInsn(int opcode, org.objectweb.asm.Label label) {
      next();
    }

    @Override
    public void visitEnd() {
      if (named && setInitial && !setOther && fetches) {
        sites.types.addAll(made);
      } else if (named && (setInitial || setOther)) {
        sites.setsOtherwise = true;
      }
    }
  }
}
