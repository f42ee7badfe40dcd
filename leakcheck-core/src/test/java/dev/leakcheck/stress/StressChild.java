package dev.leakcheck.stress;

import dev.leakcheck.LeakCheck;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A JVM of its own, with the agent, in which eight threads open scopes, make all sorts of things,
 * leave some of them on purpose, and hold what each scope reports against what they know.
 *
 * <p>By hand, for a minute: {@code java -javaagent:leakcheck-core.jar -cp … StressChild 60}
 */
final class StressChild {

  private static final int THREADS = 8;

  /** For a check or an end that does not return: then it is a deadlock. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private StressChild() {}

  /**
   * Runs.
   *
   * @param args how many seconds, and a seed if it is not to be a new one
   */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    LeakCheck.rebaseline();
    Duration time = Duration.ofSeconds(Long.parseLong(args[0]));
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    out.println("seed " + seed);
    Tally tally = new Tally();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    SplittableRandom random = new SplittableRandom(seed);
    long end = System.nanoTime() + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    // A thread that is started while the only scope is open might have been started for that.
    CountDownLatch allStarted = new CountDownLatch(1);
    for (int i = 0; i < THREADS; i++) {
      SplittableRandom own = random.split();
      Thread thread =
          new Thread(
              () -> {
                await(allStarted);
                while (System.nanoTime() < end && failure.get() == null) {
                  try {
                    Checked.check(tally, own.split(), 0);
                  } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                  }
                }
              },
              "stress-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    allStarted.countDown();
    boolean ended = true;
    for (Thread thread : threads) {
      long left = end + PATIENCE.toNanos() - System.nanoTime();
      thread.join(Math.max(1, left / 1_000_000));
      ended &= !thread.isAlive();
    }
    if (ended) {
      Checked.passAll(tally);
    }
    tally.print(out);
    if (failure.get() != null) {
      failure.get().printStackTrace(out);
    }
    if (!ended) {
      out.println("did not end");
      Thread.getAllStackTraces().forEach((thread, stack) -> print(thread, stack, out));
    }
    out.flush();
    Runtime.getRuntime().halt(ended && failure.get() == null && tally.isRight() ? 0 : 1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void print(Thread thread, StackTraceElement[] stack, PrintStream out) {
    out.println(thread);
    for (StackTraceElement frame : stack) {
      out.println("    at " + frame);
    }
  }
}
