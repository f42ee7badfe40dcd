package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.Answers;
import java.util.Optional;
import java.util.concurrent.SubmissionPublisher;
import org.jspecify.annotations.Nullable;

/**
 * Executors that the user gave to an object of the JDK's, which works with them and does not end
 * them. The object is asked for it, as its fields may be closed; its class is asked for by name, as
 * a JVM may lack its module. Those of other makers are not meant. Thread-safe; takes no lock.
 */
final class GivenExecutors {

  private GivenExecutors() {}

  /**
   * How one sort of object is asked.
   *
   * @param type the class that has the method, which a subclass need not open
   * @param method its name
   */
  private record Getter(String type, String method) {
    static final Getter OF_CLIENT = new Getter(HttpClients.TYPE, "executor");
    static final Getter OF_SERVER = new Getter(JdkServices.HTTP_SERVER, "getExecutor");
    static final Getter OF_PUBLISHER =
        new Getter("java.util.concurrent.SubmissionPublisher", "getExecutor");
  }

  /** How an object is asked; null if it can be given none, or may not be asked. */
  private static @Nullable Getter getter(Object object) {
    if (HttpClients.isClient(object)) {
      return Getter.OF_CLIENT;
    }
    if (JdkServices.sortOf(object) == JdkServices.Sort.HTTP_SERVER) {
      return Getter.OF_SERVER;
    }
    return object.getClass() == SubmissionPublisher.class && !Answers.isMock(object)
        ? Getter.OF_PUBLISHER
        : null;
  }

  /**
   * Whether an object is of a sort that can be given one, and may be asked.
   *
   * @param object any object
   * @return true if it is
   */
  static boolean mayHave(Object object) {
    return getter(object) != null;
  }

  /**
   * What is called to have the executor, such as {@code .executor()}.
   *
   * @param object any object
   * @return nothing if none can be had
   */
  static String call(Object object) {
    Getter getter = getter(object);
    return getter == null ? "" : "." + getter.method + "()";
  }

  /**
   * The executor that an object was given.
   *
   * @param object any object
   * @return null if it was given none, or may not be asked
   */
  static @Nullable Object of(Object object) {
    Getter getter = getter(object);
    if (getter == null) {
      return null;
    }
    try {
      Object given = Class.forName(getter.type).getMethod(getter.method).invoke(object);
      return given instanceof Optional<?> executor ? executor.orElse(null) : given;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return null;
    }
  }
}
