package dev.leakcheck.agent;

import dev.leakcheck.Jdk21;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.capture.waits.QueueBlockers;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TransferQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** A JVM of its own, in which an agent may have opened the JDK; prints what can be seen there. */
public final class OpenedChild {

  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private interface Side {
    void block(BlockingQueue<Object> queue) throws InterruptedException;
  }

  private OpenedChild() {}

  public static void main(String[] steps) throws Exception {
    for (String step : steps) {
      switch (step) {
        case "workers" -> printWorkers();
        case "virtual" -> printVirtualThreads();
        case "queues" -> printQueues();
        case "attach" -> dev.leakcheck.agent.Attach.toThisJvm();
        default -> throw new IllegalArgumentException(step);
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static void printWorkers() throws Exception {
    AtomicReference<Thread> worker = new AtomicReference<>();
    ExecutorService pool =
        Executors.newSingleThreadExecutor(
            task -> {
              worker.set(new Thread(task));
              return worker.get();
            });
    CountDownLatch started = new CountDownLatch(1);
    pool.execute(
        () -> {
          started.countDown();
          waitForEver();
        });
    started.await();
    ExecutorService inner = WorkerExecutors.unwrap(pool);
    System.out.println("unwraps " + (inner instanceof ThreadPoolExecutor));
    System.out.println("of its worker " + (WorkerExecutors.of(worker.get()) == inner));
    System.out.println("of no worker " + WorkerExecutors.of(Thread.currentThread()));
  }

  private static void printVirtualThreads() throws Exception {
    System.out.println("available " + VirtualThreads.available());
    if (!Jdk21.AVAILABLE) {
      System.out.println("all " + VirtualThreads.all());
      return;
    }
    Thread alone = Jdk21.startVirtual("alone", OpenedChild::waitForEver);
    Thread sleeper = Jdk21.startVirtual("sleeper", OpenedChild::sleepForEver);
    Thread ended = Jdk21.startVirtual("ended", () -> {});
    ended.join();
    AtomicReference<Thread> inExecutor = new AtomicReference<>();
    ExecutorService executor = Jdk21.virtualThreadPerTask();
    executor.execute(
        () -> {
          inExecutor.set(Thread.currentThread());
          waitForEver();
        });
    await(alone, Thread.State.WAITING);
    await(sleeper, Thread.State.TIMED_WAITING);
    while (inExecutor.get() == null) {
      Thread.onSpinWait();
    }
    await(inExecutor.get(), Thread.State.WAITING);
    List<Thread> planted = List.of(alone, sleeper, inExecutor.get());
    System.out.println("all " + VirtualThreads.all().map(all -> all.containsAll(planted)));
    System.out.println("ended " + VirtualThreads.all().map(all -> all.contains(ended)));
    System.out.println(
        "platform " + VirtualThreads.all().map(all -> all.contains(Thread.currentThread())));
    List<Thread> asked = new ArrayList<>(planted);
    asked.add(ended);
    asked.add(Thread.currentThread());
    List<ThreadRecord> records = LiveThreads.describe(asked);
    for (ThreadRecord record : records) {
      boolean ofExecutor = Identity.of(executor).equals(record.executor());
      System.out.println(
          record.name()
              + (record.virtual() ? " virtual " : " platform ")
              + record.state()
              + (ofExecutor ? " in its executor" : ""));
    }
    System.out.println("states " + LiveThreads.states(asked));
    System.out.println("as in a dump " + sameAsInADump(planted, records));
  }

  /**
   * All that a dump of this release tells, and that a thread's owner of a lock is not asked for.
   */
  private static boolean sameAsInADump(List<Thread> threads, List<ThreadRecord> records) {
    List<Long> ids = threads.stream().map(LiveThreads::id).toList();
    ThreadDump dump = new ThreadDumper().take(ids::contains);
    for (ThreadRecord dumped : dump.threads()) {
      ThreadRecord record =
          records.stream().filter(one -> one.id() == dumped.id()).findFirst().orElseThrow();
      Blocker blocker = dumped.blocker() == null ? record.blocker() : dumped.blocker();
      ThreadRecord expected =
          new ThreadRecord(
              dumped.id(),
              dumped.name(),
              dumped.virtual(),
              dumped.daemon(),
              dumped.state(),
              dumped.type(),
              dumped.group(),
              record.stack(),
              blocker,
              dumped.executor());
      if (!record.equals(expected)
          || !record.stack().get(0).toString().equals(dumped.stack().get(0).toString())
          || record.stack().size() != dumped.stack().size()) {
        System.out.println(record);
        System.out.println(dumped);
        return false;
      }
    }
    return dump.threads().size() == threads.size();
  }

  private static void printQueues() throws Exception {
    Side take = BlockingQueue::take;
    Side poll = queue -> queue.poll(1, TimeUnit.HOURS);
    Side put = queue -> queue.put("one too many");
    Side transfer = queue -> ((TransferQueue<Object>) queue).transfer("to nobody");
    print("ArrayBlockingQueue take", new ArrayBlockingQueue<>(1), take);
    print("ArrayBlockingQueue put", full(new ArrayBlockingQueue<>(1)), put);
    print("LinkedBlockingQueue take", new LinkedBlockingQueue<>(), take);
    print("LinkedBlockingQueue put", full(new LinkedBlockingQueue<>(1)), put);
    print("LinkedBlockingDeque take", new LinkedBlockingDeque<>(), take);
    print("LinkedBlockingDeque put", full(new LinkedBlockingDeque<>(1)), put);
    print("PriorityBlockingQueue take", new PriorityBlockingQueue<>(), take);
    print("DelayQueue take", delayQueue(), take);
    print("LinkedTransferQueue take", new LinkedTransferQueue<>(), take);
    print("LinkedTransferQueue transfer", new LinkedTransferQueue<>(), transfer);
    print("SynchronousQueue take", new SynchronousQueue<>(), take);
    print("SynchronousQueue put", new SynchronousQueue<>(), put);
    print("fair SynchronousQueue take", new SynchronousQueue<>(true), take);
    print("fair SynchronousQueue put", new SynchronousQueue<>(true), put);
    print("LinkedBlockingQueue poll", new LinkedBlockingQueue<>(), poll);
    print("SynchronousQueue poll", new SynchronousQueue<>(), poll);
    print("ScheduledThreadPoolExecutor take", workQueue(), take);
    print("subclass take", new LinkedBlockingQueue<>() {}, take);
  }

  private static BlockingQueue<Object> full(BlockingQueue<Object> queue) {
    queue.add("element");
    return queue;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // taken from, never added to
  private static BlockingQueue<Object> delayQueue() {
    return (BlockingQueue) new DelayQueue<>();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static BlockingQueue<Object> workQueue() {
    return (BlockingQueue) ((ThreadPoolExecutor) Executors.newScheduledThreadPool(0)).getQueue();
  }

  private static void print(String name, BlockingQueue<Object> queue, Side side) throws Exception {
    Runnable body =
        () -> {
          try {
            side.block(queue);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Thread platform = new Thread(body);
    platform.setDaemon(true);
    platform.start();
    List<Thread> threads =
        Jdk21.AVAILABLE
            ? Arrays.asList(platform, Jdk21.startVirtual("virtual", body))
            : List.of(platform);
    for (Thread thread : threads) {
      Object blocker;
      while ((blocker = LockSupport.getBlocker(thread)) == null
          || !thread.getState().name().endsWith("WAITING")) {
        Thread.onSpinWait();
      }
      boolean other =
          QueueBlockers.of(new LinkedBlockingQueue<>()).contains(blocker)
              || QueueBlockers.of(new SynchronousQueue<>()).contains(blocker)
              || QueueBlockers.of(queue).contains(new Object())
              || QueueBlockers.of(queue).contains(NEVER);
      System.out.println(name + " " + QueueBlockers.of(queue).contains(blocker) + " " + other);
    }
  }

  private static void await(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  private static void waitForEver() {
    try {
      NEVER.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sleepForEver() {
    try {
      TimeUnit.DAYS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
