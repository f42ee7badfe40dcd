package dev.leakcheck;

import dev.leakcheck.model.Coverage.Note;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that plants what it is told to and prints what LeakCheck finds. */
final class ChildMain {

  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private ChildMain() {}

  public static void main(String[] leaks) {
    if (leaks[0].equals("many-virtual")) {
      for (int i = 0; i < 10_500; i++) {
        startVirtual("older");
      }
    }
    LeakScope scope = LeakCheck.open(LeakCheckOptions.defaults().settle(settle(leaks[0])));
    for (String leak : leaks) {
      switch (leak) {
        case "thread" -> startThread(false);
        case "daemon-thread" -> startThread(true);
        case "short-thread" -> startShortThread();
        case "virtual", "many-virtual" -> startVirtual("stray");
        case "pool" -> Executors.newFixedThreadPool(1).execute(ChildMain::waitForEver);
        case "virtual-pool" -> Jdk21.virtualThreadPerTask().execute(ChildMain::waitForEver);
        default -> {}
      }
    }
    Findings findings = scope.findings();
    for (Finding finding : findings) {
      System.out.println("kind " + finding.kind().id());
      System.out.println("title " + finding.title());
    }
    for (Note note : findings.coverage().notes()) {
      System.out.println("note " + note.limit());
    }
    System.out.println("done");
    try {
      Runtime.getRuntime().halt(0);
    } catch (SecurityException nothingWasPlanted) {
      return;
    }
  }

  /** What is planted stays; only the short thread is waited for. */
  private static Duration settle(String leak) {
    return leak.equals("short-thread") ? Duration.ofSeconds(30) : Duration.ofMillis(100);
  }

  private static void startThread(boolean daemon) {
    CountDownLatch started = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              started.countDown();
              waitForEver();
            },
            "stray");
    thread.setDaemon(daemon);
    thread.start();
    Planted.await(started);
  }

  private static void startShortThread() {
    Thread thread =
        new Thread(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(50);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "short");
    thread.setDaemon(true);
    thread.start();
  }

  private static void startVirtual(String name) {
    CountDownLatch started = new CountDownLatch(1);
    Jdk21.startVirtual(
        name,
        () -> {
          started.countDown();
          waitForEver();
        });
    Planted.await(started);
  }

  private static void waitForEver() {
    try {
      NEVER.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
