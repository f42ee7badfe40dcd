package dev.leakcheck.recorder;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.integration.RunReport;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Checks scopes, leaks and ends, as it is told. */
final class ReportChild {

  /** A name that no line of JSON can hold as it is. */
  static final String HOSTILE = "a\u001b[31m\u0000\"\\\n\ud800\u2028é";

  private ReportChild() {}

  public static void main(String[] steps) throws Exception {
    RunReport.Run tests = () -> {};
    for (String step : steps) {
      switch (step) {
        case "clean" -> check("clean", () -> {});
        case "leak" -> check("leaking", () -> leak("left"));
        case "hostile" -> check("hostile", () -> leak(HOSTILE));
        case "hook" -> check("with a report in it", () -> check("inner", () -> {}));
        case "halt" -> Runtime.getRuntime().halt(3);
        case "exit" -> System.exit(0);
        case "exit within" -> check("never checked", () -> System.exit(0));
        case "tests begin" -> tests = RunReport.expectEnd();
        case "tests end" -> tests.close();
        case "checked and left open" -> LeakCheck.open().findings();
        case "process" -> LeakCheck.rebaseline();
        case "hang" -> {
          System.out.println("hangs");
          Thread.sleep(Duration.ofMinutes(5).toMillis());
        }
        default -> throw new IllegalArgumentException(step);
      }
    }
  }

  private static void check(String name, LeakCheck.Body body) throws Exception {
    LeakScope scope = LeakCheck.open(LeakCheckOptions.defaults().named(name).settle(Duration.ZERO));
    try (scope) {
      body.run();
    } catch (LeakAssertionError expected) {
      System.out.println("left " + expected.findings().list().size());
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static void leak(String name) {
    CountDownLatch started = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              started.countDown();
              Planted.await(new CountDownLatch(1));
            },
            name);
    thread.setDaemon(true);
    thread.start();
    Planted.await(started);
  }
}
