package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.Answers;
import dev.leakcheck.capture.ask.LockProbe;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;

/** What {@link ObjectGraph} looks for, unless it is told otherwise. */
final class Targets {

  private Targets() {}

  static boolean is(Object value) {
    return (value instanceof Thread && !Answers.isMock(value))
        || value instanceof CyclicBarrier
        || LockProbe.isLock(value)
        || HiddenTimers.isOne(value)
        || JdkServices.isProcess(value)
        || isClosed(value);
  }

  /** Whether it can be closed, or is a blocking queue. */
  static boolean isClosed(Object value) {
    return value instanceof ExecutorService
        || value instanceof BlockingQueue
        || HttpClients.isClient(value)
        || JdkServices.sortOf(value) != null;
  }
}
