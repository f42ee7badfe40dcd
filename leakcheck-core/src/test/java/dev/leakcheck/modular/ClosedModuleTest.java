package dev.leakcheck.modular;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.JavaCommand;
import dev.leakcheck.agent.Agent;
import dev.leakcheck.agent.AgentJvm;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of fields that the user's modules keep closed, in JVMs on the module path. */
class ClosedModuleTest {

  private static final String MAIN =
      """
      package com.acme.orders;

      import com.acme.stock.Shelf;
      import dev.leakcheck.LeakCheck;
      import dev.leakcheck.LeakScope;
      import java.util.concurrent.LinkedBlockingQueue;

      public class Main {
        private final LinkedBlockingQueue<String> inbox = new LinkedBlockingQueue<>();
        private final Shelf shelf = new Shelf();
        private static final LinkedBlockingQueue<String> SENT = new LinkedBlockingQueue<>();

        public static void main(String[] none) throws Exception {
          for (int i = 0; i < 2; i++) {
            Main test = new Main();
            LeakScope scope = LeakCheck.open().watch(test).watchStatics(Main.class);
            test.inbox.add("left");
            print(scope);
          }
          Main test = new Main();
          LeakScope scope = LeakCheck.open().watch(test);
          Thread thread = new Thread(() -> {
            try {
              Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
              return;
            }
          }, "stray");
          thread.start();
          print(scope);
          thread.interrupt();
          thread.join();
        }

        private static void print(LeakScope scope) {
          var findings = scope.findings();
          findings.list().forEach(finding -> System.out.println(finding.kind().id()));
          findings.coverage().notes().stream()
              .filter(note -> note.limit().name().equals("FIELDS_UNREAD"))
              .forEach(note -> System.out.println(note.text()));
          scope.end();
        }
      }
      """;

  private static final String SHELF =
      """
      package com.acme.stock;

      public class Shelf {
        private final Object[] goods = {new Object()};
      }
      """;

  private static final String ORDERS_CLOSED =
      "fields in package com.acme.orders, which its module does not open; to have them read, say in"
          + " the module-info.java of com.acme.orders: opens com.acme.orders to ";

  @TempDir private Path directory;

  private final String leakCheck =
      AgentJvm.placeOf(Agent.class) + File.pathSeparator + AgentJvm.placeOf(org.slf4j.Logger.class);

  private Map<String, String> orders(String opens) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        "module-info.java",
        "module com.acme.orders { requires dev.leakcheck.core; requires com.acme.stock; "
            + opens
            + " }");
    files.put("com/acme/orders/Main.java", MAIN);
    return files;
  }

  private static Map<String, String> stock(String opens) {
    return Map.of(
        "module-info.java",
        "module com.acme.stock { exports com.acme.stock; " + opens + " }",
        "com/acme/stock/Shelf.java",
        SHELF);
  }

  private List<String> run(String opens, boolean stockIsALibrary, String stockOpens)
      throws Exception {
    ModuleSources before = new ModuleSources(directory, leakCheck);
    Path stock =
        stockIsALibrary
            ? before.jar("com.acme.stock", stock(stockOpens))
            : before.compile("com.acme.stock", stock(stockOpens));
    String all = leakCheck + File.pathSeparator + stock;
    Path orders = new ModuleSources(directory, all).compile("com.acme.orders", orders(opens));
    // Both are inside the jar later.
    List<String> command =
        JavaCommand.begin(
            AgentJvm.placeOf(com.fasterxml.jackson.core.JsonParser.class)
                + File.pathSeparator
                + AgentJvm.placeOf(org.objectweb.asm.ClassReader.class));
    command.add("--module-path=" + all + File.pathSeparator + orders);
    command.add("--add-reads=dev.leakcheck.core=ALL-UNNAMED");
    command.add("--module=com.acme.orders/com.acme.orders.Main");
    return end(command);
  }

  private List<String> end(List<String> command) throws Exception {
    File out = directory.resolve("out.txt").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out).start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(out.toPath()));
    assertThat(process.exitValue()).as("exit code of a child that printed " + lines).isZero();
    lines.removeIf(line -> line.startsWith("SLF4J"));
    return lines;
  }

  @Test
  void aClosedPackageIsSaidOnceInAPassAndOnceInAFailure() throws Exception {
    assertThat(run("", true, ""))
        .containsExactly(
            ORDERS_CLOSED + "dev.leakcheck.core;",
            "stray-thread",
            ORDERS_CLOSED + "dev.leakcheck.core;");
  }

  @Test
  void theLineKeepsWhomThePackageIsOpenTo() throws Exception {
    assertThat(run("opens com.acme.orders to com.acme.stock;", true, ""))
        .startsWith(ORDERS_CLOSED + "com.acme.stock, dev.leakcheck.core;");
  }

  @Test
  void whatIsOpenIsReadAndALibraryNeedNotBe() throws Exception {
    assertThat(run("opens com.acme.orders to dev.leakcheck.core;", true, ""))
        .containsExactly("leftover-queue", "leftover-queue", "stray-thread");
  }

  @Test
  void aModuleOfOnesOwnThatObjectsLeadToIsSaidToo() throws Exception {
    assertThat(run("opens com.acme.orders to dev.leakcheck.core;", false, ""))
        .containsExactly(
            "leftover-queue",
            "fields in package com.acme.stock, which its module does not open; to have them read,"
                + " say in the module-info.java of com.acme.stock: opens com.acme.stock to"
                + " dev.leakcheck.core;",
            "leftover-queue",
            "stray-thread");
    assertThat(
            run(
                "opens com.acme.orders to dev.leakcheck.core;",
                false,
                "opens com.acme.stock to dev.leakcheck.core;"))
        .containsExactly("leftover-queue", "leftover-queue", "stray-thread");
  }

  @Test
  void nothingIsSaidOnTheClassPath() throws Exception {
    ModuleSources before = new ModuleSources(directory, leakCheck);
    Path stock = before.compile("com.acme.stock", stock(""));
    String all = leakCheck + File.pathSeparator + stock;
    Path orders = new ModuleSources(directory, all).compile("com.acme.orders", orders(""));
    List<String> command =
        JavaCommand.begin(
            System.getProperty("java.class.path")
                + File.pathSeparator
                + stock
                + File.pathSeparator
                + orders);
    command.add("com.acme.orders.Main");

    assertThat(end(command)).containsExactly("leftover-queue", "leftover-queue", "stray-thread");
  }
}
