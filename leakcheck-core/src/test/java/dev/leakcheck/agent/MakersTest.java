package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a finding names: who owns what was left, not who made it for them. */
class MakersTest {

  /** A library as many are: what starts it is inherited, what runs is deep inside. */
  private static final String SERVER =
      """
      package org.example.server;

      import java.util.concurrent.*;

      public class Server extends Lifecycle {
        static final class Workers implements ThreadFactory {
          public Thread newThread(Runnable worker) {
            Thread thread = new Thread(worker, "worker");
            thread.setDaemon(true);
            return thread;
          }

          void start(Runnable task) {
            newThread(task).start();
          }
        }

        private final Workers workers = new Workers();
        private Object[] parts;

        @Override
        void doStart() {
          parts = new Object[] {
            Executors.newScheduledThreadPool(1, workers), Executors.newFixedThreadPool(2, workers)
          };
          workers.start(() -> java.util.concurrent.locks.LockSupport.park());
        }

        /** What it returns cannot be stopped. */
        public static String open() {
          new Server().doStart();
          return "open";
        }
      }

      abstract class Lifecycle {
        public void start() {
          doStart();
        }

        public void stop() {}

        abstract void doStart();
      }
      """;

  @TempDir private static Path directory;
  private static String text;

  @BeforeAll
  static void runAll() throws Exception {
    String classPath = System.getProperty("java.class.path") + File.pathSeparator + library();
    text =
        String.join(
            "\n",
            new AgentJvm(directory, MakersChild.class, classPath)
                .run(
                    List.of(AgentJvm.option(directory)),
                    "factory",
                    "one-object",
                    "no-stop",
                    "deep",
                    "works",
                    "two-methods",
                    "server start",
                    "static open"));
  }

  private static Path library() throws IOException {
    Path classes = Files.createDirectory(directory.resolve("library"));
    Path source = Files.writeString(directory.resolve("Server.java"), SERVER);
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", classes.toString(), source.toString());
    assertThat(failed).isZero();
    return AgentJvm.write(directory.resolve("server.jar"), new Manifest(), classes);
  }

  /** What is said of one of the programs. */
  private static String of(String program) {
    String from = text.substring(text.indexOf("== " + program + "\n"));
    int next = from.indexOf("\n== ", 1);
    return next < 0 ? from : from.substring(0, next);
  }

  private static List<String> lines(String text, String key) {
    return Arrays.stream(text.split("\n"))
        .map(String::strip)
        .filter(line -> line.startsWith(key + " "))
        .map(line -> line.substring(key.length()).strip())
        .toList();
  }

  @Test
  void factoryIsNotTheOwnerButWhoKeepsWhatItGaveAway() {
    assertThat(lines(of("factory"), "id")).hasSize(2).doesNotHaveDuplicates();
    assertThat(lines(of("factory"), "fix"))
        .noneMatch(fix -> fix.contains("Pools"))
        .satisfiesExactlyInAnyOrder(
            fix ->
                assertThat(fix)
                    .matches(
                        "see that MakersChild\\$Orders.close\\(\\) ends it \\(it made the executor at"
                            + " MakersChild.java:\\d+\\), and that it is called: the"
                            + " MakersChild\\$Orders is made at MakersChild.java:\\d+"),
            fix -> assertThat(fix).startsWith("see that MakersChild$Bills.stop() ends it"));
  }

  @Test
  void ownerIsTheSameLeakFromWhereverItIsMadeAndIsToldOnce() {
    assertThat(lines(of("two-methods"), "id")).hasSize(1).isSubsetOf(lines(of("factory"), "id"));
    assertThat(lines(of("two-methods"), "and")).containsExactly("1 more with the same id:");
  }

  @Test
  void whatOneCallWouldEndIsOneFinding() {
    assertThat(of("one-object"))
        .contains(
            "1) unclosed-executor   MakersChild$Feed, never closed: 2 executors and 2 threads\n");
    assertThat(lines(of("one-object"), "id")).hasSize(1);
  }

  @Test
  void ownerThatCannotBeStoppedIsNamedWithWhereItMadeIt() {
    assertThat(lines(of("no-stop"), "fix"))
        .singleElement()
        .asString()
        .startsWith("call shutdown() in MakersChild$Once when it stops (it made the executor at");
    assertThat(lines(of("deep"), "id")).isEqualTo(lines(of("no-stop"), "id"));
  }

  /** Near a factory: what it returns is not what it leaks. */
  @Test
  void methodThatLeaksWhatItWorksWithIsTheOwner() {
    assertThat(lines(of("works"), "fix"))
        .singleElement()
        .asString()
        .startsWith("call shutdown() in MakersChild$Pools when it stops");
  }

  @Test
  void theUsersLineIsShownHoweverDeepTheCallsAre() {
    String created = of("deep").substring(of("deep").indexOf("created at"));

    assertThat(created.substring(0, created.indexOf("workers")))
        .containsPattern("Pools.create\\(.*\n")
        .containsPattern("Once.<init>\\(.*\n")
        .containsPattern("… \\d+ frames\n")
        .containsPattern("MakersChild.main\\(.*\n");
  }

  @Test
  void libraryIsOneFindingThatNamesItsOwnCallAndTheUsersLine() {
    assertThat(of("server start"))
        .contains("1) unclosed-executor   Server, never stopped: 2 executors and 1 thread\n");
    assertThat(lines(of("server start"), "fix"))
        .singleElement()
        .asString()
        .matches(
            "call Server.stop\\(\\) \\(Server.start\\(\\) is called at MakersChild.java:\\d+\\)");
  }

  @Test
  void whatALibraryGaveNothingToStopForIsSaidToBeItsFaultIfItThrew() {
    assertThat(lines(of("static open"), "fix"))
        .singleElement()
        .asString()
        .startsWith("stop what Server.open() made (Server.open() is called at")
        .endsWith("; if that threw, it left this behind itself");
  }

  @Test
  void librarysThingsAreOtherLeaksWhereverElseTheyAreMade() {
    assertThat(lines(of("server start"), "id")).isNotEqualTo(lines(of("static open"), "id"));
  }
}
