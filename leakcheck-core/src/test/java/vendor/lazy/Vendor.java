package vendor.lazy;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A library with a static life: a test packs it into a jar. */
public final class Vendor {

  private static volatile ExecutorService pool;
  private static final AtomicReference<ExecutorService> REFERENCE = new AtomicReference<>();
  private static volatile ScheduledExecutorService timer;
  private static volatile Thread thread;
  private static volatile ExecutorService given;
  private static final List<ExecutorService> CLIENTS = new CopyOnWriteArrayList<>();
  private static final List<BufferPool> BUFFERS = new CopyOnWriteArrayList<>();

  private Vendor() {}

  /** Makes a pool on first use. */
  public static void usePool() throws Exception {
    if (pool == null) {
      pool = Executors.newFixedThreadPool(1);
    }
    pool.submit(() -> {}).get();
  }

  /** Schedules what is due much later on a timer that is made as it is first needed. */
  public static void useTimer() throws Exception {
    if (timer == null) {
      timer = Executors.newScheduledThreadPool(1);
      timer.submit(() -> {}).get();
    }
    timer.schedule(() -> {}, 1, TimeUnit.HOURS);
  }

  /** Runs something in a loop that its class's initialiser made, which starts its thread then. */
  public static void useLoop() {
    Loops.LOOP.execute(() -> {});
  }

  /** The same with a loop that is made for the caller. */
  public static void newLoop() {
    new Loop().execute(() -> {});
  }

  private static final class Loops {
    static final Loop LOOP = new Loop();
  }

  /** An executor of the library's own, as event loops are. */
  private static final class Loop extends AbstractExecutorService {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private volatile Thread thread;

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
      if (thread == null) {
        thread = new Thread(this::work, "loop");
        thread.setDaemon(true);
        thread.start();
      }
    }

    private void work() {
      try {
        while (true) {
          tasks.take().run();
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void shutdown() {
      thread.interrupt();
    }

    @Override
    public List<Runnable> shutdownNow() {
      shutdown();
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return !thread.isAlive();
    }

    @Override
    public boolean isTerminated() {
      return !thread.isAlive();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return isTerminated();
    }
  }

  /** Makes one in a reference, with what other classes of the library do. */
  public static void useReference() throws Exception {
    REFERENCE.compareAndSet(null, Factory.make());
    REFERENCE.get().submit(() -> {}).get();
  }

  /** Starts a thread on first use. */
  public static void useThread() {
    if (thread == null) {
      thread =
          new Thread(
              () -> {
                try {
                  Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Keeps a pool of the caller's. */
  public static void give(ExecutorService theirs) {
    given = theirs;
  }

  /** Lists what it makes for each caller. */
  public static ExecutorService newClient() throws Exception {
    ExecutorService client = Factory.make();
    CLIENTS.add(client);
    client.submit(() -> {}).get();
    return client;
  }

  /** Keeps buffers to give away, with a thread or without. */
  public static BufferPool newBufferPool(boolean cleans) throws Exception {
    BufferPool buffers = new BufferPool(cleans ? Factory.make() : null);
    BUFFERS.add(buffers);
    return buffers;
  }

  /** Gives the caller a queue. */
  public static BlockingQueue<byte[]> newQueue() {
    return new LinkedBlockingQueue<>();
  }

  /** Schedules nothing yet. */
  public static Clock newClock() {
    return new Clock();
  }

  /** The same, to be closed. */
  public static ClosedClock newClosedClock() {
    return new ClosedClock();
  }

  /** Gives the caller a pool. */
  public static ExecutorService newPool() {
    return Factory.make();
  }

  /** Has a pool for what there may be to do, which no method ends. */
  public static final class Clock {
    private ScheduledExecutorService ticks;

    Clock() {
      prepare();
    }

    private void prepare() {
      ticks = Executors.newScheduledThreadPool(1);
    }

    /** Does something. */
    public void tick() throws Exception {
      ticks.submit(() -> {}).get();
    }

    /** Lets its caller schedule. */
    public ScheduledExecutorService ticks() {
      return ticks;
    }
  }

  /** Has a pool that it ends. */
  public static final class ClosedClock implements AutoCloseable {
    private final ScheduledExecutorService ticks = Executors.newScheduledThreadPool(1);

    @Override
    public void close() {
      ticks.shutdown();
    }
  }

  /** Takes what it gave back. */
  public static class BufferPool {
    private final BlockingQueue<byte[]> free = new LinkedBlockingQueue<>();
    private final ExecutorService cleaner;

    /** With a pool that cleans it, or null. */
    protected BufferPool(ExecutorService cleaner) throws Exception {
      this.cleaner = cleaner;
      if (cleaner != null) {
        cleaner.submit(() -> {}).get();
      }
    }

    /** Gives a buffer. */
    public byte[] borrow() {
      byte[] buffer = free.poll();
      return buffer == null ? new byte[1] : buffer;
    }

    /** Lets its caller see all. */
    public BlockingQueue<byte[]> free() {
      return free;
    }

    /** Takes one back. */
    public void giveBack(byte[] buffer) {
      free.add(buffer);
    }
  }

  /** Makes pools. */
  static final class Factory {
    private Factory() {}

    static ExecutorService make() {
      return Executors.newSingleThreadExecutor();
    }
  }
}
