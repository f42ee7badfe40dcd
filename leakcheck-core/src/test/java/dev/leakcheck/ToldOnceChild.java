package dev.leakcheck;

import dev.leakcheck.model.Findings;
import dev.leakcheck.report.TextReport;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A JVM of its own in which two checks fail. */
final class ToldOnceChild {

  private ToldOnceChild() {}

  public static void main(String[] none) {
    for (String name : new String[] {"first", "second"}) {
      LeakAssertionError failure = failure(name);
      print(name + " message", failure.getMessage());
      Findings findings = failure.findings();
      print(name + " report", TextReport.render(findings));
      findings
          .coverage()
          .notes()
          .forEach(note -> System.out.println(name + " knows: " + note.limit()));
    }
    System.out.println("done");
    Runtime.getRuntime().halt(0);
  }

  private static LeakAssertionError failure(String name) {
    try {
      LeakCheck.assertNoLeaks(LeakCheckOptions.defaults().settle(Duration.ZERO), () -> start(name));
      throw new IllegalStateException("nothing was found");
    } catch (LeakAssertionError expected) {
      return expected;
    }
  }

  private static void start(String name) {
    CountDownLatch never = new CountDownLatch(1);
    new Thread(
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name)
        .start();
  }

  private static void print(String whose, String text) {
    text.lines()
        .filter(line -> line.startsWith("not seen: "))
        .forEach(line -> System.out.println(whose + ": " + line));
  }
}
