package dev.leakcheck.engine;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.base.Loaders;
import dev.leakcheck.classify.Evidence.Means;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the JDK and the JUnit at hand can close, so that nothing else is advised. */
final class AtHand {

  private static final String AUTO_CLOSE = "org.junit.jupiter.api.AutoClose";

  private AtHand() {}

  /**
   * For a test.
   *
   * @param instances the objects whose fields the scope watches
   * @param classes the classes that it watches
   */
  static Means means(Collection<?> instances, Collection<Class<?>> classes) {
    return new Means(Jdk.CLOSES_EXECUTORS, hasAutoClose(instances, classes), Jdk.LOSES_UNPARKS);
  }

  /**
   * The test's own loader knows which JUnit it is. One of the user's is not asked, as its code
   * would run: then the thread's, or LeakCheck's own, stands in.
   */
  private static boolean hasAutoClose(Collection<?> instances, Collection<Class<?>> classes) {
    List<@Nullable ClassLoader> loaders = new ArrayList<>();
    instances.forEach(instance -> loaders.add(instance.getClass().getClassLoader()));
    classes.forEach(type -> loaders.add(type.getClassLoader()));
    loaders.add(AskThread.contextClassLoader(Thread.currentThread()));
    ClassLoader asked =
        loaders.stream().filter(Loaders::isJdks).findFirst().orElse(AtHand.class.getClassLoader());
    try {
      Class.forName(AUTO_CLOSE, false, asked);
      return true;
    } catch (ClassNotFoundException | LinkageError | RuntimeException notThere) {
      return false;
    }
  }
}
