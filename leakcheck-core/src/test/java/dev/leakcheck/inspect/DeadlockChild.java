package dev.leakcheck.inspect;

import dev.leakcheck.Golden;
import dev.leakcheck.HangPrint;
import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A JVM of its own, whose threads wait for each other for ever: prints the name of each step, and
 * what was found in it.
 */
public final class DeadlockChild {

  private static Object leftMonitor = new Object();
  private static StringBuilder rightMonitor = new StringBuilder();

  private DeadlockChild() {}

  public static void main(String[] steps) throws Exception {
    for (String step : steps) {
      leftMonitor = new Object();
      rightMonitor = new StringBuilder();
      System.out.println(step);
      run(step);
      System.out.flush();
    }
    Runtime.getRuntime().halt(0);
  }

  private static void run(String step) throws Exception {
    switch (step) {
      case "monitors" -> print(() -> monitors(false, false));
      case "virtual-monitors" -> print(() -> monitors(true, true));
      case "mixed-monitors" -> print(() -> monitors(false, true));
      case "virtual-locks" -> print(() -> locks(true, true));
      case "mixed-locks" -> print(() -> locks(false, true));
      case "chain" -> print(DeadlockChild::chain);
      case "before" -> {
        monitors(false, false);
        print(() -> {});
      }
      case "behind-before" -> {
        monitors(true, true);
        print(() -> awaitState(start("new", true, () -> enter(leftMonitor)), Thread.State.BLOCKED));
      }
      case "beside" -> beside();
      case "watched" -> watched();
      default -> throw new IllegalArgumentException(step);
    }
  }

  private static void print(Planted.Body body) throws InterruptedException {
    LeakScope scope =
        LeakCheck.open(
            LeakCheckOptions.defaults().named("the scope").settle(Duration.ofMillis(300)));
    body.run();
    print(scope);
  }

  private static void print(LeakScope scope) {
    for (Finding finding : scope.findings()) {
      System.out.println(finding.kind().id() + " " + finding.title());
      if (finding.kind() == LeakKind.DEADLOCK) {
        finding.facts().stream()
            .filter(fact -> fact.key().equals("cycle"))
            .flatMap(fact -> fact.lines().stream())
            .forEach(line -> System.out.println(Golden.normalise(line)));
      }
    }
  }

  /** Two threads that take two monitors in opposite orders. */
  private static void monitors(boolean leftVirtual, boolean rightVirtual) {
    CountDownLatch taken = new CountDownLatch(2);
    Thread left = start("left", leftVirtual, () -> nested(leftMonitor, taken, rightMonitor));
    Thread right = start("right", rightVirtual, () -> nested(rightMonitor, taken, leftMonitor));
    awaitState(left, Thread.State.BLOCKED);
    awaitState(right, Thread.State.BLOCKED);
  }

  private static void nested(Object own, CountDownLatch taken, Object next) {
    synchronized (own) {
      taken.countDown();
      Planted.await(taken);
      enter(next);
    }
  }

  private static void enter(Object monitor) {
    synchronized (monitor) {
      System.out.println("never");
    }
  }

  private static void locks(boolean leftVirtual, boolean rightVirtual) {
    CountDownLatch taken = new CountDownLatch(2);
    Lock one = new ReentrantLock();
    Lock two = new ReentrantLock();
    Thread left = start("left", leftVirtual, () -> take(one, taken, two));
    Thread right = start("right", rightVirtual, () -> take(two, taken, one));
    Planted.awaitWaitingIn(left, ReentrantLock.class);
    Planted.awaitWaitingIn(right, ReentrantLock.class);
  }

  private static void take(Lock own, CountDownLatch taken, Lock next) {
    own.lock();
    taken.countDown();
    Planted.await(taken);
    next.lock();
  }

  /** One holds a monitor in which it was waiting to be notified; the other one waits for it. */
  private static void chain() throws InterruptedException {
    CountDownLatch waits = new CountDownLatch(1);
    Thread waiting =
        start(
            "waiting",
            Jdk21.AVAILABLE,
            () -> {
              synchronized (leftMonitor) {
                waits.countDown();
                try {
                  leftMonitor.wait();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }
            });
    Planted.await(waits);
    awaitState(waiting, Thread.State.WAITING);
    CountDownLatch inside = new CountDownLatch(1);
    start(
        "inside",
        false,
        () -> {
          synchronized (leftMonitor) {
            inside.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        });
    Planted.await(inside);
    Thread blocked = start("blocked", Jdk21.AVAILABLE, () -> enter(leftMonitor));
    awaitState(blocked, Thread.State.BLOCKED);
  }

  /** Of two scopes at the same time, the deadlock is that one's whose threads they are. */
  private static void beside() throws InterruptedException {
    LeakCheckOptions options = LeakCheckOptions.defaults().settle(Duration.ofMillis(300));
    CountDownLatch opened = new CountDownLatch(1);
    CountDownLatch planted = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              LeakScope theirs = LeakCheck.open(options.named("theirs"));
              opened.countDown();
              Planted.await(planted);
              System.out.println("theirs");
              print(theirs);
            });
    other.start();
    Planted.await(opened);
    LeakScope ours = LeakCheck.open(options.named("ours"));
    monitors(false, false);
    planted.countDown();
    other.join();
    System.out.println("ours");
    print(ours);
  }

  /** The thread that runs the test hangs for ever; all that is left is what is printed. */
  private static void watched() throws InterruptedException {
    try (HangPrint print = new HangPrint()) {
      Thread reader =
          new Thread(
              () -> {
                try {
                  System.out.println(Golden.normalise(print.await()));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                System.out.flush();
                Runtime.getRuntime().halt(0);
              });
      reader.setDaemon(true);
      reader.start();
      LeakScope scope =
          LeakCheck.open(
              LeakCheckOptions.defaults().named("the test").deadline(Duration.ofSeconds(1)));
      CountDownLatch taken = new CountDownLatch(2);
      start("other", false, () -> nested(rightMonitor, taken, leftMonitor));
      nested(leftMonitor, taken, rightMonitor);
      TimeUnit.DAYS.sleep(1);
      scope.close();
    }
  }

  private static Thread start(String name, boolean virtual, Runnable body) {
    if (virtual) {
      return Jdk21.startVirtual(name, body);
    }
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void awaitState(Thread thread, Thread.State state) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (thread.getState() != state) {
      if (System.nanoTime() > end) {
        throw new AssertionError(thread + " is " + thread.getState());
      }
      Thread.onSpinWait();
    }
  }
}
