package vendor.lazy;

import java.lang.ref.WeakReference;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** A library with a static life: a test packs it into a jar. */
public final class Vendor {

  private static volatile ExecutorService pool;
  private static final AtomicReference<ExecutorService> REFERENCE = new AtomicReference<>();
  private static volatile ScheduledExecutorService timer;
  private static volatile Thread thread;
  private static volatile ExecutorService given;
  private static final List<ExecutorService> CLIENTS = new CopyOnWriteArrayList<>();
  private static final List<BufferPool> BUFFERS = new CopyOnWriteArrayList<>();

  private static volatile Group group;
  private static final Scheduler SCHEDULER = new Scheduler();
  private static volatile Linked last;
  private static final ExecutorService[] GIVEN = new ExecutorService[8];
  private static volatile Group theirs;
  private static volatile Started started;
  private static final AtomicReference<Lazy> LAZY = new AtomicReference<>(new Lazy());
  private static final Registry REGISTRY = new Registry();
  private static volatile AsynchronousChannelGroup channels;
  private static volatile AsynchronousChannelGroup theirChannels;
  private static volatile WeakReference<?> forgotten;

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

  /**
   * Has the JDK run a group of channels on threads of the library's, which is made on first use.
   */
  public static void useChannels() throws Exception {
    if (channels == null) {
      channels = newChannels();
    }
  }

  /** The same for the caller. */
  public static AsynchronousChannelGroup newChannels() throws Exception {
    return AsynchronousChannelGroup.withCachedThreadPool(new Workers(), 1);
  }

  /** Keeps a group that runs on a pool of the caller's. */
  public static void useChannels(ExecutorService pool) throws Exception {
    theirChannels = AsynchronousChannelGroup.withCachedThreadPool(pool, 1);
  }

  /** An executor of the library's own whose threads only its workers have to do with. */
  private static final class Workers extends AbstractExecutorService {
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();

    @Override
    public void execute(Runnable task) {
      Worker worker = new Worker(task);
      workers.add(worker);
      Thread thread = new Thread(worker, "worker");
      thread.setDaemon(true);
      thread.start();
    }

    private final class Worker implements Runnable {
      private final Runnable task;

      Worker(Runnable task) {
        this.task = task;
      }

      @Override
      public void run() {
        task.run();
        workers.remove(this);
      }
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return false;
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

  /** Makes a group of pools on first use. */
  public static void useGroup() throws Exception {
    if (group == null) {
      group = new Group();
    }
    group.members[0].submit(() -> {}).get();
  }

  /** Schedules on what came with the class, and makes its pool when there is something to do. */
  public static void useScheduler() throws Exception {
    SCHEDULER.run();
  }

  /** Makes what is to be closed, and keeps all such in a list of their own. */
  public static Linked newLinked() throws Exception {
    return new Linked();
  }

  /** Gives the caller a pool, and keeps all such in an array. */
  public static ExecutorService newListed() throws Exception {
    ExecutorService given = Factory.make();
    GIVEN[0] = given;
    given.submit(() -> {}).get();
    return given;
  }

  /** Keeps the caller's group. */
  public static void give(Group group) {
    theirs = group;
  }

  /** Starts what is in the group that the caller gave. */
  public static void useTheirs() throws Exception {
    theirs.start();
  }

  /** Works on what came with the class, and is filled on first use. */
  public static void useLazy() throws Exception {
    LAZY.get().get().run();
  }

  /** Gives the caller what the registry made for it, which knows the last one. */
  public static Worker newRegistered() throws Exception {
    return REGISTRY.register();
  }

  /** The same, in what the caller made. */
  public static void useRegistered(Group group) throws Exception {
    REGISTRY.start(group);
  }

  private static final class Lazy {
    private volatile Worker value;

    Worker get() {
      if (value == null) {
        ExecutorService pool = Factory.make();
        value = new Worker(pool);
      }
      return value;
    }
  }

  /** Works in a pool. */
  public static final class Worker {
    private final ExecutorService pool;

    Worker(ExecutorService pool) {
      this.pool = pool;
    }

    void run() throws Exception {
      pool.submit(() -> {}).get();
    }

    /** Ends it. */
    public void close() {
      pool.shutdown();
    }
  }

  private static final class Registry {
    private volatile Worker last;
    private volatile Group started;

    Worker register() throws Exception {
      ExecutorService pool = Factory.make();
      last = new Worker(pool);
      last.run();
      return last;
    }

    void start(Group group) throws Exception {
      started = group;
      started.start();
    }
  }

  /** Has pools. */
  public static final class Group {
    final ExecutorService[] members = {Factory.make(), Factory.make()};
    private ExecutorService late;

    void start() throws Exception {
      late = Factory.make();
      late.submit(() -> {}).get();
    }

    /** Ends them. */
    public void close() {
      for (ExecutorService member : members) {
        member.shutdown();
      }
    }
  }

  private static final class Scheduler {
    private ScheduledExecutorService pool;

    void run() throws Exception {
      if (pool == null) {
        pool = Executors.newScheduledThreadPool(1);
      }
      pool.submit(() -> {}).get();
    }
  }

  /** Is to be closed, and knows those made before. */
  public static final class Linked implements AutoCloseable {
    private final Linked before = last;
    private final ExecutorService pool = Factory.make();

    /** Begins. */
    public Linked() throws Exception {
      last = this;
      pool.submit(() -> {}).get();
    }

    @Override
    public void close() {
      pool.shutdown();
      last = before;
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

  /** Gives what the caller asks for. */
  public static final class Context {
    private Context() {}

    /** A clock or its pool. */
    public static <T> T open(Class<T> type) {
      Clock clock = new Clock();
      return type.cast(type == Clock.class ? clock : clock.ticks);
    }
  }

  /** Schedules on what is made and started on first use. */
  public static void useStarted() throws Exception {
    if (started == null) {
      started = Started.start();
    }
    started.pools[0].submit(() -> {}).get();
  }

  /** Makes a clock and forgets its pool. */
  public static void forgetClock() {
    forgotten = new WeakReference<>(new Clock().ticks);
  }

  /** The same with one that ought to be closed. */
  public static void forgetClosedClock() {
    forgotten = new WeakReference<>(new ClosedClock().ticks);
  }

  /** Whether what was forgotten is gone. */
  public static boolean isForgotten() {
    return forgotten.refersTo(null);
  }

  private static final class Started {
    private ExecutorService[] pools;

    static Started start() {
      Started started = new Started();
      started.run();
      return started;
    }

    private void run() {
      pools = new ExecutorService[] {Factory.make()};
    }
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

  /** Ends when it is closed what works, and forgets what never did. */
  public static final class Client implements AutoCloseable {
    private final ExecutorService listeners = Executors.newSingleThreadExecutor();
    private final ExecutorService worker = Executors.newSingleThreadExecutor();

    private Client() {}

    /** Has something to do from the start. */
    public static Client connect() throws Exception {
      Client client = new Client();
      client.worker.submit(() -> {}).get();
      return client;
    }

    @Override
    public void close() {
      worker.shutdown();
    }

    /** What it has open, for whoever wants to know. */
    public boolean isOpen() {
      return !listeners.isShutdown() || !worker.isShutdown();
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

  /** Leaves a lock locked that only itself can reach. */
  public static final class Guarded {
    private final Lock lock = new ReentrantLock();

    /** Locks it for good. */
    public void use() {
      lock.lock();
    }
  }

  /** Gives a lock to its users. */
  public static final class Giving {
    private final Lock lock = new ReentrantLock();

    /** Gives it. */
    public Lock lock() {
      return lock;
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
