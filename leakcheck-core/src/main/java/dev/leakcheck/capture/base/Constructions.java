package dev.leakcheck.capture.base;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Which code makes objects of a class itself, by its class file. Thread-safe. */
public final class Constructions {

  /** What runs before each test: as JUnit, its Vintage and TestNG call it. */
  private static final Pattern BEFORE_EACH = Pattern.compile(".*/Before(Each|Method)?;");

  /** What runs once, before all tests: as JUnit and TestNG call it. */
  private static final Pattern BEFORE_ALL = Pattern.compile(".*/Before(All|Class|Suite);");

  private static final Pattern IN_INITIALIZER = Pattern.compile("<clinit>|lambda\\$static\\$.*");

  private Constructions() {}

  /**
   * Whether a method makes objects of a class.
   *
   * @param type the class that declares the method
   * @param method its name; any that is so called counts
   * @param made the class of the objects
   * @return false, too, if the class file cannot be read
   */
  public static boolean inMethod(Class<?> type, String method, Class<?> made) {
    return read(type, new Reader(name -> name.equals(method), name -> true, made));
  }

  /**
   * Whether any method of a class makes objects of another.
   *
   * @param type the class that declares the methods
   * @param made the class of the objects
   * @return false, too, if the class file cannot be read
   */
  public static boolean inClass(Class<?> type, Class<?> made) {
    return read(type, new Reader(name -> true, name -> true, made));
  }

  /**
   * Whether what runs before each test of a class makes objects of another: its constructors, and
   * methods that are annotated so.
   *
   * @param type the test class, or one that it extends
   * @param made the class of the objects
   * @return false, too, if the class file cannot be read
   */
  public static boolean beforeEach(Class<?> type, Class<?> made) {
    return read(type, new Reader(name -> true, name -> name.equals("<init>"), made));
  }

  /**
   * Whether anything of a class makes objects of another but what runs once, before all its tests.
   *
   * @param type the test class, or one that it extends
   * @param once whether its constructors run once as well
   * @param made the class of the objects
   * @return false, too, if the class file cannot be read
   */
  public static boolean besideBeforeAll(Class<?> type, boolean once, Class<?> made) {
    return read(
        type,
        new Reader(
            name -> !IN_INITIALIZER.matcher(name).matches() && !(once && name.equals("<init>")),
            name -> true,
            made));
  }

  private static boolean read(Class<?> type, Reader reader) {
    return ClassFiles.read(type, reader, ClassReader.SKIP_FRAMES | ClassReader.SKIP_DEBUG)
        && reader.found;
  }

  private static final class Reader extends ClassVisitor {
    private final Predicate<String> read;
    private final Predicate<String> counts;
    private final String made;
    private boolean found;

    /**
     * Of some methods.
     *
     * @param read by name, which are read
     * @param counts by name, which of these count though nothing says that they run before each
     *     test
     */
    Reader(Predicate<String> read, Predicate<String> counts, Class<?> made) {
      super(Opcodes.ASM9);
      this.read = read;
      this.counts = counts;
      this.made = made.getName().replace('.', '/');
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return read.test(name) ? new Code(counts.test(name)) : null;
    }

    private final class Code extends MethodVisitor {
      private boolean counts;

      Code(boolean counts) {
        super(Opcodes.ASM9);
        this.counts = counts;
      }

      @Override
      public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
        counts |= BEFORE_EACH.matcher(type).matches();
        counts &= !BEFORE_ALL.matcher(type).matches();
        return null;
      }

      @Override
      public void visitTypeInsn(int opcode, String type) {
        found |= counts && opcode == Opcodes.NEW && type.equals(made);
      }
    }
  }
}
