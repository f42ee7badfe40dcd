package dev.leakcheck.agent;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Findings;
import dev.leakcheck.report.TextReport;
import java.time.Duration;

/** A JVM of its own that has the agent, and prints what checks in it find. */
public final class SymptomsChild {

  private static final LeakCheckOptions AT_ONCE =
      LeakCheckOptions.defaults().settle(Duration.ZERO).named("OrderServiceTest.placesOrder()");

  private SymptomsChild() {}

  /** Code of a test. */
  private interface Body {
    void run() throws Exception;
  }

  public static void main(String[] steps) throws Exception {
    for (String step : steps) {
      switch (step) {
        case "process" -> print(() -> start());
        case "process-ended" -> print(() -> start().destroyForcibly().waitFor());
        case "process-of-outer" -> {
          try (LeakScope outer = LeakCheck.open(AT_ONCE)) {
            Process process = start();
            print(() -> {});
            process.destroyForcibly().waitFor();
          }
        }
        case "process-lost" ->
            print(
                () -> {
                  start();
                  System.gc();
                });
        case "process-refused" ->
            print(
                () -> {
                  try {
                    new ProcessBuilder("no-such-program-anywhere").start();
                  } catch (java.io.IOException e) {
                    return;
                  }
                });
        case "process-of-other-thread" -> printBeside(() -> start());
        case "hook" -> print(() -> hook());
        case "hook-removed" -> print(() -> Runtime.getRuntime().removeShutdownHook(hook()));
        case "hook-refused" ->
            print(
                () -> {
                  try {
                    Runtime.getRuntime().addShutdownHook(Thread.currentThread());
                  } catch (IllegalArgumentException running) {
                    return;
                  }
                });
        case "hook-of-outer" -> {
          try (LeakScope outer = LeakCheck.open(AT_ONCE)) {
            Thread hook = hook();
            print(() -> {});
            Runtime.getRuntime().removeShutdownHook(hook);
          }
        }
        case "hook-of-initializer" -> print(() -> OncePerJvm.touch());
        case "hook-of-jdk" -> print(() -> java.util.logging.LogManager.getLogManager().reset());
        case "hook-twice" -> {
          LeakScope outer = LeakCheck.open(AT_ONCE);
          print(() -> hook());
          print(outer);
          outer.end();
        }
        case "hook-lost" ->
            print(
                () -> {
                  hook();
                  System.gc();
                });
        default -> throw new IllegalArgumentException(step);
      }
      System.out.flush();
    }
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().halt(0);
  }

  private static Process start() throws java.io.IOException {
    return new ProcessBuilder("sleep", "600").start();
  }

  private static Thread hook() {
    Thread hook = new Thread(() -> {}, "close-orders-3");
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  private static final class OncePerJvm {
    static final Thread HOOK = hook();

    static void touch() {}
  }

  private static void print(Body body) throws Exception {
    LeakScope scope = LeakCheck.open(AT_ONCE);
    body.run();
    print(scope);
    scope.end();
  }

  /** Two scopes at once: what one's thread leaves is not the other's. */
  private static void printBeside(Body body) throws Exception {
    LeakScope scope = LeakCheck.open(AT_ONCE.byEntry());
    LeakScope beside = LeakCheck.open(AT_ONCE.byEntry());
    try (LeakScope.Entry entry = beside.enter()) {
      body.run();
    }
    print(scope);
    print(beside);
    beside.end();
    scope.end();
  }

  private static void print(LeakScope scope) {
    Findings findings = scope.findings();
    System.out.println(findings.isEmpty() ? "nothing" : TextReport.render(findings));
  }
}
