package vendor.sends;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A library that sends what it is given, to nobody: a test packs it into a jar. */
public final class Sender implements AutoCloseable {

  private final ExecutorService pool = Executors.newFixedThreadPool(1);

  /** Sends it, and tells nobody what came of that. */
  public void send(String message) {
    Future<?> sent = pool.submit(new Envelope(message));
    if (sent.isCancelled()) {
      throw new IllegalStateException("is closed");
    }
  }

  /** Tells how long the message is; what else came of it nobody. */
  public Future<Integer> measure(String message) {
    pool.submit(() -> fail(message));
    return CompletableFuture.completedFuture(message.length());
  }

  /** Tells what came of it. */
  public Future<?> sendAsync(String message) {
    return pool.submit(new Envelope(message));
  }

  /** Runs what it is given. */
  public void run(Runnable task) {
    pool.execute(new java.util.concurrent.FutureTask<>(new Wrapper(task), null));
  }

  /** Asks somebody for the message. */
  public void send(Message message) {
    pool.submit(() -> fail(message.text()));
  }

  /** Lets its users have things run. */
  public ExecutorService pool() {
    return pool;
  }

  private static void fail(String message) {
    throw new IllegalStateException("nobody takes " + message, new RuntimeException("refused"));
  }

  @Override
  public void close() {
    pool.shutdown();
  }

  /** What is sent. */
  public static final class Envelope implements Runnable {
    private final String message;

    /** Of a message. */
    public Envelope(String message) {
      this.message = message;
    }

    @Override
    public void run() {
      fail(message);
    }
  }

  /** What tells what is to be sent. */
  public interface Message {

    /** Tells it. */
    String text();
  }

  private static final class Wrapper implements Runnable {
    private final Runnable task;

    Wrapper(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      task.run();
    }
  }
}
