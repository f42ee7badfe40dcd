package dev.leakcheck.capture.base;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a class is initialised, without initialising it: to read a static field would.
 *
 * <p>Before Java 22 {@code sun.misc.Unsafe} tells. That method is gone since, but from then on a
 * {@code VarHandle} of a static field no longer initialises the field's class when it is made, and
 * is of another type as long as the class is not initialised. If neither is as expected, no class
 * counts as initialised and no static field is read. Thread-safe.
 */
public final class Initialized {

  private static final int FIRST_LAZY_RELEASE = 22;

  private static final @Nullable Question QUESTION = question();

  /** What is initialised stays so. */
  private static final ClassValue<boolean[]> KNOWN =
      new ClassValue<>() {
        @Override
        protected boolean[] computeValue(Class<?> type) {
          return new boolean[1];
        }
      };

  private interface Question {
    boolean isInitialized(Field field) throws Throwable;
  }

  /** Something that is not initialised, to see whether the question is answered. */
  private static final class Sleeping {
    @SuppressWarnings("UnusedVariable") // that nobody reads it is what it is for
    static final Object NEVER_READ = new Object();

    private Sleeping() {}
  }

  private Initialized() {}

  /**
   * Whether the class of a static field is initialised.
   *
   * @param field an accessible static field
   * @return false as well while the class is being initialised, and if that cannot be told
   */
  public static boolean isClassOf(Field field) {
    boolean[] known = KNOWN.get(field.getDeclaringClass());
    if (!known[0] && QUESTION != null) { // a race asks twice
      known[0] = ask(QUESTION, field);
    }
    return known[0];
  }

  /**
   * Whether this JDK tells at all.
   *
   * @return false if no static field can be read
   */
  public static boolean isTold() {
    return QUESTION != null;
  }

  private static boolean ask(Question question, Field field) {
    try {
      return question.isInitialized(field);
    } catch (Throwable cannotBeTold) {
      return false;
    }
  }

  private static @Nullable Question question() {
    try {
      Question question = Jdk.FEATURE < FIRST_LAZY_RELEASE ? unsafe() : varHandle();
      Field asleep = Sleeping.class.getDeclaredField("NEVER_READ");
      Field awake = Jdk.class.getDeclaredField("FEATURE");
      return !question.isInitialized(asleep) && question.isInitialized(awake) ? question : null;
    } catch (Throwable otherwiseBuilt) {
      return null;
    }
  }

  private static Question unsafe() throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Unsafe");
    Field instance = type.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    MethodHandle shouldBeInitialized =
        MethodHandles.publicLookup()
            .findVirtual(
                type, "shouldBeInitialized", MethodType.methodType(boolean.class, Class.class))
            .bindTo(instance.get(null));
    return field -> !(boolean) shouldBeInitialized.invokeExact(field.getDeclaringClass());
  }

  private static Question varHandle() {
    return field -> {
      Class<?> owner = field.getDeclaringClass();
      VarHandle handle =
          MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).unreflectVarHandle(field);
      return !handle.getClass().getName().equals("java.lang.invoke.LazyInitializingVarHandle");
    };
  }
}
