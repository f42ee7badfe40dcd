package dev.leakcheck.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test classes, one for each checker, whose tests all do the same, through JUnit's launcher.
 */
public final class Suite {

  private static final Launcher LAUNCHER =
      LauncherFactory.create(
          LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build());

  private static volatile Work work = Work.NOTHING;

  private Suite() {}

  /** Carriers, and the thread that wakes virtual threads. Public for randomizedtesting. */
  public static final class OfVirtualThreads implements Predicate<Thread> {
    @Override
    public boolean test(Thread thread) {
      ThreadGroup group = thread.getThreadGroup();
      return group != null
          && (group.getName().equals("CarrierThreads")
              || group.getName().equals("InnocuousThreadGroup"));
    }
  }

  /**
   * Does what each test of the run does.
   *
   * @throws Exception if that fails
   */
  public static void test() throws Exception {
    work.run();
  }

  /**
   * Copies of a class, each a class of its own with a file of its own, as in a suite that somebody
   * has written.
   *
   * @param type one whose name ends with {@code Suite}
   * @param count how many, at most 100,000
   * @param directory where their files go
   */
  static List<Class<?>> copies(Class<?> type, int count, Path directory)
      throws IOException, ClassNotFoundException {
    String file;
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      file = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.ISO_8859_1);
    }
    String name = type.getName().replace('.', '/');
    Path folder = Files.createDirectories(directory.resolve(name).getParent());
    URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()});
    List<Class<?>> copies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // A name of the same length, so that all else in the class file stays where it is.
      String copy = name.substring(0, name.length() - "Suite".length()) + "%05d".formatted(i);
      Files.write(
          folder.resolve(copy.substring(copy.lastIndexOf('/') + 1) + ".class"),
          file.replace(name, copy).getBytes(StandardCharsets.ISO_8859_1));
      copies.add(loader.loadClass(copy.replace('/', '.')));
    }
    return copies;
  }

  /** Deletes a directory of copies. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /**
   * Runs a class.
   *
   * @param type the class
   * @param tests how many tests it shall have
   * @param each what each test does
   * @param listener is told of every test
   */
  static void run(Class<?> type, int tests, Work each, TestExecutionListener listener) {
    run(List.of(type), tests, each, listener);
  }

  /**
   * Runs classes, one after the other.
   *
   * @param types the classes
   * @param tests how many tests each shall have
   * @param each what each test does
   * @param listener is told of every test
   */
  static void run(List<Class<?>> types, int tests, Work each, TestExecutionListener listener) {
    work = each;
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(types.stream().map(DiscoverySelectors::selectClass).toList())
            .filters(EngineFilter.includeEngines("junit-jupiter"))
            .configurationParameter(Times.KEY, Integer.toString(tests))
            .build();
    LAUNCHER.execute(request, listener);
  }
}
