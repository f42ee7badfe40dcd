package dev.leakcheck.agent;

import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.Part;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A JVM of its own that has the agent, and prints what the agent did there. */
final class AgentChild {

  private static final List<String> EVENTS = Collections.synchronizedList(new ArrayList<>());

  private AgentChild() {}

  public static void main(String[] steps) throws Exception {
    for (String step : steps) {
      switch (step) {
        case "parts" -> printParts();
        case "attach" -> {
          try {
            Attach.toThisJvm();
            Attach.toThisJvm();
          } catch (Attach.RefusedException e) {
            System.out.println(e.getMessage());
          }
        }
        case "scope" -> {
          TestScope scope = TestScope.open(TestOptions.of(LeakCheckOptions.defaults()));
          System.out.println(scope.isExact() ? "exact" : "by time");
          if (!scope.findings().isEmpty()) {
            throw new LeakAssertionError(scope.findings());
          }
          scope.end();
        }
        case "events" -> printEvents();
        case "failing-sinks" -> {
          failWith(new StackOverflowError());
          failWith(new OutOfMemoryError());
          failWith(new IllegalStateException());
          System.out.println("unharmed");
        }
        case "traces" -> printTraces();
        case "nothing" -> makeOneOfEach();
        default -> throw new IllegalArgumentException(step);
      }
    }
  }

  private static final SynchronousQueue<Runnable> WORK = new SynchronousQueue<>();

  private static void printParts() {
    for (Part part : Part.values()) {
      if (Births.jvm().records(part)) {
        System.out.println("records " + part);
      }
    }
    Births.jvm().refusals().forEach(System.out::println);
  }

  /** What a program would notice if the agent had used up names or made the JDK's own pools. */
  private static void printTraces() throws Exception {
    System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "7");
    System.out.println("common pool of " + ForkJoinPool.commonPool().getParallelism());
    System.out.println(new Thread(() -> {}).getName());
    ExecutorService pool = Executors.newFixedThreadPool(1);
    System.out.println(pool.submit(() -> Thread.currentThread().getName()).get());
    pool.shutdown();
    System.out.println(
        "leftovers "
            + Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("leakcheck"))
                .count());
  }

  private static void printEvents() throws Exception {
    makeOneOfEach(); // and so the JDK's own pools, once
    Consumer<Object[]> hooks = HookClass.define();
    Object[] sinks = new Object[Hook.COUNT];
    for (Hook hook : Hook.values()) {
      sinks[hook.slot] = hook.ofTwo() ? threadSink(hook) : sink(hook);
    }
    hooks.accept(sinks);
    makeOneOfEach();
    hooks.accept(new Object[Hook.COUNT]);
    new LinkedBlockingQueue<>();
    EVENTS.forEach(System.out::println);
  }

  private static BiConsumer<Thread, Object> threadSink(Hook hook) {
    return (thread, container) -> {
      if (thread.getName().startsWith("planted")) {
        EVENTS.add(hook.label + " " + thread.getName());
      }
    };
  }

  private static Consumer<Object> sink(Hook hook) {
    Thread main = Thread.currentThread();
    return object -> {
      boolean jdks = hook == Hook.LOCK_MADE && object.getClass().getName().startsWith("java.");
      // What a thread-per-task executor makes differs from release to release.
      boolean differs = object.getClass().getName().contains("ThreadPerTaskExecutor$");
      if (Thread.currentThread() == main && !jdks && !differs) {
        EVENTS.add(hook.label + " " + object.getClass().getSimpleName());
      }
    };
  }

  private static void failWith(Error error) throws Exception {
    fail(
        () -> {
          throw error;
        });
  }

  private static void failWith(RuntimeException exception) throws Exception {
    fail(
        () -> {
          throw exception;
        });
  }

  private static void fail(Runnable failure) throws Exception {
    BiConsumer<Thread, Object> ofThread = (thread, container) -> failure.run();
    Consumer<Object> ofObject = object -> failure.run();
    Object[] sinks = new Object[Hook.COUNT];
    for (Hook hook : Hook.values()) {
      sinks[hook.slot] = hook.ofTwo() ? ofThread : ofObject;
    }
    HookClass.define().accept(sinks);
    makeOneOfEach();
  }

  private static void makeOneOfEach() throws Exception {
    Thread thread = new Thread(() -> {}, "planted-platform");
    thread.start();
    thread.join();
    ExecutorService pool =
        Executors.newFixedThreadPool(1, task -> new Thread(task, "planted-worker"));
    pool.submit(() -> {}).get();
    pool.shutdown();
    new ForkJoinPool(1).shutdownNow();
    try {
      new ThreadPoolExecutor(-1, 1, 0, TimeUnit.SECONDS, WORK);
    } catch (IllegalArgumentException negative) {
      new Direct().execute(() -> {});
    }
    failOne();
    new ConcurrentLinkedQueue<>();
    new PriorityQueue<>();
    new PlantedLock();
    new PlantedFairLock();
    new PlantedReadWriteLock();
    new PlantedStampedLock();
    if (Jdk21.AVAILABLE) {
      Jdk21.startVirtual("planted-virtual", () -> {}).join();
      ExecutorService perTask = Jdk21.threadPerTask(task -> new Thread(task, "planted-per-task"));
      perTask.submit(() -> {}).get();
      perTask.shutdownNow();
    }
  }

  private static final class PlantedLock extends ReentrantLock {
    private static final long serialVersionUID = 1;
  }

  private static final class PlantedFairLock extends ReentrantLock {
    private static final long serialVersionUID = 1;

    PlantedFairLock() {
      super(true);
    }
  }

  private static final class PlantedReadWriteLock extends ReentrantReadWriteLock {
    private static final long serialVersionUID = 1;
  }

  private static final class PlantedStampedLock extends StampedLock {
    private static final long serialVersionUID = 1;
  }

  private static void failOne() throws InterruptedException {
    FutureTask<?> task =
        new FutureTask<>(
            () -> {
              throw new IllegalStateException();
            });
    task.run();
    try {
      task.get();
      throw new AssertionError("did not fail");
    } catch (ExecutionException expected) {
      task.cancel(true);
    }
  }

  /** An executor of another library's. */
  private static final class Direct extends AbstractExecutorService {
    @Override
    public void execute(Runnable task) {
      task.run();
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
}
