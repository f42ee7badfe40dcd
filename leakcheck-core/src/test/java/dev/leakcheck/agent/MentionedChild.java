package dev.leakcheck.agent;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.engine.Settling;
import dev.leakcheck.model.Findings;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A JVM of its own in which a class's clock ticks beside leaks. Prints what is told, and how. */
final class MentionedChild {

  private static final LeakCheckOptions BRIEFLY =
      LeakCheckOptions.defaults().settle(Duration.ofMillis(500));
  private static final LeakCheckOptions PATIENT =
      LeakCheckOptions.defaults().settle(Duration.ofMinutes(1));

  private MentionedChild() {}

  private static volatile @Nullable CountDownLatch endedByClock;

  /** Made by its class's initialiser: nobody's. */
  static final class Clock {

    static {
      Thread checker = Thread.currentThread();
      Thread thread = new Thread(() -> tick(checker), "clock");
      thread.setDaemon(true);
      thread.start();
    }

    private Clock() {}

    static void use() {}

    private static void tick(Thread checker) {
      int waits = 0;
      while (true) {
        try {
          TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException e) {
          return;
        }
        CountDownLatch ends = endedByClock;
        if (ends != null
            && Planted.hasFrame(checker, Settling.class, "pauseUntil")
            && ++waits == 50) {
          ends.countDown();
        }
      }
    }
  }

  public static void main(String[] args) {
    CountDownLatch ends = new CountDownLatch(1);
    endedByClock = ends;
    tell("ended by the clock", PATIENT, ends);
    tell("for ever", BRIEFLY, new CountDownLatch(1));
    tell("for ever again", PATIENT, new CountDownLatch(1));
    Runtime.getRuntime().halt(0);
  }

  private static void tell(String what, LeakCheckOptions options, CountDownLatch ends) {
    LeakScope scope = LeakCheck.open(options);
    Clock.use();
    Thread thread = new Thread(Planted.unchecked(ends::await), "waits");
    thread.setDaemon(true);
    thread.start();
    Planted.awaitWaitingIn(thread, CountDownLatch.class);
    Findings findings = scope.findings();
    scope.end();
    System.out.println(
        what + ": " + findings.list().size() + (findings.settledEarly() ? " early" : ""));
  }
}
