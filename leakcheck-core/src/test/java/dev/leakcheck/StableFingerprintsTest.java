package dev.leakcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.agent.AgentJvm;
import dev.leakcheck.model.Finding;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real leaks have the same fingerprints on every JDK, with and without the agent, today and later.
 */
class StableFingerprintsTest {

  /**
   * By what leaked: the plain fingerprint and the exact one. Every JDK that runs this has these.
   */
  private static final Map<String, List<String>> GOLDEN =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(
                  "stray-thread, moving thread", List.of("3c588a5934477ced", "bbe8b897a5195b96")),
              Map.entry("stray-thread, thread", List.of("cd7198d09208283f", "fa964e987e227043")),
              Map.entry(
                  "stuck-on-queue, consumer", List.of("863549e13e1cda3c", "48cd4c836bb70cc1")),
              Map.entry(
                  "uncancelled-timer, timer", List.of("8da38f238d59bdb7", "39663cbbefd87fdf")),
              Map.entry(
                  "unclosed-executor, idle pool", List.of("e0ab58f404f123bb", "f0941f8ded20cd73")),
              Map.entry(
                  "unclosed-executor, idle pool of another class",
                  List.of("04914eb124914478", "631e77bceef8d635")),
              Map.entry(
                  "unclosed-executor, idle pool of the same class",
                  List.of("e0ab58f404f123bb", "631e77bceef8d635")),
              Map.entry(
                  "unclosed-executor, named pool",
                  List.of("e55c9185dd6a0af2", "8e7f42f102bfa1a5"))));

  @TempDir private Path directory;

  private Map<String, List<String>> run(List<String> flags) throws Exception {
    List<String> lines = new AgentJvm(directory, FingerprintChild.class).run(flags);
    Map<String, List<String>> fingerprints = new TreeMap<>();
    for (String line : lines) {
      if (line.matches("[0-9a-f]{16} [0-9a-f]{16} .*") || line.startsWith("missed ")) {
        String[] words = line.split(" ", 3);
        fingerprints.put(words[2], List.of(words[0], words[1]));
      }
    }
    return fingerprints;
  }

  @Test
  void withTheAgentEachCreatorHasItsOwn() throws Exception {
    String agent = AgentJvm.option(directory);

    assertThat(run(List.of(agent))).isEqualTo(GOLDEN);
  }

  @Test
  void withoutTheAgentTheyAreWhatItSaysTheyWouldBe() throws Exception {
    Map<String, List<String>> plain = new TreeMap<>();
    GOLDEN.forEach((leak, ids) -> plain.put(leak, List.of(ids.get(0), ids.get(0))));

    assertThat(run(List.of())).isEqualTo(plain);
  }

  // The same source, later

  private static final String SOURCE =
      """
      package acme;
      public class Poller {
        %s
        public static Thread start(java.util.concurrent.CountDownLatch started) {
          %s
          Thread thread = new Thread(() -> Runs.all(new Runnable() {
            @Override public void run() {
              started.countDown();
              java.util.concurrent.locks.LockSupport.park();
            }
          }), "poller-1");
          %s
          thread.start();
          return thread;
        }
        static class Runs {
          static void all(Runnable task) {
            while (!Thread.currentThread().isInterrupted()) task.run();
          }
        }
      }
      """;

  @Test
  void isTheSameAfterLinesLambdasAndAnonymousClassesWereAdded() throws Exception {
    String before = fingerprint(SOURCE.formatted("", "", ""));

    assertThat(fingerprint(SOURCE.formatted("\n\n\n", "", "\n"))).isEqualTo(before);
    assertThat(
            fingerprint(
                SOURCE.formatted(
                    "static final Runnable FIRST = () -> {};",
                    "Runnable second = new Runnable() { public void run() {} }; second.run();",
                    "Runnable third = () -> FIRST.run(); third.run();")))
        .isEqualTo(before);
    assertThat(fingerprint(SOURCE.formatted("", "", "").replace("Thread start(", "Thread begin(")))
        .isNotEqualTo(before);
  }

  private String fingerprint(String source) throws Exception {
    Path classes = Files.createTempDirectory(directory, "classes");
    compile(source, classes);
    LeakScope scope = Scopes.atOnce();
    Thread thread;
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      CountDownLatch started = new CountDownLatch(1);
      Class<?> poller = loader.loadClass("acme.Poller");
      String method = source.contains("start(java") ? "start" : "begin";
      thread = (Thread) poller.getMethod(method, CountDownLatch.class).invoke(null, started);
      started.await();
      Planted.awaitWaitingIn(thread, "java.util.concurrent.locks.LockSupport");
    }
    Finding finding = Scopes.only(scope.findings());
    thread.interrupt();
    thread.join();
    return finding.fingerprint();
  }

  private static void compile(String source, Path classes) throws IOException {
    Path file = Files.writeString(classes.resolve("Poller.java"), source);
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), file.toString());
    assertThat(result).isZero();
  }
}
