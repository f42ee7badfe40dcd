package dev.leakcheck.capture.base;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** What is initialised stays so. Of the JDK's types, or a class would hold LeakCheck's loader. */
  private static final ClassValue<AtomicBoolean> KNOWN =
      new ClassValue<>() {
        @Override
        protected AtomicBoolean computeValue(Class<?> type) {
          return new AtomicBoolean();
        }
      };

  private static final ClassValue<Optional<Field>> ANY_STATIC_FIELD =
      new ClassValue<>() {
        @Override
        protected Optional<Field> computeValue(Class<?> type) {
          return Optional.ofNullable(anyStaticField(type));
        }
      };

  private interface Question {
    boolean isInitialized(Class<?> type, @Nullable Field any) throws Throwable;
  }

  /** Something that is not initialised, to see whether the question is answered. */
  private static final class Sleeping {
    @SuppressWarnings("UnusedVariable") // that nobody reads it is what it is for
    static final Object NEVER_READ = new Object();

    private Sleeping() {}
  }

  private Initialized() {}

  /**
   * Whether a class is initialised.
   *
   * @param type a class or an interface
   * @return false as well while the class is being initialised, and if that cannot be told: from
   *     Java 22 on, of one that has no static field or is not open to LeakCheck
   */
  public static boolean is(Class<?> type) {
    AtomicBoolean known = KNOWN.get(type);
    if (!known.get() && QUESTION != null && ask(QUESTION, type)) {
      known.set(true);
    }
    return known.get();
  }

  /**
   * An object of a class exists, so that the class and its superclasses are initialised.
   *
   * @param type the object's class
   */
  public static void hasInstance(Class<?> type) {
    for (Class<?> built = type; built != null && !Fields.isJdk(built); ) {
      KNOWN.get(built).set(true);
      built = built.getSuperclass();
    }
  }

  /**
   * Whether this JDK tells at all.
   *
   * @return false if no static field can be read
   */
  public static boolean isTold() {
    return QUESTION != null;
  }

  private static boolean ask(Question question, Class<?> type) {
    try {
      return question.isInitialized(type, ANY_STATIC_FIELD.get(type).orElse(null));
    } catch (Throwable cannotBeTold) {
      return false;
    }
  }

  private static @Nullable Field anyStaticField(Class<?> type) {
    try {
      for (Field field : type.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers())) {
          return field.trySetAccessible() ? field : null;
        }
      }
    } catch (SecurityException | LinkageError opaque) {
      return null;
    }
    return null;
  }

  private static @Nullable Question question() {
    try {
      Question question = Jdk.FEATURE < FIRST_LAZY_RELEASE ? unsafe() : varHandle();
      return !question.isInitialized(Sleeping.class, anyStaticField(Sleeping.class))
              && question.isInitialized(Jdk.class, anyStaticField(Jdk.class))
          ? question
          : null;
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
    return (asked, any) -> !(boolean) shouldBeInitialized.invokeExact(asked);
  }

  private static Question varHandle() {
    return (asked, any) -> {
      if (any == null) {
        return false;
      }
      VarHandle handle =
          MethodHandles.privateLookupIn(asked, MethodHandles.lookup()).unreflectVarHandle(any);
      return !handle.getClass().getName().equals("java.lang.invoke.LazyInitializingVarHandle");
    };
  }
}
