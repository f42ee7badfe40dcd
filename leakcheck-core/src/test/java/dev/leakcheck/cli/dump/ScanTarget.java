package dev.leakcheck.cli.dump;

import dev.leakcheck.Jdk21;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** A JVM with a deadlock over two locks, in which a virtual thread may take part. */
final class ScanTarget {

  /** A thread of that name, and no virtual one. */
  static final String NO_VIRTUAL = "no virtual";

  private ScanTarget() {}

  public static void main(String[] args) throws Exception {
    CyclicBarrier taken = new CyclicBarrier(3);
    Lock one = new ReentrantLock();
    Lock two = new ReentrantLock();
    start("left", () -> take(one, taken, two));
    start("right", () -> take(two, taken, one));
    for (String name : args) {
      start(name, () -> LockSupport.parkNanos(TimeUnit.HOURS.toNanos(1)));
    }
    if (Jdk21.AVAILABLE && !List.of(args).contains(NO_VIRTUAL)) {
      Jdk21.startVirtual("idle", LockSupport::park);
    }
    taken.await();
    System.out.println("up");
    System.in.read();
  }

  private static void start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void take(Lock own, CyclicBarrier taken, Lock next) {
    own.lock();
    try {
      taken.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    next.lock();
  }
}
