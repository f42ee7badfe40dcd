package dev.leakcheck.junit5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.LeakCheck;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that are a module themselves, run in a JVM on the module path. */
class ModulePathTest {

  private static final String TESTS =
      """
      package com.acme.orders;

      import dev.leakcheck.junit5.NoLeaks;
      import java.util.concurrent.LinkedBlockingQueue;
      import org.junit.jupiter.api.MethodOrderer;
      import org.junit.jupiter.api.Order;
      import org.junit.jupiter.api.Test;
      import org.junit.jupiter.api.TestMethodOrder;

      @NoLeaks(settle = "100ms")
      @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
      class OrderTest {
        private final LinkedBlockingQueue<String> inbox = new LinkedBlockingQueue<>();

        @Test
        @Order(1)
        void leavesInQueue() throws InterruptedException {
          Thread sender = new Thread(() -> inbox.add("left"));
          sender.start();
          sender.join();
        }

        @Test
        @Order(2)
        void leavesThread() {
          leave("one");
        }

        @Test
        @Order(3)
        void leavesAnother() {
          leave("other");
        }

        private static void leave(String name) {
          Thread thread = new Thread(() -> {
            try {
              Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
              return;
            }
          }, name);
          thread.setDaemon(true);
          thread.start();
        }
      }
      """;

  private static final String MAIN =
      """
      package com.acme.orders;

      import org.junit.platform.engine.TestExecutionResult;
      import org.junit.platform.engine.discovery.DiscoverySelectors;
      import org.junit.platform.launcher.TestExecutionListener;
      import org.junit.platform.launcher.TestIdentifier;
      import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
      import org.junit.platform.launcher.core.LauncherFactory;

      public class Main {
        public static void main(String[] none) {
          LauncherFactory.create().execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(DiscoverySelectors.selectClass(OrderTest.class))
                  .build(),
              new TestExecutionListener() {
                @Override
                public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                  System.out.println(test.getDisplayName() + " " + result.getStatus());
                  result.getThrowable().ifPresent(
                      failure -> String.valueOf(failure.getMessage()).lines()
                          .filter(line -> line.startsWith("1)") || line.contains("opens "))
                          .forEach(line -> System.out.println("  " + line)));
                }
              });
        }
      }
      """;

  private static final Set<String> MODULES =
      Set.of(
          "org.junit.jupiter.api",
          "org.junit.jupiter.engine",
          "org.junit.platform.commons",
          "org.junit.platform.engine",
          "org.junit.platform.launcher",
          "org.opentest4j",
          "org.apiguardian.api",
          "org.slf4j",
          "dev.leakcheck.core",
          "dev.leakcheck.junit5");

  @TempDir private Path directory;

  /**
   * What is on the class path and has a name as a module; where JUnit is one big jar, it has none.
   */
  private static String modulePath() throws Exception {
    List<String> entries = new ArrayList<>();
    int found = 0;
    for (String entry : List.of(System.getProperty("java.class.path").split(File.pathSeparator))) {
      boolean named =
          !entry.isBlank()
              && Files.exists(Path.of(entry))
              && ModuleFinder.of(Path.of(entry)).findAll().stream()
                  .anyMatch(
                      module ->
                          MODULES.contains(module.descriptor().name())
                              && !module.descriptor().isAutomatic());
      if (named) {
        entries.add(entry);
        found++;
      }
    }
    assumeTrue(found == MODULES.size(), "JUnit is not on the class path as modules");
    return String.join(File.pathSeparator, entries);
  }

  private List<String> run(String opensTo) throws Exception {
    String path = modulePath();
    Path classes = directory.resolve("com.acme.orders");
    List<String> arguments =
        new ArrayList<>(List.of("--module-path", path, "-Xlint:-module", "-d", classes.toString()));
    Map<String, String> files =
        Map.of(
            "module-info.java",
            "module com.acme.orders { requires dev.leakcheck.junit5;"
                + " requires org.junit.platform.launcher; opens com.acme.orders to "
                + opensTo
                + "; }",
            "OrderTest.java",
            TESTS,
            "Main.java",
            MAIN);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path source = directory.resolve(file.getKey());
      arguments.add(Files.writeString(source, file.getValue()).toString());
    }
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, messages, messages, arguments.toArray(String[]::new));
    assertThat(compiled).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    File out = directory.resolve("out.txt").toFile();
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                rest(path),
                "--module-path=" + path + File.pathSeparator + classes,
                "--add-modules=org.junit.jupiter.engine",
                "--add-reads=dev.leakcheck.core=ALL-UNNAMED", // Jackson, which is inside the jar
                "-Dleakcheck.report.dir=" + directory.resolve("report"),
                "--module=com.acme.orders/com.acme.orders.Main")
            .redirectErrorStream(true)
            .redirectOutput(out)
            .start();
    if (!child.waitFor(2, TimeUnit.MINUTES)) {
      child.destroyForcibly().waitFor();
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(out.toPath()));
    assertThat(child.exitValue()).as("exit code of a child that printed " + lines).isZero();
    lines.removeIf(line -> line.startsWith("SLF4J"));
    return lines;
  }

  private static String rest(String modulePath) {
    List<String> modules = List.of(modulePath.split(File.pathSeparator));
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !modules.contains(entry) && entry.contains("jackson-core"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void aPackageThatIsClosedToLeakCheckIsSaidInOneMessage() throws Exception {
    assertThat(LeakCheck.class.getModule().isNamed()).isFalse();
    assertThat(run("org.junit.platform.commons"))
        .containsExactly(
            "leavesInQueue() SUCCESSFUL",
            "leavesThread() FAILED",
            "  1) stray-thread   thread \"one\" still alive, sleeping",
            "  not seen: fields in package com.acme.orders, which its module does not open; to have"
                + " them read, say in the module-info.java of com.acme.orders: opens"
                + " com.acme.orders to org.junit.platform.commons, dev.leakcheck.core;",
            "leavesAnother() FAILED",
            "  1) stray-thread   thread \"other\" still alive, sleeping",
            "OrderTest SUCCESSFUL",
            "JUnit Jupiter SUCCESSFUL");
    assertThat(checksInReport())
        .as("one that passed and one that failed")
        .filteredOn(check -> check.contains("which its module does not open"))
        .hasSize(2);
  }

  private List<String> checksInReport() throws Exception {
    List<String> checks = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("report"))) {
      for (Path file : files) {
        checks.addAll(Files.readAllLines(file));
      }
    }
    checks.removeIf(line -> !line.startsWith("{\"entry\":\"check\""));
    return checks;
  }

  @Test
  void whatTheLineOpensIsRead() throws Exception {
    assertThat(run("org.junit.platform.commons, dev.leakcheck.core"))
        .startsWith(
            "leavesInQueue() FAILED",
            "  1) leftover-queue   LinkedBlockingQueue in field OrderTest.inbox still holds 1"
                + " element",
            "leavesThread() FAILED")
        .noneMatch(line -> line.contains("opens "));
  }
}
