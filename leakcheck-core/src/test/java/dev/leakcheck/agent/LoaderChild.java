package dev.leakcheck.agent;

import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.model.Finding;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;

/**
 * A JVM of its own that checks code of a class loader which is thrown away, and prints the kinds of
 * what was found and whether the loader was collected.
 */
final class LoaderChild {

  private static final int COLLECTIONS = 20;

  private LoaderChild() {}

  /** Defines {@link Discarded} and what is nested in it, and leaves all else to its parent. */
  private static final class Loader extends URLClassLoader {
    Loader() {
      super(
          new URL[] {Discarded.class.getProtectionDomain().getCodeSource().getLocation()},
          Discarded.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(Discarded.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }

  /**
   * Checks it.
   *
   * @param args whether it leaks ({@code leak}) or not ({@code clean}), and whether an outer scope
   *     is open meanwhile ({@code outer}) or not ({@code alone}), and whether what runs virtual
   *     threads is older than that ({@code virtual threads before})
   */
  public static void main(String[] args) throws Exception {
    boolean leaks = args[0].equals("leak");
    if (args[1].endsWith("virtual threads before") && Jdk21.AVAILABLE) {
      Jdk21.startVirtual("before", () -> {}).join();
    }
    LeakScope outer = args[1].startsWith("outer") ? LeakCheck.open() : null;
    WeakReference<ClassLoader> loader = check(leaks);
    for (int i = 0; i < COLLECTIONS && !loader.refersTo(null); i++) {
      Garbage.collect();
    }
    System.out.println(loader.refersTo(null) ? "loader gone" : "loader held");
    if (outer != null) {
      outer.close();
    }
  }

  private static WeakReference<ClassLoader> check(boolean leaks) throws Exception {
    try (Loader loader = new Loader()) {
      Class<?> discarded = loader.loadClass(Discarded.class.getName());
      if (discarded == Discarded.class) {
        throw new IllegalStateException("the loader did not define it");
      }
      try {
        LeakCheck.assertNoLeaks(
            LeakCheckOptions.defaults().settle(Duration.ofSeconds(leaks ? 0 : 25)),
            () -> {
              call(discarded, "leak");
              if (!leaks) {
                call(discarded, "release");
              }
            });
      } catch (LeakAssertionError left) {
        for (Finding finding : left.findings()) {
          System.out.println(finding.kind().id());
        }
      }
      if (leaks) {
        call(discarded, "release");
      }
      return new WeakReference<>(loader);
    }
  }

  private static void call(Class<?> type, String method)
      throws ReflectiveOperationException, IOException {
    try {
      type.getMethod(method).invoke(null);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
