package dev.leakcheck.capture.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakCheck;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LeakCheck in several class loaders of one JVM. */
class TwoCopiesTest {

  private static final String HANDLER = UncaughtExceptions.class.getName();

  private Thread.@Nullable UncaughtExceptionHandler before;

  /** Other tests leave scopes open, such as that of the process. */
  @BeforeEach
  void nobodyElseHandlesExceptions() {
    before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(null);
  }

  @AfterEach
  void putBack() {
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  /** A copy of LeakCheck, spoken to by reflection. */
  private static final class Copy implements AutoCloseable {
    private final URLClassLoader loader;
    private final Object scope;

    Copy() throws Exception {
      List<URL> path = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        path.add(Path.of(entry).toUri().toURL());
      }
      loader = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
      scope = loader.loadClass(LeakCheck.class.getName()).getMethod("open").invoke(null);
      assertThat(scope.getClass().getClassLoader()).isSameAs(loader);
    }

    private static Object call(Object target, String name) throws Exception {
      return target.getClass().getMethod(name).invoke(target);
    }

    List<String> kinds() throws Exception {
      List<String> kinds = new ArrayList<>();
      for (Object finding : (List<?>) call(call(scope, "findings"), "list")) {
        kinds.add(call(finding, "kind").toString());
      }
      return kinds;
    }

    void end() throws Exception {
      scope.getClass().getMethod("end").invoke(scope);
    }

    @Override
    public void close() throws Exception {
      end();
      loader.close();
    }
  }

  private static void dies() throws InterruptedException {
    Thread thread =
        new Thread(
            () -> {
              throw new IllegalStateException("planted");
            },
            "dies");
    thread.start();
    thread.join();
  }

  private static ClassLoader loaderOfDefaultHandler() {
    Thread.UncaughtExceptionHandler set = Thread.getDefaultUncaughtExceptionHandler();
    assertThat(set).isNotNull();
    assertThat(set.getClass().getName()).isEqualTo(HANDLER);
    return set.getClass().getClassLoader();
  }

  @Test
  void eachSeesWhatNobodySaw() throws Exception {
    try (Copy one = new Copy();
        Copy other = new Copy()) {
      dies();

      assertThat(one.kinds()).containsExactly("UNCAUGHT_EXCEPTION");
      assertThat(other.kinds()).containsExactly("UNCAUGHT_EXCEPTION");
    }
    assertThat(Thread.getDefaultUncaughtExceptionHandler()).isNull();
  }

  @Test
  void whoeverIsLeftTakesThePlaceOfTheFirst() throws Exception {
    try (Copy first = new Copy();
        Copy second = new Copy();
        Copy third = new Copy()) {
      assertThat(loaderOfDefaultHandler()).isSameAs(first.loader);
      first.end();
      assertThat(loaderOfDefaultHandler()).isSameAs(second.loader);
      third.end();
      dies();

      assertThat(second.kinds()).containsExactly("UNCAUGHT_EXCEPTION");
      second.end();
      assertThat(Thread.getDefaultUncaughtExceptionHandler()).isNull();
    }
  }

  @Test
  void handlerThatStaysKnowsNothingOfTheClassLoaderOfOneThatHasEnded() throws Exception {
    try (Copy stays = new Copy()) {
      new Copy().close();

      assertThat(loaderOfDefaultHandler()).isSameAs(stays.loader);
      assertThat(known()).singleElement().isSameAs(stays.loader);
    }
    try (Copy ends = new Copy();
        Copy stays = new Copy()) {
      ends.end();

      assertThat(known()).singleElement().isSameAs(stays.loader);
    }
  }

  /** The class loaders of all that the default handler tells of exceptions. */
  private static List<ClassLoader> known() {
    Object set = Thread.getDefaultUncaughtExceptionHandler();
    assertThat(set).isInstanceOf(Supplier.class);
    List<ClassLoader> loaders = new ArrayList<>();
    for (Object copy : (List<?>) ((Supplier<?>) set).get()) {
      loaders.add(copy.getClass().getClassLoader());
    }
    return loaders;
  }

  @Test
  void handlerOfTheUsersIsLeftAlone() throws Exception {
    List<Throwable> seen = new ArrayList<>();
    Thread.UncaughtExceptionHandler theirs = (thread, exception) -> seen.add(exception);
    try (Copy copy = new Copy()) {
      Thread.setDefaultUncaughtExceptionHandler(theirs);
      dies();

      assertThat(copy.kinds()).isEmpty();
      assertThat(seen).hasSize(1);
      copy.end();
      assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(theirs);
    }
  }
}
