package dev.leakcheck.agent;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.record.Part;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one of each and looks whether the hooks tell of it.
 *
 * <p>It leaves no trace that a program could see: no number of {@code Thread-0} or {@code pool-1}
 * is used up. Neither a virtual thread nor a fork-join pool is made: either would fix the common
 * pool's and the scheduler's parallelism before the program had a chance to set the properties that
 * say how large they should be.
 */
final class Probe {

  private static final long PATIENCE_MILLIS = 5_000;

  private final Thread prober = Thread.currentThread();

  /** What each hook told of last. */
  private final @Nullable Object[] told = new @Nullable Object[Hook.COUNT];

  /** What the hooks are to call while it is probed. */
  @Nullable Object[] sinks() {
    @Nullable Object[] sinks = new @Nullable Object[Hook.COUNT];
    for (Hook hook : Hook.values()) {
      sinks[hook.slot] = hook.ofTwo() ? new SinkOfTwo(hook) : new Sink(hook);
    }
    return sinks;
  }

  /**
   * Whether the hooks of a part tell of what is made.
   *
   * @param part the part; of virtual threads, processes and stages, whose class fixes the common
   *     pool's parallelism, nothing is probed
   */
  boolean works(Part part) {
    return switch (part) {
      case THREADS -> seesThread();
      case EXECUTORS -> seesPool() && (!Jdk.HAS_CONTAINERS || seesThreadPerTask());
      case QUEUES -> sees(Hook.QUEUE_MADE, new LinkedBlockingQueue<>());
      case LOCKS ->
          sees(Hook.LOCK_MADE, new StampedLock())
              && sees(Hook.LOCK_MADE, new ReentrantReadWriteLock())
              && sees(Hook.LOCK_MADE, new ReentrantLock(true))
              && sees(Hook.LOCK_MADE, new ReentrantLock());
      case FAILED_TASKS -> seesTask();
      case SHUTDOWN_HOOKS -> seesShutdownHook();
      case VIRTUAL_THREADS, PROCESSES, ASYNC_STAGES -> true;
    };
  }

  /**
   * Has what the hooks will call later see once what was made here, so that nothing of it remains
   * to be loaded when it is called in the middle of somebody's {@code start()}.
   */
  @SuppressWarnings("unchecked") // as Sinks builds them
  void show(@Nullable Object[] sinks) {
    for (Hook hook : Hook.values()) {
      Object object = told[hook.slot];
      if (object != null && sinks[hook.slot] instanceof BiConsumer<?, ?> sink) {
        ((BiConsumer<Object, @Nullable Object>) sink).accept(object, null);
      } else if (object != null && sinks[hook.slot] instanceof Consumer<?> sink) {
        ((Consumer<Object>) sink).accept(object);
      }
    }
  }

  private boolean sees(Hook hook, Object object) {
    return told[hook.slot] == object;
  }

  private boolean seesThread() {
    Thread thread = new Nobody().newThread(null);
    thread.start();
    join(thread);
    return sees(Hook.THREAD_STARTS, thread);
  }

  private boolean seesShutdownHook() {
    Thread hook = new Nobody().newThread(null);
    Runtime.getRuntime().addShutdownHook(hook);
    return Runtime.getRuntime().removeShutdownHook(hook) && sees(Hook.SHUTDOWN_HOOK_ADDED, hook);
  }

  private static void join(Thread thread) {
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean seesPool() {
    ExecutorService pool =
        new ThreadPoolExecutor(
            0,
            1,
            0,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            new Nobody(),
            new ThreadPoolExecutor.DiscardPolicy());
    boolean seen = sees(Hook.EXECUTOR_BEGUN, pool) && seesItStop(pool);
    pool.execute(new Nobody());
    return seen && sees(Hook.TASK_GIVEN, pool);
  }

  private boolean seesThreadPerTask() {
    try {
      return Executors.class
                  .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                  .invoke(null, new Nobody())
              instanceof ExecutorService executor
          && seesItStop(executor);
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private boolean seesItStop(ExecutorService executor) {
    boolean seen = sees(Hook.EXECUTOR_MADE, executor);
    executor.shutdown();
    return seen && sees(Hook.EXECUTOR_STOPS, executor);
  }

  private boolean seesTask() {
    FutureTask<?> task = new FutureTask<>(new Nobody(), null);
    boolean seen = sees(Hook.TASK_MADE, task);
    task = new FutureTask<>(new Failing());
    seen &= sees(Hook.TASK_MADE, task);
    task.run();
    seen &= sees(Hook.TASK_FAILS, task) && sees(Hook.TASK_FAILED, task);
    try {
      task.get(0, TimeUnit.SECONDS);
    } catch (ExecutionException asked) {
      seen &= sees(Hook.TASK_ASKED, task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      return false;
    }
    return !task.cancel(false) && seen && sees(Hook.TASK_LOOKED_AT, task);
  }

  /** Fails, with an exception that has no stack. */
  private static final class Failing extends Exception implements Callable<Object> {
    private static final long serialVersionUID = 1;

    Failing() {
      super(null, null, false, false);
    }

    @Override
    public Object call() throws Failing {
      throw this;
    }
  }

  /** Does nothing, in a thread that has a name and inherits nothing. */
  private static final class Nobody implements Runnable, ThreadFactory {
    @Override
    public void run() {}

    @Override
    public Thread newThread(@Nullable Runnable ignored) {
      Thread thread = new Thread(null, this, "leakcheck-probe", 0, false);
      thread.setDaemon(true);
      return thread;
    }
  }

  /** If the agent is attached to a running program, other threads' events come as well. */
  private void tell(Hook hook, Object object) {
    if (Thread.currentThread() == prober) {
      told[hook.slot] = object;
    }
  }

  private final class SinkOfTwo implements BiConsumer<Object, @Nullable Object> {
    private final Hook hook;

    SinkOfTwo(Hook hook) {
      this.hook = hook;
    }

    @Override
    public void accept(Object first, @Nullable Object second) {
      tell(hook, first);
    }
  }

  private final class Sink implements Consumer<Object> {
    private final Hook hook;

    Sink(Hook hook) {
      this.hook = hook;
    }

    @Override
    public void accept(Object object) {
      tell(hook, object);
    }
  }
}
