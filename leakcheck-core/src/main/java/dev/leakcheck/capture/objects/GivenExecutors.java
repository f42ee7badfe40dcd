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
   * Whether an object is of a sort that can be given one, and may be asked.
   *
   * @param object any object
   * @return true if it is
   */
  static boolean mayHave(Object object) {
    return method(object) != null;
  }

  /**
   * What is called to have the executor, such as {@code .executor()}.
   *
   * @param object any object
   * @return nothing if none can be had
   */
  static String call(Object object) {
    String method = method(object);
    return method == null ? "" : "." + method + "()";
  }

  private static @Nullable String method(Object object) {
    if (HttpClients.isClient(object)) {
      return "executor";
    }
    boolean isServer = JdkServices.sortOf(object) == JdkServices.Sort.HTTP_SERVER;
    return isServer || (isPublisher(object) && !Answers.isMock(object)) ? "getExecutor" : null;
  }

  private static boolean isPublisher(Object object) {
    return object.getClass() == SubmissionPublisher.class;
  }

  /**
   * The executor that an object was given.
   *
   * @param object any object
   * @return null if it was given none, or may not be asked
   */
  static @Nullable Object of(Object object) {
    String method = method(object);
    if (method == null) {
      return null;
    }
    String type =
        isPublisher(object)
            ? SubmissionPublisher.class.getName()
            : method.equals("executor") ? HttpClients.TYPE : JdkServices.HTTP_SERVER;
    try {
      Object given = Class.forName(type).getMethod(method).invoke(object);
      return given instanceof Optional<?> executor ? executor.orElse(null) : given;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return null;
    }
  }
}
