package ch.qos.logback.classic;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Stands in for Logback's appender, which has its queue and its worker in fields as well. */
public final class AsyncAppender {

  private final BlockingQueue<Object> blockingQueue = new ArrayBlockingQueue<>(256);
  private final Worker worker = new Worker();

  public void start() {
    worker.start();
  }

  public void stop() {
    worker.interrupt();
  }

  /** The thread, to wait for what it does. */
  public Thread worker() {
    return worker;
  }

  private final class Worker extends Thread {
    @Override
    public void run() {
      try {
        while (true) {
          blockingQueue.take();
        }
      } catch (InterruptedException stopped) {
        interrupt();
      }
    }
  }
}
