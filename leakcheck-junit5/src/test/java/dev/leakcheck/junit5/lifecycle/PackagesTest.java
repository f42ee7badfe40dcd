package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests in packages of a test runner or a library, with threads that are called like theirs. */
class PackagesTest {

  /** The same tests, but for their package and the name of their threads. */
  private static final String SOURCE =
      """
      package %s;

      import dev.leakcheck.junit5.NoLeaks;
      import java.util.concurrent.LinkedBlockingQueue;
      import java.util.concurrent.ThreadPoolExecutor;
      import java.util.concurrent.TimeUnit;
      import java.util.concurrent.locks.LockSupport;
      import org.junit.jupiter.api.Test;

      @NoLeaks
      public class LeakyTestCase {
        static final String NAME = "%s";

        static class Worker extends Thread {
          Worker() { super(NAME); }
          @Override public void run() { waitForEver(); }
        }

        static void waitForEver() {
          while (!Thread.currentThread().isInterrupted()) LockSupport.park();
        }

        static Thread start(Thread thread) {
          thread.setDaemon(true);
          thread.start();
          return thread;
        }

        @Test void leavesAThread() { start(new Thread(LeakyTestCase::waitForEver, NAME)); }

        @Test void leavesAThreadOfItsOwnClass() { start(new Worker()); }

        @Test void leavesABusyPool() {
          new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, NAME);
            thread.setDaemon(true);
            return thread;
          }).execute(LeakyTestCase::waitForEver);
        }

        @Test void leavesNothing() throws InterruptedException {
          Thread thread = start(new Worker());
          thread.interrupt();
          thread.join();
        }
      }
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "com.mysql.acme, mysql-cj-abandoned-connection-cleanup",
    "org.gradle.acme, Test worker",
    "org.junit.platform.acme, junit-1-worker-3"
  })
  void what_they_leave_is_theirs(String packageName, String threadName) throws Exception {
    compile(SOURCE.formatted(packageName, threadName));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      Class<?> testCase = loader.loadClass(packageName + ".LeakyTestCase");

      assertThat(Run.of(testCase).outcomes())
          .containsExactlyInAnyOrder(
              "leavesAThread() left stray-thread",
              "leavesAThreadOfItsOwnClass() left stray-thread",
              "leavesABusyPool() left unclosed-executor",
              "leavesNothing() passed");
    }
  }

  private void compile(String source) throws Exception {
    Path file = Files.writeString(directory.resolve("LeakyTestCase.java"), source);
    String path = System.getProperty("java.class.path");
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null, null, null, "-proc:none", "-cp", path, "-d", directory.toString(), "" + file);
    assertThat(failed).isZero();
  }
}
